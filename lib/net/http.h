/*
 * HTTP/1.1 requests to one server, over TLS 1.2 or newer, on libcurl.
 *
 * Connections are kept and used again. Redirects are never followed, so that no credential goes where it
 * was not meant for. A body that ends before its announced length, or a chunked one without its end, is
 * a failure. Nothing is sent twice here: see net/retry.h.
 */
#ifndef KB_NET_HTTP_H
#define KB_NET_HTTP_H

#include "base/err.h"
#include "base/mem.h"

enum { KB_HTTP_ERROR_BODY_MAX = 64 << 10, KB_HTTP_CONNECT_TIMEOUT_MS = 30000, KB_HTTP_STALL_S = 60 };

/* Whom to talk to, and how to trust it. Texts are the caller's and must outlive the client. */
struct kb_http_peer {
    struct kb_str url;         /* "https://host:port/prefix", without a slash at its end */
    struct kb_str ca_pem;      /* certificates to trust; empty: those of the system */
    struct kb_str cert_pem, key_pem; /* the client's own; empty: none */
    struct kb_str server_name; /* name in the server's certificate, where it is not that of the URL */
    struct kb_str proxy_url;   /* empty: as HTTPS_PROXY and NO_PROXY say */
    struct kb_str user_agent;
    bool insecure;             /* the server's certificate is not looked at */
    bool plain;                /* do not ask for compressed answers */
    bool direct;               /* through no proxy, whatever the environment says (link-local hosts) */
    int64_t connect_timeout_ms; /* 0: KB_HTTP_CONNECT_TIMEOUT_MS */
    int64_t timeout_ms;        /* of a whole request; 0: only stalled ones end (KB_HTTP_STALL_S) */
};

struct kb_http_request {
    const char *method;           /* "GET", "POST" */
    struct kb_str target;         /* path and query, beginning with a slash; sent as it is */
    const struct kb_str *headers; /* "Name: value"; may hold secrets, which never get into an error */
    size_t header_count;
    struct kb_str body;           /* of a POST or PUT; may be empty */
    /* Gets the body of an answer with status 200 to 299, piece by piece; false ends the request, which
     * is then a failure with code KB_ERR_LIMIT unless the caller has one of its own. */
    bool (*take)(void *ctx, struct kb_str bytes);
    void *ctx;
    /* Gets each header of the answer, the value trimmed; may be NULL. */
    void (*header)(void *ctx, struct kb_str name, struct kb_str value);
};

struct kb_http_answer {
    unsigned status;        /* 0: there was none */
    int64_t retry_after_ms; /* -1: it does not say */
    uint64_t bytes;         /* of the body, after decompression */
    struct kb_str id;       /* of the request, as the server names it (Audit-Id, x-amzn-RequestId) */
    struct kb_buf error;    /* body of any other status, at most KB_HTTP_ERROR_BODY_MAX bytes */
    char id_room[80];
};

struct kb_http;

/* Fails where the peer's certificates or key cannot be read. */
KB_RES kb_http_new(const struct kb_http_peer *peer, struct kb_http **out, struct kb_err *err);
void kb_http_free(struct kb_http *http);

/* Send one request. KB_ERR_IO where no whole answer came; an answer of any status is a success.
 * `answer` is to be freed in both cases. */
KB_RES kb_http_send(struct kb_http *http, const struct kb_http_request *request,
                    struct kb_http_answer *answer, struct kb_err *err);
void kb_http_answer_done(struct kb_http_answer *answer);

/* Seconds ("120") or an HTTP date, as milliseconds from `now_s`; -1 where it is neither. */
int64_t kb_http_retry_after_ms(struct kb_str value, int64_t now_s);
/* An HTTP date as seconds since 1970; -1 where it is none. */
int64_t kb_http_date_s(struct kb_str value);

#endif
