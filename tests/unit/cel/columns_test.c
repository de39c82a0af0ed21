/* What controls add to the language: optional columns, fixed parameters, the index's bounds. */
#include "support.h"
#include "test.h"

static const struct cel_var columns[] = {
    {"verb", "string", false, {.kind = KB_CEL_STRING, .s = KB_STR_INIT("get")}},
    {"code", "int", true, {.kind = KB_CEL_ABSENT}},
    {"workload.privileged", "bool", true, {.kind = KB_CEL_UNKNOWN, .unknown = NULL}},
    {"labels", "map(string, string)", true, {.kind = KB_CEL_ABSENT}},
    {"resource", "string", false, {.kind = KB_CEL_STRING, .s = KB_STR_INIT("pods")}},
    {NULL, NULL, false, {.kind = KB_CEL_NULL}},
};

KB_TEST(cel_columns, wants_a_guard)
{
    struct cel_fixture f;
    cel_fixture_init(&f, columns, KB_CEL_COLUMNS);
    EQ_STR(cel_run(&f, "code == 200"),
           "1:1 'code' may have no value: write has(code) && … before it is used");
    EQ_STR(cel_run(&f, "has(code) && code == 200"), "false");
    EQ_STR(cel_run(&f, "code == 200 && has(code)"), "false");
    EQ_STR(cel_run(&f, "!has(code) || code == 200"), "true");
    EQ_STR(cel_run(&f, "has(code) ? code : -1"), "-1");
    EQ_STR(cel_run(&f, "!has(code) ? -1 : code"), "-1");
    EQ_STR(cel_run(&f, "!(has(code) && code == 200) && verb == 'get'"), "true");
    CHECK(!cel_compile(&f, "has(code) || code == 200"));
    CHECK(!cel_compile(&f, "!has(code) && code == 200"));
    CHECK(!cel_compile(&f, "has(code) ? 1 : code"));
    CHECK(!cel_compile(&f, "[1].exists(x, x == code)"));
    CHECK(cel_compile(&f, "has(code) && [1].exists(x, x == code)"));
    CHECK(cel_compile(&f,
                      "(has(code) && verb == 'a' && code > 1) || (has(labels) && 'a' in labels)"));
    cel_fixture_done(&f);
}

KB_TEST(cel_columns, takes_dots_in_names)
{
    struct cel_fixture f;
    cel_fixture_init(&f, columns, KB_CEL_COLUMNS);
    EQ_STR(cel_run(&f, "has(workload.privileged) && workload.privileged"),
           "unknown: workload.privileged (not readable)");
    EQ_STR(cel_run(&f, "verb == 'list' && has(workload.privileged) && workload.privileged"),
           "false");
    EQ_STR(cel_run(&f, "has(labels) && has(labels.app) && labels.app == 'a'"), "false");
    CHECK(!cel_compile(&f, "workload.privileged"));
    cel_fixture_done(&f);
}

KB_TEST(cel_columns, lists_what_it_reads)
{
    struct cel_fixture f;
    cel_fixture_init(&f, columns, KB_CEL_COLUMNS);
    CHECK(cel_compile(&f, "resource == 'a' && has(code) && resource != 'b'"));
    struct kb_cel_vars vars = kb_cel_program_vars(f.program);
    EQ_UINT(vars.n, 2);
    EQ_UINT(vars.at[0], 1);
    EQ_UINT(vars.at[1], 4);
    cel_fixture_done(&f);
}

static size_t required(struct cel_fixture *f, const char *text, struct kb_str out[3])
{
    bool ok = cel_compile(f, text);
    CHECK(ok);
    return ok ? kb_cel_required(f->program, 0, out, 3) : 99;
}

KB_TEST(cel_columns, bounds_a_text_column)
{
    struct cel_fixture f;
    struct kb_str out[3];
    cel_fixture_init(&f, columns, KB_CEL_COLUMNS);
    struct kb_cel_val items[] = {kb_cel_string(KB_STR("x")), kb_cel_string(KB_STR("y"))};
    struct kb_cel_list list = {items, 2};
    struct kb_cel_val param = kb_cel_list(&list);
    kb_cel_env_const(f.env, KB_STR("params.verbs"), kb_cel_env_type(f.env, KB_STR("list(string)")),
                     &param);
    EQ_UINT(required(&f, "verb == 'get' && resource == 'x'", out), 1);
    EQ_STR(out[0], "get");
    EQ_UINT(required(&f, "resource == 'x' && ('a' == verb || verb in ['b', 'a'])", out), 2);
    EQ_STR(out[1], "b");
    EQ_UINT(required(&f, "verb in params.verbs", out), 2);
    EQ_STR(out[1], "y");
    EQ_UINT(required(&f, "verb == 'get' || resource == 'x'", out), 0);
    EQ_UINT(required(&f, "verb != 'get'", out), 0);
    EQ_UINT(required(&f, "verb in ['a', 'b', 'c', 'd']", out), 0);
    EQ_UINT(required(&f, "(verb == 'a' || verb == 'b') && (verb == 'c')", out), 2);
    cel_fixture_done(&f);
}

KB_TEST(cel_columns, keeps_its_parameters)
{
    struct cel_fixture f;
    cel_fixture_init(&f, columns, KB_CEL_COLUMNS);
    struct kb_cel_val ten = kb_cel_int(10);
    kb_cel_env_const(f.env, KB_STR("params.max"), kb_cel_env_type(f.env, KB_STR("int")), &ten);
    EQ_STR(cel_run(&f, "params.max * 2"), "20");
    EQ_STR(cel_run(&f, "params.min"), "1:1 undeclared reference to 'params'");
    cel_fixture_done(&f);
}
