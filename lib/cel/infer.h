/* Type variables and assignability, as cel-go's checker decides them. */
#ifndef KB_CEL_INFER_H
#define KB_CEL_INFER_H

#include "cel/types.h"

/* What type variables stand for while one expression is checked. */
struct kb_cel_infer {
    struct kb_cel_types *types;
    KB_VEC(const struct kb_cel_type *) subs; /* by number; NULL: free */
    KB_VEC(struct kb_cel_infer_undo {
        uint32_t var;
        const struct kb_cel_type *old;
    })
    trail;
};

void kb_cel_infer_done(struct kb_cel_infer *infer);
const struct kb_cel_type *kb_cel_infer_fresh(struct kb_cel_infer *infer);
/* The type with variables replaced by what they stand for; free ones by dyn where `to_dyn`. */
const struct kb_cel_type *kb_cel_infer_resolve(struct kb_cel_infer *infer,
                                               const struct kb_cel_type *type, bool to_dyn);
/* Letters of a signature replaced by fresh variables; `letters` (26, zeroed) keeps them. */
const struct kb_cel_type *kb_cel_infer_instance(struct kb_cel_infer *infer,
                                                const struct kb_cel_type *type,
                                                const struct kb_cel_type **letters);
/* May a value of `from` be used as `to`? Pairs in order; on false nothing has changed. */
bool kb_cel_infer_assign(struct kb_cel_infer *infer, const struct kb_cel_type *const *from,
                         const struct kb_cel_type *const *to, size_t n);
/* The more general of two types that are assignable. */
const struct kb_cel_type *kb_cel_infer_general(const struct kb_cel_type *a,
                                               const struct kb_cel_type *b);
static inline bool kb_cel_is_dyn(const struct kb_cel_type *type)
{
    return type->kind == KB_CEL_T_DYN || type->kind == KB_CEL_T_ERROR;
}

#endif
