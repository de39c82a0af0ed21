/* Expressions in tests. */
#include "support.h"

static void get_var(void *ctx, unsigned var, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct cel_fixture *f = ctx;
    (void)arena;
    *out = f->vars[var].value;
}

void cel_fixture_init(struct cel_fixture *f, const struct cel_var *vars, unsigned flags)
{
    *f = (struct cel_fixture){.vars = vars};
    f->env = kb_cel_env_new(&(struct kb_cel_env_options){.flags = flags});
    for (; vars != NULL && vars->name != NULL; vars++) {
        const struct kb_cel_type *type = kb_cel_env_type(f->env, kb_str_c(vars->type));
        (void)kb_cel_env_var(f->env, kb_str_c(vars->name), type, vars->optional);
    }
}

void cel_fixture_done(struct cel_fixture *f)
{
    kb_cel_env_free(f->env);
    kb_arena_done(&f->arena);
}

bool cel_compile(struct cel_fixture *f, const char *text)
{
    f->res = kb_cel_compile(f->env, kb_str_c(text), &f->program, &f->issues);
    return !kb_failed(f->res);
}

struct kb_str cel_run(struct cel_fixture *f, const char *text)
{
    if (!cel_compile(f, text)) {
        const struct kb_cel_issue *issue = &f->issues.at[0];
        return kb_arena_printf(&f->arena, "%u:%u %.*s", issue->line, issue->col,
                               KB_FMT(issue->message));
    }
    struct kb_cel_activation activation = {.get = get_var, .ctx = f};
    struct kb_cel_val v = kb_cel_eval(f->program, &activation, &f->arena);
    struct kb_buf out;
    kb_buf_init(&out, 1 << 16);
    kb_cel_print(&v, &out);
    struct kb_str copy = kb_arena_copy(&f->arena, kb_buf_view(&out));
    kb_buf_done(&out);
    return copy;
}

struct kb_str cel_run_plain(const char *text, struct kb_arena *arena)
{
    struct cel_fixture f;
    cel_fixture_init(&f, NULL, 0);
    struct kb_str out = kb_arena_copy(arena, cel_run(&f, text));
    cel_fixture_done(&f);
    return out;
}
