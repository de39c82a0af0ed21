/* Calls: credential, attempts, and what the server says. */
#include "kube/client.h"

#include <stdio.h>
#include <time.h>

#include "kube/credential.h"
#include "net/retry.h"

enum { HEADERS_MAX = 64, DOCUMENT_MAX = 16 << 20 };

struct kb_kube_client {
    struct kb_kube_target *target;
    struct kb_http_peer peer;
    struct kb_http *http;
    struct kb_kube_credential credential;
    struct kb_arena arena;
    struct kb_str fixed[HEADERS_MAX]; /* impersonation */
    size_t fixed_count;
};

static int64_t now_s(void)
{
    return (int64_t)time(NULL);
}

static void wait_ms(int64_t ms)
{
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    while (nanosleep(&t, &t) != 0) {
    }
}

/* A value that would end its header line is refused. */
static KB_RES add_header(struct kb_kube_client *client, const char *name, struct kb_str value,
                         struct kb_err *err)
{
    for (size_t i = 0; i < value.n; i++) {
        KB_ENSURE((unsigned char)value.p[i] >= ' ' && value.p[i] != 0x7f, err, KB_ERR_INVALID,
                  "%s: a control character in its value", name);
    }
    KB_ENSURE(client->fixed_count < HEADERS_MAX, err, KB_ERR_LIMIT,
              "more than %d values of impersonation", HEADERS_MAX);
    client->fixed[client->fixed_count++] =
        kb_arena_printf(&client->arena, "%s: %.*s", name, KB_FMT(value));
    return KB_SUCCESS;
}

/* Keys of extra values may hold what a header's name may not: it is percent-encoded (client-go
 * transport/round_trippers.go). */
static struct kb_str extra_header(struct kb_arena *arena, struct kb_str key)
{
    struct kb_buf name;
    kb_buf_init(&name, 4096);
    kb_buf_c(&name, "Impersonate-Extra-");
    for (size_t i = 0; i < key.n; i++) {
        unsigned char c = (unsigned char)key.p[i];
        bool token = c > ' ' && c < 0x7f && strchr("\"(),/:;<=>?@[\\]{}%", c) == NULL;
        kb_buf_printf(&name, token ? "%c" : "%%%02X", c);
    }
    struct kb_str copy = kb_arena_copy(arena, kb_buf_view(&name));
    kb_buf_done(&name);
    return copy;
}

static KB_RES impersonate(struct kb_kube_client *client, struct kb_err *err)
{
    const struct kb_kube_as *as = &client->target->user.as;
    if (as->user.n > 0) {
        KB_TRY(add_header(client, "Impersonate-User", as->user, err));
    }
    if (as->uid.n > 0) {
        KB_TRY(add_header(client, "Impersonate-Uid", as->uid, err));
    }
    for (size_t i = 0; i < as->groups.n; i++) {
        KB_TRY(add_header(client, "Impersonate-Group", as->groups.at[i], err));
    }
    for (size_t i = 0; i < as->extra_count; i++) {
        struct kb_str name = extra_header(&client->arena, as->extra[i].name);
        KB_TRY(add_header(client, name.p, as->extra[i].value, err));
    }
    return KB_SUCCESS;
}

KB_RES kb_kube_client_new(struct kb_kube_target *target, struct kb_str user_agent,
                          struct kb_kube_client **out, struct kb_err *err)
{
    struct kb_kube_client *client = kb_alloc(sizeof *client);
    *out = client;
    client->target = target;
    client->peer = target->peer;
    client->peer.user_agent = user_agent;
    return impersonate(client, err);
}

KB_RES kb_kube_client_clone(const struct kb_kube_client *client, struct kb_kube_client **out,
                            struct kb_err *err)
{
    KB_TRY(kb_kube_client_new(client->target, client->peer.user_agent, out, err));
    struct kb_kube_client *clone = *out;
    kb_kube_credential_copy(&clone->credential, &client->credential);
    if (clone->credential.exec.cert_pem.n > 0) {
        clone->peer.cert_pem = clone->credential.exec.cert_pem;
        clone->peer.key_pem = clone->credential.exec.key_pem;
    }
    return KB_SUCCESS;
}

void kb_kube_client_free(struct kb_kube_client *client)
{
    if (client != NULL) {
        kb_http_free(client->http);
        kb_kube_credential_done(&client->credential);
        kb_arena_done(&client->arena);
        kb_free(client);
    }
}

/* The credential, and a connection that presents the plugin's certificate, where it gave one. */
static KB_RES prepare(struct kb_kube_client *client, bool force, struct kb_err *err)
{
    bool certificate;
    KB_TRY(kb_kube_credential_renew(&client->credential, client->target, now_s(), force,
                                    &certificate, err));
    if (certificate) {
        client->peer.cert_pem = client->credential.exec.cert_pem;
        client->peer.key_pem = client->credential.exec.key_pem;
        kb_http_free(client->http);
        client->http = NULL;
    }
    return client->http == NULL ? kb_http_new(&client->peer, &client->http, err) : KB_SUCCESS;
}

static KB_RES attempt(struct kb_kube_client *client, const struct kb_kube_call *call,
                      struct kb_http_answer *answer, struct kb_err *err)
{
    struct kb_str headers[HEADERS_MAX + 4];
    char accept[256];
    size_t n = client->fixed_count;
    memcpy(headers, client->fixed, n * sizeof headers[0]);
    (void)snprintf(accept, sizeof accept, "Accept: %s",
                   call->accept != NULL ? call->accept : "application/json");
    headers[n++] = kb_str_c(accept);
    if (client->credential.authorization.n > 0) {
        headers[n++] = client->credential.authorization;
    }
    if (call->body.n > 0) {
        headers[n++] = KB_STR("Content-Type: application/json");
    }
    const struct kb_http_request request = {.method = call->method,
                                            .target = call->target,
                                            .headers = headers,
                                            .header_count = n,
                                            .body = call->body,
                                            .take = call->take,
                                            .ctx = call->ctx};
    return kb_http_send(client->http, &request, answer, err);
}

/* metav1.Status, or the text that a proxy gives. */
static void read_status(const struct kb_http_answer *answer, struct kb_arena *arena,
                        struct kb_kube_status *status)
{
    KB_AUTO(kb_json_done) json_t *json = NULL;
    struct kb_str text = {0};
    status->code = answer->status;
    status->bytes = answer->bytes;
    status->id = kb_arena_copy(arena, answer->id);
    if (answer->error.n == 0) {
        return;
    }
    if (kb_failed(kb_json_parse(NULL, kb_buf_view(&answer->error), 0, &json, NULL))) {
        struct kb_str first = kb_str_split(kb_buf_view(&answer->error), '\n', &text);
        status->message = kb_arena_copy(arena, kb_str_sub(first, 0, 200));
        return;
    }
    if (kb_json_str(json, "reason", &text)) {
        status->reason = kb_arena_copy(arena, text);
    }
    if (kb_json_str(json, "message", &text)) {
        status->message = kb_arena_copy(arena, text);
    }
    if (kb_json_str(kb_json_object(json, "metadata"), "continue", &text)) {
        status->next = kb_arena_copy(arena, text);
    }
}

static KB_RES refuse(const struct kb_kube_call *call, const struct kb_kube_status *status,
                     struct kb_err *err)
{
    static const struct {
        unsigned from, to;
        enum kb_code code;
        const char *hint;
    } kinds[] = {
        {300, 399, KB_ERR_IO, " (a redirect is not followed: is this the API server's address?)"},
        {401, 401, KB_ERR_INVALID, " (the credential is not accepted: is it expired?)"},
        {403, 403, KB_ERR_INVALID, ""},
        {404, 404, KB_ERR_NOT_FOUND, ""},
    };
    struct kb_str path = kb_str_split(call->target, '?', &(struct kb_str){0});
    const char *hint = "";
    enum kb_code code = KB_ERR_IO;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (status->code >= kinds[i].from && status->code <= kinds[i].to) {
            hint = kinds[i].hint;
            code = kinds[i].code;
        }
    }
    return kb_fail(err, code, "%s %.*s: HTTP status %u%s%.*s%s", call->method, KB_FMT(path),
                   status->code, status->message.n > 0 ? ": " : "", KB_FMT(status->message), hint);
}

/* What one attempt says about the next: done, again after a while, or final. */
enum next { DONE, AGAIN, FINAL };

static enum next judge(struct kb_kube_client *client, const struct kb_kube_call *call,
                       const struct kb_http_answer *answer, kb_res sent, bool *renewed,
                       unsigned number)
{
    if (answer->status >= 200 && answer->status <= 299) {
        return DONE;
    }
    if (sent.code == KB_ERR_LIMIT) {
        return FINAL;
    }
    bool may_repeat = call->take == NULL || call->again != NULL || answer->status != 0;
    if (answer->status == 401 && !*renewed && kb_kube_credential_renewable(client->target)) {
        *renewed = true;
        return AGAIN;
    }
    const struct kb_attempt made = {number, answer->status, answer->retry_after_ms};
    int64_t wait = may_repeat ? kb_retry_wait_ms(&made) : -1;
    if (wait < 0) {
        return FINAL;
    }
    wait_ms(wait);
    return AGAIN;
}

KB_RES kb_kube_send(struct kb_kube_client *client, const struct kb_kube_call *call,
                    struct kb_arena *arena, struct kb_kube_status *status, struct kb_err *err)
{
    bool renewed = false;
    *status = (struct kb_kube_status){0};
    for (;;) {
        struct kb_http_answer answer;
        KB_TRY(prepare(client, renewed && status->code == 401, err));
        status->attempts++;
        kb_res sent = attempt(client, call, &answer, err);
        read_status(&answer, arena, status);
        enum next next = judge(client, call, &answer, sent, &renewed, status->attempts);
        kb_http_answer_done(&answer);
        if (next == DONE) {
            return KB_SUCCESS;
        }
        if (next == FINAL) {
            return kb_failed(sent) ? sent : refuse(call, status, err);
        }
        if (call->again != NULL) {
            call->again(call->ctx);
        }
    }
}

static bool take_document(void *ctx, struct kb_str bytes)
{
    struct kb_buf *buf = ctx;
    kb_buf_str(buf, bytes);
    return !buf->full;
}

static void drop_document(void *ctx)
{
    kb_buf_clear(ctx);
}

KB_RES kb_kube_get_json(struct kb_kube_client *client, struct kb_str target, const char *accept,
                        struct kb_str body, struct kb_arena *arena, json_t **out,
                        struct kb_kube_status *status, struct kb_err *err)
{
    struct kb_buf buf;
    const struct kb_kube_call call = {.method = body.n > 0 ? "POST" : "GET",
                                      .target = target,
                                      .accept = accept,
                                      .body = body,
                                      .take = take_document,
                                      .again = drop_document,
                                      .ctx = &buf};
    kb_buf_init(&buf, DOCUMENT_MAX);
    kb_res res = kb_kube_send(client, &call, arena, status, err);
    if (!kb_failed(res)) {
        res = kb_json_parse(NULL, kb_buf_view(&buf), 0, out, err);
        if (kb_failed(res)) {
            struct kb_str path = kb_str_split(target, '?', &(struct kb_str){0});
            kb_err_context(err, "GET %.*s", KB_FMT(path));
        }
    }
    kb_buf_done(&buf);
    return res;
}
