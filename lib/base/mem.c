/* Allocation, arenas, buffers. */
#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void kb_oom(size_t n)
{
    (void)fprintf(stderr, "kube-baseline: out of memory (%zu bytes)\n", n);
    abort();
}

void *kb_alloc(size_t n)
{
    void *p = calloc(1, n == 0 ? 1 : n);
    if (p == NULL) {
        kb_oom(n);
    }
    return p;
}

void *kb_realloc(void *p, size_t n)
{
    void *q = realloc(p, n == 0 ? 1 : n);
    if (q == NULL) {
        kb_oom(n);
    }
    return q;
}

void kb_free(void *p)
{
    free(p);
}

struct kb_arena_block {
    struct kb_arena_block *next;
    size_t size;
    _Alignas(max_align_t) char data[];
};

enum { ARENA_FIRST = 4096, ARENA_LARGEST = 1 << 18 };

static void free_blocks(struct kb_arena_block *block)
{
    while (block != NULL) {
        struct kb_arena_block *next = block->next;
        free(block);
        block = next;
    }
}

void kb_arena_done(struct kb_arena *arena)
{
    free_blocks(arena->head);
    *arena = (struct kb_arena){0};
}

void kb_arena_reset(struct kb_arena *arena)
{
    if (arena->head == NULL) {
        return;
    }
    free_blocks(arena->head->next);
    arena->head->next = NULL;
    arena->used = 0;
    arena->total = arena->head->size;
    if (arena->head->size > ARENA_LARGEST) {
        kb_arena_done(arena);
    }
}

static void add_block(struct kb_arena *arena, size_t need)
{
    size_t size = arena->head == NULL ? ARENA_FIRST : arena->head->size * 2;
    if (size > ARENA_LARGEST) {
        size = ARENA_LARGEST;
    }
    if (size < need) {
        size = need;
    }
    struct kb_arena_block *block = malloc(sizeof *block + size);
    if (block == NULL) {
        kb_oom(size);
    }
    block->size = size;
    block->next = arena->head;
    arena->head = block;
    arena->used = 0;
    arena->total += size;
}

/* Zeroed memory at a place that is a multiple of `align`, a power of two. */
static void *take(struct kb_arena *arena, size_t n, size_t align)
{
    size_t at = (arena->used + align - 1) & ~(align - 1);
    if (n > SIZE_MAX / 2) {
        kb_oom(n);
    }
    if (arena->head == NULL || at > arena->head->size || arena->head->size - at < n) {
        add_block(arena, n);
        at = 0;
    }
    arena->used = at + n;
    return memset(arena->head->data + at, 0, n);
}

void *kb_arena_alloc(struct kb_arena *arena, size_t n)
{
    return take(arena, n, _Alignof(max_align_t));
}

void *kb_arena_array(struct kb_arena *arena, size_t count, size_t size)
{
    size_t n;
    if (__builtin_mul_overflow(count, size, &n)) {
        kb_oom(SIZE_MAX);
    }
    return kb_arena_alloc(arena, n);
}

struct kb_str kb_arena_copy(struct kb_arena *arena, struct kb_str s)
{
    char *p = take(arena, s.n + 1, 1); /* texts lie side by side */
    if (s.n > 0) {
        memcpy(p, s.p, s.n);
    }
    return (struct kb_str){p, s.n};
}

struct kb_str kb_arena_printf(struct kb_arena *arena, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n < 0) {
        return KB_STR("");
    }
    char *p = kb_arena_alloc(arena, (size_t)n + 1);
    va_start(args, fmt);
    (void)vsnprintf(p, (size_t)n + 1, fmt, args);
    va_end(args);
    return (struct kb_str){p, (size_t)n};
}

void kb_buf_init(struct kb_buf *buf, size_t max)
{
    *buf = (struct kb_buf){.max = max};
}

void kb_buf_done(struct kb_buf *buf)
{
    free(buf->p);
    *buf = (struct kb_buf){.max = buf->max};
}

void kb_buf_clear(struct kb_buf *buf)
{
    buf->n = 0;
    buf->full = false;
}

char *kb_buf_reserve(struct kb_buf *buf, size_t n)
{
    if (n > buf->max || buf->n > buf->max - n) {
        buf->full = true;
        return NULL;
    }
    if (buf->cap - buf->n < n) {
        size_t cap = buf->cap < 128 ? 128 : buf->cap * 2;
        while (cap < buf->n + n) {
            cap *= 2;
        }
        cap = cap > buf->max ? buf->max : cap;
        buf->p = kb_realloc(buf->p, cap);
        buf->cap = cap;
    }
    return buf->p + buf->n;
}

void kb_buf_add(struct kb_buf *buf, const void *p, size_t n)
{
    if (n == 0) {
        return;
    }
    char *to = kb_buf_reserve(buf, n);
    if (to != NULL) {
        memcpy(to, p, n);
        buf->n += n;
    }
}

void kb_buf_str(struct kb_buf *buf, struct kb_str s)
{
    kb_buf_add(buf, s.p, s.n);
}

void kb_buf_c(struct kb_buf *buf, const char *c)
{
    kb_buf_add(buf, c, strlen(c));
}

void kb_buf_char(struct kb_buf *buf, char c)
{
    kb_buf_add(buf, &c, 1);
}

void kb_buf_vprintf(struct kb_buf *buf, const char *fmt, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    char *to = n < 0 ? NULL : kb_buf_reserve(buf, (size_t)n + 1);
    if (to != NULL) {
        (void)vsnprintf(to, (size_t)n + 1, fmt, again);
        buf->n += (size_t)n;
    }
    va_end(again);
}

void kb_buf_printf(struct kb_buf *buf, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    kb_buf_vprintf(buf, fmt, args);
    va_end(args);
}

void *kb_vec_grow(void *at, size_t *cap, size_t need, size_t size)
{
    size_t old = *cap;
    if (need <= old) {
        memset((char *)at + (need - 1) * size, 0, size);
        return at;
    }
    size_t grown = old < 8 ? 8 : old * 2;
    if (grown < need || grown > SIZE_MAX / size) {
        kb_oom(SIZE_MAX);
    }
    at = kb_realloc(at, grown * size);
    memset((char *)at + old * size, 0, (grown - old) * size);
    *cap = grown;
    return at;
}
