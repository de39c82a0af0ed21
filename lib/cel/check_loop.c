/* Checking macros: the types their variables have, and of what they collect. */
#include "cel/check.h"

static const struct kb_cel_type *list_of(struct kb_cel_checker *c, const struct kb_cel_type *type)
{
    return kb_cel_type_get(&c->env->types, KB_CEL_T_LIST, KB_STR(""), type, NULL);
}

static const struct kb_cel_type *map_of(struct kb_cel_checker *c, const struct kb_cel_type *key,
                                        const struct kb_cel_type *value)
{
    return kb_cel_type_get(&c->env->types, KB_CEL_T_MAP, KB_STR(""), key, value);
}

static const struct kb_cel_type *optional_of(struct kb_cel_checker *c,
                                             const struct kb_cel_type *type)
{
    return kb_cel_type_get(&c->env->types, KB_CEL_T_OPTIONAL, KB_STR(""), type, NULL);
}

/* What a macro's variables (key or index, then value) run over. */
static void range_types(struct kb_cel_checker *c, const struct kb_cel_expr *range, bool two,
                        const struct kb_cel_type *types[2])
{
    const struct kb_cel_type *dyn = kb_cel_checker_type(c, KB_CEL_T_DYN);
    const struct kb_cel_type *of = kb_cel_infer_resolve(&c->infer, range->type, false);
    types[0] = dyn;
    types[1] = dyn;
    if (of->kind == KB_CEL_T_LIST) {
        types[0] = two ? kb_cel_checker_type(c, KB_CEL_T_INT) : of->param[0];
        types[1] = of->param[0];
    } else if (of->kind == KB_CEL_T_MAP) {
        types[0] = of->param[0];
        types[1] = of->param[1];
    } else if (of->kind == KB_CEL_T_PARAM) {
        (void)kb_cel_infer_assign(&c->infer, &dyn, &of, 1);
    } else if (!kb_cel_is_dyn(of) && !c->lenient) {
        struct kb_str text = kb_cel_checker_text(c, of);
        kb_cel_issue_add(c->source, KB_CEL_CHECK, range->pos,
                         "expression of type '%.*s' cannot be range of a comprehension (must be "
                         "list, map, or dynamic)",
                         KB_FMT(text));
        types[0] = kb_cel_checker_type(c, KB_CEL_T_ERROR);
        types[1] = types[0];
    }
}

static void push(struct kb_cel_checker *c, struct kb_cel_scope *scope, struct kb_str name,
                 const struct kb_cel_type *type)
{
    *scope = (struct kb_cel_scope){name, type, c->locals++, c->scope};
    c->scope = scope;
    if (c->locals > c->max_locals) {
        c->max_locals = c->locals;
    }
}

static void pop(struct kb_cel_checker *c, unsigned n)
{
    for (; n > 0; n--) {
        c->scope = c->scope->up;
        c->locals--;
    }
}

/* The test of what is collected: cel-go makes it the condition of `test ? collected : so far`. */
static void check_filter(struct kb_cel_checker *c, const struct kb_cel_expr *expr,
                         const struct kb_cel_type *collected)
{
    const struct kb_cel_type *boolean = kb_cel_checker_type(c, KB_CEL_T_BOOL);
    const struct kb_cel_type *types[3] = {expr->loop->test->type, collected, collected};
    if (!c->lenient && !kb_cel_infer_assign(&c->infer, &types[0], &boolean, 1)) {
        kb_cel_no_overload(c, expr->pos, KB_STR("_?_:_"), false, types, 3);
    }
}

static const struct kb_cel_type *entry_type(struct kb_cel_checker *c,
                                            const struct kb_cel_expr *expr)
{
    const struct kb_cel_type *key = kb_cel_infer_fresh(&c->infer);
    const struct kb_cel_type *map = map_of(c, key, kb_cel_infer_fresh(&c->infer));
    const struct kb_cel_type *types[2] = {map, expr->loop->body->type};
    if (!c->lenient && !kb_cel_infer_assign(&c->infer, &types[1], &map, 1)) {
        kb_cel_no_overload(c, expr->pos, KB_STR("cel.@mapInsert"), false, types, 2);
    }
    return map;
}

static const struct kb_cel_type *collected_type(struct kb_cel_checker *c,
                                                const struct kb_cel_expr *expr,
                                                const struct kb_cel_type *key)
{
    const struct kb_cel_loop *loop = expr->loop;
    switch (loop->kind) {
    case KB_LOOP_MAP:
        return list_of(c, loop->body->type);
    case KB_LOOP_TRANSFORM_MAP:
        return map_of(c, key, loop->body->type);
    case KB_LOOP_TRANSFORM_ENTRY:
        return entry_type(c, expr);
    case KB_LOOP_EXISTS_ONE:
    case KB_LOOP_ALL:
    case KB_LOOP_EXISTS:
    case KB_LOOP_BIND:
    case KB_LOOP_OPT_MAP:
    case KB_LOOP_OPT_FLAT_MAP:
        break;
    }
    return kb_cel_checker_type(c, KB_CEL_T_INT);
}

static const struct kb_cel_type *check_iteration(struct kb_cel_checker *c, struct kb_cel_expr *expr)
{
    struct kb_cel_loop *loop = expr->loop;
    struct kb_cel_scope scopes[2];
    const struct kb_cel_type *types[2];
    unsigned vars = loop->var[1].p != NULL ? 2 : 1;
    const struct kb_cel_type *boolean = kb_cel_checker_type(c, KB_CEL_T_BOOL);
    (void)kb_cel_check_expr(c, loop->range);
    range_types(c, loop->range, vars == 2, types);
    expr->index = c->locals;
    for (unsigned i = 0; i < vars; i++) {
        push(c, &scopes[i], loop->var[i], types[i]);
    }
    if (loop->test != NULL) {
        (void)kb_cel_check_expr(c, loop->test);
    }
    if (loop->body != NULL) {
        (void)kb_cel_check_expr(c, loop->body);
    }
    pop(c, vars);
    if (loop->kind == KB_LOOP_ALL || loop->kind == KB_LOOP_EXISTS) {
        (void)kb_cel_expect_type(c, loop->test->pos, boolean, loop->test->type);
        return boolean;
    }
    const struct kb_cel_type *collected = collected_type(c, expr, types[0]);
    if (loop->test != NULL) {
        check_filter(c, expr, collected);
    }
    return loop->kind == KB_LOOP_EXISTS_ONE ? boolean : collected;
}

static const struct kb_cel_type *check_body(struct kb_cel_checker *c, struct kb_cel_expr *expr,
                                            const struct kb_cel_type *var)
{
    struct kb_cel_scope scope;
    expr->index = c->locals;
    push(c, &scope, expr->loop->var[0], var);
    const struct kb_cel_type *type = kb_cel_check_expr(c, expr->loop->body);
    pop(c, 1);
    return type;
}

/* target.optMap(v, e) stands for target.hasValue() ? optional.of(e) : optional.none(). */
static const struct kb_cel_type *check_optional(struct kb_cel_checker *c, struct kb_cel_expr *expr)
{
    const struct kb_cel_type *of = kb_cel_check_expr(c, expr->loop->range);
    const struct kb_cel_type *value = kb_cel_infer_fresh(&c->infer);
    const struct kb_cel_type *wanted = optional_of(c, value);
    if (!c->lenient && !kb_cel_infer_assign(&c->infer, &of, &wanted, 1)) {
        kb_cel_no_overload(c, expr->pos, KB_STR("hasValue"), true, &of, 1);
    }
    const struct kb_cel_type *body = check_body(c, expr, value);
    if (expr->loop->kind == KB_LOOP_OPT_MAP) {
        return optional_of(c, body);
    }
    const struct kb_cel_type *none = optional_of(c, kb_cel_infer_fresh(&c->infer));
    if (!c->lenient && !kb_cel_infer_assign(&c->infer, &none, &body, 1)) {
        const struct kb_cel_type *types[3] = {kb_cel_checker_type(c, KB_CEL_T_BOOL), body, none};
        kb_cel_no_overload(c, expr->pos, KB_STR("_?_:_"), false, types, 3);
    }
    return kb_cel_infer_general(body, none);
}

const struct kb_cel_type *kb_cel_check_loop(struct kb_cel_checker *c, struct kb_cel_expr *expr)
{
    if (c->locals + 2 > KB_CEL_MAX_LOCALS) {
        kb_cel_issue_add(c->source, KB_CEL_CHECK, expr->pos, "too many nested macros");
        return kb_cel_checker_type(c, KB_CEL_T_ERROR);
    }
    if (expr->loop->kind == KB_LOOP_BIND) {
        return check_body(c, expr, kb_cel_check_expr(c, expr->loop->range));
    }
    if (expr->loop->kind == KB_LOOP_OPT_MAP || expr->loop->kind == KB_LOOP_OPT_FLAT_MAP) {
        return check_optional(c, expr);
    }
    return check_iteration(c, expr);
}
