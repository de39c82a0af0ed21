/*
 * A sliding view of a byte stream. Positions are counted from the mark, which is the start of what
 * must stay together; they stay right when more bytes come, pointers do not.
 */
#ifndef KB_AUDIT_WINDOW_H
#define KB_AUDIT_WINDOW_H

#include "data/bytes.h"

struct kb_window {
    const char *at; /* the mark */
    size_t n;       /* bytes available from it */
    bool end;       /* nothing follows them */
    bool full;      /* more were wanted than may stay together */
    uint64_t offset; /* of the mark in the stream */
    uint64_t line;   /* line of the mark, from 1 */
    size_t max;      /* bytes that may stay together */
    struct kb_bytes src; /* `read` NULL over memory */
    char *buf;
    size_t cap;
    kb_res res; /* a failed source looks like the end; this is why */
    struct kb_err err;
};

void kb_window_open(struct kb_window *w, struct kb_bytes src, size_t max);
/* Over memory that outlives the window. Keeps the buffer of an earlier use. */
void kb_window_memory(struct kb_window *w, struct kb_str text);
void kb_window_done(struct kb_window *w);

/* Get more bytes behind those available; false at the end, or where `max` forbids it (`full`). */
bool kb_window_more(struct kb_window *w);
/* Move the mark by `n` bytes, counting lines. */
void kb_window_advance(struct kb_window *w, size_t n);
/* The same where the number of line ends is known. */
void kb_window_advance_lines(struct kb_window *w, size_t n, uint64_t lines);

/* The byte at position `i`, or -1 where there is none. */
static inline int kb_window_peek(struct kb_window *w, size_t i)
{
    while (i >= w->n) {
        if (!kb_window_more(w)) {
            return -1;
        }
    }
    return (unsigned char)w->at[i];
}

/* Whether `text` stands at position `i`. */
bool kb_window_has(struct kb_window *w, size_t i, struct kb_str text);

static inline struct kb_str kb_window_str(const struct kb_window *w, size_t from, size_t to)
{
    return (struct kb_str){w->at + from, to - from};
}

#endif
