/* Unification with dyn. Every change is on the trail, so that an overload that does not fit leaves
 * nothing behind. */
#include "cel/infer.h"

void kb_cel_infer_done(struct kb_cel_infer *infer)
{
    KB_VEC_DONE(&infer->subs);
    KB_VEC_DONE(&infer->trail);
}

const struct kb_cel_type *kb_cel_infer_fresh(struct kb_cel_infer *infer)
{
    if (infer->subs.n == 0) {
        *KB_VEC_PUSH(&infer->subs) = NULL; /* numbers begin at 1 */
    }
    *KB_VEC_PUSH(&infer->subs) = NULL;
    return kb_cel_type_variable(infer->types, (uint32_t)(infer->subs.n - 1));
}

static const struct kb_cel_type *find(const struct kb_cel_infer *infer,
                                      const struct kb_cel_type *var)
{
    return var->var == 0 || var->var >= infer->subs.n ? NULL : infer->subs.at[var->var];
}

static void bind(struct kb_cel_infer *infer, const struct kb_cel_type *var,
                 const struct kb_cel_type *type)
{
    if (var->var == 0) {
        return;
    }
    struct kb_cel_infer_undo *undo = KB_VEC_PUSH(&infer->trail);
    undo->var = var->var;
    undo->old = infer->subs.at[var->var];
    infer->subs.at[var->var] = type;
}

static void undo_to(struct kb_cel_infer *infer, size_t mark)
{
    while (infer->trail.n > mark) {
        struct kb_cel_infer_undo *undo = &infer->trail.at[--infer->trail.n];
        infer->subs.at[undo->var] = undo->old;
    }
}

const struct kb_cel_type *kb_cel_infer_resolve(struct kb_cel_infer *infer,
                                               const struct kb_cel_type *type, bool to_dyn)
{
    if (type == NULL || !type->open) {
        return type;
    }
    if (type->kind == KB_CEL_T_PARAM) {
        const struct kb_cel_type *sub = find(infer, type);
        if (sub != NULL) {
            return kb_cel_infer_resolve(infer, sub, to_dyn);
        }
        return to_dyn ? kb_cel_type_of(infer->types, KB_CEL_T_DYN) : type;
    }
    return kb_cel_type_get(infer->types, type->kind, type->name,
                           kb_cel_infer_resolve(infer, type->param[0], to_dyn),
                           kb_cel_infer_resolve(infer, type->param[1], to_dyn));
}

const struct kb_cel_type *kb_cel_infer_instance(struct kb_cel_infer *infer,
                                                const struct kb_cel_type *type,
                                                const struct kb_cel_type **letters)
{
    if (type == NULL || !type->open) {
        return type;
    }
    if (type->kind == KB_CEL_T_PARAM) {
        size_t i = (size_t)(type->name.p[0] - 'A');
        if (letters[i] == NULL) {
            letters[i] = kb_cel_infer_fresh(infer);
        }
        return letters[i];
    }
    return kb_cel_type_get(infer->types, type->kind, type->name,
                           kb_cel_infer_instance(infer, type->param[0], letters),
                           kb_cel_infer_instance(infer, type->param[1], letters));
}

/* Does `var` not occur in `within`? */
static bool absent_from(const struct kb_cel_infer *infer, const struct kb_cel_type *var,
                        const struct kb_cel_type *within)
{
    if (within == NULL || !within->open) {
        return true;
    }
    if (within == var) {
        return false;
    }
    if (within->kind == KB_CEL_T_PARAM) {
        const struct kb_cel_type *sub = find(infer, within);
        return sub == NULL || absent_from(infer, var, sub);
    }
    return absent_from(infer, var, within->param[0]) && absent_from(infer, var, within->param[1]);
}

static bool less_specific(const struct kb_cel_type *a, const struct kb_cel_type *b)
{
    if (kb_cel_is_dyn(a) || a->kind == KB_CEL_T_PARAM) {
        return true;
    }
    if (kb_cel_is_dyn(b) || b->kind == KB_CEL_T_PARAM || a->kind != b->kind) {
        return false;
    }
    if (a->kind == KB_CEL_T_TYPE) {
        return true;
    }
    if (a->kind == KB_CEL_T_OBJECT && !kb_str_eq(a->name, b->name)) {
        return false;
    }
    for (size_t i = 0; i < 2; i++) {
        if (a->param[i] != NULL && b->param[i] != NULL &&
            !less_specific(a->param[i], b->param[i])) {
            return false;
        }
    }
    return true;
}

const struct kb_cel_type *kb_cel_infer_general(const struct kb_cel_type *a,
                                               const struct kb_cel_type *b)
{
    if (a->kind == KB_CEL_T_NULL || b->kind == KB_CEL_T_NULL) {
        return a->kind == KB_CEL_T_NULL ? b : a;
    }
    return less_specific(a, b) ? a : b;
}

static bool assign(struct kb_cel_infer *infer, const struct kb_cel_type *a,
                   const struct kb_cel_type *b);

/* Can `type` stand for the variable `var`? *has: the variable already stands for something. */
static bool substitute(struct kb_cel_infer *infer, const struct kb_cel_type *type,
                       const struct kb_cel_type *var, bool *has)
{
    *has = true;
    if (type == var) {
        return true;
    }
    const struct kb_cel_type *sub = find(infer, var);
    if (sub != NULL) {
        if (sub == type) {
            return true;
        }
        if (!assign(infer, type, sub)) {
            return false;
        }
        const struct kb_cel_type *general = kb_cel_infer_general(type, sub);
        if (absent_from(infer, var, general)) {
            bind(infer, var, general);
        }
        return true;
    }
    *has = false;
    if (!absent_from(infer, var, type)) {
        return false;
    }
    bind(infer, var, type);
    return true;
}

/* What null may stand for: messages, which times and extension types are. */
static bool nullable(const struct kb_cel_type *type)
{
    return type->kind == KB_CEL_T_NULL || type->kind == KB_CEL_T_TIMESTAMP ||
           type->kind == KB_CEL_T_DURATION || type->kind == KB_CEL_T_OPTIONAL ||
           type->kind == KB_CEL_T_OBJECT;
}

static bool assign_params(struct kb_cel_infer *infer, const struct kb_cel_type *a,
                          const struct kb_cel_type *b)
{
    for (size_t i = 0; i < 2; i++) {
        if ((a->param[i] == NULL) != (b->param[i] == NULL)) {
            return a->kind == KB_CEL_T_TYPE;
        }
        if (a->param[i] != NULL && !assign(infer, a->param[i], b->param[i])) {
            return false;
        }
    }
    return true;
}

static bool assign_known(struct kb_cel_infer *infer, const struct kb_cel_type *a,
                         const struct kb_cel_type *b)
{
    if (kb_cel_is_dyn(a) || kb_cel_is_dyn(b)) {
        return true;
    }
    if (a->kind == KB_CEL_T_NULL) {
        return nullable(b);
    }
    if (b->kind == KB_CEL_T_NULL) {
        return nullable(a);
    }
    if (a->kind != b->kind || (a->kind == KB_CEL_T_OBJECT && !kb_str_eq(a->name, b->name))) {
        return false;
    }
    return a->kind == KB_CEL_T_TYPE || assign_params(infer, a, b);
}

static bool assign(struct kb_cel_infer *infer, const struct kb_cel_type *a,
                   const struct kb_cel_type *b)
{
    bool has = false;
    if (b->kind == KB_CEL_T_PARAM) {
        if (substitute(infer, a, b, &has)) {
            return true;
        }
        if (has) {
            return false;
        }
    }
    if (a->kind == KB_CEL_T_PARAM) {
        return substitute(infer, b, a, &has);
    }
    return b->kind != KB_CEL_T_PARAM && assign_known(infer, a, b);
}

bool kb_cel_infer_assign(struct kb_cel_infer *infer, const struct kb_cel_type *const *from,
                         const struct kb_cel_type *const *to, size_t n)
{
    size_t mark = infer->trail.n;
    for (size_t i = 0; i < n; i++) {
        if (!assign(infer, from[i], to[i])) {
            undo_to(infer, mark);
            return false;
        }
    }
    infer->trail.n = mark; /* nobody can ask to undo these */
    return true;
}
