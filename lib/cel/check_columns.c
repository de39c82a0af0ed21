/*
 * Optional columns: each use must be where a has() of it is known to hold (KB_CEL_COLUMNS).
 * && and || do not mind the order of their terms, so a guard counts on either side.
 */
#include "cel/check.h"

/* Columns known to have a value, as a list that grows at the front. */
struct guards {
    uint32_t var;
    const struct guards *next;
};

static bool guarded(const struct guards *g, uint32_t var)
{
    while (g != NULL && g->var != var) {
        g = g->next;
    }
    return g != NULL;
}

static const struct guards *with(struct kb_arena *arena, const struct guards *g, uint32_t var)
{
    if (guarded(g, var)) {
        return g;
    }
    struct guards *more = KB_NEW(arena, struct guards);
    *more = (struct guards){var, g};
    return more;
}

static bool is_operator(const struct kb_cel_expr *expr, const char *name)
{
    return expr->kind == KB_X_CALL && kb_str_eq_c(expr->name, name);
}

/* Adds the columns that have a value where `expr` is `truth`. */
static const struct guards *learn(struct kb_arena *arena, const struct kb_cel_expr *expr,
                                  bool truth, const struct guards *g)
{
    if (expr->kind == KB_X_HAS_VAR && truth) {
        return with(arena, g, expr->args[0]->index);
    }
    if (is_operator(expr, "!_")) {
        return learn(arena, expr->args[0], !truth, g);
    }
    if (is_operator(expr, truth ? "_&&_" : "_||_")) {
        for (size_t i = 0; i < expr->n; i++) {
            g = learn(arena, expr->args[i], truth, g);
        }
    }
    return g;
}

static void walk(struct kb_cel_checker *c, const struct kb_cel_expr *expr, const struct guards *g);

static void walk_terms(struct kb_cel_checker *c, const struct kb_cel_expr *expr,
                       const struct guards *g, bool truth)
{
    const struct guards *all = g;
    for (size_t i = 0; i < expr->n; i++) {
        all = learn(c->arena, expr->args[i], truth, all);
    }
    for (size_t i = 0; i < expr->n; i++) {
        const struct guards *here = all;
        if (learn(c->arena, expr->args[i], truth, g) != g) { /* not what it says itself */
            here = g;
            for (size_t other = 0; other < expr->n; other++) {
                here = other == i ? here : learn(c->arena, expr->args[other], truth, here);
            }
        }
        walk(c, expr->args[i], here);
    }
}

static void walk_conditional(struct kb_cel_checker *c, const struct kb_cel_expr *expr,
                             const struct guards *g)
{
    walk(c, expr->args[0], g);
    walk(c, expr->args[1], learn(c->arena, expr->args[0], true, g));
    walk(c, expr->args[2], learn(c->arena, expr->args[0], false, g));
}

static void use(struct kb_cel_checker *c, const struct kb_cel_expr *expr, const struct guards *g)
{
    const struct kb_cel_decl *decl = c->env->vars.at[expr->index];
    if (decl->optional && !guarded(g, expr->index)) {
        kb_cel_issue_add(c->source, KB_CEL_CHECK, expr->pos,
                         "'%.*s' may have no value: write has(%.*s) && … before it is used",
                         KB_FMT(decl->name), KB_FMT(decl->name));
    }
}

static void walk_parts(struct kb_cel_checker *c, const struct kb_cel_expr *expr,
                       const struct guards *g)
{
    for (size_t i = 0; i < expr->n; i++) {
        walk(c, expr->args[i], g);
    }
    if (expr->loop != NULL) {
        const struct kb_cel_expr *parts[] = {expr->loop->range, expr->loop->test, expr->loop->body};
        for (size_t i = 0; i < 3; i++) {
            if (parts[i] != NULL) {
                walk(c, parts[i], g);
            }
        }
    }
}

static void walk(struct kb_cel_checker *c, const struct kb_cel_expr *expr, const struct guards *g)
{
    if (expr->kind == KB_X_HAS_VAR) {
        return;
    }
    if (expr->kind == KB_X_IDENT) {
        if (expr->ref == KB_REF_VAR) {
            use(c, expr, g);
        }
    } else if (is_operator(expr, "_&&_") || is_operator(expr, "_||_")) {
        walk_terms(c, expr, g, expr->name.p[1] == '&');
    } else if (is_operator(expr, "_?_:_")) {
        walk_conditional(c, expr, g);
    } else {
        walk_parts(c, expr, g);
    }
}

void kb_cel_check_columns(struct kb_cel_checker *c, const struct kb_cel_expr *expr)
{
    walk(c, expr, NULL);
}
