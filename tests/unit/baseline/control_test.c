/* Reading controls: what is right, and every mistake at its place. */
#include "support.h"
#include "test.h"

static const char good[] =
    "id: pod-exec\n"
    "aka: [exec-into-pod]\n"
    "title: Nobody opens shells\n"
    "owner: shared\n"
    "severity: high\n"
    "criteria: {soc2: [CC6.1, CC7.2], cis-eks: [\"4.1.1\"]}\n"
    "params: {approved: {type: list(string), default: [root], doc: who may}}\n"
    "over: audit.event\n"
    "where: resource == \"pods\" && subresource == \"exec\"\n"
    "require: user in params.approved || user in settings.breakGlass\n"
    "say: \"{user} ran {{{command_text}}} in {namespace + '/' + name}\"\n"
    "why: A shell in a pod is a person in production.\n"
    "fix: kubectl delete rolebinding NAME\n";

KB_TEST(control, is_read)
{
    struct world w = {.rows = 0};
    world_file(&w, "audit/pod-exec.yaml", good);
    world_load(&w);
    world_print(&w);
    EQ_UINT(w.mistakes.total, 0);
    const struct kb_control *c = kb_baseline_find(&w.baseline, KB_STR("pod-exec"));
    if (CHECK(c != NULL)) {
        EQ_STR(c->title, "Nobody opens shells");
        EQ_STR(c->area, "audit");
        EQ_INT(c->owner, KB_SHARED);
        EQ_INT(c->severity, KB_HIGH);
        EQ_UINT(c->criterion_count, 3);
        EQ_STR(c->criteria[2].standard, "cis-eks");
        EQ_INT(c->judgement, KB_REQUIRE);
        EQ_UINT(c->param_count, 1);
        EQ_STR(c->params[0].doc, "who may");
    }
    CHECK(kb_baseline_find(&w.baseline, KB_STR("exec-into-pod")) == c);
    EQ_C(kb_baseline_suggest(&w.baseline, KB_STR("pod-exc")), "pod-exec");
    world_done(&w);
}

KB_TEST(control, ten_mistakes_are_told_in_one_go)
{
    struct world w = {.rows = 0};
    struct kb_err err = {0};
    if (!OK(kb_library_load(&w.library, KB_TEST_DATA "/baseline/mistakes", &err), &err)) {
        return;
    }
    world_load(&w);
    CHECK(world_says(&w, 1, 5, "the id 'ten-mistake' is not the file's name, 'ten-mistakes'"));
    CHECK(world_says(&w, 2, 8, "text is expected here, this is a number"));
    CHECK(world_says(&w, 3, 8, "unknown owner 'provders' (did you mean 'provider'?)"));
    CHECK(world_says(&w, 4, 11, "unknown severity 'hihg' (did you mean 'high'?)"));
    CHECK(world_says(&w, 5, 19, "SOC 2 has no criterion 'CC6.10'"));
    CHECK(world_says(&w, 5, 38, "'4.x' is no CIS id"));
    CHECK(world_says(&w, 6, 25, "'list(strin)' is no type of a parameter"));
    CHECK(world_says(&w, 8, 1, "a control has no key 'were' (did you mean 'where'?)"));
    CHECK(world_says(&w, 11, 5, "subresouce"));
    CHECK(world_says(&w, 12, 15, "_+_"));
    CHECK(world_says(&w, 13, 8, "usr"));
    CHECK(world_says(&w, 1, 1, "a control needs the key 'fix'"));
    EQ_UINT(w.mistakes.total, 12);
    EQ_UINT(w.baseline.n, 0);
    if (w.mistakes.total != 12) {
        world_print(&w);
    }
    kb_library_done(&w.library);
    world_done(&w);
}

/* One mistake in a control's rules, which begin at line 7. */
static void wrong(const char *rules, unsigned line, unsigned col, const char *text)
{
    struct world w = {.rows = 0};
    world_control(&w, rules);
    world_load(&w);
    if (!kb_test_check(world_says(&w, line, col, text), __FILE__, __LINE__,
                       "at %u:%u '%s' is wanted of:\n%s", line, col, text, rules)) {
        world_print(&w);
    }
    EQ_UINT(w.baseline.n, w.mistakes.total == 0 ? 1 : w.baseline.n);
    world_done(&w);
}

KB_TEST(control, judges_in_exactly_one_way)
{
    wrong("where: writes\nsay: x\n", 1, 1, "exactly one of");
    wrong("require: writes\nforbid: true\nsay: x\n", 1, 1, "exactly one of");
    wrong("record: false\nsay: x\n", 7, 9, "record can only be true");
    wrong("require: writes\n", 1, 1, "a control needs the key 'say'");
}

KB_TEST(control, expressions_are_checked)
{
    wrong("where: user\nforbid: true\nsay: x\n", 7, 8, "true or false");
    wrong("require: user\nsay: x\n", 7, 10, "true or false");
    wrong("require: 'code == 200'\nsay: x\n", 7, 11, "code");
    wrong("require: writes &&\nsay: x\n", 7, 19, "Syntax error");
}

KB_TEST(control, count_is_checked)
{
    wrong("count: {per: [user]}\nsay: x\n", 7, 8, "count needs max or min");
    wrong("count: {max: 1, per: [usr]}\nsay: x\n", 7, 23,
          "the table audit.event has no column 'usr' (did you mean 'user'?)");
    wrong("count: {max: 1, distinct: nmae}\nsay: x\n", 7, 27, "has no column 'nmae'");
    wrong("count: {min: 1, within: 5m}\nsay: x\n", 7, 8, "min cannot be asked within a time");
    wrong("count: {max: 1, within: 5x}\nsay: x\n", 7, 25, "a duration such as 30m");
    wrong("count: {max: 2, min: 3}\nsay: x\n", 7, 8, "min is over max");
    wrong("count: {max: -1}\nsay: x\n", 7, 14, "a number of at least 0");
}

KB_TEST(control, say_is_checked)
{
    wrong("forbid: true\nsay: 'a {user'\n", 8, 9, "a brace without its partner");
    wrong("forbid: true\nsay: 'a } b'\n", 8, 9, "a brace without its partner");
    wrong("forbid: true\nsay: 'a {} b'\n", 8, 10, "empty braces");
    wrong("forbid: true\nsay: 'a {usr} b'\n", 8, 10, "usr");
    wrong("forbid: true\nsay: 'a {count} b'\n", 8, 10, "count");
}

KB_TEST(control, the_same_id_twice)
{
    struct world w = {.rows = 0};
    world_file(&w, "audit/pod-exec.yaml", good);
    world_file(&w, "rbac/pod-exec.yaml", good);
    world_load(&w);
    CHECK(world_says(&w, 1, 1, "the id 'pod-exec' is taken by test/audit/pod-exec.yaml"));
    EQ_UINT(w.baseline.n, 1);
    world_done(&w);
}

KB_TEST(control, yaml_that_is_none)
{
    struct world w = {.rows = 0};
    world_file(&w, "audit/a.yaml", "id: [\n");
    world_file(&w, "audit/b.yaml", "");
    world_file(&w, "audit/c.yaml", "- 1\n");
    world_load(&w);
    EQ_UINT(w.mistakes.total, 3);
    EQ_UINT(w.baseline.n, 0);
    world_done(&w);
}

KB_TEST(control, by_hand)
{
    struct world w = {.rows = 0};
    world_file(&w, "audit/m.yaml",
               "id: m\ntitle: M\nowner: client\nseverity: low\ncriteria: {soc2: [CC1.1]}\n"
               "manual: true\nwhy: w\nfix: f\n");
    world_load(&w);
    EQ_UINT(w.mistakes.total, 0);
    EQ_UINT(w.baseline.n, 1);
    world_done(&w);
}

KB_TEST(control, terms_of_its_area)
{
    struct world w = {.rows = 0};
    world_file(&w, "audit/_terms.yaml",
               "over: audit.event\nterms:\n  execs: resource == \"pods\" && subresource == \"exec\"\n"
               "  bad: usr == \"x\"\n  user: \"true\"\n  in: \"true\"\n");
    world_control(&w, "where: execs && user != \"a\"\nforbid: bad\nsay: '{user}'\n");
    world_load(&w);
    CHECK(world_says(&w, 4, 8, "usr"));
    CHECK(world_says(&w, 5, 9, "has the name of a column"));
    CHECK(world_says(&w, 6, 3, "cannot be the name of a term"));
    CHECK(world_says(&w, 8, 9, "in the term 'bad'"));
    world_done(&w);
}
