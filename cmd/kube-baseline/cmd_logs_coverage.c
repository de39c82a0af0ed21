/* `logs coverage`: what the logs hold and where they have holes. */
#include "kube-baseline/baseline.h"
#include "kube-baseline/commands.h"
#include "kube-baseline/insights.h"
#include "kube-baseline/logs.h"
#include "kube-baseline/outputs.h"
#include "report/coverage.h"
#include "report/paper.h"
#include "report/text.h"

static int status_of(const struct kb_logs_coverage *coverage)
{
    for (size_t i = 0; i < coverage->n; i++) {
        if (!kb_coverage_whole(&coverage->at[i])) {
            return KUBE_BASELINE_UNKNOWN;
        }
    }
    return coverage->n == 0 ? KUBE_BASELINE_UNKNOWN : KUBE_BASELINE_CLEAN;
}

static void print_json(struct kb_app *app, const struct kb_logs_coverage *coverage)
{
    struct kb_jsonw w;
    kb_jsonw_init(&w, app->out.sink, true);
    kb_jsonw_array(&w);
    for (size_t i = 0; i < coverage->n; i++) {
        kb_report_coverage(&w, &coverage->at[i]);
    }
    kb_finish_json(app, &w);
}

static void print_text(struct kb_app *app, const struct kb_logs_coverage *coverage)
{
    struct kb_err err = {0};
    struct kb_paper paper;
    const struct kb_report_options options = {
        .width = app->width, .color = kb_wants_color(app), .unicode = app->unicode};
    const struct kb_result result = {.coverage = coverage->at, .coverage_count = coverage->n};
    kb_paper_init(&paper, app->out.sink, &options);
    kb_text_coverage(&paper, &result, true);
    kb_res res = kb_paper_finish(&paper, &err);
    if (kb_failed(res) && !kb_failed(app->out_res)) {
        app->out_res = res;
        app->out_err = err;
    }
}

/* Read it, or let it be counted. */
static int look(struct kb_app *app, struct kb_logs_run *run)
{
    struct kb_err err = {0};
    if (!app->args.insights) {
        return kb_logs_run(run);
    }
    return kb_failed(kb_insights_coverage(app, &run->coverage, &err)) ? kb_trouble(app, &err)
                                                                      : KUBE_BASELINE_CLEAN;
}

int kb_cmd_logs_coverage(struct kb_app *app)
{
    struct kb_logs_run run = {.app = app};
    int status = look(app, &run);
    if (status == KUBE_BASELINE_CLEAN) {
        if (kb_format_is(app, "json")) {
            print_json(app, &run.coverage);
        } else {
            print_text(app, &run.coverage);
        }
        status = status_of(&run.coverage);
    }
    kb_logs_run_done(&run);
    return status;
}
