/* `baseline …`: the controls themselves. */
#include "kube-baseline/commands.h"
#include "kube-baseline/mistakes.h"
#include "report/escape.h"
#include "run/baselines.h"
#include "run/case_reader.h"

struct loaded {
    struct kb_baselines baselines;
    struct kb_mistakes mistakes;
};

static KB_RES load(const struct kb_app *app, struct loaded *out, struct kb_err *err)
{
    *out = (struct loaded){0};
    KB_TRY(kb_baselines_library(&out->baselines, kb_str_c(app->args.baseline), err));
    kb_baseline_load(&out->baselines.baseline, out->baselines.library, true, &out->mistakes);
    return KB_SUCCESS;
}

static void done(struct loaded *loaded)
{
    kb_mistakes_done(&loaded->mistakes);
    kb_baselines_done(&loaded->baselines);
}

/* Tell the mistakes, if any; then the status is trouble. */
static int status_of(const struct kb_app *app, struct loaded *loaded, int status)
{
    if (loaded->mistakes.total > 0) {
        kb_tell_mistakes(app, &loaded->mistakes);
        status = KUBE_BASELINE_TROUBLE;
    }
    done(loaded);
    return status;
}

int kb_cmd_baseline_list(struct kb_app *app)
{
    struct loaded loaded;
    struct kb_err err = {0};
    if (kb_failed(load(app, &loaded, &err))) {
        done(&loaded);
        return kb_trouble(app, &err);
    }
    for (size_t i = 0; i < loaded.baselines.baseline.n; i++) {
        const struct kb_control *c = loaded.baselines.baseline.controls[i];
        struct kb_buf line;
        kb_buf_init(&line, 64 << 10);
        kb_buf_printf(&line, "%-36.*s %-8s %-8s %-20s ", KB_FMT(c->id), kb_severity_name(c->severity),
                      kb_owner_name(c->owner), c->table == NULL ? "-" : c->table->name);
        kb_escape(&line, c->title, KB_ESCAPE_OWN);
        kb_buf_char(&line, '\n');
        kb_print(app, kb_buf_view(&line));
        kb_buf_done(&line);
    }
    return status_of(app, &loaded, KUBE_BASELINE_CLEAN);
}

static bool is_wanted(const struct kb_app *app, const struct kb_control *control)
{
    bool wanted = app->args.words.n == 0;
    for (size_t i = 0; i < app->args.words.n; i++) {
        wanted = wanted || kb_str_eq(app->args.words.at[i], control->id);
    }
    return wanted;
}

static void tell_case(struct kb_app *app, const struct kb_case_result *r)
{
    struct kb_buf text;
    kb_buf_init(&text, 64 << 10);
    kb_buf_printf(&text, "%.*s:%u: %.*s: wanted %s, got %s\n", KB_FMT(r->file), r->line,
                  KB_FMT(r->name), kb_verdict_name(r->want), kb_verdict_name(r->got));
    kb_print(app, kb_buf_view(&text));
    kb_buf_clear(&text);
    kb_escape(&text, r->detail, KB_ESCAPE_OWN);
    kb_printf(app, "    %.*s\n", KB_FMT(kb_buf_view(&text)));
    kb_buf_done(&text);
}

int kb_cmd_baseline_test(struct kb_app *app)
{
    struct loaded loaded;
    struct kb_case_report report = {0};
    struct kb_err err = {0};
    if (kb_failed(load(app, &loaded, &err))) {
        done(&loaded);
        return kb_trouble(app, &err);
    }
    const struct kb_baseline *baseline = &loaded.baselines.baseline;
    for (size_t i = 0; i < app->args.words.n; i++) {
        if (kb_baseline_find(baseline, app->args.words.at[i]) == NULL) {
            kb_mistake_addf(&loaded.mistakes, KB_STR(""), 0, 0, "there is no control '%.*s'",
                            KB_FMT(app->args.words.at[i]));
        }
    }
    for (size_t i = 0; i < baseline->n; i++) {
        if (is_wanted(app, baseline->controls[i])) {
            kb_cases_run(baseline, baseline->controls[i], &kb_case_reader, &report, &loaded.mistakes);
        }
    }
    for (size_t i = 0; i < report.results.n; i++) {
        if (!report.results.at[i].ok && !report.results.at[i].skipped) {
            tell_case(app, &report.results.at[i]);
        }
    }
    kb_printf(app, "%zu passed, %zu failed, %zu skipped\n", report.passed, report.failed, report.skipped);
    int status = report.failed > 0 ? KUBE_BASELINE_FAILED : KUBE_BASELINE_CLEAN;
    kb_case_report_done(&report);
    return status_of(app, &loaded, status);
}

int kb_cmd_baseline_export(struct kb_app *app)
{
    struct kb_baselines baselines = {0};
    struct kb_err err = {0};
    struct kb_arena arena = {0};
    kb_res res = kb_baselines_library(&baselines, kb_str_c(app->args.baseline), &err);
    if (!kb_failed(res)) {
        res = kb_library_export(baselines.library, kb_arena_copy(&arena, app->args.words.at[0]).p, &err);
    }
    kb_arena_done(&arena);
    kb_baselines_done(&baselines);
    return kb_failed(res) ? kb_trouble(app, &err) : KUBE_BASELINE_CLEAN;
}
