#include "baseline/terms.h"
#include "test.h"

#define TERM(term_name, expression)                                                                \
    {.name = KB_STR_INIT(term_name), .area = KB_STR_INIT("audit"), .text = {KB_STR_INIT(expression), 1, 1}}

static const struct kb_term terms[] = {
    TERM("is_exec", "subresource == \"exec\""),
    TERM("by_people", "caller == \"person\" // not system"),
    TERM("both", "is_exec && by_people"),
    TERM("loop_a", "loop_b || true"),
    TERM("loop_b", "loop_a"),
};

static void expand(const char *text, struct kb_arena *arena, struct kb_expansion *out)
{
    struct kb_terms all = {terms, sizeof terms / sizeof terms[0], KB_STR("audit")};
    struct kb_err err = {0};
    *out = (struct kb_expansion){.text = KB_STR("")};
    OK(kb_terms_expand(&all, kb_str_c(text), arena, out, &err), &err);
}

KB_TEST(terms, are_put_in_parentheses)
{
    struct kb_arena arena = {0};
    struct kb_expansion out;
    expand("!is_exec || x", &arena, &out);
    EQ_STR(out.text, "!(subresource == \"exec\") || x");
    expand("both", &arena, &out);
    EQ_STR(out.text, "((subresource == \"exec\") && (caller == \"person\" // not system\n))");
    kb_arena_done(&arena);
}

KB_TEST(terms, are_no_members_calls_texts_or_comments)
{
    struct kb_arena arena = {0};
    struct kb_expansion out;
    static const char *const same[] = {
        "a.is_exec", "a. is_exec", "is_exec(1)", "is_exec (1)", "\"is_exec\"", "'is_exec'",
        "`is_exec`", "br'is_exec'", "\"\\\"is_exec\"",
    };
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        expand(same[i], &arena, &out);
        EQ_UINT(out.n, 0);
        kb_test_str(out.text, kb_str_c(same[i]), __FILE__, __LINE__);
    }
    expand("r\"\\\" + is_exec", &arena, &out);
    EQ_UINT(out.n, 1);
    kb_arena_done(&arena);
}

KB_TEST(terms, of_other_areas_are_not_seen)
{
    struct kb_arena arena = {0};
    struct kb_expansion out;
    struct kb_terms other = {terms, sizeof terms / sizeof terms[0], KB_STR("rbac")};
    struct kb_err err = {0};
    OK(kb_terms_expand(&other, KB_STR("is_exec"), &arena, &out, &err), &err);
    EQ_STR(out.text, "is_exec");
    kb_arena_done(&arena);
}

KB_TEST(terms, places_are_mapped_back)
{
    struct kb_arena arena = {0};
    struct kb_expansion out;
    const struct kb_term *term;
    /* 0123456789012345678901 */
    expand("abc && is_exec && defg", &arena, &out);
    EQ_UINT(kb_expansion_origin(&out, 1, &term), 1);
    CHECK(term == NULL);
    EQ_UINT(kb_expansion_origin(&out, 12, &term), 7);
    CHECK(term == &terms[0]);
    size_t defg = kb_str_find(out.text, KB_STR("defg"), 0);
    EQ_UINT(kb_expansion_origin(&out, defg, &term), 18);
    CHECK(term == NULL);
    kb_arena_done(&arena);
}

KB_TEST(terms, circles_are_refused)
{
    struct kb_arena arena = {0};
    struct kb_expansion out;
    struct kb_err err = {0};
    struct kb_terms all = {terms, sizeof terms / sizeof terms[0], KB_STR("audit")};
    FAILS(kb_terms_expand(&all, KB_STR("loop_a"), &arena, &out, &err), KB_ERR_INVALID);
    EQ_C(err.msg, "the term 'loop_a' needs itself");
    kb_arena_done(&arena);
}

KB_TEST(terms, growth_is_bounded)
{
    struct kb_term bombs[12];
    struct kb_arena arena = {0};
    struct kb_expansion out;
    struct kb_err err = {0};
    for (int i = 0; i < 12; i++) {
        bombs[i] = (struct kb_term){.name = kb_arena_printf(&arena, "t%d", i), .area = KB_STR("x")};
        bombs[i].text.text = kb_arena_printf(&arena, "t%d || t%d || t%d || t%d", i + 1, i + 1, i + 1,
                                             i + 1);
    }
    struct kb_terms all = {bombs, 12, KB_STR("x")};
    FAILS(kb_terms_expand(&all, KB_STR("t0"), &arena, &out, &err), KB_ERR_LIMIT);
    kb_arena_done(&arena);
}
