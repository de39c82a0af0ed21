/*
 * Memory: allocation that cannot fail, arenas, growable buffers and arrays.
 *
 * Out of memory aborts (through kb_oom). Input that is too large is a normal error, so every
 * growing thing has a maximum.
 */
#ifndef KB_BASE_MEM_H
#define KB_BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

/* Never NULL. Zeroed. `kb_free` takes NULL. */
void *kb_alloc(size_t n) __attribute__((returns_nonnull));
void *kb_realloc(void *p, size_t n) __attribute__((returns_nonnull));
void kb_free(void *p);
_Noreturn void kb_oom(size_t n);

/*
 * An arena: blocks that grow and are freed, or reset for the next batch, in one go.
 * Zeroed memory is a valid empty arena. Not thread-safe.
 */
struct kb_arena_block;
struct kb_arena {
    struct kb_arena_block *head; /* the block in use */
    size_t used;                 /* in the block in use */
    size_t total;                /* bytes of all blocks */
};

void kb_arena_done(struct kb_arena *arena);
/* Forget all that was allocated; one block is kept, so that a batch costs no malloc. */
void kb_arena_reset(struct kb_arena *arena);
/* Zeroed memory, aligned for any type; never NULL. */
void *kb_arena_alloc(struct kb_arena *arena, size_t n) __attribute__((returns_nonnull));
/* Array of `count` elements; aborts where the product overflows. */
void *kb_arena_array(struct kb_arena *arena, size_t count, size_t size)
    __attribute__((returns_nonnull));
/* A terminated copy. */
struct kb_str kb_arena_copy(struct kb_arena *arena, struct kb_str s);
struct kb_str kb_arena_printf(struct kb_arena *arena, const char *fmt, ...) KB_PRINTF(2, 3);

#define KB_NEW(arena, type) ((type *)kb_arena_alloc((arena), sizeof(type)))
#define KB_NEW_ARRAY(arena, count, type)                                                           \
    ((type *)kb_arena_array((arena), (count), sizeof(type)))

/*
 * A growable byte buffer with a maximum. Zeroed memory with `max` set is a valid empty buffer.
 * What does not fit any more is dropped and `full` is set; callers whose text must be whole look at it.
 */
struct kb_buf {
    char *p;
    size_t n;
    size_t cap;
    size_t max;
    bool full;
};

void kb_buf_init(struct kb_buf *buf, size_t max);
void kb_buf_done(struct kb_buf *buf);
void kb_buf_clear(struct kb_buf *buf);
void kb_buf_add(struct kb_buf *buf, const void *p, size_t n);
void kb_buf_str(struct kb_buf *buf, struct kb_str s);
void kb_buf_c(struct kb_buf *buf, const char *c);
void kb_buf_char(struct kb_buf *buf, char c);
void kb_buf_printf(struct kb_buf *buf, const char *fmt, ...) KB_PRINTF(2, 3);
void kb_buf_vprintf(struct kb_buf *buf, const char *fmt, va_list args) KB_PRINTF(2, 0);
/* Make room for `n` more bytes and return where they go; NULL where the maximum forbids it. */
char *kb_buf_reserve(struct kb_buf *buf, size_t n);
static inline struct kb_str kb_buf_view(const struct kb_buf *buf)
{
    return (struct kb_str){buf->p == NULL ? "" : buf->p, buf->n};
}

/* A growable array: struct { T *at; size_t n, cap; } through kb_vec_grow. Elements move on growth. */
#define KB_VEC(type)                                                                               \
    struct {                                                                                       \
        type *at;                                                                                  \
        size_t n;                                                                                  \
        size_t cap;                                                                                \
    }
void *kb_vec_grow(void *at, size_t *cap, size_t need, size_t size);
/* Pointer to a new, zeroed last element. */
#define KB_VEC_PUSH(vec)                                                                           \
    ((vec)->at = kb_vec_grow((vec)->at, &(vec)->cap, (vec)->n + 1, sizeof *(vec)->at),             \
     (vec)->n++, &(vec)->at[(vec)->n - 1])
#define KB_VEC_DONE(vec) (kb_free((vec)->at), (vec)->at = NULL, (vec)->n = 0, (vec)->cap = 0)

#endif
