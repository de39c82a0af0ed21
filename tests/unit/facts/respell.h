/* A JSON tree written in ways that no API server would, and that mean the same. */
#ifndef KB_TESTS_UNIT_FACTS_RESPELL_H
#define KB_TESTS_UNIT_FACTS_RESPELL_H

#include <jansson.h>

#include "base/mem.h"

enum respell {
    RESPELL_SHUFFLE = 1, /* members in another order */
    RESPELL_SPACES = 2,
    RESPELL_ESCAPES = 4, /* every character as \uXXXX */
    RESPELL_TWICE = 8,   /* members of the top written before, with other values */
    RESPELL_NOISE =
        16 /* members that nobody knows, with texts that look like known ones, and deep nesting */
};

/* `seed` is advanced. */
void respell(json_t *tree, unsigned how, uint64_t *seed, struct kb_buf *out);

#endif
