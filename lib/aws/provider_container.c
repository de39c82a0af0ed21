/* The endpoint beside a container: EKS Pod Identity, ECS. */
#include <strings.h>

#include "aws/provider.h"
#include "data/ip.h"
#include "data/url.h"

enum { TIMEOUT_MS = 2000, ATTEMPTS = 3, PAUSE_MS = 1000 };

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

KB_RES kb_aws_from_container(struct kb_aws_search *search, struct kb_aws_credential *out,
                             enum kb_aws_found *found, struct kb_err *err)
{
    static const char from[] = "the container's credential endpoint";
    const struct kb_aws_env *env = &search->settings->env;
    struct kb_str header;
    struct kb_aws_fetch fetch = {.method = "GET", .headers = &header,
                                 .timeout_ms = TIMEOUT_MS, .attempts = ATTEMPTS,
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
    kb_buf_init(&body, KB_AWS_DOCUMENT_MAX);
    kb_res res = kb_aws_fetch(search, &fetch, &body, &status, err);
    if (kb_failed(res)) {
        kb_err_context(err, "%s", from);
    } else {
        res = kb_aws_document_read(kb_buf_view(&body), status, from, out, err);
    }
    kb_aws_wipe(header);
    kb_aws_wipe_buf(&body);
    return res;
}
