/*
 * Static types: one copy of each in a pool, their text, and reading them from text.
 */
#ifndef KB_CEL_TYPES_H
#define KB_CEL_TYPES_H

#include "base/map.h"
#include "cel/value.h"

/* Zeroed memory is a valid empty pool. */
struct kb_cel_types {
    struct kb_map pool; /* by the bytes of the type */
    struct kb_map names;
    KB_VEC(const struct kb_cel_type *) variables; /* by number */
    struct kb_arena arena;
};

void kb_cel_types_done(struct kb_cel_types *types);
/* The one copy. `a` and `b` (NULL where the kind has fewer) must come from the same pool. */
const struct kb_cel_type *kb_cel_type_get(struct kb_cel_types *types, enum kb_cel_type_kind kind,
                                          struct kb_str name, const struct kb_cel_type *a,
                                          const struct kb_cel_type *b);
static inline const struct kb_cel_type *kb_cel_type_of(struct kb_cel_types *types,
                                                       enum kb_cel_type_kind kind)
{
    return kb_cel_type_get(types, kind, KB_STR(""), NULL, NULL);
}

/* Type variable number `var` (from 1) of a check. */
const struct kb_cel_type *kb_cel_type_variable(struct kb_cel_types *types, uint32_t var);

/* A signature "(list(A), A) -> bool". */
struct kb_cel_signature {
    const struct kb_cel_type **args;
    size_t n;
    const struct kb_cel_type *result;
};

/* NULL where the text is no type. Single upper-case letters are type variables. */
const struct kb_cel_type *kb_cel_type_parse(struct kb_cel_types *types, struct kb_str text);
bool kb_cel_signature_parse(struct kb_cel_types *types, struct kb_str text,
                            struct kb_cel_signature *out);
void kb_cel_type_add_text(const struct kb_cel_type *type, struct kb_buf *out);

#endif
