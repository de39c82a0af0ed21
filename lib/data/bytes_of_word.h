/*
 * Comparing eight bytes at once in a 64-bit word, where there are no wider registers. Not for other
 * floors.
 */
#ifndef KB_DATA_BYTES_OF_WORD_H
#define KB_DATA_BYTES_OF_WORD_H

#include <stdint.h>

#define KB_INLINE static inline __attribute__((always_inline))

/* One bit for each byte of `word` that equals `c`. */
KB_INLINE uint64_t kb_equal_bits(uint64_t word, unsigned char c)
{
    const uint64_t low7 = 0x7F7F7F7F7F7F7F7FULL;
    uint64_t x = word ^ (0x0101010101010101ULL * c);
    uint64_t zero = ~(((x & low7) + low7) | x | low7);
    return ((zero >> 7) * 0x0102040810204080ULL) >> 56;
}

KB_INLINE uint64_t kb_load_word(const char *p)
{
    uint64_t word = 0;
    for (unsigned i = 0; i < 8; i++) {
        word |= (uint64_t)(unsigned char)p[i] << (8 * i);
    }
    return word;
}

#endif
