/* Places inside YAML scalars: block, quoted and plain ones, on one line or folded over several. */
#include "baseline/place.h"

#include "base/utf8.h"

struct kb_str kb_place_line(struct kb_str source, unsigned line)
{
    size_t at = 0;
    for (unsigned i = 1; i < line; i++) {
        at = kb_str_find(source, KB_STR("\n"), at);
        if (at == SIZE_MAX) {
            return KB_STR("");
        }
        at++;
    }
    size_t end = kb_str_find(source, KB_STR("\n"), at);
    struct kb_str out = kb_str_sub(source, at, end == SIZE_MAX ? source.n : end);
    return kb_str_ends(out, KB_STR("\r")) ? kb_str_sub(out, 0, out.n - 1) : out;
}

static unsigned indent_of(struct kb_str line)
{
    unsigned n = 0;
    while (n < line.n && line.p[n] == ' ') {
        n++;
    }
    return n;
}

/* The first line of a block's content below `line` that is not blank, or `line` + 1. */
static unsigned first_content(struct kb_str source, unsigned line)
{
    for (unsigned i = line + 1; i < line + 64; i++) {
        if (kb_str_trim(kb_place_line(source, i)).n > 0) {
            return i;
        }
    }
    return line + 1;
}

/* Code points of `text` before (line, col). */
static size_t offset_of(struct kb_str text, unsigned line, unsigned col)
{
    size_t n = 0;
    for (unsigned i = 1; i < line; i++) {
        n += kb_utf8_count(kb_place_line(text, i)) + 1;
    }
    return n + col - 1;
}

/* Folded text: the lines, trimmed and joined by one space each, are the scalar's text. */
static struct kb_place in_folded(struct kb_str source, unsigned line, unsigned skip, size_t offset)
{
    struct kb_place place = {line, skip + 1};
    for (unsigned i = 0; i < 1000; i++) {
        struct kb_str all = kb_place_line(source, line + i);
        unsigned start = i == 0 ? skip : indent_of(all);
        struct kb_str rest = kb_str_sub(all, kb_utf8_offset(all, start), all.n);
        size_t length = kb_utf8_count(kb_str_trim(rest));
        if (length == 0) {
            continue;
        }
        place = (struct kb_place){line + i, start + 1 + (unsigned)offset};
        if (offset <= length) {
            break;
        }
        offset -= length + 1;
    }
    return place;
}

struct kb_place kb_place_of(struct kb_str source, const struct kb_text *text, unsigned line,
                            unsigned col)
{
    struct kb_str first = kb_place_line(source, text->line);
    size_t at = kb_utf8_offset(first, text->col == 0 ? 0 : text->col - 1);
    char style = at < first.n ? first.p[at] : '\0';
    if (style == '|') {
        unsigned start = first_content(source, text->line);
        unsigned indent = indent_of(kb_place_line(source, start));
        return (struct kb_place){start + line - 1, indent + col};
    }
    size_t offset = offset_of(text->text, line, col);
    if (style == '>') {
        unsigned start = first_content(source, text->line);
        return in_folded(source, start, indent_of(kb_place_line(source, start)), offset);
    }
    unsigned quote = style == '"' || style == '\'';
    return in_folded(source, text->line, text->col - 1 + quote, offset);
}
