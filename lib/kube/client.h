/*
 * A client of one API server: requests with the target's credential, repeated where that is right.
 *
 * A token file is read again every minute, and a plugin's credential when it expires; both once more
 * after a 401 (client-go transport/token_source.go, exec.go). A request is repeated as net/retry.h says.
 */
#ifndef KB_KUBE_CLIENT_H
#define KB_KUBE_CLIENT_H

#include "data/json.h"
#include "kube/target.h"

struct kb_kube_client;

/* `target` must outlive the client. */
KB_RES kb_kube_client_new(struct kb_kube_target *target, struct kb_str user_agent,
                          struct kb_kube_client **out, struct kb_err *err);
/* Another client of the same target, with the credential as it is now: for a thread of its own. */
KB_RES kb_kube_client_clone(const struct kb_kube_client *client, struct kb_kube_client **out,
                            struct kb_err *err);
void kb_kube_client_free(struct kb_kube_client *client);

struct kb_kube_call {
    const char *method;    /* "GET", "POST" */
    struct kb_str target;  /* path and query */
    const char *accept;    /* NULL: application/json */
    struct kb_str body;    /* JSON */
    bool (*take)(void *ctx, struct kb_str bytes); /* as in kb_http_request */
    /* A broken answer is about to be asked for again: what was taken of it is void. NULL: it is not
     * asked for again. */
    void (*again)(void *ctx);
    void *ctx;
};

/* What an API server says of a call that failed (metav1.Status), or of one that never got through. */
struct kb_kube_status {
    unsigned code;           /* HTTP status; 0: there was no whole answer */
    struct kb_str reason;    /* "Forbidden", "Expired"; empty */
    struct kb_str message;   /* for people */
    struct kb_str next;      /* metadata.continue of an Expired list; empty */
    struct kb_str id;        /* Audit-Id; empty */
    uint64_t bytes;          /* of the body */
    unsigned attempts;
};

/* Call, and wait where the server asks for it. Success is any status from 200 to 299; all else fails with
 * KB_ERR_NOT_FOUND (404), KB_ERR_INVALID (401, 403), KB_ERR_IO. Texts of `status` are in `arena`. */
KB_RES kb_kube_send(struct kb_kube_client *client, const struct kb_kube_call *call,
                    struct kb_arena *arena, struct kb_kube_status *status, struct kb_err *err);

/* GET (or POST of `body`, where it is not empty) of one small document. *out is a new reference. */
KB_RES kb_kube_get_json(struct kb_kube_client *client, struct kb_str target, const char *accept,
                        struct kb_str body, struct kb_arena *arena, json_t **out,
                        struct kb_kube_status *status, struct kb_err *err);

#endif
