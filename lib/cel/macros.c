/* The macros, as a table from name, style and number of arguments to what they become. */
#include "cel/macros.h"

#include "cel/env.h"

static bool is_simple_name(const struct kb_cel_expr *expr)
{
    return expr->kind == KB_X_IDENT && !expr->absolute;
}

static void *refuse(struct kb_cel_parser *p, const struct kb_cel_expr *at, const char *why)
{
    kb_cel_issue_add(p->source, KB_CEL_PARSE, at->pos, "%s", why);
    return NULL;
}

enum { ANY_ARGS = 99 };

struct macro {
    const char *name;
    size_t args; /* without the receiver */
    bool member;
    enum kb_cel_loop_kind kind;
    unsigned vars;
    const char *space; /* the name that must stand before the dot: cel in cel.bind */
};

/* What follows the variables: [test,] body. Tests alone where the kind collects nothing. */
static const struct macro macros[] = {
    {"all", 2, true, KB_LOOP_ALL, 1, NULL},
    {"exists", 2, true, KB_LOOP_EXISTS, 1, NULL},
    {"exists_one", 2, true, KB_LOOP_EXISTS_ONE, 1, NULL},
    {"map", 2, true, KB_LOOP_MAP, 1, NULL},
    {"map", 3, true, KB_LOOP_MAP, 1, NULL},
    {"all", 3, true, KB_LOOP_ALL, 2, NULL},
    {"exists", 3, true, KB_LOOP_EXISTS, 2, NULL},
    {"exists_one", 3, true, KB_LOOP_EXISTS_ONE, 2, NULL},
    {"existsOne", 3, true, KB_LOOP_EXISTS_ONE, 2, NULL},
    {"transformList", 3, true, KB_LOOP_MAP, 2, NULL},
    {"transformList", 4, true, KB_LOOP_MAP, 2, NULL},
    {"transformMap", 3, true, KB_LOOP_TRANSFORM_MAP, 2, NULL},
    {"transformMap", 4, true, KB_LOOP_TRANSFORM_MAP, 2, NULL},
    {"transformMapEntry", 3, true, KB_LOOP_TRANSFORM_ENTRY, 2, NULL},
    {"transformMapEntry", 4, true, KB_LOOP_TRANSFORM_ENTRY, 2, NULL},
    {"bind", 3, true, KB_LOOP_BIND, 1, "cel"},
    {"optMap", 2, true, KB_LOOP_OPT_MAP, 1, NULL},
    {"optFlatMap", 2, true, KB_LOOP_OPT_FLAT_MAP, 1, NULL},
};

static struct kb_cel_expr *new_loop(struct kb_cel_parser *p, const struct kb_cel_expr *call,
                                    enum kb_cel_loop_kind kind, struct kb_cel_expr *range)
{
    struct kb_cel_expr *expr = kb_cel_expr_new(p, KB_X_LOOP, call->pos);
    expr->depth = call->depth;
    expr->name = call->name;
    expr->loop = KB_NEW(p->arena, struct kb_cel_loop);
    expr->loop->kind = kind;
    expr->loop->range = range;
    return expr;
}

static bool take_vars(struct kb_cel_parser *p, const struct macro *macro,
                      struct kb_cel_expr *const *args, struct kb_cel_loop *loop)
{
    for (unsigned i = 0; i < macro->vars; i++) {
        if (!is_simple_name(args[i])) {
            refuse(p, args[i],
                   macro->space != NULL ? "cel.bind() variable names must be simple identifiers"
                                        : "argument is not an identifier");
            return false;
        }
        loop->var[i] = args[i]->name;
    }
    if (macro->vars == 2 && kb_str_eq(loop->var[0], loop->var[1])) {
        kb_cel_issue_add(p->source, KB_CEL_PARSE, args[1]->pos, "duplicate variable name: %.*s",
                         KB_FMT(loop->var[0]));
        return false;
    }
    return true;
}

static struct kb_cel_expr *expand_loop(struct kb_cel_parser *p, const struct macro *macro,
                                       struct kb_cel_expr *call)
{
    struct kb_cel_expr *expr = new_loop(p, call, macro->kind, call->args[0]);
    struct kb_cel_loop *loop = expr->loop;
    struct kb_cel_expr *const *args = call->args + 1;
    if (!take_vars(p, macro, args, loop)) {
        return NULL;
    }
    args += macro->vars;
    size_t rest = macro->args - macro->vars;
    if (macro->kind == KB_LOOP_BIND) {
        loop->range = args[0];
        loop->body = args[1];
    } else if (macro->kind <= KB_LOOP_EXISTS_ONE) {
        loop->test = args[0];
    } else {
        loop->test = rest == 2 ? args[0] : NULL;
        loop->body = args[rest - 1];
    }
    return expr;
}

static struct kb_cel_expr *expand_filter(struct kb_cel_parser *p, struct kb_cel_expr *call)
{
    static const struct macro filter = {"filter", 2, true, KB_LOOP_MAP, 1, NULL};
    struct kb_cel_expr *expr = new_loop(p, call, KB_LOOP_MAP, call->args[0]);
    if (!take_vars(p, &filter, call->args + 1, expr->loop)) {
        return NULL;
    }
    expr->loop->test = call->args[2];
    expr->loop->body = call->args[1]; /* the variable itself */
    return expr;
}

static struct kb_cel_expr *expand_has(struct kb_cel_parser *p, struct kb_cel_expr *call)
{
    struct kb_cel_expr *arg = call->args[0];
    if (arg->kind == KB_X_IDENT && (p->flags & KB_CEL_COLUMNS) != 0) {
        struct kb_cel_expr *has = kb_cel_expr_new(p, KB_X_HAS_VAR, call->pos);
        has->args = call->args;
        has->n = 1;
        has->depth = call->depth;
        return has;
    }
    if (arg->kind != KB_X_SELECT || arg->test || arg->optional) {
        return refuse(p, arg, "invalid argument to has() macro");
    }
    struct kb_cel_expr *test = kb_cel_expr_new(p, KB_X_SELECT, call->pos);
    test->name = arg->name;
    test->args = arg->args;
    test->n = 1;
    test->test = true;
    test->depth = call->depth;
    return test;
}

static bool is_number_literal(const struct kb_cel_expr *expr)
{
    return expr->kind == KB_X_LITERAL &&
           (expr->value.kind == KB_CEL_INT || expr->value.kind == KB_CEL_UINT ||
            expr->value.kind == KB_CEL_DOUBLE);
}

/* What is certainly no number, nor a call or name that might give one. */
static bool is_no_number(const struct kb_cel_expr *expr)
{
    return (expr->kind == KB_X_LITERAL && !is_number_literal(expr)) || expr->kind == KB_X_LIST ||
           expr->kind == KB_X_MAP || expr->kind == KB_X_MESSAGE;
}

static bool is_number_list(const struct kb_cel_expr *expr)
{
    for (size_t i = 0; i < expr->n; i++) {
        if (is_no_number(expr->args[i])) {
            return false;
        }
    }
    return expr->kind == KB_X_LIST && expr->n > 0;
}

/* math.greatest(a, b, …) is math.@max of one, two or a list of many. */
static struct kb_cel_expr *expand_extreme(struct kb_cel_parser *p, struct kb_cel_expr *call,
                                          bool least)
{
    const char *word = least ? "math.least()" : "math.greatest()";
    struct kb_cel_expr **args = call->args + 1;
    size_t n = call->n - 1;
    if (n == 0) {
        kb_cel_issue_add(p->source, KB_CEL_PARSE, call->args[0]->pos,
                         "%s requires at least one argument", word);
        return NULL;
    }
    for (size_t i = 0; i < n; i++) {
        if (is_no_number(args[i]) && !(n == 1 && is_number_list(args[i]))) {
            kb_cel_issue_add(p->source, KB_CEL_PARSE, args[i]->pos, "%s %s", word,
                             n == 1 ? "invalid single argument value"
                                    : "simple literal arguments must be numeric");
            return NULL;
        }
    }
    struct kb_cel_expr *list = NULL;
    if (n > 2) {
        list = kb_cel_expr_new(p, KB_X_LIST, call->pos);
        list->args = args;
        list->n = n;
        list->depth = call->depth;
        args = &list;
        n = 1;
    }
    return kb_cel_expr_call(p, call->pos, least ? "math.@min" : "math.@max", args, n);
}

/* list.sortBy(e, key) is cel.bind(@list, list, @list.@sortByAssociatedKeys(@list.map(e, key))). */
static struct kb_cel_expr *expand_sort(struct kb_cel_parser *p, struct kb_cel_expr *call)
{
    if (!is_simple_name(call->args[1])) {
        return refuse(p, call->args[1], "sortBy() variable name must be a simple identifier");
    }
    struct kb_cel_expr *names[2];
    for (size_t i = 0; i < 2; i++) {
        names[i] = kb_cel_expr_new(p, KB_X_IDENT, call->args[0]->pos);
        names[i]->name = KB_STR("@list");
    }
    struct kb_cel_expr *keys = new_loop(p, call, KB_LOOP_MAP, names[0]);
    keys->loop->var[0] = call->args[1]->name;
    keys->loop->body = call->args[2];
    struct kb_cel_expr *args[2] = {names[1], keys};
    struct kb_cel_expr *sort = kb_cel_expr_call(p, call->pos, "@sortByAssociatedKeys", args, 2);
    sort->member = true;
    struct kb_cel_expr *bind = new_loop(p, call, KB_LOOP_BIND, call->args[0]);
    bind->loop->var[0] = KB_STR("@list");
    bind->loop->body = sort;
    kb_cel_expr_deepen(p, bind, sort);
    return bind;
}

static bool in_space(const struct kb_cel_expr *call, const char *space)
{
    return call->member && call->args[0]->kind == KB_X_IDENT &&
           kb_str_eq_c(call->args[0]->name, space);
}

static struct kb_cel_expr *expand_greatest(struct kb_cel_parser *p, struct kb_cel_expr *call)
{
    return expand_extreme(p, call, false);
}

static struct kb_cel_expr *expand_least(struct kb_cel_parser *p, struct kb_cel_expr *call)
{
    return expand_extreme(p, call, true);
}

/* Macros of a shape of their own. */
static const struct {
    const char *name;
    size_t args; /* ANY_ARGS: however many */
    const char *space;
    struct kb_cel_expr *(*expand)(struct kb_cel_parser *p, struct kb_cel_expr *call);
} special[] = {
    {"filter", 2, NULL, expand_filter},
    {"sortBy", 2, NULL, expand_sort},
    {"greatest", ANY_ARGS, "math", expand_greatest},
    {"least", ANY_ARGS, "math", expand_least},
};

static bool is_off(const struct kb_cel_parser *p, const char *space)
{
    unsigned flag = kb_str_eq_c(KB_STR("math"), space) ? KB_CEL_NO_MATH : KB_CEL_NO_BIND;
    return (p->flags & flag) != 0;
}

static bool is_macro(const struct kb_cel_parser *p, const struct kb_cel_expr *call,
                     const char *name, size_t args, const char *space)
{
    if ((args != ANY_ARGS && args != call->n - 1) || !kb_str_eq_c(call->name, name)) {
        return false;
    }
    return space == NULL || (!is_off(p, space) && in_space(call, space));
}

struct kb_cel_expr *kb_cel_macro_expand(struct kb_cel_parser *p, struct kb_cel_expr *call)
{
    if (!call->member) {
        return call->n == 1 && kb_str_eq_c(call->name, "has") ? expand_has(p, call) : call;
    }
    for (size_t i = 0; i < sizeof special / sizeof special[0]; i++) {
        if (is_macro(p, call, special[i].name, special[i].args, special[i].space)) {
            return special[i].expand(p, call);
        }
    }
    for (size_t i = 0; i < sizeof macros / sizeof macros[0]; i++) {
        if (is_macro(p, call, macros[i].name, macros[i].args, macros[i].space)) {
            return expand_loop(p, &macros[i], call);
        }
    }
    return call;
}
