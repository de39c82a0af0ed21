/* What texts a variable must have for a condition to be anything but false: for an index over rows.
 */
#include "cel/program.h"

/* Texts found so far; `bound` false: any text may do. */
struct texts {
    struct kb_str *at;
    size_t n;
    size_t max;
    bool bound;
};

static void unbind(struct texts *out)
{
    out->bound = false;
    out->n = 0;
}

static void add(struct texts *out, struct kb_str s)
{
    for (size_t i = 0; i < out->n; i++) {
        if (kb_str_eq(out->at[i], s)) {
            return;
        }
    }
    if (out->n == out->max) {
        unbind(out);
    } else if (out->bound) {
        out->at[out->n++] = s;
    }
}

static bool is_var(const struct kb_cel_expr *expr, unsigned var)
{
    return expr->kind == KB_X_IDENT && expr->ref == KB_REF_VAR && expr->index == var;
}

static const struct kb_cel_val *constant_of(const struct kb_cel_program *program,
                                            const struct kb_cel_expr *expr)
{
    if (expr->kind == KB_X_LITERAL) {
        return &expr->value;
    }
    return expr->kind == KB_X_IDENT && expr->ref == KB_REF_CONST
               ? &program->env->consts.at[expr->index]->value
               : NULL;
}

static void add_equal(const struct kb_cel_program *program, const struct kb_cel_expr *expr,
                      unsigned var, struct texts *out)
{
    for (size_t i = 0; i < 2; i++) {
        const struct kb_cel_val *v = constant_of(program, expr->args[1 - i]);
        if (is_var(expr->args[i], var) && v != NULL && v->kind == KB_CEL_STRING) {
            add(out, v->s);
            return;
        }
    }
    unbind(out);
}

static void add_literals(const struct kb_cel_program *program, const struct kb_cel_expr *list,
                         struct texts *out)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct kb_cel_val *v = constant_of(program, list->args[i]);
        if (v == NULL || v->kind != KB_CEL_STRING || list->optional_args != NULL) {
            unbind(out);
            return;
        }
        add(out, v->s);
    }
}

static void add_in(const struct kb_cel_program *program, const struct kb_cel_expr *expr,
                   unsigned var, struct texts *out)
{
    if (!is_var(expr->args[0], var)) {
        unbind(out);
        return;
    }
    if (expr->args[1]->kind == KB_X_LIST) {
        add_literals(program, expr->args[1], out);
        return;
    }
    const struct kb_cel_val *v = constant_of(program, expr->args[1]);
    if (v == NULL || v->kind != KB_CEL_LIST) {
        unbind(out);
        return;
    }
    for (size_t i = 0; i < v->list->n; i++) {
        if (v->list->items[i].kind == KB_CEL_STRING) { /* others are equal to no text */
            add(out, v->list->items[i].s);
        }
    }
}

static void find(const struct kb_cel_program *program, const struct kb_cel_expr *expr, unsigned var,
                 struct texts *out);

/* The first term that bounds it: any one does, since the others can only make it false. */
static void find_in_and(const struct kb_cel_program *program, const struct kb_cel_expr *expr,
                        unsigned var, struct texts *out)
{
    for (size_t i = 0; i < expr->n; i++) {
        struct texts one = {out->at + out->n, 0, out->max - out->n, true};
        find(program, expr->args[i], var, &one);
        if (one.bound) {
            out->n += one.n;
            return;
        }
    }
    unbind(out);
}

static void find(const struct kb_cel_program *program, const struct kb_cel_expr *expr, unsigned var,
                 struct texts *out)
{
    if (expr->kind != KB_X_CALL || expr->member) {
        unbind(out);
    } else if (kb_str_eq_c(expr->name, "_==_")) {
        add_equal(program, expr, var, out);
    } else if (kb_str_eq_c(expr->name, "@in")) {
        add_in(program, expr, var, out);
    } else if (kb_str_eq_c(expr->name, "_&&_")) {
        find_in_and(program, expr, var, out);
    } else if (kb_str_eq_c(expr->name, "_||_")) {
        for (size_t i = 0; i < expr->n && out->bound; i++) {
            find(program, expr->args[i], var, out);
        }
    } else {
        unbind(out);
    }
}

size_t kb_cel_required(const struct kb_cel_program *program, unsigned var, struct kb_str *out,
                       size_t max)
{
    struct texts texts = {out, 0, max, true};
    find(program, program->tree, var, &texts);
    return texts.bound ? texts.n : 0;
}
