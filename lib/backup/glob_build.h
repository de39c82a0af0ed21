/* Making matchers. */
#ifndef KB_BACKUP_GLOB_BUILD_H
#define KB_BACKUP_GLOB_BUILD_H

#include "backup/glob_match.h"

/* A run of matchers that follow each other. */
struct kb_glob_span {
    const struct kb_gobwas **at;
    size_t n;
};

struct kb_gobwas *kb_glob_new(struct kb_arena *arena, enum kb_glob_matcher kind);
struct kb_gobwas *kb_glob_new_text(struct kb_arena *arena, struct kb_str text);
/* MIN, MAX */
struct kb_gobwas *kb_glob_new_counted(struct kb_arena *arena, enum kb_glob_matcher kind, int limit);
/* ANY_OF, EVERY_OF, ROW, with copies of the pointers. */
struct kb_gobwas *kb_glob_new_parts(struct kb_arena *arena, enum kb_glob_matcher kind,
                                    struct kb_glob_span parts);
/* `left` and `right` may be NULL. */
struct kb_gobwas *kb_glob_new_tree(struct kb_arena *arena, const struct kb_gobwas *value,
                                   const struct kb_gobwas *left, const struct kb_gobwas *right);

/* The matcher that the library uses in this one's place (NULL for NULL). */
const struct kb_gobwas *kb_glob_optimize(struct kb_arena *arena, const struct kb_gobwas *m);

#endif
