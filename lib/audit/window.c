/* The buffer under the framing: one block, grown only for what must stay together. */
#include "audit/window.h"

enum { BLOCK = 256 << 10, SMALLEST_READ = 64 << 10 };

void kb_window_open(struct kb_window *w, struct kb_bytes src, size_t max)
{
    char *buf = w->buf;
    size_t cap = w->cap;
    *w = (struct kb_window){.src = src, .max = max, .line = 1, .buf = buf, .cap = cap};
    w->at = buf;
}

void kb_window_memory(struct kb_window *w, struct kb_str text)
{
    char *buf = w->buf;
    size_t cap = w->cap;
    *w = (struct kb_window){.at = text.p, .n = text.n, .end = true, .max = text.n, .line = 1};
    w->buf = buf;
    w->cap = cap;
}

void kb_window_done(struct kb_window *w)
{
    kb_free(w->buf);
    *w = (struct kb_window){0};
}

/* Free room behind the bytes available: by moving them to the front, else by growing. */
static void make_room(struct kb_window *w)
{
    size_t before = w->at == NULL ? 0 : (size_t)(w->at - w->buf);
    if (w->cap - before - w->n >= SMALLEST_READ) {
        return;
    }
    if (before > 0) {
        memmove(w->buf, w->at, w->n);
    }
    if (w->cap - w->n < SMALLEST_READ) {
        size_t cap = w->cap == 0 ? BLOCK : w->cap * 2;
        w->buf = kb_realloc(w->buf, cap);
        w->cap = cap;
    }
    w->at = w->buf;
}

bool kb_window_more(struct kb_window *w)
{
    w->full = !w->end && w->n >= w->max;
    if (w->end || w->full) {
        return false;
    }
    make_room(w);
    size_t used = (size_t)(w->at - w->buf) + w->n;
    size_t got = 0;
    w->res = kb_bytes_read(w->src, w->buf + used, w->cap - used, &got, &w->err);
    w->end = kb_failed(w->res) || got == 0;
    w->n += kb_failed(w->res) ? 0 : got;
    return !w->end;
}

void kb_window_advance_lines(struct kb_window *w, size_t n, uint64_t lines)
{
    w->at += n;
    w->n -= n;
    w->offset += n;
    w->line += lines;
}

void kb_window_advance(struct kb_window *w, size_t n)
{
    uint64_t lines = 0;
    const char *end = w->at + n;
    for (const char *p = w->at; n > 0 && (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++) {
        lines++;
    }
    kb_window_advance_lines(w, n, lines);
}

bool kb_window_has(struct kb_window *w, size_t i, struct kb_str text)
{
    if (text.n == 0 || kb_window_peek(w, i) != (unsigned char)text.p[0]) {
        return text.n == 0;
    }
    return kb_window_peek(w, i + text.n - 1) >= 0 && memcmp(w->at + i, text.p, text.n) == 0;
}
