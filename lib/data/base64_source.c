/* Base64 text as a stream of bytes, so that a large member is never held decoded. */
#include "data/inflate.h"

enum { PAD = 64, SPACE = 65, BAD = 66 };

static unsigned value_of(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return (unsigned)(c - 'A');
    }
    if (c >= 'a' && c <= 'z') {
        return (unsigned)(c - 'a') + 26;
    }
    if (c >= '0' && c <= '9') {
        return (unsigned)(c - '0') + 52;
    }
    switch (c) {
    case '+': return 62;
    case '/': return 63;
    case '=': return PAD;
    case ' ':
    case '\t':
    case '\r':
    case '\n': return SPACE;
    default: return BAD;
    }
}

static kb_res read_base64(void *ctx, void *buf, size_t n, size_t *got, struct kb_err *err)
{
    struct kb_base64_source *s = ctx;
    unsigned char *to = buf;
    *got = 0;
    while (*got < n && s->rest.n > 0) {
        unsigned value = value_of(*s->rest.p);
        bool bad = value == BAD || (s->padded && value < PAD);
        if (bad && *got > 0) {
            return KB_SUCCESS; /* told at the next call */
        }
        KB_ENSURE(!bad, err, KB_ERR_SYNTAX, "not base64");
        s->rest.p++;
        s->rest.n--;
        s->padded = s->padded || value == PAD;
        if (value < PAD) {
            s->bits = (s->bits << 6) | value;
            s->have += 6;
        }
        if (s->have >= 8) {
            s->have -= 8;
            to[(*got)++] = (unsigned char)(s->bits >> s->have);
        }
    }
    return KB_SUCCESS;
}

struct kb_bytes kb_base64_bytes(struct kb_base64_source *source)
{
    return (struct kb_bytes){read_base64, source};
}
