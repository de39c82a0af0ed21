/*
 * Terms: named expressions of an area. A control uses one like a variable; before compiling, each
 * use is replaced by the term's text in parentheses, and places are mapped back.
 */
#ifndef KB_BASELINE_TERMS_H
#define KB_BASELINE_TERMS_H

#include "baseline/control.h"

/* One use that was replaced; offsets in bytes. */
struct kb_term_use {
    const struct kb_term *term;
    size_t from;   /* in the written text */
    size_t length;
    size_t at;     /* in the expanded text */
    size_t grown;  /* length there */
};

struct kb_expansion {
    struct kb_str text;
    const struct kb_term_use *uses; /* in order */
    size_t n;
};

struct kb_terms {
    const struct kb_term *at;
    size_t n;
    struct kb_str area; /* only terms of this area are seen */
};

/* Replace the uses of terms in `text`, also inside terms. Fails with KB_ERR_INVALID where a term
 * needs itself, and with KB_ERR_LIMIT where the text grows over KB_MAX_CEL_BYTES. Results live
 * in the arena. */
KB_RES kb_terms_expand(const struct kb_terms *terms, struct kb_str text, struct kb_arena *arena,
                       struct kb_expansion *out, struct kb_err *err);

/* The place in the written text of byte `offset` of the expanded one; *term (may be NULL) is the
 * term it lies in, or NULL. */
size_t kb_expansion_origin(const struct kb_expansion *expansion, size_t offset,
                           const struct kb_term **term);

/* Walks over an expression's text: the next identifier that is neither a member, nor a call, nor
 * inside a text or a comment. False at the end; *at is where the search goes on. */
bool kb_terms_next_name(struct kb_str text, size_t *at, struct kb_str *name);

#endif
