/* Attempts of one call. */
#include "aws/send.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <strings.h>
#include <time.h>

#include "aws/request.h"
#include "aws/shape.h"
#include "aws/target.h"

enum { HEADERS_MAX = 12, SIGNED_MAX = 4 };

/* One call, through all its attempts. */
struct turn {
    struct kb_aws_sender *sender;
    const struct kb_aws_operation *operation;
    const struct kb_aws_service *service;
    const json_t *params;
    const struct kb_aws_signer *signer;
    const struct kb_aws_taker *taker;
    const struct kb_sigv4_key *key; /* NULL: unsigned */
    struct kb_str region;
    struct kb_buf body;   /* of the answer */
    struct kb_buf type;   /* headers of the answer that count */
    struct kb_buf bucket_region;
    int64_t date_s, asked_ms;
    bool moved, renewed, set_clock; /* each is tried once */
    bool expired;                   /* the key was refused: another one is wanted */
    char moved_to[64];
};

void kb_aws_sender_init(struct kb_aws_sender *sender, const struct kb_aws_settings *settings)
{
    *sender = (struct kb_aws_sender){.settings = settings};
    kb_aws_retry_init(&sender->retry, settings->max_attempts);
}

void kb_aws_sender_done(struct kb_aws_sender *sender)
{
    for (size_t i = 0; i < KB_AWS_PEERS; i++) {
        kb_http_free(sender->peers[i].http);
        kb_sigv4_cache_done(&sender->peers[i].cache);
    }
    *sender = (struct kb_aws_sender){0};
}

static int64_t local_s(void)
{
    return (int64_t)time(NULL);
}

int64_t kb_aws_now_s(const struct kb_aws_sender *sender)
{
    return local_s() + sender->offset_s;
}

static void wait_ms(int64_t ms)
{
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    while (ms > 0 && nanosleep(&t, &t) != 0) {
    }
}

/* No faster than the account's quota for this operation. */
static void pace(struct kb_aws_sender *sender, const struct kb_aws_operation *operation)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    int64_t now = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
    if (operation->per_second > 0 && sender->paced == operation) {
        int64_t next = sender->paced_ms + 1000 / operation->per_second;
        wait_ms(next - now);
        now = next > now ? next : now;
    }
    sender->paced = operation;
    sender->paced_ms = now;
}

/* The connection to an origin, made where there is none. */
static KB_RES peer_of(struct kb_aws_sender *sender, const char *origin, struct kb_aws_peer **out,
                      struct kb_err *err)
{
    for (size_t i = 0; i < KB_AWS_PEERS; i++) {
        if (sender->peers[i].http != NULL && strcmp(sender->peers[i].url, origin) == 0) {
            *out = &sender->peers[i];
            return KB_SUCCESS;
        }
    }
    struct kb_aws_peer *peer = &sender->peers[sender->next_peer++ % KB_AWS_PEERS];
    kb_http_free(peer->http);
    kb_sigv4_cache_done(&peer->cache);
    peer->http = NULL;
    (void)snprintf(peer->url, sizeof peer->url, "%s", origin);
    const struct kb_http_peer to = {.url = kb_str_c(peer->url),
                                    .ca_pem = sender->settings->ca_pem,
                                    .user_agent = sender->settings->user_agent,
                                    .connect_timeout_ms = KB_AWS_CONNECT_MS,
                                    .timeout_ms = KB_AWS_TIMEOUT_MS};
    *out = peer;
    return kb_http_new(&to, &peer->http, err);
}

static bool on_bytes(void *ctx, struct kb_str bytes)
{
    struct turn *turn = ctx;
    kb_buf_str(&turn->body, bytes);
    return !turn->body.full;
}

static bool is(struct kb_str name, const char *wanted)
{
    return name.n == strlen(wanted) && strncasecmp(name.p, wanted, name.n) == 0;
}

static void on_header(void *ctx, struct kb_str name, struct kb_str value)
{
    struct turn *turn = ctx;
    uint64_t ms;
    if (is(name, "date")) {
        turn->date_s = kb_http_date_s(value);
    } else if (is(name, "x-amzn-errortype")) {
        kb_buf_clear(&turn->type);
        kb_buf_str(&turn->type, value);
    } else if (is(name, "x-amz-bucket-region")) {
        kb_buf_clear(&turn->bucket_region);
        kb_buf_str(&turn->bucket_region, value);
    } else if (is(name, "x-amz-retry-after") && kb_str_u64(value, &ms) && ms < INT32_MAX) {
        turn->asked_ms = (int64_t)ms;
    }
}

/* Nothing that would end a header's line. */
static KB_RES check_value(struct kb_str name, struct kb_str value, struct kb_err *err)
{
    for (size_t i = 0; i < value.n; i++) {
        KB_ENSURE((unsigned char)value.p[i] >= ' ' && value.p[i] != 0x7f, err, KB_ERR_INVALID,
                  "%.*s: a control character in its value", KB_FMT(name));
    }
    return KB_SUCCESS;
}

/* Lines of the headers; they may hold secrets, so the caller wipes them. */
static KB_RES write_headers(const struct kb_sigv4_field *fields, size_t n, struct kb_arena *arena,
                            struct kb_str *lines, size_t *count, struct kb_err *err)
{
    for (size_t i = 0; i < n; i++) {
        KB_TRY(check_value(fields[i].name, fields[i].value, err));
        lines[(*count)++] = kb_arena_printf(arena, "%.*s: %.*s", KB_FMT(fields[i].name),
                                            KB_FMT(fields[i].value));
    }
    return KB_SUCCESS;
}

/* The key to sign with. Getting it may mean calls through the same sender, so nothing of the call may be held
 * open yet. */
static KB_RES get_key(struct turn *turn, struct kb_err *err)
{
    if (turn->signer == NULL) {
        return KB_SUCCESS;
    }
    kb_res res = turn->signer->key(turn->signer->ctx, kb_aws_now_s(turn->sender), turn->expired,
                                   &turn->key, err);
    turn->expired = false;
    if (res.code == KB_ERR_IO) {
        res.code = KB_ERR_INVALID; /* only failures of this call's connection are worth another attempt */
    }
    return res;
}

static KB_RES sign(struct turn *turn, const struct kb_aws_target *target,
                   const struct kb_sigv4_request *request, struct kb_sigv4_cache *cache,
                   struct kb_sigv4_signed *out, struct kb_err *err)
{
    bool s3 = turn->service->protocol == KB_AWS_REST_XML;
    *out = (struct kb_sigv4_signed){0};
    if (turn->key == NULL) {
        return KB_SUCCESS;
    }
    const struct kb_sigv4_params params = {
        .region = target->region,
        .service = kb_str_c(turn->service->signing),
        .time_s = kb_aws_now_s(turn->sender),
        .path = s3 ? KB_SIGV4_PATH_AS_SENT : KB_SIGV4_PATH_NORMAL,
        .payload = s3 ? KB_SIGV4_PAYLOAD_TOLD : KB_SIGV4_PAYLOAD_HASHED};
    return kb_sigv4_sign(request, &params, turn->key, cache, out, err);
}

/* The headers that are signed, but for those of the signature itself. */
static size_t signed_fields(const struct kb_aws_service *service,
                            const struct kb_aws_target *target, const struct kb_aws_request *built,
                            struct kb_sigv4_field fields[SIGNED_MAX])
{
    size_t n = 0;
    fields[n++] = (struct kb_sigv4_field){KB_STR("Host"), kb_str_c(target->host)};
    if (built->content_type != NULL) {
        fields[n++] = (struct kb_sigv4_field){KB_STR("Content-Type"), kb_str_c(built->content_type)};
    }
    if (built->target[0] != '\0') {
        fields[n++] = (struct kb_sigv4_field){KB_STR("X-Amz-Target"), kb_str_c(built->target)};
    }
    if (target->header.n > 0) {
        fields[n++] = (struct kb_sigv4_field){kb_str_c(service->header), target->header};
    }
    return n;
}

static KB_RES transmit(struct turn *turn, struct kb_http *http,
                       const struct kb_sigv4_request *request,
                       const struct kb_sigv4_signed *signature, struct kb_http_answer *answer,
                       struct kb_err *err)
{
    struct kb_arena arena = {0};
    struct kb_str lines[HEADERS_MAX] = {KB_STR("Expect:")}; /* libcurl's own is taken away */
    size_t n = 1;
    kb_res res = write_headers(request->headers, request->header_count, &arena, lines, &n, err);
    if (!kb_failed(res)) {
        res = write_headers(signature->added, signature->added_count, &arena, lines, &n, err);
    }
    if (!kb_failed(res)) {
        const struct kb_http_request sent = {
            .method = kb_arena_copy(&arena, request->method).p,
            .target = kb_arena_printf(&arena, "%.*s%s%.*s", KB_FMT(request->path),
                                      request->query.n > 0 ? "?" : "", KB_FMT(request->query)),
            .headers = lines, .header_count = n, .body = request->body,
            .take = on_bytes, .header = on_header, .ctx = turn};
        pace(turn->sender, turn->operation);
        res = kb_http_send(http, &sent, answer, err);
    }
    for (size_t i = 1; i < n; i++) {
        kb_aws_wipe(lines[i]);
    }
    kb_arena_done(&arena);
    return res;
}

/* Sign and send what was built. */
static KB_RES deliver(struct turn *turn, const struct kb_aws_target *target,
                      const struct kb_aws_request *built, struct kb_http_answer *answer,
                      struct kb_err *err)
{
    struct kb_aws_peer *peer;
    struct kb_sigv4_signed signature;
    struct kb_sigv4_field fields[SIGNED_MAX];
    const struct kb_sigv4_request request = {.method = built->method,
                                             .path = kb_buf_view(&built->path),
                                             .query = kb_buf_view(&built->query),
                                             .headers = fields,
                                             .header_count =
                                                 signed_fields(turn->service, target, built, fields),
                                             .body = kb_buf_view(&built->body)};
    KB_TRY(peer_of(turn->sender, target->origin, &peer, err));
    kb_res res = sign(turn, target, &request, &peer->cache, &signature, err);
    if (!kb_failed(res)) {
        res = transmit(turn, peer->http, &request, &signature, answer, err);
    }
    kb_sigv4_signed_done(&signature);
    return res;
}

static KB_RES attempt(struct turn *turn, struct kb_http_answer *answer, struct kb_err *err)
{
    struct kb_aws_target target;
    struct kb_aws_request built;
    struct kb_str region = turn->moved ? kb_str_c(turn->moved_to) : turn->region;
    KB_TRY(get_key(turn, err));
    KB_TRY(kb_aws_target(turn->sender->settings, turn->service, turn->params, region, &target, err));
    kb_buf_clear(&turn->body);
    kb_buf_clear(&turn->type);
    kb_buf_clear(&turn->bucket_region);
    turn->date_s = turn->asked_ms = -1;
    kb_res res = kb_aws_request_build(turn->service, turn->operation, turn->params,
                                      kb_str_c(target.prefix), target.bucket_in_host, &built, err);
    if (!kb_failed(res)) {
        res = deliver(turn, &target, &built, answer, err);
    }
    kb_aws_request_done(&built);
    return res;
}

/* Seconds by which AWS's clock is ahead, where that is worth another attempt. */
static bool clock_is_off(struct turn *turn)
{
    int64_t off = turn->date_s < 0 ? 0 : turn->date_s - kb_aws_now_s(turn->sender);
    if (turn->set_clock || (off < KB_AWS_SKEW_S && off > -KB_AWS_SKEW_S)) {
        return false;
    }
    turn->set_clock = true;
    turn->sender->offset_s = turn->date_s - local_s();
    return true;
}

/* Is the cause gone now, so that the same call may succeed at once? Each remedy is tried once. */
static bool remedied(struct turn *turn, const struct kb_aws_fault *fault)
{
    bool expired = fault->kind == KB_AWS_FAULT_EXPIRED || strcmp(fault->code, "RequestExpired") == 0;
    if (fault->kind == KB_AWS_FAULT_CLOCK && clock_is_off(turn)) {
        return true;
    }
    if (expired && turn->signer != NULL && !turn->renewed) {
        turn->renewed = turn->expired = true;
        return true;
    }
    if (fault->kind == KB_AWS_FAULT_REGION && !turn->moved) {
        turn->moved = true;
        (void)snprintf(turn->moved_to, sizeof turn->moved_to, "%s", fault->region);
        return true;
    }
    return false;
}

static double chance(void)
{
    uint32_t random = 0;
    (void)RAND_bytes((unsigned char *)&random, sizeof random);
    return (double)random / ((double)UINT32_MAX + 1);
}

/* Whether to go on, after the wait that is due. */
static bool again(struct turn *turn, const struct kb_aws_status *status,
                  enum kb_aws_fault_kind kind)
{
    bool throttled = kind == KB_AWS_FAULT_THROTTLED;
    if (!throttled && kind != KB_AWS_FAULT_TRANSIENT) {
        return false;
    }
    int64_t wait = kb_aws_retry_wait_ms(&turn->sender->retry, status->attempts,
                                        throttled ? KB_AWS_THROTTLED : KB_AWS_TRANSIENT,
                                        turn->asked_ms, chance());
    if (wait >= 0) {
        wait_ms(wait);
    }
    return wait >= 0;
}

/* AWS's refusal in words, with the permission that would have helped. */
static KB_RES refuse(const struct turn *turn, const struct kb_aws_status *status, struct kb_err *err)
{
    const struct kb_aws_fault *fault = &status->fault;
    const char *action = turn->operation->action;
    bool denied = fault->kind == KB_AWS_FAULT_DENIED;
    enum kb_code code = fault->kind == KB_AWS_FAULT_MISSING ? KB_ERR_NOT_FOUND
                        : denied                            ? KB_ERR_INVALID
                                                            : KB_ERR_IO;
    kb_res res = kb_fail(err, code, "%s:%s: %s%sHTTP status %u%s%s", turn->operation->service,
                         turn->operation->name, fault->code, fault->code[0] != '\0' ? ", " : "",
                         status->http, fault->message[0] != '\0' ? ": " : "", fault->message);
    if (denied && action != NULL && err != NULL) {
        size_t n = strlen(err->msg);
        (void)snprintf(err->msg + n, sizeof err->msg - n, " (needs %s)", action);
    }
    return res;
}

/* What came back from one attempt; true where the call is over. */
static bool settle(struct turn *turn, const struct kb_http_answer *answer, kb_res sent,
                   struct kb_aws_status *status, kb_res *res, struct kb_err *err)
{
    status->http = answer->status;
    status->bytes = answer->bytes;
    (void)snprintf(status->request_id, sizeof status->request_id, "%.*s", KB_FMT(answer->id));
    status->fault = (struct kb_aws_fault){0};
    turn->sender->ahead_s = turn->date_s <= 0 ? turn->sender->ahead_s : turn->date_s - local_s();
    *res = sent;
    if (kb_failed(sent)) {
        kb_err_context(err, "%s:%s", turn->operation->service, turn->operation->name);
        return sent.code != KB_ERR_IO || !again(turn, status, KB_AWS_FAULT_TRANSIENT);
    }
    if (answer->status >= 200 && answer->status <= 299) {
        *res = turn->taker->take(turn->taker->ctx, &turn->body, err);
        if (!kb_failed(*res)) {
            kb_aws_retry_succeeded(&turn->sender->retry);
            return true;
        }
        kb_err_context(err, "%s:%s", turn->operation->service, turn->operation->name);
        return !again(turn, status, KB_AWS_FAULT_TRANSIENT);
    }
    kb_aws_fault_read(answer->status, kb_buf_view(&turn->type), kb_buf_view(&turn->bucket_region),
                      kb_buf_view(&answer->error), &status->fault);
    *res = refuse(turn, status, err);
    return !remedied(turn, &status->fault) && !again(turn, status, status->fault.kind);
}

static kb_res take_tree(void *ctx, struct kb_buf *body, struct kb_err *err)
{
    const struct kb_aws_tree *tree = ctx;
    return kb_aws_answer_read(kb_aws_service_find(kb_str_c(tree->operation->service)), tree->operation,
                              kb_buf_view(body), tree->out, err);
}

struct kb_aws_taker kb_aws_tree_taker(struct kb_aws_tree *tree)
{
    return (struct kb_aws_taker){take_tree, tree};
}

KB_RES kb_aws_send(struct kb_aws_sender *sender, const struct kb_aws_operation *operation,
                   const json_t *params, struct kb_str region, const struct kb_aws_signer *signer,
                   const struct kb_aws_taker *taker, struct kb_aws_status *status,
                   struct kb_err *err)
{
    struct turn turn = {.sender = sender, .operation = operation, .params = params,
                        .region = region, .signer = signer, .taker = taker,
                        .service = kb_aws_service_find(kb_str_c(operation->service))};
    kb_res res = KB_SUCCESS;
    bool over = false;
    *status = (struct kb_aws_status){0};
    kb_buf_init(&turn.body, KB_AWS_ANSWER_MAX);
    kb_buf_init(&turn.type, 256);
    kb_buf_init(&turn.bucket_region, 64);
    sender->retry.spent = 0;
    while (!over) {
        struct kb_http_answer answer = {0};
        status->attempts++;
        kb_res sent = attempt(&turn, &answer, err);
        over = settle(&turn, &answer, sent, status, &res, err);
        kb_http_answer_done(&answer);
    }
    kb_aws_wipe_buf(&turn.body);
    kb_buf_done(&turn.type);
    kb_buf_done(&turn.bucket_region);
    return res;
}
