/* Endpoints, taken apart. */
#include "aws/target.h"

#include <stdio.h>

/* Letters, digits and '-', so that certificates for *.s3… hold: a bucket, an account. */
static bool fits_host(struct kb_str bucket)
{
    bool ok = bucket.n >= 3 && bucket.n <= 63 && bucket.p[0] != '-' && bucket.p[bucket.n - 1] != '-';
    for (size_t i = 0; i < bucket.n && ok; i++) {
        char c = bucket.p[i];
        ok = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    }
    return ok;
}

static struct kb_str without_usual_port(struct kb_str authority, bool tls)
{
    struct kb_str port = tls ? KB_STR(":443") : KB_STR(":80");
    return kb_str_ends(authority, port) ? kb_str_sub(authority, 0, authority.n - port.n) : authority;
}

static void take_apart(const char *url, struct kb_str bucket, struct kb_aws_target *out)
{
    struct kb_str all = kb_str_c(url);
    size_t scheme = kb_str_find(all, KB_STR("://"), 0) + 3;
    struct kb_str path, authority = kb_str_split(kb_str_sub(all, scheme, all.n), '/', &path);
    bool tls = kb_str_starts(all, KB_STR("https"));
    const char *dot = bucket.n > 0 ? "." : "";
    (void)snprintf(out->origin, sizeof out->origin, "%.*s%.*s%s%.*s", (int)scheme, url,
                   KB_FMT(bucket), dot, KB_FMT(authority));
    (void)snprintf(out->host, sizeof out->host, "%.*s%s%.*s", KB_FMT(bucket), dot,
                   KB_FMT(without_usual_port(authority, tls)));
    (void)snprintf(out->prefix, sizeof out->prefix, "%s%.*s", path.n > 0 ? "/" : "", KB_FMT(path));
}

KB_RES kb_aws_target(const struct kb_aws_settings *settings, const struct kb_aws_service *service,
                     const json_t *params, struct kb_str region, struct kb_aws_target *out,
                     struct kb_err *err)
{
    char url[KB_AWS_URL_MAX];
    bool custom;
    struct kb_str bucket = {0};
    *out = (struct kb_aws_target){.region = region.n > 0 ? region : settings->region};
    if (out->region.n == 0 && strcmp(service->id, "sts") == 0) {
        out->region = KB_STR("us-east-1");
    }
    KB_ENSURE(out->region.n > 0, err, KB_ERR_INVALID,
              "no AWS region is known for %s: name one by --region or AWS_REGION", service->id);
    out->region = kb_aws_service_region(service, out->region);
    KB_TRY(kb_aws_endpoint(settings, service, out->region, url, &custom, err));
    if (service->in_host != NULL) {
        (void)kb_json_str(params, service->in_host, &bucket);
        out->header = service->header != NULL ? bucket : KB_STR("");
        bucket = fits_host(bucket) && !custom ? bucket : KB_STR("");
    }
    out->bucket_in_host = bucket.n > 0;
    take_apart(url, bucket, out);
    return KB_SUCCESS;
}
