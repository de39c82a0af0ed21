/* Sets of small numbers as words of 64 bits. The words belong to whoever made them. */
#ifndef KB_NETWORK_BITS_H
#define KB_NETWORK_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KB_NET_WORD = 64 };

static inline size_t kb_net_words(size_t n)
{
    return (n + KB_NET_WORD - 1) / KB_NET_WORD;
}

/* NULL is the empty set. */
static inline bool kb_net_bit(const uint64_t *bits, size_t i)
{
    return bits != NULL && (bits[i / KB_NET_WORD] >> (i % KB_NET_WORD) & 1) != 0;
}

static inline void kb_net_bit_set(uint64_t *bits, size_t i)
{
    bits[i / KB_NET_WORD] |= UINT64_C(1) << (i % KB_NET_WORD);
}

static inline void kb_net_bits_or(uint64_t *to, const uint64_t *from, size_t words)
{
    for (size_t i = 0; from != NULL && i < words; i++) {
        to[i] |= from[i];
    }
}

static inline void kb_net_bits_and(uint64_t *to, const uint64_t *from, size_t words)
{
    for (size_t i = 0; i < words; i++) {
        to[i] &= from == NULL ? 0 : from[i];
    }
}

static inline void kb_net_bits_and_not(uint64_t *to, const uint64_t *from, size_t words)
{
    for (size_t i = 0; from != NULL && i < words; i++) {
        to[i] &= ~from[i];
    }
}

/* The numbers 0 … n-1. */
static inline void kb_net_bits_fill(uint64_t *to, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        kb_net_bit_set(to, i);
    }
}

/* The next member at or after `from`; `n` where there is none. */
static inline size_t kb_net_bits_next(const uint64_t *bits, size_t from, size_t n)
{
    while (bits != NULL && from < n) {
        uint64_t rest = bits[from / KB_NET_WORD] >> (from % KB_NET_WORD);
        if (rest != 0) {
            size_t at = from + (size_t)__builtin_ctzll(rest);
            return at < n ? at : n;
        }
        from = (from / KB_NET_WORD + 1) * KB_NET_WORD;
    }
    return n;
}

#endif
