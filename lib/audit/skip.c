/*
 * Structural scanning: one bit a byte. Escapes by carry arithmetic, strings by a running xor of the
 * quotes (the method of simdjson's first stage: Langdale and Lemire, "Parsing gigabytes of JSON per
 * second", 2019). SSE2 where there is, else byte by byte.
 */
#include "audit/skip.h"

#include "audit/bits.h"

#ifdef __SSE2__
#include <immintrin.h>
#endif

struct masks {
    uint64_t open;
    uint64_t close;
    uint64_t newline;
};

KB_BITS_INLINE struct kb_bits load_step(const char *p, size_t left)
{
    return left >= KB_BITS ? kb_bits_load(p) : kb_bits_load_tail(p, left);
}

/* Carries of the last, partial step: only the byte before the end may escape what comes. */
static inline bool carry_at_end(uint64_t escaped, const char *p, size_t left)
{
    return p[left - 1] == '\\' && (escaped >> (left - 1) & 1) == 0;
}

/* Bit by bit through a step in which the value may end. -1: it does not, else the bit. */
static int end_in_step(struct kb_skip *st, const struct masks *m, uint64_t in,
                       enum kb_skip_stop *stop)
{
    uint64_t out_open = m->open & ~in;
    uint64_t events = out_open | (m->close & ~in) | m->newline;
    while (events != 0) {
        int i = __builtin_ctzll(events);
        uint64_t bit = events & (0 - events);
        events ^= bit;
        if ((m->newline & bit) != 0) {
            *stop = (in & bit) != 0 ? KB_SKIP_BROKEN : KB_SKIP_LINE;
            return i;
        }
        st->depth += (out_open & bit) != 0 ? 1U : (uint32_t)-1;
        if (st->depth == 0) {
            *stop = KB_SKIP_DONE;
            return i;
        }
    }
    return -1;
}

static inline uint32_t ones(uint64_t x)
{
    return (uint32_t)__builtin_popcountll(x);
}

enum kb_skip_stop kb_skip_value(struct kb_skip *st, const char *p, size_t n, size_t *used)
{
    for (size_t i = 0; i < n; i += KB_BITS) {
        size_t left = n - i;
        struct kb_bits b = load_step(p + i, left);
        uint64_t escaped = kb_bits_escaped(kb_bits_eq(b, '\\', 0), &st->escaped);
        uint64_t in = kb_bits_running_xor(kb_bits_eq(b, '"', 0) & ~escaped);
        in ^= st->quoted ? ~0ULL : 0;
        /* '[' | 0x20 is '{', ']' | 0x20 is '}' */
        const struct masks m = {kb_bits_eq(b, '{', 0x20), kb_bits_eq(b, '}', 0x20),
                                kb_bits_eq(b, '\n', 0)};
        uint64_t open = m.open & ~in;
        uint64_t close = m.close & ~in;
        if (m.newline == 0 && st->depth > ones(close)) {
            st->depth += ones(open) - ones(close);
        } else {
            enum kb_skip_stop stop;
            int at = end_in_step(st, &m, in, &stop);
            if (at >= 0) {
                st->quoted = false;
                st->escaped = false;
                *used = i + (size_t)at + 1;
                return stop;
            }
        }
        st->quoted = in >> 63 != 0;
        if (left < KB_BITS) {
            st->escaped = carry_at_end(escaped, p + i, left);
        }
    }
    *used = n;
    return KB_SKIP_MORE;
}

enum kb_skip_stop kb_skip_string(struct kb_skip *st, const char *p, size_t n, size_t *used)
{
    for (size_t i = 0; i < n; i += KB_BITS) {
        size_t left = n - i;
        struct kb_bits b = load_step(p + i, left);
        uint64_t escaped = kb_bits_escaped(kb_bits_eq(b, '\\', 0), &st->escaped);
        uint64_t ends = (kb_bits_eq(b, '"', 0) & ~escaped) | kb_bits_eq(b, '\n', 0);
        if (ends != 0) {
            size_t at = (size_t)__builtin_ctzll(ends);
            *used = i + at + 1;
            return p[i + at] == '"' ? KB_SKIP_DONE : KB_SKIP_BROKEN;
        }
        if (left < KB_BITS) {
            st->escaped = carry_at_end(escaped, p + i, left);
        }
    }
    *used = n;
    return KB_SKIP_MORE;
}

/* `p` is at a '{' or '}' that may join two events on one line. */
static bool joins(const char *p, const char *begin, const char *end)
{
    static const struct kb_str kind = KB_STR_INIT("{\"kind\"");
    static const struct kb_str event = KB_STR_INIT("\"Event\"");
    if (p[0] == '}') {
        return true; /* the caller saw the '{' */
    }
    struct kb_str rest = {p, (size_t)(end - p)};
    if (p == begin || p[-1] == ':' || !kb_str_starts(rest, kind)) {
        return false;
    }
    rest = kb_str_sub(rest, kind.n, rest.n);
    while (rest.n > 0 && (*rest.p == ' ' || *rest.p == ':')) {
        rest = kb_str_sub(rest, 1, rest.n);
    }
    return kb_str_starts(rest, event);
}

static size_t line_tail(const char *begin, const char *p, const char *end, bool *odd)
{
    for (; p < end && *p != '\n'; p++) {
        bool pair = *p == '}' && p + 1 < end && p[1] == '{';
        if (!*odd && (pair || *p == '{')) {
            *odd = joins(p, begin, end);
        }
    }
    return (size_t)(p - begin);
}

/* The vector steps look at two bytes beyond each. They stop at the first line end (*found), or where
 * too few bytes are left. */
#ifdef __SSE2__
static const char *steps_sse2(const char *begin, const char *p, const char *end, bool *odd,
                              bool *found)
{
    const __m128i newline = _mm_set1_epi8('\n');
    const __m128i open = _mm_set1_epi8('{');
    const __m128i close = _mm_set1_epi8('}');
    const __m128i letter = _mm_set1_epi8('k');
    for (; end - p >= 18; p += 16) {
        __m128i here = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i next = _mm_loadu_si128((const __m128i *)(const void *)(p + 1));
        __m128i third = _mm_loadu_si128((const __m128i *)(const void *)(p + 2));
        __m128i joint = _mm_and_si128(_mm_cmpeq_epi8(next, open), _mm_cmpeq_epi8(here, close));
        __m128i kind = _mm_and_si128(_mm_cmpeq_epi8(third, letter), _mm_cmpeq_epi8(here, open));
        uint32_t ends = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(here, newline));
        uint32_t hits = (uint32_t)_mm_movemask_epi8(_mm_or_si128(joint, kind));
        hits &= ends != 0 ? (ends & (0 - ends)) - 1 : ~0U;
        for (; hits != 0 && !*odd; hits &= hits - 1) {
            *odd = joins(p + __builtin_ctz(hits), begin, end);
        }
        if (ends != 0) {
            *found = true;
            return p + __builtin_ctz(ends);
        }
    }
    return p;
}

__attribute__((target("avx2"))) static const char *
steps_avx2(const char *begin, const char *p, const char *end, bool *odd, bool *found)
{
    const __m256i newline = _mm256_set1_epi8('\n');
    const __m256i open = _mm256_set1_epi8('{');
    const __m256i close = _mm256_set1_epi8('}');
    const __m256i letter = _mm256_set1_epi8('k');
    for (; end - p >= 34; p += 32) {
        __m256i here = _mm256_loadu_si256((const __m256i *)(const void *)p);
        __m256i next = _mm256_loadu_si256((const __m256i *)(const void *)(p + 1));
        __m256i third = _mm256_loadu_si256((const __m256i *)(const void *)(p + 2));
        __m256i joint = _mm256_cmpeq_epi8(next, open);
        __m256i kind = _mm256_cmpeq_epi8(third, letter);
        joint = _mm256_and_si256(joint, _mm256_cmpeq_epi8(here, close));
        kind = _mm256_and_si256(kind, _mm256_cmpeq_epi8(here, open));
        uint32_t ends = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(here, newline));
        uint32_t hits = (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(joint, kind));
        hits &= ends != 0 ? (ends & (0 - ends)) - 1 : ~0U;
        for (; hits != 0 && !*odd; hits &= hits - 1) {
            *odd = joins(p + __builtin_ctz(hits), begin, end);
        }
        if (ends != 0) {
            *found = true;
            return p + __builtin_ctz(ends);
        }
    }
    return p;
}
#endif

size_t kb_skip_line(const char *begin, size_t n, size_t from, bool *odd)
{
    const char *p = begin + from;
    const char *end = begin + n;
#ifdef __SSE2__
    bool found = false;
    p = __builtin_cpu_supports("avx2") ? steps_avx2(begin, p, end, odd, &found)
                                       : steps_sse2(begin, p, end, odd, &found);
    if (found) {
        return (size_t)(p - begin);
    }
#endif
    return line_tail(begin, p, end, odd);
}
