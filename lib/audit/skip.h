/*
 * Finding ends in JSON text, 64 bytes at a time, without reading what it says.
 *
 * A raw line end inside a string is no JSON: it is where a broken line stops.
 */
#ifndef KB_AUDIT_SKIP_H
#define KB_AUDIT_SKIP_H

#include "base/str.h"

enum kb_skip_stop {
    KB_SKIP_MORE,  /* all bytes were used; go on with the next ones */
    KB_SKIP_DONE,  /* right behind the value */
    KB_SKIP_LINE,  /* right behind a line end between tokens; go on, or give up */
    KB_SKIP_BROKEN /* right behind a line end inside a string */
};

/* Where a scan stands between calls. Zeroed memory is the start. */
struct kb_skip {
    uint32_t depth; /* open brackets */
    bool quoted;    /* inside a string */
    bool escaped;   /* the last byte was a backslash that escapes the next one */
};

/* Over an object or array: the first call begins at its bracket. *used: bytes taken of `p`. */
enum kb_skip_stop kb_skip_value(struct kb_skip *state, const char *p, size_t n, size_t *used);
/* Over a string: the first call begins behind its opening quote. Never gives KB_SKIP_LINE. */
enum kb_skip_stop kb_skip_string(struct kb_skip *state, const char *p, size_t n, size_t *used);

/*
 * Position of the first line end at or behind `from`, or `n`. *odd is set (never cleared) where the
 * bytes from `from` to it may begin another event: a "}{", or a `{"kind":"Event"` that is no
 * member. To go on with more bytes, step back by KB_SKIP_OVERLAP.
 */
enum { KB_SKIP_OVERLAP = 32 };
size_t kb_skip_line(const char *p, size_t n, size_t from, bool *odd);

#endif
