/* libcurl's easy interface behind one request function. */
#include "net/http.h"

#include <curl/curl.h>
#include <strings.h>
#include <time.h>

struct kb_http {
    CURL *curl;
    struct kb_http_peer peer;
    struct kb_arena arena;
    struct curl_slist *connect_to;
    struct kb_str host; /* "Host: name:port", where the URL names another; empty */
    char error[CURL_ERROR_SIZE];
};

/* One request under way. */
struct exchange {
    struct kb_http *http;
    const struct kb_http_request *request;
    struct kb_http_answer *answer;
    bool refused; /* the caller did not want more */
};

static size_t on_body(char *p, size_t size, size_t n, void *ctx)
{
    struct exchange *x = ctx;
    struct kb_str bytes = {p, size * n};
    long status = 0;
    (void)curl_easy_getinfo(x->http->curl, CURLINFO_RESPONSE_CODE, &status);
    x->answer->bytes += bytes.n;
    if (status < 200 || status > 299) {
        kb_buf_str(&x->answer->error, bytes);
        return bytes.n;
    }
    if (x->request->take != NULL && !x->request->take(x->request->ctx, bytes)) {
        x->refused = true;
        return 0;
    }
    return bytes.n;
}

int64_t kb_http_date_s(struct kb_str value)
{
    char text[64];
    if (value.n == 0 || value.n >= sizeof text) {
        return -1;
    }
    memcpy(text, value.p, value.n);
    text[value.n] = '\0';
    return (int64_t)curl_getdate(text, NULL);
}

int64_t kb_http_retry_after_ms(struct kb_str value, int64_t now_s)
{
    uint64_t seconds;
    if (kb_str_u64(value, &seconds)) {
        return seconds < INT32_MAX ? (int64_t)seconds * 1000 : INT64_MAX;
    }
    int64_t at = kb_http_date_s(value);
    if (at == -1) {
        return -1;
    }
    return at > now_s ? (at - now_s) * 1000 : 0;
}

static bool is_header(struct kb_str line, struct kb_str name, struct kb_str *value)
{
    if (line.n <= name.n || line.p[name.n] != ':' || strncasecmp(line.p, name.p, name.n) != 0) {
        return false;
    }
    *value = kb_str_trim(kb_str_sub(line, name.n + 1, line.n));
    return true;
}

static size_t on_header(char *p, size_t size, size_t n, void *ctx)
{
    static const struct kb_str ids[] = {KB_STR_INIT("Audit-Id"), KB_STR_INIT("x-amzn-RequestId"),
                                        KB_STR_INIT("x-amz-request-id")};
    struct exchange *x = ctx;
    struct kb_str line = {p, size * n};
    struct kb_str value;
    if (is_header(line, KB_STR("Retry-After"), &value)) {
        x->answer->retry_after_ms = kb_http_retry_after_ms(value, (int64_t)time(NULL));
    }
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        if (is_header(line, ids[i], &value) && value.n < sizeof x->answer->id_room) {
            memcpy(x->answer->id_room, value.p, value.n);
            x->answer->id = (struct kb_str){x->answer->id_room, value.n};
        }
    }
    struct kb_str name = kb_str_split(line, ':', &value);
    if (x->request->header != NULL && value.p != NULL) {
        x->request->header(x->request->ctx, name, kb_str_trim(value));
    }
    return line.n;
}

static const char *terminated(struct kb_http *http, struct kb_str text)
{
    return text.n == 0 ? NULL : kb_arena_copy(&http->arena, text).p;
}

static void set_blob(struct kb_http *http, CURLoption option, struct kb_str pem)
{
    if (pem.n > 0) {
        struct curl_blob blob = {(void *)(uintptr_t)pem.p, pem.n, CURL_BLOB_NOCOPY};
        (void)curl_easy_setopt(http->curl, option, &blob);
    }
}

static void set_trust(struct kb_http *http)
{
    const struct kb_http_peer *peer = &http->peer;
    CURL *curl = http->curl;
    (void)curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    (void)curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, peer->insecure ? 0L : 1L);
    (void)curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, peer->insecure ? 0L : 2L);
    set_blob(http, CURLOPT_CAINFO_BLOB, peer->ca_pem);
    set_blob(http, CURLOPT_SSLCERT_BLOB, peer->cert_pem);
    set_blob(http, CURLOPT_SSLKEY_BLOB, peer->key_pem);
}

static void set_transport(struct kb_http *http)
{
    const struct kb_http_peer *peer = &http->peer;
    CURL *curl = http->curl;
    long connect_ms = peer->connect_timeout_ms > 0 ? (long)peer->connect_timeout_ms
                                                   : (long)KB_HTTP_CONNECT_TIMEOUT_MS;
    (void)curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    (void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https,http");
    (void)curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    (void)curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)peer->timeout_ms);
    (void)curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)KB_HTTP_STALL_S);
    (void)curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, http->error);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    if (!peer->plain) {
        (void)curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
    }
    if (peer->direct) {
        (void)curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    }
    if (peer->proxy_url.n > 0) {
        (void)curl_easy_setopt(curl, CURLOPT_PROXY, terminated(http, peer->proxy_url));
    }
    if (peer->user_agent.n > 0) {
        (void)curl_easy_setopt(curl, CURLOPT_USERAGENT, terminated(http, peer->user_agent));
    }
}

/* libcurl has no option for the name in the certificate: the URL gets that name, and the connection goes
 * to the real host. */
static KB_RES set_server_name(struct kb_http *http, struct kb_err *err)
{
    struct kb_http_peer *peer = &http->peer;
    CURLU *url = curl_url();
    char *host = NULL, *port = NULL, *text = NULL;
    bool ok = url != NULL &&
              curl_url_set(url, CURLUPART_URL, terminated(http, peer->url), 0) == CURLUE_OK &&
              curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
              curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK &&
              curl_url_set(url, CURLUPART_HOST, terminated(http, peer->server_name), 0) == CURLUE_OK &&
              curl_url_get(url, CURLUPART_URL, &text, 0) == CURLUE_OK;
    if (ok) {
        struct kb_str to = kb_arena_printf(&http->arena, "::%s:%s", host, port);
        http->connect_to = curl_slist_append(NULL, to.p);
        (void)curl_easy_setopt(http->curl, CURLOPT_CONNECT_TO, http->connect_to);
        http->host = kb_arena_printf(&http->arena, "Host: %s:%s", host, port);
        struct kb_str named = kb_arena_copy(&http->arena, kb_str_c(text));
        while (named.n > 0 && named.p[named.n - 1] == '/') {
            named.n--;
        }
        peer->url = named;
    }
    curl_free(host);
    curl_free(port);
    curl_free(text);
    curl_url_cleanup(url);
    KB_ENSURE(ok, err, KB_ERR_INVALID, "%.*s is no URL, or %.*s no name of a server",
              KB_FMT(peer->url), KB_FMT(peer->server_name));
    return KB_SUCCESS;
}

KB_RES kb_http_new(const struct kb_http_peer *peer, struct kb_http **out, struct kb_err *err)
{
    struct kb_http *http = kb_alloc(sizeof *http);
    *out = http;
    http->peer = *peer;
    http->curl = curl_easy_init();
    KB_ENSURE(http->curl != NULL, err, KB_ERR_IO, "libcurl does not start");
    set_transport(http);
    set_trust(http);
    return peer->server_name.n > 0 ? set_server_name(http, err) : KB_SUCCESS;
}

void kb_http_free(struct kb_http *http)
{
    if (http != NULL) {
        curl_easy_cleanup(http->curl);
        curl_slist_free_all(http->connect_to);
        kb_arena_done(&http->arena);
        kb_free(http);
    }
}

/* Headers may hold secrets: copies of them are overwritten. */
static struct curl_slist *headers_of(const struct kb_http *http,
                                     const struct kb_http_request *request)
{
    struct curl_slist *list = http->host.n > 0 ? curl_slist_append(NULL, http->host.p) : NULL;
    for (size_t i = 0; i < request->header_count; i++) {
        struct kb_arena arena = {0};
        struct kb_str line = kb_arena_copy(&arena, request->headers[i]);
        list = curl_slist_append(list, line.p);
        explicit_bzero((void *)(uintptr_t)line.p, line.n);
        kb_arena_done(&arena);
    }
    return list;
}

static void forget_headers(struct curl_slist *list)
{
    for (struct curl_slist *at = list; at != NULL; at = at->next) {
        explicit_bzero(at->data, strlen(at->data));
    }
    curl_slist_free_all(list);
}

static KB_RES tell(const struct exchange *x, CURLcode code, struct kb_err *err)
{
    const struct kb_http *http = x->http;
    if (x->refused) {
        return kb_fail(err, KB_ERR_LIMIT, "the answer was not taken to its end");
    }
    return kb_fail(err, KB_ERR_IO, "%.*s: %s", KB_FMT(http->peer.url),
                   http->error[0] != '\0' ? http->error : curl_easy_strerror(code));
}

static void set_request(struct exchange *x, struct kb_arena *arena, struct curl_slist *headers)
{
    const struct kb_http_request *request = x->request;
    CURL *curl = x->http->curl;
    struct kb_str url = kb_arena_printf(arena, "%.*s%.*s", KB_FMT(x->http->peer.url),
                                        KB_FMT(request->target));
    (void)curl_easy_setopt(curl, CURLOPT_URL, url.p);
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, x);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERDATA, x);
    bool with_body = request->body.n > 0 || strcmp(request->method, "GET") != 0;
    if (with_body) {
        (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.n);
        (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body.n > 0 ? request->body.p : "");
    } else {
        (void)curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    }
    (void)curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
}

KB_RES kb_http_send(struct kb_http *http, const struct kb_http_request *request,
                    struct kb_http_answer *answer, struct kb_err *err)
{
    struct exchange x = {.http = http, .request = request, .answer = answer};
    struct curl_slist *headers = headers_of(http, request);
    struct kb_arena arena = {0};
    *answer = (struct kb_http_answer){.retry_after_ms = -1};
    kb_buf_init(&answer->error, KB_HTTP_ERROR_BODY_MAX);
    http->error[0] = '\0';
    set_request(&x, &arena, headers);
    CURLcode code = curl_easy_perform(http->curl);
    long status = 0;
    (void)curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_setopt(http->curl, CURLOPT_HTTPHEADER, NULL);
    forget_headers(headers);
    kb_arena_done(&arena);
    answer->status = code == CURLE_OK ? (unsigned)status : 0;
    return code == CURLE_OK ? KB_SUCCESS : tell(&x, code, err);
}

void kb_http_answer_done(struct kb_http_answer *answer)
{
    kb_buf_done(&answer->error);
}
