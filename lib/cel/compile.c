/* Compiling: parse, check, plan; and what can be asked of a program. */
#include "base/limits.h"
#include "base/utf8.h"
#include "cel/check.h"
#include "cel/parser.h"
#include "cel/program.h"
#include "data/regex.h"

void kb_cel_program_free(struct kb_cel_program *program)
{
    for (size_t i = 0; i < program->sets.n; i++) {
        kb_map_done(program->sets.at[i]);
        kb_free(program->sets.at[i]);
    }
    for (size_t i = 0; i < program->regexes.n; i++) {
        kb_regex_free(program->regexes.at[i]);
    }
    KB_VEC_DONE(&program->sets);
    KB_VEC_DONE(&program->regexes);
    kb_free(program);
}

static void mark_vars(const struct kb_cel_expr *expr, bool *used)
{
    if (expr == NULL) {
        return;
    }
    if (expr->kind == KB_X_IDENT && expr->ref == KB_REF_VAR) {
        used[expr->index] = true;
    }
    for (size_t i = 0; i < expr->n; i++) {
        mark_vars(expr->args[i], used);
    }
    if (expr->loop != NULL) {
        mark_vars(expr->loop->range, used);
        mark_vars(expr->loop->test, used);
        mark_vars(expr->loop->body, used);
    }
}

static struct kb_cel_vars vars_of(struct kb_cel_env *env, const struct kb_cel_expr *tree)
{
    bool *used = KB_NEW_ARRAY(&env->arena, env->vars.n, bool);
    mark_vars(tree, used);
    size_t n = 0;
    unsigned *at = KB_NEW_ARRAY(&env->arena, env->vars.n, unsigned);
    for (unsigned i = 0; i < env->vars.n; i++) {
        if (used[i]) {
            at[n++] = i;
        }
    }
    return (struct kb_cel_vars){at, n};
}

static bool readable(struct kb_cel_source *source)
{
    if (source->text.n > KB_MAX_CEL_BYTES) {
        kb_cel_issue_add(source, KB_CEL_PARSE, 0, "expression is longer than %d bytes",
                         KB_MAX_CEL_BYTES);
        return false;
    }
    if (!kb_utf8_valid(source->text)) {
        kb_cel_issue_add(source, KB_CEL_PARSE, 0, "expression is not UTF-8");
    }
    return true;
}

static void check_more(struct kb_cel_checker *c, struct kb_cel_expr *tree)
{
    if (c->source->issues.n > 0) {
        return;
    }
    if ((c->env->flags & KB_CEL_COLUMNS) != 0) {
        kb_cel_check_columns(c, tree);
    }
    kb_cel_check_constants(c, tree);
}

static struct kb_cel_program *new_program(struct kb_cel_checker *c, const struct kb_cel_expr *tree)
{
    struct kb_cel_program *program = kb_alloc(sizeof *program);
    program->env = c->env;
    program->tree = tree;
    program->type = tree->type;
    program->locals = c->max_locals;
    program->vars = vars_of(c->env, tree);
    *KB_VEC_PUSH(&c->env->programs) = program;
    kb_cel_plan(program, tree);
    return program;
}

KB_RES kb_cel_compile(struct kb_cel_env *env, struct kb_str source,
                      const struct kb_cel_program **out, struct kb_cel_issues *issues)
{
    struct kb_arena *arena = &env->arena;
    struct kb_cel_source src = {.text = source, .arena = arena};
    struct kb_cel_checker c = {.env = env, .source = &src, .arena = arena};
    struct kb_cel_expr *tree = NULL;
    bool limit = !readable(&src);
    if (!limit && src.issues.n == 0) {
        src.text = kb_arena_copy(arena, source); /* names in the tree point into it */
        tree = kb_cel_parse(&src, arena, env->flags, &limit);
    }
    if (tree == NULL) {
        *issues = kb_cel_issues_take(&src);
        return kb_fail(NULL, limit ? KB_ERR_LIMIT : KB_ERR_SYNTAX, "expression");
    }
    (void)kb_cel_check(&c, tree);
    check_more(&c, tree);
    *issues = kb_cel_issues_take(&src);
    if (issues->n > 0) {
        return kb_fail(NULL, KB_ERR_INVALID, "expression");
    }
    *out = new_program(&c, tree);
    return KB_SUCCESS;
}

const struct kb_cel_type *kb_cel_result_type(const struct kb_cel_program *program)
{
    return program->type;
}

struct kb_cel_vars kb_cel_program_vars(const struct kb_cel_program *program)
{
    return program->vars;
}
