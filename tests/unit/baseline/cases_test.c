/* Cases: what they find, and what they must have. */
#include "baseline/cases.h"

#include "support.h"
#include "test.h"

static void run(struct world *w, struct kb_case_report *report, const char *rules,
                const char *cases)
{
    *w = (struct world){.rows = 0};
    *report = (struct kb_case_report){.passed = 0};
    if (cases != NULL) {
        world_file(w, "audit/t.cases.yaml", cases);
    }
    world_control(w, rules);
    world_load(w);
    if (CHECK(w->baseline.n == 1)) {
        kb_cases_run(&w->baseline, w->baseline.controls[0], NULL, report, &w->mistakes);
    } else {
        world_print(w);
    }
}

#define RULE "where: resource == 'pods'\nforbid: writes\nsay: '{user} wrote'\n"
#define PASS "- {name: p, want: pass, given: {audit.event: [{resource: pods}]}}\n"
#define FAIL "- {name: f, want: fail, findings: 1, says: 'a wrote', given: {audit.event: "             \
             "[{resource: pods, writes: true, user: a}]}}\n"
#define GONE "- {name: u, want: unknown, given: {audit.event: {unavailable: forbidden}}}\n"

KB_TEST(cases, that_hold)
{
    struct world w;
    struct kb_case_report report;
    run(&w, &report, RULE, PASS FAIL GONE
        "- {name: a, want: not-applicable, given: {audit.event: {absent: none}}}\n");
    world_print(&w);
    EQ_UINT(w.mistakes.total, 0);
    EQ_UINT(report.passed, 4);
    EQ_UINT(report.failed, 0);
    kb_case_report_done(&report);
    world_done(&w);
}

KB_TEST(cases, that_do_not)
{
    struct world w;
    struct kb_case_report report;
    run(&w, &report, RULE, PASS FAIL GONE
        "- {name: x, want: pass, given: {audit.event: [{resource: pods, writes: true, user: b}]}}\n"
        "- {name: y, want: fail, findings: 2, says: nobody, given: {audit.event: "
        "[{resource: pods, writes: true}]}}\n");
    EQ_UINT(report.failed, 2);
    EQ_STR(report.results.at[3].detail,
           "wanted pass, got fail; 1 of 1 rows selected\nfail row 1: b wrote");
    CHECK(kb_str_starts(report.results.at[4].detail,
                        KB_STR("wanted 2 findings, got 1; no finding says 'nobody'")));
    EQ_UINT(report.results.at[4].line, 5);
    kb_case_report_done(&report);
    world_done(&w);
}

KB_TEST(cases, have_their_own_values)
{
    struct world w;
    struct kb_case_report report;
    run(&w, &report,
        "params: {who: {type: string, default: a}}\n"
        "forbid: user == params.who || user in settings.breakGlass\nsay: x\n",
        "- {name: p, want: pass, params: {who: b}, given: {audit.event: [{user: a}]}}\n"
        "- {name: f, want: fail, settings: {breakGlass: [z]}, given: {audit.event: [{user: z}]}}\n"
        GONE);
    world_print(&w);
    EQ_UINT(w.mistakes.total, 0);
    EQ_UINT(report.passed, 3);
    kb_case_report_done(&report);
    world_done(&w);
}

static void wrong(const char *rules, const char *cases, unsigned line, unsigned col,
                  const char *text)
{
    struct world w;
    struct kb_case_report report;
    run(&w, &report, rules, cases);
    if (!kb_test_check(world_says(&w, line, col, text), __FILE__, __LINE__,
                       "at %u:%u '%s' is wanted", line, col, text)) {
        world_print(&w);
    }
    kb_case_report_done(&report);
    world_done(&w);
}

KB_TEST(cases, must_be_there)
{
    wrong(RULE, NULL, 0, 0, "there is no audit/t.cases.yaml beside it");
    wrong(RULE, PASS FAIL, 1, 1, "t has no case that wants unknown");
    wrong(RULE, PASS GONE, 1, 1, "t has no case that wants fail");
    wrong(RULE, FAIL GONE, 1, 1, "t has no case that wants pass");
    wrong("record: true\nsay: x\n", PASS GONE, 1, 1, "t has no case that wants pass with findings");
}

KB_TEST(cases, mistakes_are_told)
{
    wrong(RULE, "- {name: p, want: passes, given: {audit.event: []}}\n", 1, 19, "unknown verdict");
    wrong(RULE, "- {name: p, want: pass}\n", 1, 3, "a case needs 'given' or 'log'");
    wrong(RULE, "- {name: p, want: pass, given: {audit.gap: []}}\n", 1, 33,
          "the control is over audit.event");
    wrong(RULE, "- {name: p, want: pass, given: {audit.event: [{resorce: pods}]}}\n", 1, 48,
          "did you mean 'resource'?");
    wrong(RULE, "- {name: p, want: pass, given: {audit.event: [{writes: 1}]}}\n", 1, 56,
          "true or false is expected");
    wrong(RULE, "- {name: p, want: pass, params: {x: 1}, given: {audit.event: []}}\n", 1, 34,
          "the control has no parameter 'x'");
}

/* A reader that makes a row of each event's user. */
static KB_RES read_users(void *ctx, const struct kb_str *events, size_t n, kb_row_fn *emit,
                         void *emit_ctx, struct kb_err *err)
{
    (void)ctx;
    struct world rows = {.rows = 0};
    const struct kb_table *table = kb_table_find(KB_STR("audit.event"));
    for (size_t i = 0; i < n; i++) {
        struct kb_decode d = {.arena = &rows.arena, .mistakes = &rows.mistakes,
                              .file = KB_STR("log")};
        const struct kb_yaml_node *root = NULL;
        KB_TRY(kb_yaml_parse(&rows.arena, "log", events[i], &root, err));
        struct kb_case_row row;
        if (kb_case_row_read(&d, root, table, i, &row)) {
            emit(emit_ctx, &(struct kb_row){table, &kb_case_row_ops, &row});
        }
    }
    world_done(&rows);
    return KB_SUCCESS;
}

KB_TEST(cases, from_a_log)
{
    static const char cases[] = PASS GONE "- {name: l, want: fail, log: [{resource: pods, "
                                          "writes: true, user: a}]}\n";
    struct world w;
    struct kb_case_report report;
    run(&w, &report, RULE, cases);
    EQ_UINT(report.skipped, 1);
    kb_case_report_done(&report);
    report = (struct kb_case_report){.passed = 0};
    struct kb_case_reader reader = {read_users, NULL};
    kb_cases_run(&w.baseline, w.baseline.controls[0], &reader, &report, &w.mistakes);
    EQ_UINT(report.passed, 3);
    EQ_UINT(report.skipped, 0);
    kb_case_report_done(&report);
    world_done(&w);
}
