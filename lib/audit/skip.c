/*
 * Structural scanning: one bit a byte. Escapes by carry arithmetic, strings by a running xor of the
 * quotes (the method of simdjson's first stage: Langdale and Lemire, "Parsing gigabytes of JSON per
 * second", 2019). SSE2 where there is, else byte by byte.
 */
#include "audit/skip.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { WIDTH = 64 };

struct masks {
    uint64_t backslash;
    uint64_t quote;
    uint64_t open;
    uint64_t close;
    uint64_t newline;
};

#ifdef __SSE2__
static inline uint64_t bits(__m128i a, __m128i b, __m128i c, __m128i d, char byte)
{
    const __m128i want = _mm_set1_epi8(byte);
    uint64_t m0 = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(a, want));
    uint64_t m1 = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(b, want));
    uint64_t m2 = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(c, want));
    uint64_t m3 = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(d, want));
    return m0 | m1 << 16 | m2 << 32 | m3 << 48;
}

static inline __m128i load(const char *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static inline struct masks masks_of(const char *p)
{
    const __m128i fold = _mm_set1_epi8(0x20); /* '[' | 0x20 is '{', ']' | 0x20 is '}' */
    __m128i a = load(p);
    __m128i b = load(p + 16);
    __m128i c = load(p + 32);
    __m128i d = load(p + 48);
    struct masks m = {bits(a, b, c, d, '\\'), bits(a, b, c, d, '"'), 0, 0,
                      bits(a, b, c, d, '\n')};
    a = _mm_or_si128(a, fold);
    b = _mm_or_si128(b, fold);
    c = _mm_or_si128(c, fold);
    d = _mm_or_si128(d, fold);
    m.open = bits(a, b, c, d, '{');
    m.close = bits(a, b, c, d, '}');
    return m;
}
#else
static inline struct masks masks_of(const char *p)
{
    struct masks m = {0};
    for (unsigned i = 0; i < WIDTH; i++) {
        char c = p[i];
        m.backslash |= (uint64_t)(c == '\\') << i;
        m.quote |= (uint64_t)(c == '"') << i;
        m.open |= (uint64_t)(c == '{' || c == '[') << i;
        m.close |= (uint64_t)(c == '}' || c == ']') << i;
        m.newline |= (uint64_t)(c == '\n') << i;
    }
    return m;
}
#endif

/* Bytes that are escaped by the backslash before them. */
static inline uint64_t escaped_by(uint64_t backslash, bool *carry)
{
    const uint64_t even = 0x5555555555555555ULL;
    uint64_t from_before = *carry ? 1 : 0;
    if (backslash == 0) {
        *carry = false;
        return from_before;
    }
    backslash &= ~from_before;
    uint64_t follows = backslash << 1 | from_before;
    uint64_t odd_starts = backslash & ~even & ~follows;
    uint64_t even_runs;
    *carry = __builtin_add_overflow(odd_starts, backslash, &even_runs);
    return (even ^ even_runs << 1) & follows;
}

/* Bit i: an odd number of quotes at or before i. */
static inline uint64_t running_xor(uint64_t quotes)
{
    for (unsigned shift = 1; shift < WIDTH; shift *= 2) {
        quotes ^= quotes << shift;
    }
    return quotes;
}

/* The masks of up to 64 bytes; what is missing counts as blanks. */
static inline struct masks masks_at(const char *p, size_t left)
{
    if (left >= WIDTH) {
        return masks_of(p);
    }
    char tail[WIDTH];
    memset(tail, ' ', sizeof tail);
    memcpy(tail, p, left);
    return masks_of(tail);
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
    for (size_t i = 0; i < n; i += WIDTH) {
        size_t left = n - i;
        struct masks m = masks_at(p + i, left);
        uint64_t escaped = escaped_by(m.backslash, &st->escaped);
        uint64_t in = running_xor(m.quote & ~escaped) ^ (st->quoted ? ~0ULL : 0);
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
        if (left < WIDTH) {
            st->escaped = carry_at_end(escaped, p + i, left);
        }
    }
    *used = n;
    return KB_SKIP_MORE;
}

enum kb_skip_stop kb_skip_string(struct kb_skip *st, const char *p, size_t n, size_t *used)
{
    for (size_t i = 0; i < n; i += WIDTH) {
        size_t left = n - i;
        struct masks m = masks_at(p + i, left);
        uint64_t escaped = escaped_by(m.backslash, &st->escaped);
        uint64_t ends = (m.quote & ~escaped) | m.newline;
        if (ends != 0) {
            size_t at = (size_t)__builtin_ctzll(ends);
            *used = i + at + 1;
            return p[i + at] == '"' ? KB_SKIP_DONE : KB_SKIP_BROKEN;
        }
        if (left < WIDTH) {
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

size_t kb_skip_line(const char *begin, size_t n, size_t from, bool *odd)
{
    const char *p = begin + from;
    const char *end = begin + n;
#ifdef __SSE2__
    const __m128i newline = _mm_set1_epi8('\n');
    const __m128i open = _mm_set1_epi8('{');
    const __m128i close = _mm_set1_epi8('}');
    const __m128i letter = _mm_set1_epi8('k');
    /* Two bytes beyond the step are looked at. */
    for (; end - p >= 18; p += 16) {
        __m128i here = load(p);
        __m128i joint = _mm_cmpeq_epi8(load(p + 1), open);
        joint = _mm_and_si128(joint, _mm_cmpeq_epi8(here, close));
        __m128i kind = _mm_cmpeq_epi8(load(p + 2), letter);
        kind = _mm_and_si128(kind, _mm_cmpeq_epi8(here, open));
        uint32_t ends = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(here, newline));
        uint32_t hits = (uint32_t)_mm_movemask_epi8(_mm_or_si128(joint, kind));
        if (ends != 0) {
            hits &= (ends & (0 - ends)) - 1;
        }
        for (; hits != 0 && !*odd; hits &= hits - 1) {
            *odd = joins(p + __builtin_ctz(hits), begin, end);
        }
        if (ends != 0) {
            return (size_t)(p - begin) + (size_t)__builtin_ctz(ends);
        }
    }
#endif
    return line_tail(begin, p, end, odd);
}
