/* Shared by the readers of selectors. */
#ifndef KB_DATA_SELECTOR_INTERNAL_H
#define KB_DATA_SELECTOR_INTERNAL_H

#include "data/selector.h"

typedef KB_VEC(struct kb_requirement) kb_requirements;

/* Check one requirement, sort its values, and add it. */
KB_RES kb_requirement_add(kb_requirements *to, struct kb_str key, enum kb_selector_operator op,
                          struct kb_str *values, size_t n, struct kb_err *err);
/* Sort by key, keeping the order of equal keys, into the arena; frees the vector. */
void kb_requirements_close(kb_requirements *from, struct kb_arena *arena, struct kb_selector *out);

#endif
