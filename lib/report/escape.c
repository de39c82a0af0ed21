/* Visible escapes for what a terminal would obey or hide. */
#include "report/escape.h"

#include "base/utf8.h"

struct range {
    uint32_t first, last;
};

/* Code points above ASCII that are never printed as they are, ascending. */
static const struct range hidden[] = {
    {0x0080, 0x009F},                                          /* C1 controls */
    {0x00AD, 0x00AD},                                          /* soft hyphen */
    {0x034F, 0x034F},                                          /* combining grapheme joiner */
    {0x061C, 0x061C},                                          /* Arabic letter mark */
    {0x115F, 0x1160},                                          /* Hangul fillers */
    {0x17B4, 0x17B5},   {0x180B, 0x180F},    {0x200B, 0x200F}, /* zero-width, directional marks */
    {0x2028, 0x202E}, /* line, paragraph separator, bidirectional embeddings and overrides */
    {0x2060, 0x206F}, /* word joiner, isolates, deprecated format characters */
    {0x3164, 0x3164},   {0xE000, 0xF8FF}, /* private use */
    {0xFDD0, 0xFDEF},                     /* noncharacters */
    {0xFE00, 0xFE0F},                     /* variation selectors */
    {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},    {0xFFF0, 0xFFFB}, {0xFFFE, 0xFFFF},
    {0x1D173, 0x1D17A}, {0xE0000, 0x10FFFF}, /* tags, variation selectors, private use planes */
};

static bool is_hidden(uint32_t cp)
{
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden && cp >= hidden[i].first; i++) {
        if (cp <= hidden[i].last) {
            return true;
        }
    }
    return false;
}

static void add_control(struct kb_buf *out, unsigned char c)
{
    switch (c) {
    case '\n':
        kb_buf_c(out, "\\n");
        break;
    case '\r':
        kb_buf_c(out, "\\r");
        break;
    case '\t':
        kb_buf_c(out, "\\t");
        break;
    default:
        kb_buf_printf(out, "\\x%02x", c);
    }
}

/* Whether a backslash followed by `rest` would read as one of our escapes. */
static bool looks_like_escape(struct kb_str rest)
{
    if (rest.n == 0) {
        return false;
    }
    unsigned char c = (unsigned char)rest.p[0];
    return c < 0x20 || c >= 0x7f || strchr("nrtxuU\\", c) != NULL;
}

static void add_ascii(struct kb_buf *out, unsigned char c, struct kb_str rest, bool own)
{
    if (c == '\\' && !own && looks_like_escape(rest)) {
        kb_buf_c(out, "\\\\");
    } else if ((c >= 0x20 && c < 0x7f) || (c == '\n' && own)) {
        kb_buf_char(out, (char)c);
    } else {
        add_control(out, c);
    }
}

void kb_escape(struct kb_buf *out, struct kb_str s, enum kb_escape_mode mode)
{
    for (size_t i = 0; i < s.n;) {
        unsigned char c = (unsigned char)s.p[i];
        uint32_t cp;
        if (c < 0x80) {
            i++;
            add_ascii(out, c, kb_str_sub(s, i, s.n), mode == KB_ESCAPE_OWN);
            continue;
        }
        size_t n = kb_utf8_decode(kb_str_sub(s, i, s.n), &cp);
        if (n == 0) {
            n = 1;
            kb_buf_printf(out, "\\x%02x", c);
        } else if (!is_hidden(cp)) {
            kb_buf_add(out, s.p + i, n);
        } else if (cp <= 0xFFFF) {
            kb_buf_printf(out, "\\u%04x", cp);
        } else {
            kb_buf_printf(out, "\\U%08x", cp);
        }
        i += n;
    }
}
