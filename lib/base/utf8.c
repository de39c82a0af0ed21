/* UTF-8 (Unicode 15, table 3-7: well-formed byte sequences). */
#include "base/utf8.h"

static size_t length_of(unsigned char lead)
{
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        return 2;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        return 3;
    }
    return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

size_t kb_utf8_decode(struct kb_str s, uint32_t *cp)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *p = (const unsigned char *)s.p;
    size_t n = length_of(p[0]);
    *cp = KB_UTF8_BAD;
    if (n == 0 || n > s.n) {
        return 0;
    }
    if (n == 1) {
        *cp = p[0];
        return 1;
    }
    uint32_t value = p[0] & (0xFFU >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            return 0;
        }
        value = (value << 6) | (p[i] & 0x3FU);
    }
    if (value < least[n] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
        return 0;
    }
    *cp = value;
    return n;
}

size_t kb_utf8_encode(uint32_t cp, char out[4])
{
    if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF)) {
        cp = KB_UTF8_BAD;
    }
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (cp & 0x3F));
        cp >>= 6;
    }
    out[0] = (char)((0xF00U >> n & 0xFF) | cp);
    return n;
}

void kb_utf8_add(struct kb_buf *buf, uint32_t cp)
{
    char bytes[4];
    kb_buf_add(buf, bytes, kb_utf8_encode(cp, bytes));
}

static size_t step(struct kb_str s, size_t at)
{
    uint32_t cp;
    size_t n = kb_utf8_decode(kb_str_sub(s, at, s.n), &cp);
    return n == 0 ? 1 : n;
}

bool kb_utf8_valid(struct kb_str s)
{
    for (size_t i = 0; i < s.n;) {
        uint32_t cp;
        size_t n = kb_utf8_decode(kb_str_sub(s, i, s.n), &cp);
        if (n == 0) {
            return false;
        }
        i += n;
    }
    return true;
}

size_t kb_utf8_count(struct kb_str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.n; i += step(s, i)) {
        count++;
    }
    return count;
}

size_t kb_utf8_offset(struct kb_str s, size_t index)
{
    size_t at = 0;
    while (index > 0 && at < s.n) {
        at += step(s, at);
        index--;
    }
    return at;
}
