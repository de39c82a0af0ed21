/*
 * The JSON walk. Strings are searched 16 bytes at a time; containers that nobody wants are skipped 64
 * bytes at a time: masks of quotes, escapes and brackets, and a count of what is open.
 */
#include "audit/scan.h"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#define KB_INLINE static inline __attribute__((always_inline))

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

KB_INLINE unsigned quote_or_escape(const char *p)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i hits = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                                _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
    return (unsigned)_mm_movemask_epi8(hits);
}
#else
/* One bit for each byte of `word` that equals `c`. */
static uint64_t equal_bits(uint64_t word, unsigned char c)
{
    const uint64_t low7 = 0x7F7F7F7F7F7F7F7FULL;
    uint64_t x = word ^ (0x0101010101010101ULL * c);
    uint64_t zero = ~(((x & low7) + low7) | x | low7);
    return ((zero >> 7) * 0x0102040810204080ULL) >> 56;
}

static uint64_t load_word(const char *p)
{
    uint64_t word = 0;
    for (unsigned i = 0; i < 8; i++) {
        word |= (uint64_t)(unsigned char)p[i] << (8 * i);
    }
    return word;
}

KB_INLINE void masks_of(const char *p, struct masks *out)
{
    *out = (struct masks){0};
    for (unsigned i = 0; i < BLOCK; i += 8) {
        uint64_t word = load_word(p + i);
        uint64_t folded = word | 0x2020202020202020ULL;
        out->quote |= equal_bits(word, '"') << i;
        out->backslash |= equal_bits(word, '\\') << i;
        out->open |= equal_bits(folded, '{') << i;
        out->close |= equal_bits(folded, '}') << i;
    }
}

KB_INLINE unsigned quote_or_escape(const char *p)
{
    uint64_t a = load_word(p);
    uint64_t b = load_word(p + 8);
    return (unsigned)(equal_bits(a, '"') | equal_bits(a, '\\') |
                      (equal_bits(b, '"') | equal_bits(b, '\\')) << 8);
}
#endif

bool kb_scan_space(struct kb_scan *scan)
{
    const char *p = scan->p;
    while (p < scan->end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) {
        p++;
    }
    scan->p = p;
    return p < scan->end;
}

/* From behind the opening quote to behind the closing one. */
static enum kb_scan_status scan_string(struct kb_scan *scan, struct kb_span *out)
{
    const char *p = scan->p;
    const char *end = scan->end;
    *out = (struct kb_span){.p = p, .kind = KB_SPAN_STRING};
    while (p < end) {
        if (end - p >= 16) {
            unsigned hits = quote_or_escape(p);
            if (hits == 0) {
                p += 16;
                continue;
            }
            p += __builtin_ctz(hits);
        }
        if (*p == '"') {
            out->n = (uint32_t)(p - out->p);
            scan->p = p + 1;
            return KB_SCAN_OK;
        }
        bool escape = *p == '\\';
        out->escaped |= escape;
        p += escape && end - p > 1 ? 2 : 1;
    }
    out->n = (uint32_t)(end - out->p);
    out->cut = true;
    scan->p = end;
    return KB_SCAN_CUT;
}

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
    uint64_t escaped = masks->backslash == 0 && !skip->escape
                           ? 0
                           : escaped_bits(masks->backslash, &skip->escape);
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

static enum kb_scan_status scan_container(struct kb_scan *scan, struct kb_span *out)
{
    struct skip skip = {0};
    const char *p = scan->p;
    size_t n = (size_t)(scan->end - p);
    size_t at = 0;
    size_t behind = SKIP_BLOCKS(&skip, p, n, &at);
    if (behind == 0 && at < n) {
        behind = skip_rest(&skip, p, n, at);
    }
    bool cut = behind == 0;
    behind = cut ? n : behind;
    *out = (struct kb_span){.p = p,
                            .n = (uint32_t)behind,
                            .kind = *p == '{' ? KB_SPAN_OBJECT : KB_SPAN_ARRAY,
                            .cut = cut};
    scan->p = p + behind;
    return cut ? KB_SCAN_CUT : KB_SCAN_OK;
}

static bool in_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           c == '-' || c == '+' || c == '.';
}

static size_t digits(const char *p, size_t n)
{
    size_t i = 0;
    while (i < n && p[i] >= '0' && p[i] <= '9') {
        i++;
    }
    return i;
}

/* RFC 8259 §6. */
static bool is_number(const char *p, size_t n)
{
    size_t i = n > 0 && p[0] == '-' ? 1 : 0;
    size_t whole = digits(p + i, n - i);
    if (whole == 0 || (whole > 1 && p[i] == '0')) {
        return false;
    }
    i += whole;
    if (i < n && p[i] == '.') {
        size_t fraction = digits(p + i + 1, n - i - 1);
        if (fraction == 0) {
            return false;
        }
        i += 1 + fraction;
    }
    if (i < n && (p[i] | 0x20) == 'e') {
        i += i + 1 < n && (p[i + 1] == '+' || p[i + 1] == '-') ? 2 : 1;
        size_t exponent = digits(p + i, n - i);
        return exponent > 0 && i + exponent == n;
    }
    return i == n;
}

static enum kb_span_kind word_kind(struct kb_str word)
{
    if (kb_str_eq(word, KB_STR("true"))) {
        return KB_SPAN_TRUE;
    }
    if (kb_str_eq(word, KB_STR("false"))) {
        return KB_SPAN_FALSE;
    }
    if (kb_str_eq(word, KB_STR("null"))) {
        return KB_SPAN_NULL;
    }
    return is_number(word.p, word.n) ? KB_SPAN_NUMBER : KB_SPAN_NONE;
}

static enum kb_scan_status scan_word(struct kb_scan *scan, struct kb_span *out)
{
    const char *p = scan->p;
    while (p < scan->end && in_word(*p)) {
        p++;
    }
    struct kb_str word = {scan->p, (size_t)(p - scan->p)};
    *out = (struct kb_span){.p = word.p, .n = (uint32_t)word.n};
    if (p == scan->end) {
        out->kind = KB_SPAN_NULL;
        out->cut = true;
        scan->p = p;
        return KB_SCAN_CUT;
    }
    out->kind = (uint8_t)word_kind(word);
    if (out->kind == KB_SPAN_NONE) {
        return KB_SCAN_BAD;
    }
    scan->p = p;
    return KB_SCAN_OK;
}

enum kb_scan_status kb_scan_value(struct kb_scan *scan, struct kb_span *out)
{
    *out = (struct kb_span){0};
    if (!kb_scan_space(scan)) {
        return KB_SCAN_CUT;
    }
    if (*scan->p == '"') {
        scan->p++;
        return scan_string(scan, out);
    }
    if (*scan->p == '{' || *scan->p == '[') {
        return scan_container(scan, out);
    }
    return scan_word(scan, out);
}

struct kb_scan_each kb_scan_each_at(struct kb_scan at)
{
    return (struct kb_scan_each){.at = at, .object = at.p < at.end && *at.p == '{'};
}

struct kb_scan_each kb_scan_each(const struct kb_span *container)
{
    if (container->kind != KB_SPAN_OBJECT && container->kind != KB_SPAN_ARRAY) {
        return (struct kb_scan_each){.status = KB_SCAN_OK};
    }
    return kb_scan_each_at((struct kb_scan){container->p, container->p + container->n});
}

static bool stop(struct kb_scan_each *each, enum kb_scan_status status)
{
    each->status = status;
    return false;
}

/* The key and the colon behind it. */
static enum kb_scan_status scan_key(struct kb_scan_each *each)
{
    struct kb_scan *at = &each->at;
    if (*at->p != '"') {
        return KB_SCAN_BAD;
    }
    at->p++;
    enum kb_scan_status status = scan_string(at, &each->key);
    if (status != KB_SCAN_OK || !kb_scan_space(at)) {
        return KB_SCAN_CUT;
    }
    if (*at->p != ':') {
        return KB_SCAN_BAD;
    }
    at->p++;
    return KB_SCAN_OK;
}

bool kb_scan_member(struct kb_scan_each *each)
{
    struct kb_scan *at = &each->at;
    if (each->status != KB_SCAN_OK || at->p == NULL) {
        return false;
    }
    if (!each->begun) {
        at->p++; /* the bracket */
    }
    if (!kb_scan_space(at)) {
        return stop(each, KB_SCAN_CUT);
    }
    if (*at->p == (each->object ? '}' : ']')) {
        at->p++;
        return false;
    }
    if (each->begun) {
        if (*at->p != ',') {
            return stop(each, KB_SCAN_BAD);
        }
        at->p++;
        if (!kb_scan_space(at)) {
            return stop(each, KB_SCAN_CUT);
        }
    }
    each->begun = true;
    enum kb_scan_status status = each->object ? scan_key(each) : KB_SCAN_OK;
    return status == KB_SCAN_OK ? true : stop(each, status);
}

bool kb_scan_next(struct kb_scan_each *each, struct kb_span *value)
{
    if (!kb_scan_member(each)) {
        return false;
    }
    each->status = kb_scan_value(&each->at, value);
    return each->status == KB_SCAN_OK || (each->status == KB_SCAN_CUT && value->kind != 0);
}
