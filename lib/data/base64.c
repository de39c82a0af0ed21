/* Base 64 in both alphabets, with and without padding. */
#include "data/base64.h"

static const char alphabet[2][65] = {
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
};

void kb_base64_encode(struct kb_str data, unsigned flags, struct kb_buf *out)
{
    const char *digits = alphabet[(flags & KB_BASE64_URL) != 0];
    for (size_t i = 0; i < data.n; i += 3) {
        size_t n = data.n - i < 3 ? data.n - i : 3;
        uint32_t bits = 0;
        for (size_t j = 0; j < 3; j++) {
            bits = bits << 8 | (j < n ? (unsigned char)data.p[i + j] : 0U);
        }
        for (size_t j = 0; j < 4; j++) {
            if (j <= n) {
                kb_buf_char(out, digits[bits >> (18 - 6 * j) & 63]);
            } else if ((flags & KB_BASE64_UNPADDED) == 0) {
                kb_buf_char(out, '=');
            }
        }
    }
}

static int value_of(char c, unsigned flags)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    bool url = (flags & KB_BASE64_URL) != 0;
    if (c == (url ? '-' : '+')) {
        return 62;
    }
    return c == (url ? '_' : '/') ? 63 : -1;
}

static bool is_skipped(char c, unsigned flags)
{
    return (flags & KB_BASE64_LINES) != 0 && (c == '\n' || c == '\r');
}

/* What follows the last digit: `digits` (0, 2 or 3) of an unfinished group, then the padding it
 * needs. */
static bool tail_ok(struct kb_str text, size_t at, size_t digits, unsigned flags, size_t *bad)
{
    size_t padding = 0;
    size_t i = at;
    for (; i < text.n; i++) {
        if (is_skipped(text.p[i], flags)) {
            continue;
        }
        if (text.p[i] != '=' || digits < 2 || padding == 4 - digits) {
            break;
        }
        padding++;
    }
    *bad = i;
    if (i < text.n || digits == 1) {
        return false;
    }
    return digits == 0 || padding == 4 - digits ||
           (padding == 0 && (flags & KB_BASE64_UNPADDED) != 0);
}

bool kb_base64_decode(struct kb_str text, unsigned flags, struct kb_buf *out, size_t *bad)
{
    uint32_t bits = 0;
    size_t digits = 0;
    size_t i = 0;
    for (; i < text.n; i++) {
        int value = value_of(text.p[i], flags);
        if (value < 0) {
            if (is_skipped(text.p[i], flags)) {
                continue;
            }
            break;
        }
        bits = bits << 6 | (uint32_t)value;
        if (++digits == 4) {
            const char group[3] = {(char)(bits >> 16), (char)(bits >> 8), (char)bits};
            kb_buf_add(out, group, 3);
            digits = 0;
            bits = 0;
        }
    }
    size_t where = 0;
    if (!tail_ok(text, i, digits, flags, &where)) {
        if (bad != NULL) {
            *bad = where;
        }
        return false;
    }
    if (digits > 0) {
        bits <<= 6 * (4 - digits);
        const char group[2] = {(char)(bits >> 16), (char)(bits >> 8)};
        kb_buf_add(out, group, digits - 1);
    }
    return true;
}
