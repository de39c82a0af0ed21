/* `baseline test`: every control says of its cases what they want. */
#include "kube-baseline/baseline.h"
#include "kube-baseline/commands.h"
#include "run/case_reader.h"

struct tally {
    size_t passed, failed, skipped;
};

static void print_failure(struct kb_app *app, const struct kb_case_result *r)
{
    struct kb_buf text;
    kb_buf_init(&text, SIZE_MAX / 2);
    kb_buf_printf(&text, "%.*s:%u: %.*s: %.*s: wanted %s, got %s\n", KB_FMT(r->file), r->line,
                  KB_FMT(r->control->id), KB_FMT(r->name), kb_verdict_name(r->want),
                  kb_verdict_name(r->got));
    struct kb_str rest = r->detail;
    while (rest.n > 0) {
        kb_buf_c(&text, "    ");
        kb_escape(&text, kb_str_split(rest, '\n', &rest), KB_ESCAPE_FOREIGN);
        kb_buf_char(&text, '\n');
    }
    kb_print(app, kb_buf_view(&text));
    kb_buf_done(&text);
}

static void run_control(struct kb_app *app, const struct kb_baseline *baseline,
                        const struct kb_control *control, struct kb_mistakes *mistakes,
                        struct tally *tally)
{
    struct kb_case_report report = {0};
    kb_cases_run(baseline, control, &kb_case_reader, &report, mistakes);
    for (size_t i = 0; i < report.results.n; i++) {
        const struct kb_case_result *r = &report.results.at[i];
        if (!r->ok && !r->skipped) {
            print_failure(app, r);
        } else if (app->args.verbose) {
            kb_printf(app, "%s %.*s: %.*s\n", r->skipped ? "skipped" : "ok", KB_FMT(r->control->id),
                      KB_FMT(r->name));
        }
    }
    tally->passed += report.passed;
    tally->failed += report.failed;
    tally->skipped += report.skipped;
    kb_case_report_done(&report);
}

/* The controls named, or all. */
static int run_all(struct kb_app *app, const struct kb_baseline *baseline,
                   struct kb_mistakes *mistakes, struct tally *tally, bool named)
{
    for (size_t i = 0; named && i < app->args.words.n; i++) {
        const struct kb_control *c = kb_baseline_find(baseline, app->args.words.at[i]);
        if (c == NULL) {
            return kb_no_control(app, baseline, app->args.words.at[i]);
        }
        run_control(app, baseline, c, mistakes, tally);
    }
    for (size_t i = 0; !named && i < baseline->n; i++) {
        run_control(app, baseline, baseline->controls[i], mistakes, tally);
    }
    return KUBE_BASELINE_CLEAN;
}

static int test(struct kb_app *app, const struct kb_baseline *baseline, bool named)
{
    struct tally tally = {0};
    struct kb_mistakes mistakes = {0};
    int status = run_all(app, baseline, &mistakes, &tally, named);
    if (status == KUBE_BASELINE_CLEAN) {
        if (mistakes.total > 0) {
            kb_mistakes_sort(&mistakes);
            kb_tell_mistakes(app, &mistakes);
        }
        if (tally.skipped > 0) {
            kb_printf(app, "%zu skipped\n", tally.skipped);
        }
        kb_printf(app, "%zu passed, %zu failed\n", tally.passed, tally.failed + mistakes.total);
        status = tally.failed + mistakes.total > 0 || tally.passed == 0 ? KUBE_BASELINE_FAILED
                                                                        : KUBE_BASELINE_CLEAN;
    }
    kb_mistakes_done(&mistakes);
    return status;
}

/* One argument with a '/' or a dot is a folder; ids have neither. */
static bool is_folder(struct kb_str word)
{
    return kb_str_find(word, KB_STR("/"), 0) != SIZE_MAX ||
           kb_str_find(word, KB_STR("."), 0) != SIZE_MAX;
}

int kb_cmd_baseline_test(struct kb_app *app)
{
    struct kb_loaded loaded;
    const kb_words *words = &app->args.words;
    bool folder = words->n == 1 && is_folder(words->at[0]);
    int status =
        kb_load_baseline(app, &loaded, folder ? words->at[0] : kb_str_c(app->args.baseline));
    if (status == KUBE_BASELINE_CLEAN) {
        status = test(app, &loaded.baseline, words->n > 0 && !folder);
    }
    kb_loaded_done(&loaded);
    return status;
}
