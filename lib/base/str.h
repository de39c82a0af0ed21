/*
 * Text as pointer and length, by value. A slice owns nothing and need not be terminated.
 */
#ifndef KB_BASE_STR_H
#define KB_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct kb_str {
    const char *p;
    size_t n;
};

/* A slice of a string literal. */
#define KB_STR(lit) ((struct kb_str){("" lit), sizeof(lit) - 1})
/* For initialisers of static data. */
#define KB_STR_INIT(lit) {("" lit), sizeof(lit) - 1}
/* For printf: "%.*s", KB_FMT(s). Text over 2 GiB does not occur (limits.h). */
#define KB_FMT(s) (int)(s).n, (s).p

/* The slice of a terminated string; empty for NULL. */
static inline struct kb_str kb_str_c(const char *c)
{
    return c == NULL ? (struct kb_str){"", 0} : (struct kb_str){c, strlen(c)};
}

static inline bool kb_str_eq(struct kb_str a, struct kb_str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool kb_str_eq_c(struct kb_str a, const char *b)
{
    return kb_str_eq(a, kb_str_c(b));
}

static inline bool kb_str_starts(struct kb_str s, struct kb_str prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

static inline bool kb_str_ends(struct kb_str s, struct kb_str suffix)
{
    return s.n >= suffix.n &&
           (suffix.n == 0 || memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

/* s[from, to), both clipped to the length. */
struct kb_str kb_str_sub(struct kb_str s, size_t from, size_t to);

/* Byte order; a prefix comes first. <0, 0, >0. */
int kb_str_cmp(struct kb_str a, struct kb_str b);

/* Offset of the first `needle` at or after `from`, or SIZE_MAX. An empty needle is found at `from`. */
size_t kb_str_find(struct kb_str s, struct kb_str needle, size_t from);

/* Without ASCII white space at both ends. */
struct kb_str kb_str_trim(struct kb_str s);

/* The part before the first `sep`; *rest is what follows it (empty, p NULL, when there was none). */
struct kb_str kb_str_split(struct kb_str s, char sep, struct kb_str *rest);

/* Decimal digits only, whole slice, no overflow. */
bool kb_str_u64(struct kb_str s, uint64_t *out);
/* The same with an optional '-' or '+'. */
bool kb_str_i64(struct kb_str s, int64_t *out);

/* Edit distance of two short words (capped at 64 bytes each), for "did you mean". */
unsigned kb_str_distance(struct kb_str a, struct kb_str b);

/* 64-bit hash of bytes; `seed` is chosen at process start (kb_hash_seed) so that a log's author
 * cannot choose collisions. */
uint64_t kb_hash_bytes(const void *p, size_t n, uint64_t seed);
uint64_t kb_hash_seed(void);

#endif
