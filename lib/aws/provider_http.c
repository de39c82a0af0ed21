/* Endpoints beside the workload: a container's (EKS Pod Identity, ECS) and the instance's (IMDSv2). */
#include <stdio.h>
#include <strings.h>
#include <time.h>

#include "aws/fault.h"
#include "aws/partition.h"
#include "aws/provider.h"
#include "aws/shape.h"
#include "data/ip.h"
#include "data/url.h"

enum { BODY_MAX = 1 << 20, CONTAINER_TIMEOUT_MS = 2000, INSTANCE_TIMEOUT_MS = 1000, PAUSE_MS = 1000 };

static const struct kb_aws_key_names names = {"AccessKeyId", "SecretAccessKey", "Token",
                                              "Expiration"};

static bool on_bytes(void *ctx, struct kb_str bytes)
{
    struct kb_buf *body = ctx;
    kb_buf_str(body, bytes);
    return !body->full;
}

static KB_RES fetch_once(struct kb_http *http, const struct kb_aws_fetch *fetch, struct kb_buf *out,
                         unsigned *status, struct kb_err *err)
{
    struct kb_http_answer answer;
    const struct kb_http_request request = {.method = fetch->method, .target = fetch->target,
                                            .headers = fetch->headers,
                                            .header_count = fetch->header_count,
                                            .take = on_bytes, .ctx = out};
    kb_buf_clear(out);
    kb_res res = kb_http_send(http, &request, &answer, err);
    *status = answer.status;
    kb_buf_str(out, kb_buf_view(&answer.error));
    kb_http_answer_done(&answer);
    return res;
}

KB_RES kb_aws_fetch(const struct kb_aws_search *search, const struct kb_aws_fetch *fetch,
                    struct kb_buf *out, unsigned *status, struct kb_err *err)
{
    const struct timespec pause = {fetch->pause_ms / 1000, fetch->pause_ms % 1000 * 1000000};
    bool tls = kb_str_starts(fetch->origin, KB_STR("https://"));
    const struct kb_http_peer peer = {.url = fetch->origin,
                                      .ca_pem = search->settings->ca_pem,
                                      .user_agent = search->settings->user_agent,
                                      .direct = !tls,
                                      .connect_timeout_ms = fetch->timeout_ms,
                                      .timeout_ms = fetch->timeout_ms};
    struct kb_http *http;
    kb_res res = kb_http_new(&peer, &http, err);
    for (unsigned i = 0; i < fetch->attempts; i++) {
        if (i > 0) {
            (void)nanosleep(&pause, NULL);
        }
        res = fetch_once(http, fetch, out, status, err);
        if (!kb_failed(res) && *status < 500) {
            break;
        }
    }
    kb_http_free(http);
    return res;
}

/* ---- containers ---- */

/* Hosts to which plain http may carry credentials: this host, and the fixed addresses of the agents. */
static bool plain_allowed(struct kb_str host)
{
    static const char *const agents[] = {"169.254.170.2", "169.254.170.23", "fd00:ec2::23"};
    struct kb_ip ip;
    if (kb_failed(kb_ip_parse(host, &ip, NULL))) {
        return host.n == 9 && strncasecmp(host.p, "localhost", 9) == 0;
    }
    bool allowed = kb_ip_loopback(&ip);
    for (size_t i = 0; i < sizeof agents / sizeof agents[0] && !allowed; i++) {
        struct kb_ip agent;
        allowed = !kb_failed(kb_ip_parse(kb_str_c(agents[i]), &agent, NULL)) &&
                  kb_ip_equal(&ip, &agent);
    }
    return allowed;
}

static KB_RES container_url(struct kb_aws_search *search, struct kb_str *origin,
                            struct kb_str *target, struct kb_err *err)
{
    const struct kb_aws_env *env = &search->settings->env;
    struct kb_url url;
    struct kb_str relative = kb_aws_env_get(env, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    struct kb_str full = kb_aws_env_get(env, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
    if (relative.n > 0) {
        KB_ENSURE(relative.p[0] == '/', err, KB_ERR_INVALID,
                  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI does not begin with /");
        *origin = KB_STR("http://169.254.170.2");
        *target = relative;
        return KB_SUCCESS;
    }
    KB_TRY_CTX(err, kb_url_parse(full, &search->arena, &url, err),
               "AWS_CONTAINER_CREDENTIALS_FULL_URI");
    struct kb_str host = kb_url_hostname(&url);
    bool tls = kb_str_eq_c(url.scheme, "https");
    KB_ENSURE(host.n > 0 && !url.has_user && (tls || kb_str_eq_c(url.scheme, "http")), err,
              KB_ERR_INVALID, "AWS_CONTAINER_CREDENTIALS_FULL_URI is no URL of the web");
    KB_ENSURE(tls || plain_allowed(host), err, KB_ERR_INVALID,
              "AWS_CONTAINER_CREDENTIALS_FULL_URI: credentials are not asked of %.*s without TLS; "
              "allowed are loopback, 169.254.170.2, 169.254.170.23 and fd00:ec2::23", KB_FMT(host));
    *origin = kb_arena_printf(&search->arena, "%.*s://%.*s", KB_FMT(url.scheme), KB_FMT(url.host));
    *target = kb_arena_printf(&search->arena, "%.*s%s%.*s",
                              KB_FMT(url.path.n > 0 ? url.path : KB_STR("/")),
                              url.has_query ? "?" : "", KB_FMT(url.query));
    return KB_SUCCESS;
}

/* "Authorization: …", from the file, which is read every time, or the variable; empty without. */
static KB_RES container_header(struct kb_aws_search *search, struct kb_str *out, struct kb_err *err)
{
    const struct kb_aws_env *env = &search->settings->env;
    struct kb_str file = kb_aws_env_get(env, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    struct kb_str token = kb_aws_env_get(env, "AWS_CONTAINER_AUTHORIZATION_TOKEN"), text = {0};
    if (file.n > 0) {
        KB_TRY_CTX(err, kb_aws_read_file(&search->arena, file, KB_AWS_TOKEN_FILE_MAX, &text, err),
                   "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
        token = text;
    }
    bool broken = false;
    for (size_t i = 0; i < token.n; i++) {
        broken = broken || token.p[i] == '\r' || token.p[i] == '\n';
    }
    *out = token.n > 0 && !broken
               ? kb_arena_printf(&search->arena, "Authorization: %.*s", KB_FMT(token))
               : KB_STR("");
    kb_aws_wipe(text);
    KB_ENSURE(!broken, err, KB_ERR_INVALID,
              "the authorization token of the container's endpoint holds a line break");
    return KB_SUCCESS;
}

static KB_RES read_keys(struct kb_str body, unsigned status, const char *from,
                        struct kb_aws_credential *out, struct kb_err *err)
{
    KB_AUTO(kb_json_done) json_t *json = NULL;
    struct kb_str code = KB_STR("Success");
    if (status != 200) {
        struct kb_aws_fault fault;
        kb_aws_fault_read(status, KB_STR(""), KB_STR(""), body, &fault);
        return kb_fail(err, KB_ERR_INVALID, "%s: HTTP status %u%s%s%s%s", from, status,
                       fault.code[0] != '\0' ? ", " : "", fault.code,
                       fault.message[0] != '\0' ? ": " : "", fault.message);
    }
    KB_ENSURE(!kb_failed(kb_json_parse(NULL, body, 0, &json, NULL)), err, KB_ERR_CORRUPT,
              "%s did not answer with JSON", from);
    (void)kb_json_str(json, "Code", &code);
    kb_res res = kb_str_eq_c(code, "Success")
                     ? kb_aws_credential_read(json, &names, from, out, err)
                     : kb_fail(err, KB_ERR_INVALID, "%s says %.*s", from, KB_FMT(code));
    kb_aws_json_wipe(json);
    return res;
}

KB_RES kb_aws_from_container(struct kb_aws_search *search, struct kb_aws_credential *out,
                             enum kb_aws_found *found, struct kb_err *err)
{
    static const char from[] = "the container's credential endpoint";
    const struct kb_aws_env *env = &search->settings->env;
    struct kb_str header;
    struct kb_aws_fetch fetch = {.method = "GET", .headers = &header,
                                 .timeout_ms = CONTAINER_TIMEOUT_MS, .attempts = 3,
                                 .pause_ms = PAUSE_MS};
    struct kb_buf body;
    unsigned status = 0;
    bool configured = kb_aws_env_get(env, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").n > 0 ||
                      kb_aws_env_get(env, "AWS_CONTAINER_CREDENTIALS_FULL_URI").n > 0;
    *found = configured ? KB_AWS_FOUND : KB_AWS_ABSENT;
    if (!configured) {
        return KB_SUCCESS;
    }
    KB_TRY(container_url(search, &fetch.origin, &fetch.target, err));
    KB_TRY(container_header(search, &header, err));
    fetch.header_count = header.n > 0;
    kb_buf_init(&body, BODY_MAX);
    kb_res res = kb_aws_fetch(search, &fetch, &body, &status, err);
    if (kb_failed(res)) {
        kb_err_context(err, "%s", from);
    } else {
        res = read_keys(kb_buf_view(&body), status, from, out, err);
    }
    kb_aws_wipe(header);
    kb_aws_wipe_buf(&body);
    return res;
}

/* ---- the instance ---- */

static struct kb_str instance_origin(const struct kb_aws_settings *settings)
{
    struct kb_str url = kb_aws_setting(settings, "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                                       "ec2_metadata_service_endpoint");
    struct kb_str mode = kb_aws_setting(settings, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
                                        "ec2_metadata_service_endpoint_mode");
    bool six = mode.n == 4 && strncasecmp(mode.p, "ipv6", 4) == 0;
    while (url.n > 0 && url.p[url.n - 1] == '/') {
        url.n--;
    }
    return url.n > 0 ? url : six ? KB_STR("http://[fd00:ec2::254]") : KB_STR("http://169.254.169.254");
}

/* One document of the instance's metadata with the session's token. */
static KB_RES metadata(struct kb_aws_search *search, struct kb_str token_header, struct kb_str target,
                       struct kb_buf *body, struct kb_err *err)
{
    unsigned status = 0;
    const struct kb_aws_fetch fetch = {.method = "GET", .origin = instance_origin(search->settings),
                                       .target = target, .headers = &token_header,
                                       .header_count = 1, .timeout_ms = INSTANCE_TIMEOUT_MS,
                                       .attempts = 1};
    KB_TRY(kb_aws_fetch(search, &fetch, body, &status, err));
    KB_ENSURE(status != 404, err, KB_ERR_NOT_FOUND, "the instance has no role");
    KB_ENSURE(status == 200, err, KB_ERR_IO, "the instance's metadata: HTTP status %u", status);
    return KB_SUCCESS;
}

static KB_RES session_token(struct kb_aws_search *search, struct kb_str *header, struct kb_err *err)
{
    const struct kb_str wanted = KB_STR("x-aws-ec2-metadata-token-ttl-seconds: 21600");
    const struct kb_aws_fetch fetch = {.method = "PUT", .origin = instance_origin(search->settings),
                                       .target = KB_STR("/latest/api/token"), .headers = &wanted,
                                       .header_count = 1, .timeout_ms = INSTANCE_TIMEOUT_MS,
                                       .attempts = 1};
    struct kb_buf body;
    unsigned status = 0;
    kb_buf_init(&body, BODY_MAX);
    kb_res res = kb_aws_fetch(search, &fetch, &body, &status, err);
    if (!kb_failed(res) && status != 200) {
        res = kb_fail(err, KB_ERR_IO, "its metadata gives no token: HTTP status %u", status);
    }
    *header = kb_arena_printf(&search->arena, "x-aws-ec2-metadata-token: %.*s",
                              KB_FMT(kb_buf_view(&body)));
    kb_aws_wipe_buf(&body);
    return res;
}

static KB_RES instance_keys(struct kb_aws_search *search, struct kb_str header,
                            struct kb_aws_credential *out, struct kb_err *err)
{
    static const char path[] = "/latest/meta-data/iam/security-credentials/";
    struct kb_buf body, target;
    kb_buf_init(&body, BODY_MAX);
    kb_buf_init(&target, 4096);
    kb_res res = metadata(search, header, kb_str_c(path), &body, err);
    if (!kb_failed(res)) {
        struct kb_str role = kb_str_trim(kb_str_split(kb_buf_view(&body), '\n', &(struct kb_str){0}));
        kb_buf_c(&target, path);
        kb_sigv4_encode(role, false, &target);
        res = role.n > 0 ? metadata(search, header, kb_buf_view(&target), &body, err)
                         : kb_fail(err, KB_ERR_NOT_FOUND, "the instance has no role");
    }
    if (!kb_failed(res)) {
        res = read_keys(kb_buf_view(&body), 200, "the instance's role", out, err);
    }
    kb_aws_wipe_buf(&body);
    kb_buf_done(&target);
    return res;
}

KB_RES kb_aws_from_instance(struct kb_aws_search *search, struct kb_aws_credential *out,
                            enum kb_aws_found *found, struct kb_err *err)
{
    struct kb_str header;
    *found = KB_AWS_ABSENT;
    if (kb_aws_is_true(kb_aws_env_get(&search->settings->env, "AWS_EC2_METADATA_DISABLED"))) {
        return kb_fail(err, KB_OK, "AWS_EC2_METADATA_DISABLED is set"); /* absent, and why */
    }
    kb_res res = session_token(search, &header, err);
    if (!kb_failed(res)) {
        res = instance_keys(search, header, out, err);
        *found = kb_failed(res) ? KB_AWS_ABSENT : KB_AWS_FOUND;
        res = res.code == KB_ERR_NOT_FOUND ? KB_SUCCESS : res;
    } else {
        res = KB_SUCCESS; /* there is no instance here, or it does not answer to containers */
    }
    kb_aws_wipe(header);
    return res;
}

void kb_aws_instance_region(struct kb_aws_sender *sender, char out[64])
{
    struct kb_aws_search search = {.sender = sender, .settings = sender->settings};
    struct kb_str header = {0};
    struct kb_buf body;
    out[0] = '\0';
    if (kb_aws_is_true(kb_aws_env_get(&sender->settings->env, "AWS_EC2_METADATA_DISABLED"))) {
        return;
    }
    kb_buf_init(&body, BODY_MAX);
    kb_res res = session_token(&search, &header, NULL);
    if (!kb_failed(res)) {
        res = metadata(&search, header, KB_STR("/latest/meta-data/placement/region"), &body, NULL);
    }
    struct kb_str region = kb_str_trim(kb_buf_view(&body));
    if (!kb_failed(res) && kb_aws_region_valid(region)) {
        (void)snprintf(out, 64, "%.*s", KB_FMT(region));
    }
    kb_aws_wipe(header);
    kb_buf_done(&body);
    kb_arena_done(&search.arena);
}
