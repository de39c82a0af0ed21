/* The core of the expression language: compiling, evaluating, refusing. */
#include "support.h"
#include "test.h"

KB_TEST(cel, evaluates)
{
    struct kb_arena arena = {0};
    EQ_STR(cel_run_plain("1 + 2 * 3 == 7 && 'b' in ['a', 'b']", &arena), "true");
    EQ_STR(cel_run_plain("[1, 2, 3].filter(x, x % 2 == 1).map(x, x * 10)", &arena), "[10, 30]");
    EQ_STR(cel_run_plain("{'a': 1.5}.a + 1e-7", &arena), "1.5000001");
    EQ_STR(cel_run_plain("1 / 0 > 0 || true", &arena), "true");
    EQ_STR(cel_run_plain("1 / 0", &arena), "division by zero");
    EQ_STR(cel_run_plain("'a1b'.matches('[0-9]') && !matches('ab', '^[0-9]')", &arena), "true");
    EQ_STR(cel_run_plain("[duration('90m'), timestamp(0), {'k': [null, b'\\x00']}]", &arena),
           "[1h30m0s, 1970-01-01T00:00:00Z, {\"k\": [null, \"\\x00\"]}]");
    kb_arena_done(&arena);
}

KB_TEST(cel, tells_where_a_mistake_is)
{
    struct kb_arena arena = {0};
    EQ_STR(cel_run_plain("'é' ==\n  nosuch", &arena), "2:3 undeclared reference to 'nosuch'");
    EQ_STR(cel_run_plain("1 + 'a'", &arena),
           "1:3 found no matching overload for '_+_' applied to '(int, string)'");
    EQ_STR(cel_run_plain("(1", &arena), "1:3 Syntax error: mismatched input '<EOF>' expecting ')'");
    EQ_STR(cel_run_plain("strin", &arena),
           "1:1 undeclared reference to 'strin' (did you mean 'string'?)");
    EQ_STR(cel_run_plain("'a'.startWith('a')", &arena),
           "1:14 undeclared reference to 'startWith' (did you mean 'startsWith'?)");
    kb_arena_done(&arena);
}

KB_TEST(cel, prints_mistakes_under_their_line)
{
    struct cel_fixture f;
    cel_fixture_init(&f, NULL, 0);
    CHECK(!cel_compile(&f, "true &&\n  (1 + 'é' == 2)"));
    struct kb_buf out;
    kb_buf_init(&out, 1000);
    kb_cel_issues_print(&f.issues, KB_STR("true &&\n  (1 + 'é' == 2)"), &out);
    EQ_STR(kb_buf_view(&out), "ERROR: <input>:2:6: found no matching overload for '_+_' applied to "
                              "'(int, string)'\n |   (1 + 'é' == 2)\n | .....^");
    kb_buf_done(&out);
    cel_fixture_done(&f);
}

/* `n` times `open`, then `middle`, then `n` times `close`. */
static kb_res compile_nested(const char *open, const char *middle, const char *close, size_t n)
{
    struct cel_fixture f;
    cel_fixture_init(&f, NULL, 0);
    struct kb_buf text;
    kb_buf_init(&text, 1 << 20);
    for (size_t i = 0; i < n; i++) {
        kb_buf_c(&text, open);
    }
    kb_buf_c(&text, middle);
    for (size_t i = 0; i < n; i++) {
        kb_buf_c(&text, close);
    }
    kb_buf_char(&text, '\0');
    (void)cel_compile(&f, text.p);
    kb_res res = f.res;
    kb_buf_done(&text);
    cel_fixture_done(&f);
    return res;
}

KB_TEST(cel, limits_nesting)
{
    static const struct {
        const char *open, *middle, *close;
    } shapes[] = {
        {"(", "1", ")"},           {"[", "1", "]"},          {"{1: ", "1", "}"},
        {"-(", "1", ")"},          {"!(", "true", ")"},      {"", "1", " + 1"},
        {"", "{}", ".a"},          {"", "[]", "[0]"},        {"size([", "1", "])"},
        {"[1].map(x, ", "1", ")"}, {"true ? 1 : ", "1", ""}, {"", "[1]", ".filter(x, true)"},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        kb_res deep = compile_nested(shapes[i].open, shapes[i].middle, shapes[i].close, 5000);
        kb_res fine = compile_nested(shapes[i].open, shapes[i].middle, shapes[i].close, 20);
        kb_test_check(deep.code == KB_ERR_LIMIT, __FILE__, __LINE__, "deep %s: %s", shapes[i].open,
                      kb_code_name(deep.code));
        kb_test_check(fine.code == KB_OK || i == 7, __FILE__, __LINE__, "fine %s: %s",
                      shapes[i].open, kb_code_name(fine.code));
    }
    FAILS(compile_nested("", "1", " ", 70000), KB_ERR_LIMIT); /* longer than an expression may be */
}

/* As deep as is allowed: checked, planned and evaluated without running out of stack. */
KB_TEST(cel, evaluates_what_is_just_not_too_deep)
{
    static const struct {
        const char *open, *middle, *close, *want;
    } shapes[] = {
        {"(", "1", ")", "1"},
        {"size([", "1", "])", NULL},
        {"[1].all(x, ", "true", ")", "true"},
        {"true ? ", "1", " : 2", NULL},
        {"[", "1", "][0]", "1"},
        {"", "1", " + 1", "121"},
        {"cel.bind(x, 1, ", "x", ")", "1"},
        {"optional.of(1).optMap(x, ", "1", ").value()", "1"},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        struct kb_arena arena = {0};
        struct kb_buf text;
        kb_buf_init(&text, 1 << 16);
        for (unsigned n = 0; n < 120; n++) {
            kb_buf_c(&text, shapes[i].open);
        }
        kb_buf_c(&text, shapes[i].middle);
        for (unsigned n = 0; n < 120; n++) {
            kb_buf_c(&text, shapes[i].close);
        }
        kb_buf_char(&text, '\0');
        struct kb_str got = cel_run_plain(text.p, &arena);
        kb_test_check(got.n > 0 && (shapes[i].want == NULL || kb_str_eq_c(got, shapes[i].want)),
                      __FILE__, __LINE__, "%s: %.*s", shapes[i].open, KB_FMT(got));
        kb_buf_done(&text);
        kb_arena_done(&arena);
    }
}

KB_TEST(cel, takes_long_chains_of_terms)
{
    CHECK(compile_nested("true && ", "true", "", 3000).code == KB_OK);
    CHECK(compile_nested("false || ", "true", "", 3000).code == KB_OK);
    CHECK(compile_nested("--", "1", "", 3000).code == KB_OK);
}

KB_TEST(cel, bounds_the_cost)
{
    struct kb_arena arena = {0};
    static const char list[] = "[0,1,2,3,4,5,6,7,8,9]";
    struct kb_str text = kb_arena_printf(
        &arena,
        "%s.all(a, %s.all(b, %s.all(c, %s.all(d, %s.all(e, %s.all(f, %s.all(g, g >= 0)))))))", list,
        list, list, list, list, list, list);
    EQ_STR(cel_run_plain(text.p, &arena), "expression costs more than 1000000 steps");
    kb_arena_done(&arena);
}

/* Values that share their parts are exponentially large: `use` of [[…, …], […, …]], 60 levels deep.
 */
static struct kb_str run_on_shared(const char *use, bool maps, struct kb_arena *arena)
{
    struct kb_buf bind;
    kb_buf_init(&bind, 1 << 16);
    kb_buf_c(&bind, "cel.bind(v0, [1], ");
    for (unsigned i = 1; i < 60; i++) {
        kb_buf_printf(&bind, "cel.bind(v%u, %sv%u, %sv%u%s, ", i, maps ? "{1: " : "[", i - 1,
                      maps ? "2: " : "", i - 1, maps ? "}" : "]");
    }
    kb_buf_c(&bind, use);
    for (unsigned i = 0; i < 60; i++) {
        kb_buf_char(&bind, ')');
    }
    kb_buf_char(&bind, '\0');
    struct kb_str out = cel_run_plain(bind.p, arena);
    kb_buf_done(&bind);
    return out;
}

KB_TEST(cel, bounds_what_shared_values_cost)
{
    static const char *const uses[] = {
        "v59 == v59",
        "v59 in [v59]",
        "v59.distinct().size() == 1",
        "sets.equivalent(v59, v59)",
        "sets.contains([v59], [v59])",
        "sets.intersects([v59], [v59])",
        "v59.flatten(100).size() == 1",
        "[v59].indexOf(v59) == 0",
        "{v58: 1}[v58] == 1",
        "'%s'.format([v59]).size() == 1",
    };
    struct kb_arena arena = {0};
    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
        struct kb_str got = run_on_shared(uses[i], false, &arena);
        kb_test_check(!kb_str_eq_c(got, "true") && !kb_str_eq_c(got, "false"), __FILE__, __LINE__,
                      "%s: %.*s", uses[i], KB_FMT(got));
    }
    EQ_STR(run_on_shared("'%s'.format([v59])", true, &arena), "text is too long");
    EQ_STR(run_on_shared("v59 == v59", true, &arena), "expression costs more than 1000000 steps");
    EQ_STR(run_on_shared("size(v59)", true, &arena), "2");
    kb_arena_done(&arena);
}

KB_TEST(cel, doubles_a_text_only_so_far)
{
    struct kb_arena arena = {0};
    struct kb_buf bind;
    kb_buf_init(&bind, 1 << 16);
    kb_buf_c(&bind, "cel.bind(v0, 'text of some length', ");
    for (unsigned i = 1; i < 40; i++) {
        kb_buf_printf(&bind, "cel.bind(v%u, v%u + v%u, ", i, i - 1, i - 1);
    }
    kb_buf_c(&bind, "size(v39)");
    for (unsigned i = 0; i < 40; i++) {
        kb_buf_char(&bind, ')');
    }
    kb_buf_char(&bind, '\0');
    EQ_STR(cel_run_plain(bind.p, &arena), "expression costs more than 1000000 steps");
    kb_buf_done(&bind);
    kb_arena_done(&arena);
}
