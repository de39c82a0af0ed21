/* From a place in an expression to the place in the YAML file it stands in. */
#ifndef KB_BASELINE_PLACE_H
#define KB_BASELINE_PLACE_H

#include "baseline/control.h"
#include "baseline/mistakes.h"

struct kb_place {
    unsigned line, col; /* in the file, from 1, columns in code points */
};

/*
 * Where code point (`line`, `col`) of the scalar `text` stands in the file's source. Exact for
 * scalars of one line without escapes and for literal blocks (`|`); for folded text the line is
 * found by its words.
 */
struct kb_place kb_place_of(struct kb_str source, const struct kb_text *text, unsigned line,
                            unsigned col);

/* Line `line` of a text, without its newline; empty beyond the end. */
struct kb_str kb_place_line(struct kb_str source, unsigned line);

#endif
