/* Runs the cases of all controls in a folder: cases DIR [CONTROL]. Exit status 1 where one does not hold. */
#include <stdio.h>
#include <stdlib.h>

#include "run/case_reader.h"

static void print_result(const struct kb_case_result *result)
{
    if (!result->ok) {
        printf("%.*s:%u: %.*s: wanted %s, got %s\n%.*s\n", KB_FMT(result->file), result->line,
               KB_FMT(result->name), kb_verdict_name(result->want), kb_verdict_name(result->got),
               KB_FMT(result->detail));
    }
}

static bool print_mistakes(struct kb_mistakes *mistakes)
{
    struct kb_buf text = {.max = 1 << 20};
    kb_mistakes_sort(mistakes);
    kb_mistakes_print(mistakes, &text);
    printf("%.*s", KB_FMT(kb_buf_view(&text)));
    kb_buf_done(&text);
    return mistakes->total == 0;
}

static bool run_all(const struct kb_library *library, const char *only)
{
    struct kb_baseline baseline;
    struct kb_mistakes mistakes = {0};
    struct kb_case_report report = {0};
    kb_baseline_load(&baseline, library, true, &mistakes);
    for (size_t i = 0; i < baseline.n; i++) {
        if (only == NULL || kb_str_eq_c(baseline.controls[i]->id, only)) {
            kb_cases_run(&baseline, baseline.controls[i], &kb_case_reader, &report, &mistakes);
        }
    }
    for (size_t i = 0; i < report.results.n; i++) {
        print_result(&report.results.at[i]);
    }
    bool ok = print_mistakes(&mistakes) && report.failed == 0 && report.passed > 0;
    printf("%zu controls: %zu passed, %zu failed\n", baseline.n, report.passed, report.failed);
    kb_case_report_done(&report);
    kb_baseline_done(&baseline);
    kb_mistakes_done(&mistakes);
    return ok;
}

int main(int argc, char **argv)
{
    struct kb_library library;
    struct kb_err err;
    if (argc < 2 || kb_failed(kb_library_load(&library, argv[1], &err))) {
        printf("%s\n", argc < 2 ? "usage: cases DIR [CONTROL]" : err.msg);
        return 2;
    }
    bool ok = run_all(&library, argc > 2 ? argv[2] : NULL);
    kb_library_done(&library);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
