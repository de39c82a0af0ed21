/*
 * Finding the end of a JSON object or array that nobody wants to look into, 64 bytes at a time:
 * masks of quotes, escapes and brackets, and a count of what is open.
 */
#include "data/container.h"

#include <string.h>

#include "data/bytes_of_word.h"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

enum { BLOCK = 64 };

/* Bits of the bytes in one block. */
struct masks {
    uint64_t quote;
    uint64_t backslash;
    uint64_t open;
    uint64_t close;
};

#if defined(__SSE2__)
/* '[' and '{', ']' and '}' differ in one bit: 0x20. */
KB_INLINE void masks_of(const char *p, struct masks *out)
{
#define BITS(hits, i) ((uint64_t)(unsigned)_mm_movemask_epi8(hits) << (16 * (i)))
#define ADD(i)                                                                                     \
    do {                                                                                           \
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * (i)));            \
        __m128i folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20));                                 \
        out->quote |= BITS(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), i);                          \
        out->backslash |= BITS(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')), i);                     \
        out->open |= BITS(_mm_cmpeq_epi8(folded, _mm_set1_epi8('{')), i);                          \
        out->close |= BITS(_mm_cmpeq_epi8(folded, _mm_set1_epi8('}')), i);                         \
    } while (0)
    *out = (struct masks){0};
    ADD(0);
    ADD(1);
    ADD(2);
    ADD(3);
#undef ADD
#undef BITS
}

#define WIDE __attribute__((target("avx2,bmi,popcnt")))
WIDE static inline uint64_t wide_bits(__m256i low, __m256i high, char c)
{
    __m256i wanted = _mm256_set1_epi8(c);
    uint64_t a = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted));
    uint64_t b = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted));
    return a | b << 32;
}

WIDE static inline void wide_masks_of(const char *p, struct masks *out)
{
    __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)p);
    __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32));
    __m256i fold = _mm256_set1_epi8(0x20);
    out->quote = wide_bits(low, high, '"');
    out->backslash = wide_bits(low, high, '\\');
    low = _mm256_or_si256(low, fold);
    high = _mm256_or_si256(high, fold);
    out->open = wide_bits(low, high, '{');
    out->close = wide_bits(low, high, '}');
}

#else
KB_INLINE void masks_of(const char *p, struct masks *out)
{
    *out = (struct masks){0};
    for (unsigned i = 0; i < BLOCK; i += 8) {
        uint64_t word = kb_load_word(p + i);
        uint64_t folded = word | 0x2020202020202020ULL;
        out->quote |= kb_equal_bits(word, '"') << i;
        out->backslash |= kb_equal_bits(word, '\\') << i;
        out->open |= kb_equal_bits(folded, '{') << i;
        out->close |= kb_equal_bits(folded, '}') << i;
    }
}

#endif

/* Bit i set: an odd number of quotes at and before i. */
KB_INLINE uint64_t parity(uint64_t x)
{
    x ^= x << 1;
    x ^= x << 2;
    x ^= x << 4;
    x ^= x << 8;
    x ^= x << 16;
    return x ^ x << 32;
}

KB_INLINE unsigned count_bits(uint64_t x)
{
    x -= (x >> 1) & 0x5555555555555555ULL;
    x = (x & 0x3333333333333333ULL) + ((x >> 2) & 0x3333333333333333ULL);
    x = (x + (x >> 4)) & 0x0F0F0F0F0F0F0F0FULL;
    return (unsigned)((x * 0x0101010101010101ULL) >> 56);
}

/* What a block leaves behind for the next one. */
struct skip {
    uint64_t depth;
    uint64_t in_string; /* all ones or zero */
    bool escape;        /* the next byte is escaped */
};

/* Bytes that a backslash before them escapes: a loop, as most blocks hold few. */
KB_INLINE uint64_t escaped_bits(uint64_t backslash, bool *carry)
{
    uint64_t escaped = *carry ? 1 : 0;
    backslash &= ~escaped;
    *carry = false;
    while (backslash != 0) {
        unsigned at = (unsigned)__builtin_ctzll(backslash);
        if (at == BLOCK - 1) {
            *carry = true;
            break;
        }
        escaped |= 2ULL << at;
        backslash &= ~(3ULL << at);
    }
    return escaped;
}

/* Offset behind the bracket that closes the container, or 0 where it is not in this block. */
KB_INLINE unsigned skip_block(struct skip *skip, const struct masks *masks)
{
    uint64_t escaped =
        masks->backslash == 0 && !skip->escape ? 0 : escaped_bits(masks->backslash, &skip->escape);
    uint64_t in_string = parity(masks->quote & ~escaped) ^ skip->in_string;
    skip->in_string = (uint64_t)0 - (in_string >> 63);
    uint64_t open = masks->open & ~in_string;
    uint64_t close = masks->close & ~in_string;
    if (count_bits(close) < skip->depth) {
        skip->depth += count_bits(open);
        skip->depth -= count_bits(close);
        return 0;
    }
    for (uint64_t both = open | close; both != 0; both &= both - 1) {
        uint64_t bit = both & (0 - both);
        skip->depth += (open & bit) != 0 ? 1 : (uint64_t)-1;
        if (skip->depth == 0) {
            return (unsigned)__builtin_ctzll(bit) + 1;
        }
    }
    return 0;
}

/* Over full blocks, from *at: offset behind the closing bracket, or 0; *at is then at the rest. */
static size_t skip_blocks(struct skip *skip, const char *p, size_t n, size_t *at)
{
    struct masks masks;
    for (; n - *at >= BLOCK; *at += BLOCK) {
        masks_of(p + *at, &masks);
        unsigned behind = skip_block(skip, &masks);
        if (behind != 0) {
            return *at + behind;
        }
    }
    return 0;
}

#if defined(__SSE2__)
/* The same with registers of twice the size. */
WIDE static size_t wide_skip_blocks(struct skip *skip, const char *p, size_t n, size_t *at)
{
    struct masks masks;
    for (; n - *at >= BLOCK; *at += BLOCK) {
        wide_masks_of(p + *at, &masks);
        unsigned behind = skip_block(skip, &masks);
        if (behind != 0) {
            return *at + behind;
        }
    }
    return 0;
}
#define SKIP_BLOCKS(skip, p, n, at)                                                                \
    (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi")                               \
         ? wide_skip_blocks((skip), (p), (n), (at))                                                \
         : skip_blocks((skip), (p), (n), (at)))
#else
#define SKIP_BLOCKS skip_blocks
#endif

/* The rest of a text, less than a block, padded with spaces. */
static size_t skip_rest(struct skip *skip, const char *p, size_t n, size_t at)
{
    char last[BLOCK];
    struct masks masks;
    memset(last, ' ', sizeof last);
    memcpy(last, p + at, n - at);
    masks_of(last, &masks);
    unsigned behind = skip_block(skip, &masks);
    return behind == 0 ? 0 : at + behind;
}

size_t kb_container_length(const char *p, size_t n)
{
    struct skip skip = {0};
    size_t at = 0;
    size_t behind = SKIP_BLOCKS(&skip, p, n, &at);
    if (behind == 0 && at < n) {
        behind = skip_rest(&skip, p, n, at);
    }
    return behind;
}
