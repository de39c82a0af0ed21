/* The metadata of the instance (IMDSv2, never v1). */
#include <stdio.h>
#include <strings.h>

#include "aws/canonical.h"
#include "aws/partition.h"
#include "aws/provider.h"

enum { PAUSE_MS = 1000 };

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

/* A whole number of a setting, from 1 to `most`; `usual` where it is not set or is none. */
static int64_t bounded(const struct kb_aws_settings *settings, const char *variable, const char *key,
                       int64_t usual, int64_t most)
{
    int64_t n;
    struct kb_str text = kb_aws_setting(settings, variable, key);
    bool given = kb_str_i64(text, &n) && n >= 1;
    return !given ? usual : n < most ? n : most;
}

/* Short, since from most places nothing answers; people whose instances are slow may say otherwise. */
static struct kb_aws_fetch instance_fetch(const struct kb_aws_settings *settings)
{
    return (struct kb_aws_fetch){
        .method = "GET",
        .origin = instance_origin(settings),
        .header_count = 1,
        .timeout_ms = 1000 * bounded(settings, "AWS_METADATA_SERVICE_TIMEOUT",
                                     "metadata_service_timeout", 1, 60),
        .attempts = (unsigned)bounded(settings, "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
                                      "metadata_service_num_attempts", 1, 10),
        .pause_ms = PAUSE_MS};
}

/* One document of the instance's metadata with the session's token. */
static KB_RES metadata(struct kb_aws_search *search, struct kb_str token_header, struct kb_str target,
                       struct kb_buf *body, struct kb_err *err)
{
    unsigned status = 0;
    struct kb_aws_fetch fetch = instance_fetch(search->settings);
    fetch.target = target;
    fetch.headers = &token_header;
    KB_TRY(kb_aws_fetch(search, &fetch, body, &status, err));
    KB_ENSURE(status != 404, err, KB_ERR_NOT_FOUND, "the instance has no role");
    KB_ENSURE(status == 200, err, KB_ERR_IO, "the instance's metadata: HTTP status %u", status);
    return KB_SUCCESS;
}

static KB_RES session_token(struct kb_aws_search *search, struct kb_str *header, struct kb_err *err)
{
    const struct kb_str wanted = KB_STR("x-aws-ec2-metadata-token-ttl-seconds: 21600");
    struct kb_aws_fetch fetch = instance_fetch(search->settings);
    struct kb_buf body;
    unsigned status = 0;
    fetch.method = "PUT";
    fetch.target = KB_STR("/latest/api/token");
    fetch.headers = &wanted;
    kb_buf_init(&body, KB_AWS_DOCUMENT_MAX);
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
    kb_buf_init(&body, KB_AWS_DOCUMENT_MAX);
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
        res = kb_aws_document_read(kb_buf_view(&body), 200, "the instance's role", out, err);
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
    kb_buf_init(&body, KB_AWS_DOCUMENT_MAX);
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
