/* Unescaping: the escapes of 64 bytes are found at once, the runs between them copied in steps. */
#include "audit/unescape.h"

#include "audit/bits.h"
#include "base/utf8.h"

enum { STEP = 16 }; /* copies may read and write this much beyond their end */

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

static const char SIMPLE[256] = {['n'] = '\n', ['t'] = '\t', ['r'] = '\r', ['b'] = '\b',
                                 ['f'] = '\f'};

struct copy {
    struct kb_str raw;
    size_t from; /* bytes of `raw` done */
    char *to;
};

/* Up to position `end` as it is. */
KB_BITS_INLINE void copy_run(struct copy *c, size_t end)
{
    size_t n = end - c->from;
    const char *from = c->raw.p + c->from;
    if (c->raw.n - c->from >= n + STEP) {
        for (size_t i = 0; i < n; i += STEP) {
            memcpy(c->to + i, from + i, STEP);
        }
    } else {
        memcpy(c->to, from, n);
    }
    c->to += n;
    c->from = end;
}

/* The escape whose backslash is at position `at`. */
KB_BITS_INLINE void copy_escape(struct copy *c, size_t at)
{
    if (at + 1 >= c->raw.n) {
        c->from = c->raw.n; /* a lone backslash at the end */
        return;
    }
    char letter = c->raw.p[at + 1];
    c->from = at + 2;
    if (letter == 'u') {
        c->from += unicode(kb_str_sub(c->raw, c->from, c->raw.n), &c->to);
        return;
    }
    char special = SIMPLE[(unsigned char)letter];
    *c->to++ = special != 0 ? special : letter;
}

bool kb_unescape(struct kb_str raw, struct kb_buf *out)
{
    char *begin = kb_buf_reserve(out, raw.n + STEP);
    if (begin == NULL) {
        return false;
    }
    struct copy c = {raw, 0, begin};
    bool carry = false;
    for (size_t i = 0; i < raw.n; i += KB_BITS) {
        size_t left = raw.n - i;
        struct kb_bits b =
            left >= KB_BITS ? kb_bits_load(raw.p + i) : kb_bits_load_tail(raw.p + i, left);
        uint64_t backslash = kb_bits_eq(b, '\\', 0);
        uint64_t starts = backslash & ~kb_bits_escaped(backslash, &carry);
        for (; starts != 0; starts &= starts - 1) {
            size_t at = i + (size_t)__builtin_ctzll(starts);
            if (at >= c.from) { /* not the second half of a pair of \u */
                copy_run(&c, at);
                copy_escape(&c, at);
            }
        }
    }
    copy_run(&c, raw.n);
    out->n += (size_t)(c.to - begin);
    return true;
}
