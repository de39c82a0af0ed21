/* Go's quoting and unquoting. */
#include "data/quote.h"

#include "base/utf8.h"

/* Escapes of one letter: the character at index i is written as the letter at index i. */
static const char plain[] = "\a\b\f\n\r\t\v\\";
static const char letter[] = "abfnrtv\\";

static void quote_cp(uint32_t cp, bool ascii, struct kb_buf *out)
{
    const char *escape = cp != 0 && cp < 0x80 ? strchr(plain, (int)cp) : NULL;
    if (escape != NULL || cp == '"') {
        kb_buf_char(out, '\\');
        kb_buf_char(out, escape == NULL ? '"' : letter[escape - plain]);
    } else if (kb_is_print(cp) && (!ascii || cp < 0x80)) {
        kb_utf8_add(out, cp);
    } else if (cp < ' ' || cp == 0x7F) {
        kb_buf_printf(out, "\\x%02x", (unsigned)cp);
    } else if (cp < 0x10000) {
        kb_buf_printf(out, "\\u%04x", (unsigned)cp);
    } else {
        kb_buf_printf(out, "\\U%08x", (unsigned)cp);
    }
}

static void quote_with(struct kb_str text, bool ascii, struct kb_buf *out)
{
    kb_buf_char(out, '"');
    while (text.n > 0) {
        uint32_t cp;
        size_t n = kb_utf8_decode(text, &cp);
        if (n == 0) {
            kb_buf_printf(out, "\\x%02x", (unsigned)(unsigned char)*text.p);
            n = 1;
        } else {
            quote_cp(cp, ascii, out);
        }
        text = kb_str_sub(text, n, text.n);
    }
    kb_buf_char(out, '"');
}

void kb_quote(struct kb_str text, struct kb_buf *out)
{
    quote_with(text, false, out);
}

void kb_quote_ascii(struct kb_str text, struct kb_buf *out)
{
    quote_with(text, true, out);
}

void kb_quote_bytes(struct kb_str text, struct kb_buf *out)
{
    kb_buf_char(out, '"');
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == '"' || c == '\\') {
            kb_buf_char(out, '\\');
            kb_buf_char(out, (char)c);
        } else if (c < ' ' || c >= 0x80) {
            kb_buf_printf(out, "\\x%02x", (unsigned)c);
        } else {
            kb_buf_char(out, (char)c);
        }
    }
    kb_buf_char(out, '"');
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 99;
}

/* `count` digits of `base` at s[at]. */
static bool take_number(struct kb_str s, size_t at, size_t count, int base, uint32_t *out)
{
    if (at + count > s.n) {
        return false;
    }
    *out = 0;
    for (size_t i = at; i < at + count; i++) {
        int d = digit_value(s.p[i]);
        if (d >= base) {
            return false;
        }
        *out = *out * (uint32_t)base + (uint32_t)d;
    }
    return true;
}

/* \x41, \u0041, \U00000041 and \101: bytes used, or 0. */
static size_t unescape_number(struct kb_str s, struct kb_buf *out)
{
    uint32_t value;
    size_t count = s.p[1] == 'x' ? 2 : s.p[1] == 'u' ? 4 : s.p[1] == 'U' ? 8 : 0;
    if (count == 0) {
        if (!take_number(s, 1, 3, 8, &value) || value > 255) {
            return 0;
        }
        kb_buf_char(out, (char)value);
        return 4;
    }
    if (!take_number(s, 2, count, 16, &value)) {
        return 0;
    }
    if (count == 2) {
        kb_buf_char(out, (char)value);
    } else if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
        return 0;
    } else {
        kb_utf8_add(out, value);
    }
    return count + 2;
}

/* One character or escape at the front of s (not empty): bytes used, or 0 where it is not allowed.
 */
static size_t unquote_one(struct kb_str s, char quote, struct kb_buf *out)
{
    if (*s.p == quote || *s.p == '\n') {
        return 0;
    }
    if (*s.p != '\\') {
        uint32_t cp;
        size_t n = kb_utf8_decode(s, &cp);
        if (n == 0) {
            kb_utf8_add(out, KB_UTF8_BAD);
            return 1;
        }
        kb_buf_add(out, s.p, n);
        return n;
    }
    if (s.n < 2) {
        return 0;
    }
    const char *known = s.p[1] == '\0' ? NULL : strchr(letter, s.p[1]);
    if (known != NULL || s.p[1] == quote) {
        kb_buf_char(out, known == NULL ? quote : plain[known - letter]);
        return 2;
    }
    return unescape_number(s, out);
}

static bool unquote_raw(struct kb_str body, struct kb_buf *out)
{
    for (size_t i = 0; i < body.n; i++) {
        if (body.p[i] == '`') {
            return false;
        }
        if (body.p[i] != '\r') {
            kb_buf_char(out, body.p[i]);
        }
    }
    return true;
}

bool kb_unquote(struct kb_str quoted, struct kb_buf *out)
{
    if (quoted.n < 2 || quoted.p[0] != quoted.p[quoted.n - 1]) {
        return false;
    }
    char quote = quoted.p[0];
    struct kb_str body = kb_str_sub(quoted, 1, quoted.n - 1);
    if (quote == '`') {
        return unquote_raw(body, out);
    }
    if (quote != '"' && quote != '\'') {
        return false;
    }
    size_t count = 0;
    for (; body.n > 0; count++) {
        size_t n = unquote_one(body, quote, out);
        if (n == 0) {
            return false;
        }
        body = kb_str_sub(body, n, body.n);
    }
    return quote == '"' || count <= 1; /* Go takes '' as well */
}
