/* Lines that are made while they are read: what feeds of records share. */
#ifndef KB_SOURCE_LINE_FEED_H
#define KB_SOURCE_LINE_FEED_H

#include "data/bytes.h"

struct kb_line_feed {
    struct kb_buf line; /* what is being given; with its maximum */
    size_t at;          /* so much of it was given */
    kb_res res;         /* a failure is told again and again */
    struct kb_err err;
};

/* Whether the next line is wanted. */
static inline bool kb_line_feed_empty(const struct kb_line_feed *lines)
{
    return lines->at == lines->line.n;
}
/* Forget the line, for the next one. */
void kb_line_feed_clear(struct kb_line_feed *lines);
/*
 * Give up to `n` bytes of the line, after `next` has made one where it was used up. `next` leaves it empty
 * at the end; its failure is kept.
 */
KB_RES kb_line_feed_give(struct kb_line_feed *lines, kb_res (*next)(void *ctx, struct kb_err *err),
                         void *ctx, void *buf, size_t n, size_t *got, struct kb_err *err);

#endif
