/* Slices: search, numbers, distance and hashing. */
#include "base/str.h"

#include <sys/random.h>

struct kb_str kb_str_sub(struct kb_str s, size_t from, size_t to)
{
    if (to > s.n) {
        to = s.n;
    }
    if (from > to) {
        from = to;
    }
    return (struct kb_str){s.p == NULL ? NULL : s.p + from, to - from};
}

int kb_str_cmp(struct kb_str a, struct kb_str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n == 0 ? 0 : memcmp(a.p, b.p, n);
    if (c != 0) {
        return c;
    }
    return a.n < b.n ? -1 : a.n > b.n;
}

size_t kb_str_find(struct kb_str s, struct kb_str needle, size_t from)
{
    if (from > s.n || needle.n > s.n - from) {
        return SIZE_MAX;
    }
    if (needle.n == 0) {
        return from;
    }
    const char *hit = memmem(s.p + from, s.n - from, needle.p, needle.n);
    return hit == NULL ? SIZE_MAX : (size_t)(hit - s.p);
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct kb_str kb_str_trim(struct kb_str s)
{
    while (s.n > 0 && is_space(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n > 0 && is_space(s.p[s.n - 1])) {
        s.n--;
    }
    return s;
}

struct kb_str kb_str_split(struct kb_str s, char sep, struct kb_str *rest)
{
    const char *hit = s.n == 0 ? NULL : memchr(s.p, sep, s.n);
    if (hit == NULL) {
        *rest = (struct kb_str){NULL, 0};
        return s;
    }
    size_t at = (size_t)(hit - s.p);
    *rest = (struct kb_str){hit + 1, s.n - at - 1};
    return (struct kb_str){s.p, at};
}

bool kb_str_u64(struct kb_str s, uint64_t *out)
{
    uint64_t v = 0;
    if (s.n == 0) {
        return false;
    }
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') {
            return false;
        }
        if (__builtin_mul_overflow(v, 10U, &v) ||
            __builtin_add_overflow(v, (uint64_t)(s.p[i] - '0'), &v)) {
            return false;
        }
    }
    *out = v;
    return true;
}

bool kb_str_i64(struct kb_str s, int64_t *out)
{
    bool negative = s.n > 0 && s.p[0] == '-';
    uint64_t v = 0;
    if (negative || (s.n > 0 && s.p[0] == '+')) {
        s = kb_str_sub(s, 1, s.n);
    }
    if (!kb_str_u64(s, &v) || v > (uint64_t)INT64_MAX + (negative ? 1 : 0)) {
        return false;
    }
    *out = negative ? (int64_t)(0 - v) : (int64_t)v;
    return true;
}

enum { DISTANCE_MAX = 64 };

unsigned kb_str_distance(struct kb_str a, struct kb_str b)
{
    unsigned row[DISTANCE_MAX + 1];
    a = kb_str_sub(a, 0, DISTANCE_MAX);
    b = kb_str_sub(b, 0, DISTANCE_MAX);
    for (size_t j = 0; j <= b.n; j++) {
        row[j] = (unsigned)j;
    }
    for (size_t i = 1; i <= a.n; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b.n; j++) {
            unsigned change = diagonal + (a.p[i - 1] != b.p[j - 1]);
            unsigned step = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = change < step ? change : step;
        }
    }
    return row[b.n];
}

static uint64_t load_tail(const unsigned char *p, size_t n)
{
    uint64_t v = 0;
    if (n > 0) {
        memcpy(&v, p, n);
    }
    return v;
}

static uint64_t mix(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 u128;
    u128 m = (u128)a * b;
    return (uint64_t)m ^ (uint64_t)(m >> 64);
}

uint64_t kb_hash_bytes(const void *p, size_t n, uint64_t seed)
{
    const uint64_t k0 = 0xa0761d6478bd642fULL;
    const uint64_t k1 = 0xe7037ed1a0b428dbULL;
    const unsigned char *at = p;
    uint64_t h = seed ^ mix(n ^ k0, k1);
    for (; n >= 16; n -= 16, at += 16) {
        uint64_t a;
        uint64_t b;
        memcpy(&a, at, 8);
        memcpy(&b, at + 8, 8);
        h = mix(a ^ k0 ^ h, b ^ k1);
    }
    uint64_t a = n > 8 ? load_tail(at, 8) : load_tail(at, n);
    uint64_t b = n > 8 ? load_tail(at + 8, n - 8) : 0;
    return mix(mix(a ^ k1 ^ h, b ^ k0 ^ seed), k1 ^ h);
}

uint64_t kb_hash_seed(void)
{
    static uint64_t seed;
    if (seed == 0 && getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed) {
        seed = 0x9e3779b97f4a7c15ULL;
    }
    return seed;
}
