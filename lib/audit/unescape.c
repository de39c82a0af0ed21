/* Unescaping in runs: the bytes between two backslashes are copied 16 at a time. */
#include "audit/unescape.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/utf8.h"

enum { SLACK = 16 }; /* bytes that may be written beyond the end */

/* Copy up to the next backslash; both may be read and written SLACK bytes further. */
static size_t copy_run(const char *from, size_t n, char *to)
{
    size_t i = 0;
#ifdef __SSE2__
    const __m128i backslash = _mm_set1_epi8('\\');
    for (; n - i >= SLACK; i += SLACK) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(from + i));
        _mm_storeu_si128((__m128i *)(void *)(to + i), bytes);
        uint32_t hits = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, backslash));
        if (hits != 0) {
            return i + (size_t)__builtin_ctz(hits);
        }
    }
#endif
    for (; i < n && from[i] != '\\'; i++) {
        to[i] = from[i];
    }
    return i;
}

static bool hex4(struct kb_str s, uint32_t *out)
{
    uint32_t value = 0;
    for (size_t i = 0; i < 4; i++) {
        char c = i < s.n ? s.p[i] : ' ';
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a') + 10
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A') + 10
                                                : 16;
        if (digit == 16) {
            return false;
        }
        value = value << 4 | digit;
    }
    *out = value;
    return true;
}

/* `s` begins behind "\u". Returns the bytes taken of it. */
static size_t unicode(struct kb_str s, char **to)
{
    uint32_t cp = KB_UTF8_BAD;
    uint32_t low = 0;
    if (!hex4(s, &cp)) {
        *(*to)++ = 'u';
        return 0;
    }
    size_t taken = 4;
    bool pair = (cp & 0xFC00) == 0xD800 && s.n >= 10 && s.p[4] == '\\' && s.p[5] == 'u' &&
                hex4(kb_str_sub(s, 6, 10), &low) && (low & 0xFC00) == 0xDC00;
    if (pair) {
        cp = 0x10000 + ((cp & 0x3FF) << 10) + (low & 0x3FF);
        taken = 10;
    }
    *to += kb_utf8_encode(cp, *to);
    return taken;
}

static char simple(char c)
{
    switch (c) {
    case 'n': return '\n';
    case 't': return '\t';
    case 'r': return '\r';
    case 'b': return '\b';
    case 'f': return '\f';
    default: return c;
    }
}

bool kb_unescape(struct kb_str raw, struct kb_buf *out)
{
    char *begin = kb_buf_reserve(out, raw.n + SLACK);
    if (begin == NULL) {
        return false;
    }
    char *to = begin;
    size_t i = 0;
    while (i < raw.n) {
        size_t run = copy_run(raw.p + i, raw.n - i, to);
        to += run;
        i += run;
        if (i + 1 >= raw.n) {
            break; /* the end, or a lone backslash */
        }
        char c = raw.p[i + 1];
        i += 2;
        if (c == 'u') {
            i += unicode(kb_str_sub(raw, i, raw.n), &to);
        } else {
            *to++ = simple(c);
        }
    }
    out->n += (size_t)(to - begin);
    return true;
}
