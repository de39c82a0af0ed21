/* From options to a log group. */
#include "kube-baseline/log_group.h"

#include "run/run.h"

#define USER_AGENT "kube-baseline/" KB_VERSION

bool kb_log_group_named(const struct kb_args *args)
{
    return args->log_group != NULL || args->eks_cluster != NULL;
}

KB_RES kb_aws_open(const struct kb_app *app, struct kb_aws_client **out, struct kb_err *err)
{
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

KB_RES kb_log_group_open(const struct kb_app *app, const struct kb_log_span *span,
                         struct kb_log_group *out, struct kb_err *err)
{
    const struct kb_args *args = &app->args;
    struct kb_buf name;
    *out = (struct kb_log_group){0};
    KB_ENSURE(kb_log_group_named(args) || args->checkpoint == NULL, err, KB_ERR_USAGE,
              "--checkpoint needs --log-group or --eks-cluster");
    if (!kb_log_group_named(args)) {
        return KB_SUCCESS;
    }
    KB_ENSURE(args->logs.n == 0 && args->words.n == 0, err, KB_ERR_USAGE,
              "a log group and log files are not read together");
    KB_TRY(kb_aws_open(app, &out->aws, err));
    kb_buf_init(&name, 4096);
    if (args->log_group != NULL) {
        kb_buf_c(&name, args->log_group);
    } else {
        kb_buf_printf(&name, "/aws/eks/%s/cluster", args->eks_cluster);
    }
    const struct kb_cloudwatch_options options = {.client = out->aws,
                                                  .group = kb_buf_view(&name),
                                                  .checkpoint = kb_str_c(args->checkpoint),
                                                  .now_ms = ms_of(span->now_ns),
                                                  .now_fixed = span->now_fixed,
                                                  .since_ms = ms_of(span->since_ns),
                                                  .until_ms = ms_of(span->until_ns)};
    kb_res res = kb_cloudwatch_open(&options, &out->cw, err);
    kb_buf_done(&name);
    if (!kb_failed(res)) {
        out->inputs = kb_cloudwatch_inputs(out->cw, &out->n);
    }
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
    if (!moved) {
        kb_complain(app, "the checkpoint stays where it was, since not everything could be read: the "
                         "next run reads this time again");
    }
    return status;
}

void kb_log_group_done(struct kb_log_group *group)
{
    kb_cloudwatch_close(group->cw);
    kb_aws_client_free(group->aws);
    *group = (struct kb_log_group){0};
}
