#include "backup/glob.h"

#include "backup/velero_names.h"
#include "test.h"

static void answers(const char *pattern, const char *text, enum kb_gobwas_answer wanted)
{
    struct kb_arena arena = {0};
    struct kb_err err = {0};
    const struct kb_gobwas *glob = NULL;
    kb_res res = kb_gobwas_compile(kb_str_c(pattern), &arena, &glob, &err);
    OK(res, &err);
    if (!kb_failed(res)) {
        kb_test_int(kb_gobwas_match(glob, kb_str_c(text)), wanted, pattern, __FILE__, __LINE__);
    }
    kb_arena_done(&arena);
}

static void refuses(struct kb_str pattern, enum kb_code code, const char *msg)
{
    struct kb_arena arena = {0};
    struct kb_err err = {0};
    const struct kb_gobwas *glob = NULL;
    FAILS(kb_gobwas_compile(pattern, &arena, &glob, &err), code);
    EQ_C(err.msg, msg);
    kb_arena_done(&arena);
}

KB_TEST(glob, what_a_glob_should_do)
{
    answers("", "", KB_GOBWAS_MATCH);
    answers("team-*", "team-a", KB_GOBWAS_MATCH);
    answers("team-*", "Team-a", KB_GOBWAS_MISS);
    answers("*a*b", "xaxb", KB_GOBWAS_MATCH);
    answers("*.apps", "deployments.apps", KB_GOBWAS_MATCH);
    answers("{pods,secrets}", "secrets", KB_GOBWAS_MATCH);
    answers("[a-c]x", "bx", KB_GOBWAS_MATCH);
    answers("[a-c]x", "dx", KB_GOBWAS_MISS);
    answers("a\\*", "a*", KB_GOBWAS_MATCH);
    answers("a\\*", "ab", KB_GOBWAS_MISS);
}

KB_TEST(glob, what_the_library_does_instead)
{
    answers("?", "", KB_GOBWAS_MATCH);
    answers("[!a-c]", "", KB_GOBWAS_MATCH);
    answers("aa*aa", "aaa", KB_GOBWAS_MATCH);
    answers("a?c", "a\u00e9c", KB_GOBWAS_MISS);
    answers("ab{}", "ab", KB_GOBWAS_PANIC);
    answers("[^a]", "^", KB_GOBWAS_MATCH);
    answers("{a", "a", KB_GOBWAS_MATCH);
}

KB_TEST(glob, refused)
{
    refuses(KB_STR("[a-z0-9]"), KB_ERR_SYNTAX, "expected close range character");
    refuses(KB_STR("[a-"), KB_ERR_SYNTAX, "unexpected end of input");
    refuses(KB_STR("[]"), KB_ERR_SYNTAX, "could not parse range");
    refuses(KB_STR("[c-a]"), KB_ERR_SYNTAX, "hi character 'a' should be greater than lo 'c'");
    refuses(KB_STR("a\xff"), KB_ERR_SYNTAX, "could not read rune");
}

KB_TEST(glob, limits)
{
    static char text[600];
    memset(text, '{', sizeof text);
    refuses((struct kb_str){text, 100}, KB_ERR_LIMIT, "more than 32 alternatives within each other");
    refuses((struct kb_str){text, 600}, KB_ERR_LIMIT, "a pattern over 512 bytes");
    for (size_t i = 0; i < 500; i++) {
        text[i] = "?*a"[i % 3];
    }
    text[500] = '\0';
    static char name[600];
    memset(name, 'a', 500);
    answers(text, name, KB_GOBWAS_LIMIT);
}

KB_TEST(glob, namespaces_checked)
{
    struct kb_err err = {0};
    OK(kb_velero_check_pattern(KB_STR("team-[a-c]?*"), &err), &err);
    OK(kb_velero_check_pattern(KB_STR("[a-z0-9]*"), &err), &err);
    FAILS(kb_velero_check_pattern(KB_STR("a**"), &err), KB_ERR_INVALID);
    FAILS(kb_velero_check_pattern(KB_STR("{a,b}"), &err), KB_ERR_INVALID);
    FAILS(kb_velero_check_pattern(KB_STR("[a"), &err), KB_ERR_INVALID);
    EQ_C(err.msg, "wildcard pattern contains unclosed bracket '['");
}
