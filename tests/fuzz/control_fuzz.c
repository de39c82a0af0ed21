/*
 * A folder of baselines in one text: "%% path" lines, each followed by the file. Controls, terms, cases
 * and the profile "fuzz" are loaded, the cases run, and an engine judges nothing.
 */
#include "baseline/cases.h"
#include "baseline/plan.h"
#include "fuzz.h"

enum { MAX_FILES = 16 };

static size_t split(struct kb_str text, struct kb_arena *arena, struct kb_library_file *files)
{
    size_t n = 0;
    while (text.n > 0 && n < MAX_FILES) {
        size_t next = kb_str_find(text, KB_STR("\n%% "), 0);
        struct kb_str part = kb_str_sub(text, 0, next == SIZE_MAX ? text.n : next + 1);
        text = kb_str_sub(text, part.n, SIZE_MAX);
        if (kb_str_starts(part, KB_STR("%% "))) {
            struct kb_str body = {0};
            struct kb_str line = kb_str_split(kb_str_sub(part, 3, part.n), '\n', &body);
            line = kb_arena_copy(arena, line);
            files[n++] = (struct kb_library_file){line, line, body};
        }
    }
    return n;
}

static void print(struct kb_mistakes *mistakes)
{
    struct kb_buf text;
    kb_buf_init(&text, 64 << 20);
    kb_mistakes_sort(mistakes);
    kb_mistakes_print(mistakes, &text);
    kb_buf_done(&text);
}

static void judge(const struct kb_baseline *baseline, const struct kb_profile *profile,
                  struct kb_mistakes *mistakes)
{
    struct kb_plan *plan = NULL;
    if (kb_failed(kb_plan_new(baseline, profile, &plan, mistakes))) {
        return;
    }
    const struct kb_engine_options options = {.now_ns = 0};
    struct kb_engine *engine = kb_engine_new(plan, &options);
    struct kb_result result = {0};
    kb_engine_finish(engine, &result);
    for (size_t i = 0; i < result.control_count; i++) { /* nothing was read: nothing passes */
        KB_HOLDS(result.controls[i].verdict != KB_PASS);
    }
    kb_result_done(&result);
    kb_engine_free(engine);
    kb_plan_free(plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kb_library_file files[MAX_FILES];
    struct kb_library library = {.files = files};
    library.n = split(kb_fuzz_text(data, size), &library.arena, files);
    struct kb_mistakes mistakes = {0};
    struct kb_baseline baseline;
    struct kb_case_report report = {0};
    struct kb_profile profile;
    struct kb_err err = {0};
    kb_baseline_load(&baseline, &library, true, &mistakes);
    for (size_t i = 0; i < baseline.n; i++) {
        kb_cases_run(&baseline, baseline.controls[i], NULL, &report, &mistakes);
    }
    if (!kb_failed(kb_profile_load(&profile, &baseline, KB_STR("fuzz"), &mistakes, &err))) {
        judge(&baseline, &profile, &mistakes);
        kb_profile_done(&profile);
    }
    print(&mistakes);
    kb_case_report_done(&report);
    kb_baseline_done(&baseline);
    kb_mistakes_done(&mistakes);
    kb_arena_done(&library.arena);
    return 0;
}
