/* The tables of functions, and what is checked of constant arguments. */
#include "cel/types.h"
#include "support.h"
#include "test.h"

KB_TEST(cel_functions, every_row_can_be_read)
{
    struct kb_cel_types types = {0};
    for (size_t l = 0; l < kb_cel_library_count; l++) {
        const struct kb_cel_library *library = kb_cel_libraries[l];
        for (size_t i = 0; i < library->n; i++) {
            const struct kb_cel_func *func = &library->funcs[i];
            struct kb_cel_signature sig;
            bool ok = kb_cel_signature_parse(&types, kb_str_c(func->signature), &sig);
            kb_test_check(ok, __FILE__, __LINE__, "%s %s", func->name, func->signature);
            kb_test_check(func->doc != NULL && func->doc[0] != '\0', __FILE__, __LINE__,
                          "%s has no description", func->name);
        }
    }
    kb_cel_types_done(&types);
}

KB_TEST(cel_functions, no_overload_stands_twice)
{
    struct kb_map seen = {0};
    struct kb_arena arena = {0};
    for (size_t l = 0; l < kb_cel_library_count; l++) {
        const struct kb_cel_library *library = kb_cel_libraries[l];
        for (size_t i = 0; i < library->n; i++) {
            const struct kb_cel_func *func = &library->funcs[i];
            struct kb_str arguments = kb_str_c(func->signature);
            arguments.n = kb_str_find(arguments, KB_STR("->"), 0);
            struct kb_str key =
                kb_arena_printf(&arena, "%s%s%.*s", (func->flags & KB_CEL_MEMBER) != 0 ? "." : "",
                                func->name, KB_FMT(arguments));
            bool is_new = false;
            (void)kb_map_add(&seen, key, &is_new);
            kb_test_check(is_new, __FILE__, __LINE__, "%.*s stands twice", KB_FMT(key));
        }
    }
    kb_map_done(&seen);
    kb_arena_done(&arena);
}

KB_TEST(cel_functions, types_have_one_copy_and_one_text)
{
    static const char *const texts[] = {"int",
                                        "list(string)",
                                        "map(string, list(dyn))",
                                        "optional_type(timestamp)",
                                        "type(type(int))",
                                        "net.IP"};
    struct kb_cel_types types = {0};
    struct kb_arena arena = {0};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const struct kb_cel_type *type = kb_cel_type_parse(&types, kb_str_c(texts[i]));
        CHECK(type != NULL && type == kb_cel_type_parse(&types, kb_str_c(texts[i])));
        kb_test_str(kb_cel_type_text(type, &arena), kb_str_c(texts[i]), __FILE__, __LINE__);
    }
    static const char *const wrong[] = {"",         "list(",    "list(int",       "list(int))",
                                        "map(int)", "int(int)", "list(int, int)", "(int)"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        kb_test_check(kb_cel_type_parse(&types, kb_str_c(wrong[i])) == NULL, __FILE__, __LINE__,
                      "%s is no type", wrong[i]);
    }
    kb_cel_types_done(&types);
    kb_arena_done(&arena);
}

KB_TEST(cel_functions, checks_constant_formats)
{
    struct kb_arena arena = {0};
    EQ_STR(cel_run_plain("'%s is %d'.format(['a', 1])", &arena), "a is 1");
    EQ_STR(cel_run_plain("'%d'.format(['a'])", &arena),
           "1:14 error during formatting: decimal clause can only be used on ints, uints, and "
           "doubles, was given string");
    EQ_STR(cel_run_plain("'%s'.format([1, 2])", &arena),
           "1:12 too many arguments supplied to string.format (expected 1, got 2)");
    kb_arena_done(&arena);
}

KB_TEST(cel_functions, is_strict_on_demand)
{
    struct cel_fixture f;
    cel_fixture_init(&f, NULL, KB_CEL_STRICT);
    EQ_STR(cel_run(&f, "'a'.matches('[')"), "1:13 invalid matches argument");
    EQ_STR(cel_run(&f, "duration('1d')"), "1:10 invalid duration argument");
    EQ_STR(cel_run(&f, "timestamp('today')"), "1:11 invalid timestamp argument");
    EQ_STR(cel_run(&f, "[1, 'a']"), "1:5 expected type 'int' but found 'string'");
    EQ_STR(cel_run(&f, "{'a': 1, 'b': 'c'}"), "1:15 expected type 'int' but found 'string'");
    EQ_STR(cel_run(&f, "[[], [1]] == [[1], []]"), "false");
    cel_fixture_done(&f);
    cel_fixture_init(&f, NULL, 0);
    EQ_STR(cel_run(&f, "[1, 'a'].size()"), "2");
    EQ_STR(cel_run(&f, "'a'.matches('[') || true"), "true");
    cel_fixture_done(&f);
}

KB_TEST(cel_functions, are_chosen_by_library)
{
    static const char *const none[] = {"standard", NULL};
    struct kb_cel_env *env = kb_cel_env_new(&(struct kb_cel_env_options){.libraries = none});
    const struct kb_cel_program *program = NULL;
    struct kb_cel_issues issues;
    CHECK(kb_cel_compile(env, KB_STR("1 + 1 == 2"), &program, &issues).code == KB_OK);
    FAILS(kb_cel_compile(env, KB_STR("'a'.upperAscii()"), &program, &issues), KB_ERR_INVALID);
    FAILS(kb_cel_compile(env, KB_STR("cel.bind(x, 1, x)"), &program, &issues), KB_ERR_INVALID);
    FAILS(kb_cel_compile(env, KB_STR("math.least(1, 2)"), &program, &issues), KB_ERR_INVALID);
    kb_cel_env_free(env);
}

KB_TEST(cel_functions, no_value_where_the_specification_wants_an_error)
{
    static const struct {
        const char *text, *wanted;
    } rows[] = {
        {"{1.0: 'a'}", "unsupported key type: double"},
        {"{0: 1, 0u: 2}", "Failed with repeated key: 0"},
        {"{'a': 1}.map(k, {k: 1, 'a': 2})", "Failed with repeated key: a"},
        {"dyn(1).?a", "no such key: a"},
        {"'abc'.indexOf('c', 4)", "index out of range: 4"},
        {"'abc'.indexOf('c', 3)", "-1"},
        {"'abc'.lastIndexOf('a', 4)", "index out of range: 4"},
        {"cel.bind(v, type(1), v == v)", "reference to undefined type: v"},
        {"string(timestamp('2025-12-31T23:30:00-05:00') + duration('1ns'))",
         "2025-12-31T23:30:00.000000001-05:00"},
        {"timestamp('2025-12-31T23:30:00-05:00') == timestamp('2026-01-01T04:30:00Z')", "true"},
    };
    struct kb_arena arena = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct kb_str got = cel_run_plain(rows[i].text, &arena);
        bool as_wanted = kb_str_find(got, kb_str_c(rows[i].wanted), 0) != SIZE_MAX;
        kb_test_check(as_wanted, __FILE__, __LINE__, "%s: %.*s, wanted %s", rows[i].text,
                      KB_FMT(got), rows[i].wanted);
    }
    kb_arena_done(&arena);
}
