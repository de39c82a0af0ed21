/* A list of texts that grows in an arena. Zeroed memory is an empty list. */
#ifndef KB_AUDIT_STRS_H
#define KB_AUDIT_STRS_H

#include "base/mem.h"

struct kb_strs {
    struct kb_str *at;
    size_t n;
    size_t cap;
};

static inline void kb_strs_add(struct kb_strs *list, struct kb_arena *arena, struct kb_str text)
{
    if (list->n == list->cap) {
        size_t cap = list->cap == 0 ? 4 : list->cap * 2;
        struct kb_str *grown = KB_NEW_ARRAY(arena, cap, struct kb_str);
        if (list->n > 0) {
            memcpy(grown, list->at, list->n * sizeof *grown);
        }
        list->at = grown;
        list->cap = cap;
    }
    list->at[list->n++] = text;
}

#endif
