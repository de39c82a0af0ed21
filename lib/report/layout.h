/* Laying out escaped text in columns. */
#ifndef KB_REPORT_LAYOUT_H
#define KB_REPORT_LAYOUT_H

#include "base/mem.h"

/* Append `text`, broken at spaces so that lines end within `width` columns. `column` columns of the
 * first line are written already; further lines begin with `indent` spaces. Line feeds break lines;
 * words longer than a line stay whole, so that paths and names can be copied. */
void kb_wrap(struct kb_buf *out, struct kb_str text, size_t column, size_t indent, size_t width);

/* Append `n` spaces. */
void kb_pad(struct kb_buf *out, size_t n);
/* Append `s`, and spaces up to `columns`; at least one space when `s` is too long. */
void kb_pad_to(struct kb_buf *out, struct kb_str s, size_t columns);

/* A number for people: "1,204,332". */
void kb_add_count(struct kb_buf *out, uint64_t n);
/* Bytes for people: "812 B", "1.9 GB" (powers of 1000). */
void kb_add_bytes(struct kb_buf *out, uint64_t n);
/* A span of time for people, its two largest units: "3d 4h", "12m", "250ms". */
void kb_add_span(struct kb_buf *out, int64_t ns);

#endif
