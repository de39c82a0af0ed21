/*
 * Globs of profiles: `*` any text (also over '/'), `?` one code point, `[a-z]` `[!a-z]` a class,
 * `\` takes the next character as it is. The whole text must match; upper and lower case differ.
 */
#ifndef KB_DATA_GLOB_H
#define KB_DATA_GLOB_H

#include "base/str.h"

/* A list of globs; what an empty one means its holder says. */
struct kb_globs {
    const struct kb_str *at;
    size_t n;
};

/* Whether the pattern is well-formed (classes closed, nothing behind a last `\`). */
bool kb_glob_valid(struct kb_str pattern);
/* Whether it has any special character: without, it is an exact text. */
bool kb_glob_special(struct kb_str pattern);
/* Time at most length of text times length of pattern. A malformed pattern matches nothing. */
bool kb_glob_match(struct kb_str pattern, struct kb_str text);
/* Whether one of them matches; none does in an empty list. */
bool kb_globs_match(struct kb_globs globs, struct kb_str text);

#endif
