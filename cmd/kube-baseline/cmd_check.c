/* `check`: read the logs, judge them, write the reports. */
#include <stdlib.h>

#include "kube-baseline/choices.h"
#include "kube-baseline/commands.h"
#include "kube-baseline/mistakes.h"
#include "report/report.h"
#include "run/run.h"

enum { MAX_OUTPUTS = 8 };

struct outputs {
    struct kb_output at[MAX_OUTPUTS];
    size_t n;
};

static KB_RES read_outputs(const struct kb_args *args, struct outputs *out, struct kb_err *err)
{
    *out = (struct outputs){.at = {{.format = KB_STR("text"), .file = KB_STR("")}}, .n = 1};
    KB_ENSURE(args->outputs.n <= MAX_OUTPUTS, err, KB_ERR_USAGE, "more than %d times -o",
              MAX_OUTPUTS);
    size_t to_stdout = 0;
    for (size_t i = 0; i < args->outputs.n; i++) {
        KB_TRY(kb_choice_output(args->outputs.at[i], &out->at[i], err));
        to_stdout += out->at[i].file.n == 0 ? 1 : 0;
        out->n = i + 1;
    }
    KB_ENSURE(to_stdout < 2, err, KB_ERR_USAGE,
              "only one -o may go to standard output; give the others as FORMAT=FILE");
    return KB_SUCCESS;
}

static KB_RES read_options(const struct kb_args *args, struct kb_check_options *out,
                           struct kb_err *err)
{
    KB_ENSURE(args->logs.n > 0, err, KB_ERR_USAGE,
              "nothing to check: name log files or folders with --logs ('-' is standard input)");
    *out = (struct kb_check_options){
        .logs = args->logs.at,
        .log_count = args->logs.n,
        .profile = kb_str_c(args->profile),
        .baseline_dir = kb_str_c(args->baseline),
        .controls = args->controls.at,
        .control_count = args->controls.n,
        .sha256 = args->sha256,
    };
    KB_TRY(kb_choice_time("--now", args->now, KB_TIME_NONE, &out->now_ns, err));
    KB_TRY(kb_choice_time("--since", args->since, out->now_ns, &out->since_ns, err));
    KB_TRY(kb_choice_time("--until", args->until, out->now_ns, &out->until_ns, err));
    KB_TRY(kb_choice_fail_on(args->fail_on, &out->fail_on, err));
    return kb_choice_count("--max-findings", args->max_findings, &out->max_findings, err);
}

static bool wants_color(const struct kb_app *app, bool to_file)
{
    const char *when = app->args.color == NULL ? "auto" : app->args.color;
    if (strcmp(when, "auto") != 0) {
        return strcmp(when, "always") == 0;
    }
    const char *no_color = getenv("NO_COLOR");
    return app->out_is_tty && !to_file && (no_color == NULL || no_color[0] == 0);
}

static KB_RES write_one(struct kb_app *app, const struct kb_output *output,
                        const struct kb_result *result, int fail_on, struct kb_err *err)
{
    bool to_file = output->file.n > 0;
    const struct kb_report_options options = {
        .version = KB_VERSION,
        .commit = kb_commit,
        .width = app->width,
        .color = wants_color(app, to_file),
        .unicode = app->unicode,
        .verbose = app->args.verbose,
        .quiet = app->args.quiet,
        .fail_on = fail_on,
    };
    const struct kb_report_format *format = kb_report_find(output->format);
    if (!to_file) {
        return format->render(result, &options, app->out.sink, err);
    }
    struct kb_file_sink file;
    KB_TRY(kb_file_sink_open(&file, output->file, err));
    kb_res res = format->render(result, &options, file.fd.sink, err);
    if (!kb_failed(res)) {
        res = kb_file_sink_commit(&file, err);
    }
    kb_file_sink_done(&file);
    return res;
}

static KB_RES write_all(struct kb_app *app, const struct outputs *outputs,
                        const struct kb_result *result, int fail_on, struct kb_err *err)
{
    for (size_t i = 0; i < outputs->n; i++) {
        KB_TRY_CTX(err, write_one(app, &outputs->at[i], result, fail_on, err), "-o %.*s",
                   KB_FMT(outputs->at[i].format));
    }
    return KB_SUCCESS;
}

int kb_cmd_check(struct kb_app *app)
{
    struct outputs outputs;
    struct kb_check_options options;
    struct kb_result result = {0};
    struct kb_mistakes mistakes = {0};
    struct kb_err err = {0};
    if (kb_failed(read_outputs(&app->args, &outputs, &err)) ||
        kb_failed(read_options(&app->args, &options, &err))) {
        return kb_trouble(app, &err);
    }
    kb_res res = kb_run_check(&options, &result, &mistakes, &err);
    if (mistakes.total > 0) {
        kb_tell_mistakes(app, &mistakes);
        kb_mistakes_done(&mistakes);
        return KUBE_BASELINE_TROUBLE;
    }
    kb_mistakes_done(&mistakes);
    int status = result.exit_status;
    if (!kb_failed(res)) {
        res = write_all(app, &outputs, &result, options.fail_on, &err);
        kb_result_done(&result);
    }
    return kb_failed(res) ? kb_trouble(app, &err) : status;
}
