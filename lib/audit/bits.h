/* One bit a byte over 64 bytes of text: SSE2 where there is, else byte by byte. */
#ifndef KB_AUDIT_BITS_H
#define KB_AUDIT_BITS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { KB_BITS = 64 };

#define KB_BITS_INLINE static inline __attribute__((always_inline))

/* 64 bytes, loaded once. */
struct kb_bits {
#ifdef __SSE2__
    __m128i v[4];
#else
    char v[KB_BITS];
#endif
};

KB_BITS_INLINE struct kb_bits kb_bits_load(const char *p)
{
    struct kb_bits b;
#ifdef __SSE2__
    for (unsigned i = 0; i < 4; i++) {
        b.v[i] = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i));
    }
#else
    memcpy(b.v, p, sizeof b.v);
#endif
    return b;
}

/* Fewer than 64 bytes; what is missing counts as blanks. */
static inline struct kb_bits kb_bits_load_tail(const char *p, size_t n)
{
    char tail[KB_BITS];
    memset(tail, ' ', sizeof tail);
    memcpy(tail, p, n);
    return kb_bits_load(tail);
}

/* Bit i: byte i, with `fold` added by or, is `c`. */
KB_BITS_INLINE uint64_t kb_bits_eq(struct kb_bits b, char c, char fold)
{
    uint64_t bits = 0;
#ifdef __SSE2__
    const __m128i want = _mm_set1_epi8(c);
    const __m128i add = _mm_set1_epi8(fold);
    for (unsigned i = 0; i < 4; i++) {
        __m128i eq = _mm_cmpeq_epi8(_mm_or_si128(b.v[i], add), want);
        bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(eq) << (16 * i);
    }
#else
    for (unsigned i = 0; i < KB_BITS; i++) {
        bits |= (uint64_t)((char)(b.v[i] | fold) == c) << i;
    }
#endif
    return bits;
}

/* Bytes that are escaped by the backslash before them. *carry: the byte before the first one is a
 * backslash that escapes it; after the call, the same for the byte behind the last one. */
KB_BITS_INLINE uint64_t kb_bits_escaped(uint64_t backslash, bool *carry)
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

/* Bit i: an odd number of bits at or before i. */
KB_BITS_INLINE uint64_t kb_bits_running_xor(uint64_t bits)
{
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    bits ^= bits << 32;
    return bits;
}

#endif
