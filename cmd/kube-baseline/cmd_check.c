/* `check`: read, judge, report. */
#include "kube-baseline/baseline.h"
#include "kube-baseline/commands.h"
#include "kube-baseline/log_group.h"
#include "kube-baseline/outputs.h"
#include "kube-baseline/progress.h"
#include "kube-baseline/sources.h"
#include "kube-baseline/values.h"
#include "report/escape.h"

/* --fail-on; the option table lets nothing else through. */
static int fail_on(const struct kb_app *app)
{
    static const struct {
        const char *name;
        int value;
    } values[] = {
        {"low", KB_LOW}, {"medium", KB_MEDIUM}, {"high", KB_HIGH}, {"critical", KB_CRITICAL}};
    for (size_t i = 0; app->args.fail_on != NULL && i < sizeof values / sizeof *values; i++) {
        if (strcmp(app->args.fail_on, values[i].name) == 0) {
            return values[i].value;
        }
    }
    return app->args.fail_on == NULL ? KB_LOW : KB_FAIL_ON_NEVER;
}

/* What can be judged by what was named. */
static struct kb_str default_profile(const struct kb_app *app, const struct kb_sources *sources)
{
    bool logs = app->args.logs.n > 0 || kb_log_group_named(&app->args);
    bool objects = kb_sources_named(sources) || app->args.eks_cluster != NULL;
    bool settings = app->args.aws.n > 0;
    return logs && objects ? KB_STR("eks-provider")
           : settings      ? KB_STR("cluster-settings")
           : objects       ? KB_STR("cluster")
                           : KB_STR("");
}

/* Times: of events in files, of deliveries in a log group. */
static KB_RES set_span(const struct kb_app *app, struct kb_log_group *group,
                       struct kb_check_options *out, struct kb_err *err)
{
    struct kb_log_span span;
    KB_TRY(kb_log_span_read(app, &span, err));
    KB_TRY(kb_log_group_open(app, &span, group, err));
    out->sources.aws_live.client = group->aws;
    out->sources.aws_live.cluster = kb_str_c(app->args.eks_cluster);
    out->feeds = group->inputs;
    out->feed_count = group->n;
    out->now_ns = span.now_fixed ? span.now_ns : KB_TIME_NONE;
    out->since_ns = group->n > 0 ? KB_TIME_NONE : span.since_ns;
    out->until_ns = group->n > 0 ? KB_TIME_NONE : span.until_ns;
    return KB_SUCCESS;
}

static KB_RES plan(const struct kb_app *app, struct kb_named_sources *named,
                   struct kb_log_group *group, struct kb_check_options *out, struct kb_err *err)
{
    uint64_t max_findings;
    KB_TRY(kb_named_sources_init(named, app, true, err));
    out->sources = named->sources;
    KB_TRY(kb_value_count("max-findings", app->args.max_findings, 1, KB_MAX_FINDINGS, &max_findings,
                          err));
    out->logs = app->args.logs.at;
    out->log_count = app->args.logs.n;
    out->profile = app->args.profile != NULL ? kb_str_c(app->args.profile) : default_profile(app, &out->sources);
    out->baseline_dir = kb_str_c(app->args.baseline);
    out->fail_on = fail_on(app);
    out->max_findings = (size_t)max_findings;
    out->controls = app->args.controls.at;
    out->control_count = app->args.controls.n;
    out->sha256 = app->args.sha256;
    return set_span(app, group, out, err);
}

static int judge(struct kb_app *app, const struct kb_check_options *options,
                 const kb_outputs *outputs, struct kb_log_group *group)
{
    struct kb_err err = {0};
    struct kb_result result = {0};
    struct kb_mistakes mistakes = {0};
    kb_res res = kb_run_check(options, &result, &mistakes, &err);
    kb_progress_done(options->progress_ctx);
    if (mistakes.total > 0) {
        kb_tell_mistakes(app, &mistakes);
    } else if (kb_failed(res)) {
        (void)kb_trouble(app, &err);
    }
    kb_mistakes_done(&mistakes);
    if (kb_failed(res)) {
        return res.code == KB_ERR_USAGE ? KUBE_BASELINE_USAGE : KUBE_BASELINE_TROUBLE;
    }
    res = kb_outputs_write(app, outputs, &result, options->fail_on, &err);
    int status = kb_failed(res) ? kb_trouble(app, &err)
                                : kb_log_group_commit(app, group, result.exit_status);
    kb_result_done(&result);
    return status;
}

int kb_cmd_check(struct kb_app *app)
{
    struct kb_err err = {0};
    struct kb_progress_line line;
    kb_outputs outputs = {0};
    struct kb_named_sources named;
    struct kb_log_group group = {0};
    kb_progress_init(&line, app);
    struct kb_check_options options = {.progress = kb_progress_show, .progress_ctx = &line};
    kb_res res = kb_outputs_parse(app, &outputs, &err);
    if (!kb_failed(res)) {
        res = plan(app, &named, &group, &options, &err);
    }
    int status = kb_failed(res) ? kb_trouble(app, &err) : judge(app, &options, &outputs, &group);
    kb_log_group_done(&group);
    KB_VEC_DONE(&outputs);
    return status;
}
