/* Verdicts: three values, incomplete tables, waivers, ownership, the index. */
#include "base/limits.h"
#include "support.h"
#include "test.h"

/* 2026-06-01T00:00:00Z */
static const int64_t NOW = INT64_C(1780272000) * 1000000000;

static enum kb_verdict judge(const char *rules, const char *rows, struct world *w)
{
    *w = (struct world){.rows = 0};
    world_control(w, rules);
    world_start(w, NULL, NOW);
    world_rows(w, rows);
    return world_finish(w)->verdict;
}

#define JUDGE(rules, rows, want)                                                                   \
    do {                                                                                           \
        struct world w_;                                                                           \
        EQ_INT(judge((rules), (rows), &w_), (want));                                               \
        world_done(&w_);                                                                           \
    } while (0)

#define UNKNOWN_WRITES "writes: {unknown: cut}"

KB_TEST(engine, require_holds_for_every_row)
{
    const char *rule = "where: resource == 'pods'\nrequire: writes\nsay: '{user}'\n";
    JUDGE(rule, "[]", KB_PASS);
    JUDGE(rule, "[{resource: pods, writes: true}, {resource: nodes}]", KB_PASS);
    JUDGE(rule, "[{resource: pods, writes: true}, {resource: pods}]", KB_FAIL);
    JUDGE(rule, "[{resource: pods, " UNKNOWN_WRITES "}]", KB_UNKNOWN);
    JUDGE(rule, "[{resource: nodes, " UNKNOWN_WRITES "}]", KB_PASS);
    JUDGE(rule, "[{resource: pods, " UNKNOWN_WRITES "}, {resource: pods}]", KB_FAIL);
}

KB_TEST(engine, a_long_reason_is_a_reason_too)
{
    enum { LONG = 100000 };
    struct world w = {.rows = 0};
    char *reason = kb_alloc(LONG);
    memset(reason, 'x', LONG);
    world_control(&w, "require: writes\nsay: x\n");
    world_start(&w, NULL, NOW);
    kb_engine_table_incomplete(w.engine, kb_table_find(KB_STR("audit.event")),
                               (struct kb_str){reason, LONG});
    world_rows(&w, "[]");
    const struct kb_control_result *result = world_finish(&w);
    EQ_INT(result->verdict, KB_UNKNOWN);
    EQ_INT(result->reason.n > LONG, 1);
    world_done(&w);
    kb_free(reason);
}

KB_TEST(engine, an_unknown_where_is_harmless_when_the_rule_holds_either_way)
{
    const char *require = "where: resource == 'pods'\nrequire: writes\nsay: x\n";
    JUDGE(require, "[{resource: {unknown: cut}, writes: true}]", KB_PASS);
    JUDGE(require, "[{resource: {unknown: cut}, writes: false}]", KB_UNKNOWN);
    const char *forbid = "where: resource == 'pods'\nforbid: writes\nsay: x\n";
    JUDGE(forbid, "[{resource: {unknown: cut}, writes: false}]", KB_PASS);
    JUDGE(forbid, "[{resource: {unknown: cut}, writes: true}]", KB_UNKNOWN);
}

KB_TEST(engine, forbid_allows_no_row)
{
    const char *rule = "where: writes\nforbid: true\nsay: x\n";
    JUDGE(rule, "[{resource: pods}]", KB_PASS);
    JUDGE(rule, "[{resource: pods, writes: true}]", KB_FAIL);
    JUDGE(rule, "[{resource: pods, " UNKNOWN_WRITES "}]", KB_UNKNOWN);
}

KB_TEST(engine, record_lists_and_passes)
{
    struct world w;
    EQ_INT(judge("where: writes\nrecord: true\nsay: '{user} wrote'\n",
                 "[{writes: true, user: a}, {writes: true, user: b}, {user: c}]", &w), KB_PASS);
    const struct kb_control_result *c = &w.result.controls[0];
    CHECK(c->record);
    EQ_UINT(c->finding_count, 2);
    EQ_INT(c->findings[0].verdict, KB_PASS);
    EQ_STR(c->findings[1].message, "b wrote");
    EQ_UINT(c->rows, 2);
    EQ_UINT(c->rows_seen, 3);
    world_done(&w);
    JUDGE("where: writes\nrecord: true\nsay: x\n", "[{" UNKNOWN_WRITES "}]", KB_UNKNOWN);
}

KB_TEST(engine, an_error_is_unknown_with_its_message)
{
    struct world w;
    EQ_INT(judge("forbid: groups[3] == 'x'\nsay: x\n", "[{groups: [a]}]", &w), KB_UNKNOWN);
    const struct kb_control_result *c = &w.result.controls[0];
    EQ_UINT(c->finding_count, 1);
    CHECK(c->findings[0].reason.n > 0);
    CHECK(kb_str_find(c->reason, c->findings[0].reason, 0) != SIZE_MAX);
    world_done(&w);
}

KB_TEST(engine, says_which_column_is_unknown_and_why)
{
    struct world w;
    EQ_INT(judge("forbid: writes\nsay: '{user} {writes} {code}'\n",
                 "[{user: a, writes: {unknown: level Metadata}}]", &w), KB_UNKNOWN);
    EQ_STR(w.result.controls[0].findings[0].reason, "writes: level Metadata");
    EQ_STR(w.result.controls[0].findings[0].message, "a (unknown) (none)");
    EQ_STR(w.result.controls[0].reason, "1 row could not be judged: writes: level Metadata");
    world_done(&w);
}

/* The verdict of a control over an empty table about which `tell` says something. */
static enum kb_verdict verdict_after(const char *rules, const char *rows,
                                     void (*tell)(struct kb_engine *, const struct kb_table *),
                                     char reason[128])
{
    struct world w = {.rows = 0};
    const struct kb_table *table = kb_table_find(KB_STR("audit.event"));
    world_control(&w, rules);
    world_start(&w, NULL, NOW);
    world_rows(&w, rows);
    if (tell != NULL) {
        tell(w.engine, table);
    }
    kb_engine_finish(w.engine, &w.result);
    const struct kb_control_result *c = &w.result.controls[0];
    size_t n = c->reason.n < 127 ? c->reason.n : 127;
    memcpy(reason, c->reason.p, n);
    reason[n] = '\0';
    enum kb_verdict verdict = c->verdict;
    world_done(&w);
    return verdict;
}

static void tell_forbidden(struct kb_engine *engine, const struct kb_table *table)
{
    kb_engine_table_complete(engine, table);
    kb_engine_table_incomplete(engine, table, KB_STR("forbidden"));
    kb_engine_table_incomplete(engine, table, KB_STR("forbidden"));
    kb_engine_table_incomplete(engine, table, KB_STR("cut"));
}

static void tell_absent(struct kb_engine *engine, const struct kb_table *table)
{
    kb_engine_table_absent(engine, table, KB_STR("there is no audit log"));
}

KB_TEST(engine, what_was_not_read_never_passes)
{
    char reason[128];
    const char *rule = "forbid: writes\nsay: x\n";
    EQ_INT(verdict_after(rule, "[]", NULL, reason), KB_UNKNOWN);
    EQ_C(reason, "audit.event was not read");
    EQ_INT(verdict_after(rule, "[{user: a}]", NULL, reason), KB_UNKNOWN);
    EQ_C(reason, "audit.event was not read to its end");
    EQ_INT(verdict_after(rule, "[{user: a}]", tell_forbidden, reason), KB_UNKNOWN);
    EQ_C(reason, "audit.event: forbidden; cut");
    EQ_INT(verdict_after(rule, "[{writes: true}]", tell_forbidden, reason), KB_FAIL);
    EQ_INT(verdict_after(rule, "[]", tell_absent, reason), KB_NOT_APPLICABLE);
    EQ_C(reason, "there is no audit log");
    EQ_INT(verdict_after("count: {min: 1}\nsay: x\n", "[]", tell_forbidden, reason), KB_UNKNOWN);
    EQ_INT(verdict_after("count: {min: 1}\nsay: x\n", "[]", tell_absent, reason),
           KB_NOT_APPLICABLE);
}

#define AT(second, rest) "{time: '2026-01-01T00:00:" second "Z', " rest "}"

KB_TEST(engine, counts_in_a_window)
{
    const char *rule = "where: refused\ncount: {max: 2, per: [user], within: 10s}\n"
                       "say: '{user} was refused {count} times'\n";
    struct world w;
    EQ_INT(judge(rule, "[" AT("00", "refused: true, user: a") "," AT("01", "refused: true, user: b")
                       "," AT("05", "refused: true, user: a") "," AT("11", "refused: true, user: a")
                       "]", &w), KB_PASS);
    world_done(&w);
    EQ_INT(judge(rule, "[" AT("00", "refused: true, user: a") "," AT("05", "refused: true, user: a")
                       "," AT("10", "refused: true, user: a") "," AT("11", "refused: true, user: a")
                       "]", &w), KB_FAIL);
    const struct kb_control_result *c = &w.result.controls[0];
    EQ_UINT(c->finding_count, 1);
    EQ_STR(c->findings[0].message, "a was refused 4 times");
    EQ_UINT(c->findings[0].evidence_count, 3);
    world_done(&w);
    JUDGE(rule, "[{refused: true}]", KB_UNKNOWN); /* no time */
}

KB_TEST(engine, counts_at_least)
{
    struct world w;
    EQ_INT(judge("where: writes\ncount: {min: 2}\nsay: 'only {count}'\n", "[{writes: true}]", &w),
           KB_FAIL);
    EQ_STR(w.result.controls[0].findings[0].message, "only 1");
    world_done(&w);
    EQ_INT(judge("where: writes\ncount: {min: 2}\nsay: 'only {count} of {user}'\n", "[]", &w),
           KB_FAIL);
    EQ_STR(w.result.controls[0].findings[0].message, "only 0 of (none)");
    world_done(&w);
    JUDGE("where: writes\ncount: {min: 2}\nsay: x\n", "[{writes: true}, {writes: true}]", KB_PASS);
    JUDGE("where: writes\ncount: {min: 1}\nsay: x\n", "[{" UNKNOWN_WRITES "}]", KB_UNKNOWN);
    JUDGE("where: writes\ncount: {max: 0}\nsay: x\n", "[{writes: true}]", KB_FAIL);
}

KB_TEST(engine, findings_are_capped_and_totals_exact)
{
    struct world w = {.rows = 0};
    world_control(&w, "forbid: true\nsay: '{user}'\n");
    world_start(&w, NULL, NOW);
    for (int i = 0; i < 300; i++) {
        struct kb_str row = kb_arena_printf(
            &w.arena, "[{user: u%03d, time: '2026-01-01T00:%02d:%02dZ'}]", i, 59 - i / 60, 59 - i % 60);
        world_rows(&w, row.p);
    }
    const struct kb_control_result *c = world_finish(&w);
    EQ_UINT(c->findings_total, 300);
    EQ_UINT(c->totals[KB_FAIL], 300);
    EQ_UINT(c->finding_count, KB_MAX_FINDINGS);
    EQ_STR(c->findings[0].message, "u299");
    EQ_STR(c->findings[KB_MAX_FINDINGS - 1].message, "u200");
    world_done(&w);
}

KB_TEST(engine, failures_are_kept_before_unknowns)
{
    struct world w = {.rows = 0};
    world_control(&w, "forbid: writes\nsay: '{user}'\n");
    world_start(&w, NULL, NOW);
    for (int i = 0; i < 150; i++) {
        world_rows(&w, "[{user: a, " UNKNOWN_WRITES ", time: '2026-01-01T00:00:00Z'}]");
    }
    world_rows(&w, "[{user: b, writes: true, time: '2026-01-02T00:00:00Z'}]");
    const struct kb_control_result *c = world_finish(&w);
    EQ_INT(c->verdict, KB_FAIL);
    EQ_STR(c->findings[c->finding_count - 1].message, "b");
    world_done(&w);
}

KB_TEST(engine, fingerprints_know_no_time_and_no_order)
{
    char first[33];
    struct world w;
    const char *rule = "where: writes\nforbid: true\nsay: '{user} in {namespace} at {time}'\n";
    (void)judge(rule, "[{writes: true, user: a, namespace: n, object: o, time: "
                      "'2026-01-01T00:00:00Z'}]", &w);
    memcpy(first, w.result.controls[0].findings[0].fingerprint, sizeof first);
    EQ_UINT(strlen(first), 32);
    world_done(&w);
    (void)judge(rule, "[{user: z}, {writes: true, user: a, namespace: n, object: o, time: "
                      "'2026-02-01T00:00:00Z'}]", &w);
    EQ_C(w.result.controls[0].findings[0].fingerprint, first);
    world_done(&w);
    (void)judge(rule, "[{writes: true, user: b, namespace: n, object: o}]", &w);
    CHECK(strcmp(w.result.controls[0].findings[0].fingerprint, first) != 0);
    world_done(&w);
}

static const struct kb_cell *cell(const struct kb_finding *f, const char *column)
{
    for (size_t i = 0; i < f->cell_count; i++) {
        if (strcmp(f->cells[i].column, column) == 0) {
            return &f->cells[i];
        }
    }
    return NULL;
}

KB_TEST(engine, cells_are_what_the_control_reads)
{
    struct world w;
    struct kb_buf rows = {.max = 1 << 20};
    kb_buf_c(&rows, "[{writes: true, user: a, verb: get, groups: [g, h], name: '");
    for (int i = 0; i < 3 * KB_MAX_ROW_BYTES; i++) {
        kb_buf_char(&rows, 'x');
    }
    kb_buf_c(&rows, "'}]");
    kb_buf_char(&rows, '\0');
    (void)judge("where: writes && groups.size() == 2\nforbid: true\nsay: '{user} {name}'\n", rows.p,
                &w);
    const struct kb_finding *f = &w.result.controls[0].findings[0];
    EQ_UINT(f->cell_count, 4);
    CHECK(cell(f, "verb") == NULL);
    if (CHECK(cell(f, "groups") != NULL)) {
        EQ_UINT(cell(f, "groups")->value.list->n, 2);
    }
    if (CHECK(cell(f, "name") != NULL)) {
        CHECK(cell(f, "name")->value.s.n < 1024);
        CHECK(kb_str_ends(cell(f, "name")->value.s, KB_STR("… (49152 bytes)")));
    }
    CHECK(f->message.n <= KB_MAX_ROW_BYTES);
    kb_buf_done(&rows);
    world_done(&w);
}

static const char exceptions[] =
    "profile: p\n"
    "ownership:\n"
    "- {match: {namespaces: [kube-system]}, owner: provider}\n"
    "- {match: {subjects: ['dev-*']}, owner: client}\n"
    "waivers:\n"
    "- {id: W-1, control: t, object: 'pods/a/*', reason: r, approver: j, created: 2026-01-10, "
    "expires: 2026-12-31}\n"
    "- {id: W-2, control: t, object: 'pods/b/*', reason: r, approver: j, created: 2026-01-10, "
    "expires: 2026-05-31}\n"
    "- {id: W-3, control: t, object: 'pods/c/*', reason: r, approver: j, created: 2026-01-10, "
    "expires: 2026-12-31}\n"
    "- {id: W-4, control: t, object: 'pods/d/*', owner: client, reason: r, approver: j, "
    "created: 2026-01-10, expires: 2026-12-31}\n"
    "approvals:\n"
    "- {subject: root, controls: ['t*'], reason: r, approver: j, created: 2026-01-10, "
    "expires: 2026-12-31}\n";

static const struct kb_control_result *with_exceptions(struct world *w, const char *rows)
{
    *w = (struct world){.rows = 0};
    world_control(w, "where: writes\nforbid: true\nsay: '{user}'\n");
    world_file(w, "profiles/p.yaml", exceptions);
    world_start(w, "p", NOW);
    world_rows(w, rows);
    return world_finish(w);
}

KB_TEST(engine, waivers_and_approvals)
{
    struct world w;
    const struct kb_control_result *c =
        with_exceptions(&w, "[{writes: true, object: pods/a/1, user: x},"
                            " {writes: true, object: pods/z/1, user: root}]");
    EQ_INT(c->verdict, KB_WAIVED);
    EQ_UINT(c->totals[KB_WAIVED], 2);
    EQ_STR(c->findings[0].waiver, "W-1");
    EQ_STR(c->findings[1].waiver, "approval of root");
    EQ_INT(w.result.exit_status, 0);
    EQ_UINT(w.result.waiver_count, 5);
    EQ_STR(w.result.waivers[0].id, "approval of root");
    EQ_INT(w.result.waivers[0].state, KB_WAIVER_MATCHED);
    EQ_INT(w.result.waivers[1].state, KB_WAIVER_MATCHED);
    EQ_INT(w.result.waivers[2].state, KB_WAIVER_EXPIRED);
    EQ_INT(w.result.waivers[3].state, KB_WAIVER_UNUSED);
    world_done(&w);
}

KB_TEST(engine, an_expired_waiver_waives_nothing)
{
    struct world w;
    const struct kb_control_result *c =
        with_exceptions(&w, "[{writes: true, object: pods/b/1, user: x}]");
    EQ_INT(c->verdict, KB_FAIL);
    EQ_STR(c->findings[0].reason, "waiver W-2 expired after 2026-05-31 and waives nothing");
    EQ_INT(w.result.exit_status, 1);
    world_done(&w);
}

KB_TEST(engine, a_waiver_of_one_owner)
{
    struct world w;
    EQ_INT(with_exceptions(&w, "[{writes: true, object: pods/d/1, user: x}]")->verdict, KB_FAIL);
    world_done(&w);
    EQ_INT(with_exceptions(&w, "[{writes: true, object: pods/d/1, user: dev-1}]")->verdict,
           KB_WAIVED);
    world_done(&w);
}

KB_TEST(engine, ownership_is_resolved_for_each_finding)
{
    struct world w;
    const struct kb_control_result *c =
        with_exceptions(&w, "[{writes: true, user: x}, {writes: true, user: dev-1},"
                            " {writes: true, user: dev-1, namespace: kube-system}]");
    EQ_INT(c->findings[0].owner, KB_SHARED);
    EQ_INT(c->findings[1].owner, KB_CLIENT);
    EQ_INT(c->findings[2].owner, KB_PROVIDER);
    world_done(&w);
}

static struct kb_str label(void *ctx, struct kb_str name_space, struct kb_str name)
{
    (void)ctx;
    CHECK(kb_str_eq_c(name, "owner"));
    return kb_str_eq_c(name_space, "shop") ? KB_STR("client") : KB_STR("nobody");
}

KB_TEST(engine, ownership_by_label)
{
    struct world w = {.rows = 0};
    world_control(&w, "where: writes\nforbid: true\nsay: x\n");
    world_file(&w, "profiles/p.yaml",
               "profile: p\nownership:\n- {match: {namespaceLabel: owner}, owner: label}\n");
    world_start(&w, "p", NOW);
    kb_engine_namespace_labels(w.engine, label, NULL);
    world_rows(&w, "[{writes: true, namespace: shop}, {writes: true, namespace: other}]");
    const struct kb_control_result *c = world_finish(&w);
    EQ_INT(c->findings[0].owner, KB_CLIENT);
    EQ_INT(c->findings[1].owner, KB_SHARED);
    world_done(&w);
}

KB_TEST(engine, exit_status)
{
    struct kb_control_result controls[2] = {{.verdict = KB_FAIL, .severity = KB_MEDIUM},
                                            {.verdict = KB_PASS, .severity = KB_HIGH}};
    struct kb_result result = {.controls = controls, .control_count = 2};
    EQ_INT(kb_result_exit(&result, KB_LOW), 1);
    EQ_INT(kb_result_exit(&result, KB_MEDIUM), 1);
    EQ_INT(kb_result_exit(&result, KB_HIGH), 0);
    EQ_INT(kb_result_exit(&result, KB_FAIL_ON_NEVER), 0);
    controls[1].verdict = KB_UNKNOWN;
    EQ_INT(kb_result_exit(&result, KB_LOW), 1);
    EQ_INT(kb_result_exit(&result, KB_HIGH), 3);
}

/* The same rows, once with controls that have an index and once with ones that have none. */
static void totals(bool indexed, uint32_t seed, uint64_t out[6])
{
    static const char *const wheres[6] = {
        "resource == 'pods' && writes", "resource in ['pods', 'nodes'] && verb == 'get'",
        "(resource == 'pods' || resource == 'secrets') && user == 'a'", "user == 'b'",
        "resource == 'configmaps'", "resource != 'pods' && writes"};
    static const char *const resources[] = {"pods", "nodes", "secrets", "''", "{unknown: cut}"};
    struct world w = {.rows = 0};
    for (int i = 0; i < 6; i++) {
        struct kb_str text = kb_arena_printf(
            &w.arena,
            "id: c%d\ntitle: T\nowner: shared\nseverity: high\ncriteria: {soc2: [CC6.1]}\n"
            "over: audit.event\nwhere: %s(%s)\nforbid: true\nsay: x\nwhy: w\nfix: f\n",
            i, indexed ? "" : "user == 'nobody' || ", wheres[i]);
        world_file(&w, kb_arena_printf(&w.arena, "audit/c%d.yaml", i).p, text.p);
    }
    world_start(&w, NULL, NOW);
    for (int i = 0; i < 200; i++) {
        seed = seed * 1664525u + 1013904223u;
        struct kb_str row = kb_arena_printf(
            &w.arena, "[{resource: %s, writes: %s, verb: %s, user: %s}]", resources[(seed >> 8) % 5],
            (seed >> 12) % 2 != 0 ? "true" : "false", (seed >> 13) % 2 != 0 ? "get" : "list",
            (seed >> 14) % 2 != 0 ? "a" : "b");
        world_rows(&w, row.p);
    }
    (void)world_finish(&w);
    for (size_t i = 0; i < 6 && i < w.result.control_count; i++) {
        out[i] = w.result.controls[i].totals[KB_FAIL] * 1000 +
                 w.result.controls[i].totals[KB_UNKNOWN];
    }
    world_done(&w);
}

KB_TEST(engine, the_index_changes_nothing)
{
    for (uint32_t seed = 1; seed < 4; seed++) {
        uint64_t with[6] = {0};
        uint64_t without[6] = {0};
        totals(true, seed, with);
        totals(false, seed, without);
        for (int i = 0; i < 6; i++) {
            EQ_UINT(with[i], without[i]);
        }
        CHECK(with[0] > 0);
    }
}

KB_TEST(engine, parameters_of_the_profile)
{
    struct world w = {.rows = 0};
    world_control(&w, "params: {names: {type: list(string), default: [a]}}\n"
                      "forbid: user in params.names || user in settings.breakGlass\n"
                      "say: '{user} {params.names}'\n");
    world_file(&w, "profiles/p.yaml",
               "profile: p\nparams: {t.names: [b, c]}\nsettings: {breakGlass: [d]}\n");
    world_start(&w, "p", NOW);
    world_rows(&w, "[{user: a}, {user: c}, {user: d}]");
    const struct kb_control_result *c = world_finish(&w);
    EQ_UINT(c->findings_total, 2);
    EQ_STR(c->findings[0].message, "c [\"b\", \"c\"]");
    world_done(&w);
}
