/* Sources from options. */
#include "kube-baseline/sources.h"

#include "data/duration.h"
#include "kube-baseline/values.h"

enum { PAGE_MAX = 100000 };

static bool connection_named(const struct kb_args *args)
{
    const char *const texts[] = {args->kubeconfig, args->context,         args->cluster,
                                 args->kube_user,  args->server,          args->token,
                                 args->ca_file,    args->cert_file,       args->key_file,
                                 args->tls_server_name, args->request_timeout};
    bool named = args->live || args->insecure;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        named |= texts[i] != NULL;
    }
    return named;
}

/* As kubectl: a number is of seconds. */
static KB_RES timeout_of(const char *text, int64_t *out_ms, struct kb_err *err)
{
    uint64_t seconds;
    int64_t ns = 0;
    if (text != NULL && kb_str_u64(kb_str_c(text), &seconds) && seconds < INT32_MAX) {
        *out_ms = (int64_t)seconds * 1000;
        return KB_SUCCESS;
    }
    KB_ENSURE(text == NULL || (!kb_failed(kb_duration_parse(kb_str_c(text), &ns, NULL)) && ns >= 0),
              err, KB_ERR_USAGE, "--request-timeout takes a time such as 30s, not '%s'", text);
    *out_ms = ns / KB_NS_PER_MS;
    return KB_SUCCESS;
}

KB_RES kb_kube_flags_of(const struct kb_args *args, struct kb_kube_flags *out, struct kb_err *err)
{
    *out = (struct kb_kube_flags){
        .kubeconfig = kb_str_c(args->kubeconfig),
        .context = kb_str_c(args->context),
        .cluster = kb_str_c(args->cluster),
        .user = kb_str_c(args->kube_user),
        .server = kb_str_c(args->server),
        .tls_server_name = kb_str_c(args->tls_server_name),
        .ca_file = kb_str_c(args->ca_file),
        .cert_file = kb_str_c(args->cert_file),
        .key_file = kb_str_c(args->key_file),
        .token = kb_str_c(args->token),
        .as_user = kb_str_c(args->as_user),
        .as_uid = kb_str_c(args->as_uid),
        .as_groups = {args->as_groups.at, args->as_groups.n},
        .as_extra = {args->as_extra.at, args->as_extra.n},
        .insecure = args->insecure,
        .disable_compression = args->disable_compression,
    };
    return timeout_of(args->request_timeout, &out->timeout_ms, err);
}

KB_RES kb_named_sources_init(struct kb_named_sources *named, const struct kb_app *app,
                             bool live_by_default, struct kb_err *err)
{
    const struct kb_args *args = &app->args;
    uint64_t page;
    *named = (struct kb_named_sources){0};
    KB_TRY(kb_kube_flags_of(args, &named->flags, err));
    KB_TRY(kb_value_count("chunk-size", args->page, 1, 0, &page, err));
    KB_ENSURE(page <= PAGE_MAX, err, KB_ERR_USAGE, "--chunk-size is at most %d", PAGE_MAX);
    named->sources = (struct kb_sources){
        .objects = args->objects.at,
        .object_count = args->objects.n,
        .aws = args->aws.at,
        .aws_count = args->aws.n,
        .snapshot = kb_str_c(args->snapshot),
        .cluster = {.flags = &named->flags, .page = (unsigned)page},
    };
    bool files = args->logs.n + args->objects.n + args->aws.n > 0 || args->snapshot != NULL ||
                 args->log_group != NULL || args->eks_cluster != NULL;
    named->sources.live = connection_named(args) || (live_by_default && !files);
    return KB_SUCCESS;
}
