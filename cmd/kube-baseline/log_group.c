/* From options to a log group. */
#include "kube-baseline/log_group.h"

#include "kube-baseline/insights.h"
#include "kube-baseline/sources.h"
#include "kube-baseline/values.h"
#include "run/run.h"

#define USER_AGENT "kube-baseline/" KB_VERSION

bool kb_log_group_named(const struct kb_args *args)
{
    return args->log_group != NULL || args->eks_cluster != NULL;
}

KB_RES kb_log_span_read(const struct kb_app *app, struct kb_log_span *out, struct kb_err *err)
{
    KB_TRY(kb_value_now(app, &out->now_ns, &out->now_fixed, err));
    return kb_value_span(app, out->now_ns, &out->since_ns, &out->until_ns, err);
}

KB_RES kb_log_group_name(const struct kb_args *args, struct kb_buf *out, struct kb_err *err)
{
    KB_ENSURE(kb_log_group_named(args), err, KB_ERR_USAGE,
              "--insights needs --log-group or --eks-cluster");
    if (args->log_group != NULL) {
        kb_buf_c(out, args->log_group);
    } else {
        kb_buf_printf(out, "/aws/eks/%s/cluster", args->eks_cluster);
    }
    return KB_SUCCESS;
}

/* As EKS takes names. */
static bool is_cluster(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    enum { LONGEST = 100 };
    size_t n = strlen(name), plain = strspn(name, letters);
    for (size_t i = plain; i < n && strchr("-_", name[i]) != NULL; i = plain) {
        plain = i + 1 + strspn(name + i + 1, letters);
    }
    return n > 0 && n <= LONGEST && plain == n && strchr("-_", name[0]) == NULL;
}

KB_RES kb_aws_open(const struct kb_app *app, struct kb_aws_client **out, struct kb_err *err)
{
    KB_ENSURE(app->args.eks_cluster == NULL || is_cluster(app->args.eks_cluster), err, KB_ERR_USAGE,
              "--eks-cluster takes a cluster's name, not '%s'", app->args.eks_cluster);
    const struct kb_aws_flags flags = {.profile = kb_str_c(app->args.aws_profile),
                                       .region = kb_str_c(app->args.region),
                                       .endpoint_url = kb_str_c(app->args.endpoint_url),
                                       .user_agent = KB_STR(USER_AGENT)};
    const struct kb_aws_env env = kb_aws_env_process();
    return kb_aws_client_new(&flags, &env, out, err);
}

static int64_t ms_of(int64_t ns)
{
    return ns == KB_TIME_NONE ? KB_CLOUDWATCH_NO_TIME : ns / 1000000;
}

static KB_RES open_reading(const struct kb_app *app, const struct kb_log_span *span, struct kb_str name,
                           struct kb_log_group *out, struct kb_err *err)
{
    KB_TRY(kb_kube_flags_of(&app->args, &out->flags, err));
    const struct kb_cloudwatch_options options = {.client = out->aws,
                                                  .group = name,
                                                  .checkpoint = kb_str_c(app->args.checkpoint),
                                                  .flags = &out->flags,
                                                  .now_ms = ms_of(span->now_ns),
                                                  .now_fixed = span->now_fixed,
                                                  .since_ms = ms_of(span->since_ns),
                                                  .until_ms = ms_of(span->until_ns)};
    KB_TRY(kb_cloudwatch_open(&options, &out->cw, err));
    out->inputs = kb_cloudwatch_inputs(out->cw, &out->n);
    return KB_SUCCESS;
}

static KB_RES open_insights(const struct kb_app *app, const struct kb_log_span *span,
                            struct kb_str name, struct kb_log_group *out, struct kb_err *err)
{
    struct kb_buf filters;
    struct kb_insights_options options;
    kb_buf_init(&filters, KB_INSIGHTS_QUERY_MAX);
    kb_res res = kb_insights_plan(app, span, name, &filters, &options, err);
    if (!kb_failed(res) && filters.n == 0) {
        res = kb_fail(err, KB_ERR_USAGE,
                      "nothing of this can be looked for by Logs Insights: name a --user, --verb, "
                      "--resource, --namespace, --name, --code or --source-ip");
    }
    if (!kb_failed(res)) {
        options.client = out->aws;
        res = kb_insights_open(&options, &out->insights, err);
    }
    if (!kb_failed(res)) {
        out->inputs = kb_insights_input(out->insights);
        out->n = 1;
    }
    kb_buf_done(&filters);
    return res;
}

KB_RES kb_log_group_open(const struct kb_app *app, const struct kb_log_span *span,
                         struct kb_log_group *out, struct kb_err *err)
{
    const struct kb_args *args = &app->args;
    struct kb_buf name;
    *out = (struct kb_log_group){0};
    KB_ENSURE(kb_log_group_named(args) || args->checkpoint == NULL, err, KB_ERR_USAGE,
              "--checkpoint needs --log-group or --eks-cluster");
    if (!kb_log_group_named(args) && !args->insights) {
        return KB_SUCCESS;
    }
    KB_ENSURE(args->logs.n == 0 && args->words.n == 0, err, KB_ERR_USAGE,
              "a log group and log files are not read together");
    kb_buf_init(&name, KB_LOG_GROUP_NAME_MAX);
    kb_res res = kb_log_group_name(args, &name, err);
    if (!kb_failed(res)) {
        res = kb_aws_open(app, &out->aws, err);
    }
    if (!kb_failed(res)) {
        res = args->insights ? open_insights(app, span, kb_buf_view(&name), out, err)
                             : open_reading(app, span, kb_buf_view(&name), out, err);
    }
    kb_buf_done(&name);
    return res;
}

int kb_log_group_commit(const struct kb_app *app, struct kb_log_group *group, int status)
{
    struct kb_err err = {0};
    bool moved = false;
    if (group->cw == NULL || app->args.checkpoint == NULL) {
        return status;
    }
    if (kb_failed(kb_cloudwatch_commit(group->cw, &moved, &err))) {
        return kb_trouble(app, &err);
    }
    const char *missing = kb_cloudwatch_missing(group->cw);
    if (moved && missing != NULL) {
        kb_complain(app, "the checkpoint moves on behind what is gone for good: %s", missing);
    } else if (!moved) {
        kb_complain(app, "the checkpoint stays where it was, and the next run reads this time again: %s",
                    missing != NULL ? missing : "not all of it was read");
    }
    return status;
}

void kb_log_group_done(struct kb_log_group *group)
{
    kb_cloudwatch_close(group->cw);
    kb_insights_close(group->insights);
    kb_aws_client_free(group->aws);
    *group = (struct kb_log_group){0};
}
