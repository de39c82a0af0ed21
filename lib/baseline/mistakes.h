/*
 * Mistakes of a user's files, collected so that all of them are told in one go.
 */
#ifndef KB_BASELINE_MISTAKES_H
#define KB_BASELINE_MISTAKES_H

#include "base/mem.h"

/* One mistake. `file` is the display name; `line` and `col` count from 1 (`col` in code points),
 * 0 where unknown. `source` is the line of an expression it is in, and `caret` the column in it
 * (0: none). */
struct kb_mistake {
    struct kb_str file;
    unsigned line, col;
    struct kb_str message;
    struct kb_str source;
    unsigned caret;
};

/* Zeroed memory is a valid empty collection. At most KB_MAX_ERRORS are kept; `total` is exact. */
struct kb_mistakes {
    struct kb_arena arena;
    KB_VEC(struct kb_mistake) list;
    size_t total;
};

void kb_mistakes_done(struct kb_mistakes *mistakes);

/* Add one; `source`.n == 0 where there is no expression to show. All texts are copied. */
void kb_mistake_add(struct kb_mistakes *mistakes, const struct kb_mistake *mistake);
void kb_mistake_addf(struct kb_mistakes *mistakes, struct kb_str file, unsigned line, unsigned col,
                     const char *fmt, ...) KB_PRINTF(5, 6);

/* In order of file, line, column. */
void kb_mistakes_sort(struct kb_mistakes *mistakes);

/* "file:line:col: message", and under it the expression's line with a caret, for each. Foreign
 * text in it is not escaped. */
void kb_mistakes_print(const struct kb_mistakes *mistakes, struct kb_buf *out);

/* Success when there are none; else KB_ERR_INVALID with the first one, and how many more. */
KB_RES kb_mistakes_result(const struct kb_mistakes *mistakes, struct kb_err *err);

/* The word of `words` (NULL-terminated) most like `word`, or NULL where none is near. */
const char *kb_did_you_mean(struct kb_str word, const char *const *words);

#endif
