/* Checking calls: qualified function names, operators, the choice of overloads. */
#include "cel/check.h"

void kb_cel_no_overload(struct kb_cel_checker *c, uint32_t pos, struct kb_str name, bool member,
                        const struct kb_cel_type *const *types, size_t n)
{
    struct kb_buf text;
    kb_buf_init(&text, 400);
    if (member) {
        kb_buf_str(&text, kb_cel_checker_text(c, types[0]));
        kb_buf_char(&text, '.');
    }
    kb_buf_char(&text, '(');
    for (size_t i = member; i < n; i++) {
        kb_buf_c(&text, i > member ? ", " : "");
        kb_buf_str(&text, kb_cel_checker_text(c, types[i]));
    }
    kb_buf_char(&text, ')');
    kb_cel_issue_add(c->source, KB_CEL_CHECK, pos,
                     "found no matching overload for '%.*s' applied to '%.*s'", KB_FMT(name),
                     KB_FMT(kb_buf_view(&text)));
    kb_buf_done(&text);
}

static const struct kb_cel_type *error_type(struct kb_cel_checker *c)
{
    return kb_cel_checker_type(c, KB_CEL_T_ERROR);
}

static const struct kb_cel_type *check_logic(struct kb_cel_checker *c, struct kb_cel_expr *call)
{
    const struct kb_cel_type *boolean = kb_cel_checker_type(c, KB_CEL_T_BOOL);
    for (size_t i = 0; i < call->n; i++) {
        const struct kb_cel_type *type = kb_cel_check_expr(c, call->args[i]);
        (void)kb_cel_expect_type(c, call->args[i]->pos, boolean, type);
    }
    return boolean;
}

/* Does the overload take these types? Then *result is its result's type. */
static bool overload_takes(struct kb_cel_checker *c, const struct kb_cel_overload *overload,
                           const struct kb_cel_type *const *types, size_t n,
                           const struct kb_cel_type **result)
{
    enum { MAX_ARGS = 8 };
    const struct kb_cel_type *letters[26] = {NULL};
    const struct kb_cel_type *wanted[MAX_ARGS];
    for (size_t i = 0; i < n; i++) {
        wanted[i] = kb_cel_infer_instance(&c->infer, overload->sig.args[i], letters);
    }
    *result = kb_cel_infer_instance(&c->infer, overload->sig.result, letters);
    if (!kb_cel_infer_assign(&c->infer, types, wanted, n)) {
        return false;
    }
    *result = kb_cel_infer_resolve(&c->infer, *result, false);
    return true;
}

static bool same_style(const struct kb_cel_overload *overload, bool member, size_t n)
{
    return ((overload->func->flags & KB_CEL_MEMBER) != 0) == member && overload->sig.n == n;
}

static const struct kb_cel_type *choose(struct kb_cel_checker *c, struct kb_cel_expr *call,
                                        const struct kb_cel_function *function,
                                        const struct kb_cel_type *const *types)
{
    const struct kb_cel_type *result = NULL;
    const struct kb_cel_overload **matches =
        KB_NEW_ARRAY(c->arena, function->n, const struct kb_cel_overload *);
    for (size_t i = 0; i < function->n; i++) {
        const struct kb_cel_overload *overload = function->at[i];
        const struct kb_cel_type *one = NULL;
        if (!same_style(overload, call->member, call->n) ||
            !(c->lenient || overload_takes(c, overload, types, call->n, &one))) {
            continue;
        }
        matches[call->match_count++] = overload;
        if (result == NULL) {
            result = one;
        } else if (result != one) {
            result = kb_cel_checker_type(c, KB_CEL_T_DYN);
        }
    }
    call->matches = matches;
    if (call->match_count == 0 && !c->lenient) {
        kb_cel_no_overload(c, call->pos, call->name, call->member, types, call->n);
        return error_type(c);
    }
    return result == NULL ? error_type(c) : result;
}

/* `a.b.f(x)` may call the function named a.b.f: then the receiver is a part of its name. */
static const struct kb_cel_function *namespaced(struct kb_cel_checker *c, struct kb_cel_expr *call)
{
    struct kb_str space;
    struct kb_str full;
    bool absolute = false;
    if (!call->member || !kb_cel_qualified(c, call->args[0], &space, &absolute)) {
        return NULL;
    }
    struct kb_str name = kb_arena_printf(c->arena, "%.*s.%.*s", KB_FMT(space), KB_FMT(call->name));
    const struct kb_cel_function *function =
        kb_cel_env_lookup_function(c->env, name, absolute, &full);
    if (function != NULL) {
        call->name = full;
        call->member = false;
        call->args++;
        call->n--;
    }
    return function;
}

static void undeclared(struct kb_cel_checker *c, const struct kb_cel_expr *call)
{
    struct kb_str like = kb_cel_env_similar(c->env, call->name, true);
    kb_cel_issue_add(c->source, KB_CEL_CHECK, call->pos, "undeclared reference to '%.*s'%s%.*s%s",
                     KB_FMT(call->name), like.n > 0 ? " (did you mean '" : "", KB_FMT(like),
                     like.n > 0 ? "'?)" : "");
}

const struct kb_cel_type *kb_cel_check_call(struct kb_cel_checker *c, struct kb_cel_expr *call)
{
    if (kb_str_eq_c(call->name, "_&&_") || kb_str_eq_c(call->name, "_||_")) {
        return check_logic(c, call);
    }
    struct kb_str full = call->name;
    const struct kb_cel_function *function = namespaced(c, call);
    if (function == NULL) {
        function = call->member
                       ? kb_cel_env_function(c->env, call->name)
                       : kb_cel_env_lookup_function(c->env, call->name, call->absolute, &full);
    }
    enum { MAX_ARGS = 8 };
    const struct kb_cel_type *types[MAX_ARGS];
    for (size_t i = 0; i < call->n; i++) {
        const struct kb_cel_type *type = kb_cel_check_expr(c, call->args[i]);
        types[i < MAX_ARGS ? i : 0] = type;
    }
    if (function == NULL) {
        if (!c->lenient) {
            undeclared(c, call);
        }
        return error_type(c);
    }
    if (call->n > MAX_ARGS) {
        kb_cel_no_overload(c, call->pos, call->name, call->member, types, 1);
        return error_type(c);
    }
    return choose(c, call, function, types);
}
