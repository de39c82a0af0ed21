/* The core of the expression language: compiling, evaluating, refusing. */
#include "cel/cel.h"
#include "test.h"

static void no_vars(void *ctx, unsigned var, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)ctx;
    (void)var;
    (void)arena;
    out->kind = KB_CEL_ABSENT;
}

/* Text of the value of an expression without variables, or of its first issue. */
static struct kb_str run(const char *text, struct kb_arena *arena)
{
    struct kb_cel_env *env = kb_cel_env_new(&(struct kb_cel_env_options){0});
    const struct kb_cel_program *program = NULL;
    struct kb_cel_issues issues;
    struct kb_buf out;
    kb_buf_init(&out, 1 << 16);
    if (kb_failed(kb_cel_compile(env, kb_str_c(text), &program, &issues))) {
        kb_buf_printf(&out, "%u:%u %.*s", issues.at[0].line, issues.at[0].col,
                      KB_FMT(issues.at[0].message));
    } else {
        struct kb_cel_activation none = {.get = no_vars};
        struct kb_cel_val v = kb_cel_eval(program, &none, arena);
        kb_cel_print(&v, &out);
    }
    struct kb_str copy = kb_arena_copy(arena, kb_buf_view(&out));
    kb_buf_done(&out);
    kb_cel_env_free(env);
    return copy;
}

KB_TEST(cel, evaluates)
{
    struct kb_arena arena = {0};
    EQ_STR(run("1 + 2 * 3 == 7 && 'b' in ['a', 'b']", &arena), "true");
    EQ_STR(run("[1, 2, 3].filter(x, x % 2 == 1).map(x, x * 10)", &arena), "[10, 30]");
    EQ_STR(run("{'a': 1.5}.a + 1e-7", &arena), "1.5000001");
    EQ_STR(run("1 / 0 > 0 || true", &arena), "true");
    EQ_STR(run("1 / 0", &arena), "division by zero");
    kb_arena_done(&arena);
}

KB_TEST(cel, tells_where_a_mistake_is)
{
    struct kb_arena arena = {0};
    EQ_STR(run("'é' ==\n  nosuch", &arena), "2:3 undeclared reference to 'nosuch'");
    EQ_STR(run("1 + 'a'", &arena),
           "1:3 found no matching overload for '_+_' applied to '(int, string)'");
    EQ_STR(run("(1", &arena), "1:3 Syntax error: mismatched input '<EOF>' expecting ')'");
    kb_arena_done(&arena);
}
