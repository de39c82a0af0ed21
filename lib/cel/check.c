/* Checking: names, selections and literals. Calls are in check_call.c, macros in check_loop.c. */
#include "cel/check.h"

struct kb_str kb_cel_checker_text(struct kb_cel_checker *c, const struct kb_cel_type *type)
{
    type = kb_cel_infer_resolve(&c->infer, type, true);
    struct kb_str text = kb_cel_type_text(type, c->arena);
    return kb_str_sub(text, 0, 160); /* a type that is longer says no more to a reader */
}

bool kb_cel_expect_type(struct kb_cel_checker *c, uint32_t pos, const struct kb_cel_type *want,
                        const struct kb_cel_type *got)
{
    if (c->lenient || kb_cel_infer_assign(&c->infer, &got, &want, 1)) {
        return true;
    }
    struct kb_str expected = kb_cel_checker_text(c, want);
    struct kb_str found = kb_cel_checker_text(c, got);
    kb_cel_issue_add(c->source, KB_CEL_CHECK, pos, "expected type '%.*s' but found '%.*s'",
                     KB_FMT(expected), KB_FMT(found));
    return false;
}

const struct kb_cel_scope *kb_cel_scope_find(const struct kb_cel_checker *c, struct kb_str name)
{
    const struct kb_cel_scope *scope = c->scope;
    while (scope != NULL && !kb_str_eq(scope->name, name)) {
        scope = scope->up;
    }
    return scope;
}

bool kb_cel_qualified(struct kb_cel_checker *c, const struct kb_cel_expr *expr, struct kb_str *out,
                      bool *absolute)
{
    size_t n = 0;
    const struct kb_cel_expr *root = expr;
    while (root->kind == KB_X_SELECT && !root->optional) {
        n += root->name.n + 1;
        root = root->args[0];
    }
    if (root->kind != KB_X_IDENT) {
        return false;
    }
    *absolute = root->absolute;
    if (root == expr) {
        *out = expr->name;
        return true;
    }
    n += root->name.n;
    char *text = kb_arena_alloc(c->arena, n + 1);
    *out = (struct kb_str){text, n};
    for (const struct kb_cel_expr *e = expr; e != root; e = e->args[0]) {
        n -= e->name.n;
        memcpy(text + n, e->name.p, e->name.n);
        text[--n] = '.';
    }
    memcpy(text, root->name.p, root->name.n);
    return true;
}

static const struct kb_cel_expr *root_of(const struct kb_cel_expr *expr)
{
    while (expr->kind == KB_X_SELECT) {
        expr = expr->args[0];
    }
    return expr;
}

/* The declaration that the whole chain names, or NULL. */
static const struct kb_cel_decl *lookup_chain(struct kb_cel_checker *c,
                                              const struct kb_cel_expr *expr, struct kb_str *name)
{
    bool absolute = false;
    if (!kb_cel_qualified(c, expr, name, &absolute)) {
        return NULL;
    }
    if (!absolute && kb_cel_scope_find(c, root_of(expr)->name) != NULL) {
        return NULL;
    }
    return kb_cel_env_lookup(c->env, *name, absolute);
}

static const struct kb_cel_type *refer(struct kb_cel_expr *expr, const struct kb_cel_decl *decl)
{
    expr->ref = decl->ref;
    expr->index = decl->index;
    if (decl->ref == KB_REF_TYPE) {
        expr->value = decl->value;
    }
    return decl->type;
}

static const struct kb_cel_type *check_ident(struct kb_cel_checker *c, struct kb_cel_expr *expr)
{
    const struct kb_cel_scope *local = expr->absolute ? NULL : kb_cel_scope_find(c, expr->name);
    if (local != NULL) {
        expr->ref = KB_REF_LOCAL;
        expr->index = local->slot;
        return local->type;
    }
    const struct kb_cel_decl *decl = kb_cel_env_lookup(c->env, expr->name, expr->absolute);
    if (decl != NULL) {
        return refer(expr, decl);
    }
    if (!c->lenient) {
        struct kb_str like = kb_cel_env_similar(c->env, expr->name, false);
        kb_cel_issue_add(c->source, KB_CEL_CHECK, expr->pos,
                         "undeclared reference to '%.*s'%s%.*s%s", KB_FMT(expr->name),
                         like.n > 0 ? " (did you mean '" : "", KB_FMT(like),
                         like.n > 0 ? "'?)" : "");
    }
    return kb_cel_checker_type(c, KB_CEL_T_ERROR);
}

static const struct kb_cel_type *optional_of(struct kb_cel_checker *c,
                                             const struct kb_cel_type *type)
{
    if (kb_cel_is_dyn(type) && type->kind == KB_CEL_T_ERROR) {
        return type;
    }
    return kb_cel_type_get(&c->env->types, KB_CEL_T_OPTIONAL, KB_STR(""), type, NULL);
}

/* The type of a field of a value of type `of`. */
static const struct kb_cel_type *
field_type(struct kb_cel_checker *c, const struct kb_cel_expr *expr, const struct kb_cel_type *of)
{
    const struct kb_cel_type *dyn = kb_cel_checker_type(c, KB_CEL_T_DYN);
    if (of->kind == KB_CEL_T_MAP) {
        return of->param[1];
    }
    if (of->kind == KB_CEL_T_PARAM) {
        (void)kb_cel_infer_assign(&c->infer, &dyn, &of, 1);
        return dyn;
    }
    if (!kb_cel_is_dyn(of) && !c->lenient) {
        struct kb_str text = kb_cel_checker_text(c, of);
        kb_cel_issue_add(c->source, KB_CEL_CHECK, expr->pos,
                         "type '%.*s' does not support field selection", KB_FMT(text));
        return kb_cel_checker_type(c, KB_CEL_T_ERROR);
    }
    return dyn;
}

static const struct kb_cel_type *check_select(struct kb_cel_checker *c, struct kb_cel_expr *expr)
{
    struct kb_str name;
    if (!expr->optional && (!expr->test || (c->env->flags & KB_CEL_COLUMNS) != 0)) {
        const struct kb_cel_decl *decl = lookup_chain(c, expr, &name);
        if (decl != NULL && expr->test) { /* has() of a column with dots in its name */
            expr->kind = KB_X_HAS_VAR;
            expr->args[0] = KB_NEW(c->arena, struct kb_cel_expr);
            *expr->args[0] = (struct kb_cel_expr){
                .kind = KB_X_IDENT, .pos = expr->pos, .depth = 1, .name = name};
            expr->args[0]->type = refer(expr->args[0], decl);
            return kb_cel_checker_type(c, KB_CEL_T_BOOL);
        }
        if (decl != NULL) {
            expr->kind = KB_X_IDENT;
            expr->name = name;
            return refer(expr, decl);
        }
    }
    const struct kb_cel_type *operand = kb_cel_check_expr(c, expr->args[0]);
    operand = kb_cel_infer_resolve(&c->infer, operand, false);
    bool optional = expr->optional;
    if (operand->kind == KB_CEL_T_OPTIONAL) {
        operand = kb_cel_infer_resolve(&c->infer, operand->param[0], false);
        optional = true;
    }
    const struct kb_cel_type *type = field_type(c, expr, operand);
    if (expr->test) {
        return kb_cel_checker_type(c, KB_CEL_T_BOOL);
    }
    return optional ? optional_of(c, type) : type;
}

/* The type of an element, taken out of its optional where it is marked with '?'. */
static const struct kb_cel_type *element_type(struct kb_cel_checker *c, struct kb_cel_expr *expr,
                                              bool optional)
{
    const struct kb_cel_type *type = kb_cel_check_expr(c, expr);
    if (!optional) {
        return type;
    }
    type = kb_cel_infer_resolve(&c->infer, type, false);
    if (type->kind == KB_CEL_T_OPTIONAL) {
        return type->param[0];
    }
    if (!kb_cel_is_dyn(type) && !c->lenient) {
        (void)kb_cel_expect_type(c, expr->pos, optional_of(c, type), type);
    }
    return type;
}

/* What elements of both types have in common; different types make dyn. */
static const struct kb_cel_type *join(struct kb_cel_checker *c, const struct kb_cel_type *so_far,
                                      const struct kb_cel_type *next)
{
    if (so_far == NULL) {
        return next;
    }
    if (kb_cel_infer_assign(&c->infer, &so_far, &next, 1)) {
        return kb_cel_infer_general(so_far, next);
    }
    return kb_cel_checker_type(c, KB_CEL_T_DYN);
}

static const struct kb_cel_type *or_fresh(struct kb_cel_checker *c, const struct kb_cel_type *type)
{
    return type == NULL ? kb_cel_infer_fresh(&c->infer) : type;
}

static const struct kb_cel_type *check_list(struct kb_cel_checker *c, struct kb_cel_expr *expr)
{
    const struct kb_cel_type *element = NULL;
    for (size_t i = 0; i < expr->n; i++) {
        bool optional = expr->optional_args != NULL && expr->optional_args[i];
        const struct kb_cel_type *type = element_type(c, expr->args[i], optional);
        element = join(c, element, type);
    }
    return kb_cel_type_get(&c->env->types, KB_CEL_T_LIST, KB_STR(""), or_fresh(c, element), NULL);
}

static const struct kb_cel_type *check_map(struct kb_cel_checker *c, struct kb_cel_expr *expr)
{
    const struct kb_cel_type *key = NULL;
    const struct kb_cel_type *value = NULL;
    for (size_t i = 0; i < expr->n; i += 2) {
        bool optional = expr->optional_args != NULL && expr->optional_args[i / 2];
        key = join(c, key, kb_cel_check_expr(c, expr->args[i]));
        value = join(c, value, element_type(c, expr->args[i + 1], optional));
    }
    key = or_fresh(c, key);
    return kb_cel_type_get(&c->env->types, KB_CEL_T_MAP, KB_STR(""), key, or_fresh(c, value));
}

static const struct kb_cel_type *literal_type(struct kb_cel_checker *c,
                                              const struct kb_cel_expr *expr)
{
    static const enum kb_cel_type_kind types[] = {
        [KB_CEL_NULL] = KB_CEL_T_NULL,     [KB_CEL_BOOL] = KB_CEL_T_BOOL,
        [KB_CEL_INT] = KB_CEL_T_INT,       [KB_CEL_UINT] = KB_CEL_T_UINT,
        [KB_CEL_DOUBLE] = KB_CEL_T_DOUBLE, [KB_CEL_STRING] = KB_CEL_T_STRING,
        [KB_CEL_BYTES] = KB_CEL_T_BYTES};
    return kb_cel_checker_type(c, types[expr->value.kind]);
}

/* T{…}: of messages there are only the empty time and the empty duration. */
static const struct kb_cel_type *check_message(struct kb_cel_checker *c, struct kb_cel_expr *expr)
{
    struct kb_str name = {"", 0};
    const struct kb_cel_decl *decl = lookup_chain(c, expr->args[0], &name);
    const struct kb_cel_type *of =
        decl == NULL || decl->ref != KB_REF_TYPE ? NULL : decl->type->param[0];
    if (of != NULL && !expr->test &&
        (of->kind == KB_CEL_T_TIMESTAMP || of->kind == KB_CEL_T_DURATION)) {
        expr->kind = KB_X_LITERAL;
        expr->n = 0;
        expr->value = of->kind == KB_CEL_T_TIMESTAMP ? kb_cel_timestamp(0, 0) : kb_cel_duration(0);
        return of;
    }
    if (decl == NULL) {
        kb_cel_issue_add(c->source, KB_CEL_CHECK, expr->pos, "undeclared reference to '%.*s'",
                         KB_FMT(name));
    } else {
        kb_cel_issue_add(c->source, KB_CEL_CHECK, expr->pos, "'%.*s' is not a message type",
                         KB_FMT(name));
    }
    return kb_cel_checker_type(c, KB_CEL_T_ERROR);
}

static const struct kb_cel_type *check_has_var(struct kb_cel_checker *c, struct kb_cel_expr *expr)
{
    (void)kb_cel_check_expr(c, expr->args[0]);
    if (expr->args[0]->ref == KB_REF_LOCAL || expr->args[0]->ref == KB_REF_TYPE) {
        kb_cel_issue_add(c->source, KB_CEL_CHECK, expr->pos, "has() takes a column or a field");
    }
    return kb_cel_checker_type(c, KB_CEL_T_BOOL);
}

static const struct kb_cel_type *check_kind(struct kb_cel_checker *c, struct kb_cel_expr *expr)
{
    switch (expr->kind) {
    case KB_X_LITERAL:
        return literal_type(c, expr);
    case KB_X_IDENT:
        return check_ident(c, expr);
    case KB_X_SELECT:
        return check_select(c, expr);
    case KB_X_CALL:
        return kb_cel_check_call(c, expr);
    case KB_X_LIST:
        return check_list(c, expr);
    case KB_X_MAP:
        return check_map(c, expr);
    case KB_X_MESSAGE:
        return check_message(c, expr);
    case KB_X_LOOP:
        return kb_cel_check_loop(c, expr);
    case KB_X_HAS_VAR:
        return check_has_var(c, expr);
    }
    return kb_cel_checker_type(c, KB_CEL_T_ERROR);
}

const struct kb_cel_type *kb_cel_check_expr(struct kb_cel_checker *c, struct kb_cel_expr *expr)
{
    const struct kb_cel_type *type = check_kind(c, expr);
    expr->type = c->lenient ? kb_cel_checker_type(c, KB_CEL_T_DYN) : type;
    return expr->type;
}

/* Replaces type variables in the tree by what they have come to stand for. */
static void settle(struct kb_cel_checker *c, struct kb_cel_expr *expr)
{
    if (expr == NULL) {
        return;
    }
    expr->type = expr->type == NULL ? kb_cel_checker_type(c, KB_CEL_T_DYN)
                                    : kb_cel_infer_resolve(&c->infer, expr->type, true);
    for (size_t i = 0; i < expr->n; i++) {
        settle(c, expr->args[i]);
    }
    if (expr->loop != NULL) {
        settle(c, expr->loop->range);
        settle(c, expr->loop->test);
        settle(c, expr->loop->body);
    }
}

const struct kb_cel_type *kb_cel_check(struct kb_cel_checker *c, struct kb_cel_expr *expr)
{
    c->lenient = (c->env->flags & KB_CEL_NO_CHECK) != 0;
    c->infer.types = &c->env->types;
    (void)kb_cel_check_expr(c, expr);
    settle(c, expr);
    kb_cel_infer_done(&c->infer);
    return expr->type;
}
