/* Percent-encoding, by the rules of Go's net/url (RFC 3986 with its exceptions). */
#include "data/url_escape.h"

static bool one_of(unsigned char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

static bool is_alnum(unsigned char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

bool kb_url_must_escape(unsigned char c, enum kb_url_part part)
{
    static const char *const allowed[] = {
        [KB_URL_PATH] = "$&+,/:;=@",
        [KB_URL_HOST] = "!$&'()*+,;=:[]<>\"",
        [KB_URL_USER] = "$&+,;=",
        [KB_URL_QUERY] = "",
    };
    return !is_alnum(c) && !one_of(c, "-_.~") && !one_of(c, allowed[part]);
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* "%41" at the front of s: the byte, or -1. */
static int escaped_byte(struct kb_str s)
{
    if (s.n < 3 || hex_value(s.p[1]) < 0 || hex_value(s.p[2]) < 0) {
        return -1;
    }
    return hex_value(s.p[1]) << 4 | hex_value(s.p[2]);
}

bool kb_url_unescape(struct kb_str s, enum kb_url_part part, struct kb_arena *arena,
                     struct kb_str *out, struct kb_str *bad)
{
    char *to = kb_arena_alloc(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '%') {
            int byte = escaped_byte(kb_str_sub(s, i, s.n));
            /* a host may only escape what is not ASCII */
            if (byte < 0 || (part == KB_URL_HOST && byte < 0x80)) {
                *bad = kb_str_sub(s, i, i + 3);
                return false;
            }
            c = (unsigned char)byte;
            i += 2;
        } else if (part == KB_URL_HOST && c < 0x80 && kb_url_must_escape(c, part)) {
            *bad = kb_str_sub(s, i, i + 1);
            return false;
        } else if (part == KB_URL_QUERY && c == '+') {
            c = ' ';
        }
        to[n++] = (char)c;
    }
    *out = (struct kb_str){to, n};
    return true;
}

void kb_url_escape(struct kb_str s, enum kb_url_part part, struct kb_buf *out)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (kb_url_must_escape(c, part)) {
            kb_buf_printf(out, "%%%02X", (unsigned)c);
        } else {
            kb_buf_char(out, (char)c);
        }
    }
}
