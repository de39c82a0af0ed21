/* Wrapping, padding, and numbers for people. */
#include "report/layout.h"

#include "report/width.h"

void kb_pad(struct kb_buf *out, size_t n)
{
    while (n-- > 0) {
        kb_buf_char(out, ' ');
    }
}

void kb_pad_to(struct kb_buf *out, struct kb_str s, size_t columns)
{
    size_t used = kb_width(s);
    kb_buf_str(out, s);
    kb_pad(out, used < columns ? columns - used : 1);
}

/* The next word with the spaces before it; empty at the end. */
static struct kb_str next_word(struct kb_str s)
{
    size_t i = 0;
    while (i < s.n && s.p[i] == ' ') {
        i++;
    }
    while (i < s.n && s.p[i] != ' ') {
        i++;
    }
    return kb_str_sub(s, 0, i);
}

static struct kb_str skip_spaces(struct kb_str s)
{
    size_t i = 0;
    while (i < s.n && s.p[i] == ' ') {
        i++;
    }
    return kb_str_sub(s, i, s.n);
}

static void wrap_line(struct kb_buf *out, struct kb_str line, size_t column, size_t indent,
                      size_t width)
{
    bool fresh = true; /* nothing of the text stands on this line yet */
    while (line.n > 0) {
        struct kb_str word = next_word(line);
        line = kb_str_sub(line, word.n, line.n);
        size_t columns = kb_width(word);
        if (!fresh && column + columns > width) {
            kb_buf_char(out, '\n');
            kb_pad(out, indent);
            word = skip_spaces(word);
            columns = kb_width(word);
            column = indent;
        }
        kb_buf_str(out, word);
        column += columns;
        fresh = false;
    }
}

void kb_wrap(struct kb_buf *out, struct kb_str text, size_t column, size_t indent, size_t width)
{
    for (bool first = true; text.n > 0 || first; first = false) {
        struct kb_str rest;
        struct kb_str line = kb_str_split(text, '\n', &rest);
        if (!first) {
            kb_buf_char(out, '\n');
            kb_pad(out, line.n > 0 ? indent : 0);
            column = indent;
        }
        wrap_line(out, line, column, indent, width);
        text = rest;
    }
}

void kb_add_count(struct kb_buf *out, uint64_t n)
{
    char text[32];
    size_t at = sizeof text;
    for (unsigned digits = 0; n > 0 || digits == 0; digits++, n /= 10) {
        if (digits > 0 && digits % 3 == 0) {
            text[--at] = ',';
        }
        text[--at] = (char)('0' + n % 10);
    }
    kb_buf_add(out, text + at, sizeof text - at);
}

void kb_add_bytes(struct kb_buf *out, uint64_t n)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
    size_t unit = 0;
    uint64_t scaled = n * 10 / 10 == n ? n * 10 : n;
    while (scaled >= 10000 && unit + 1 < sizeof units / sizeof *units) {
        scaled = (scaled + 500) / 1000;
        unit++;
    }
    if (unit == 0 || scaled >= 1000) {
        kb_buf_printf(out, "%llu %s", (unsigned long long)((scaled + (unit == 0 ? 0 : 5)) / 10),
                      units[unit]);
    } else {
        kb_buf_printf(out, "%llu.%llu %s", (unsigned long long)(scaled / 10),
                      (unsigned long long)(scaled % 10), units[unit]);
    }
}

void kb_add_span(struct kb_buf *out, int64_t ns)
{
    static const struct {
        uint64_t ns;
        const char *name;
    } units[] = {{86400000000000, "d"}, {3600000000000, "h"}, {60000000000, "m"}, {1000000000, "s"},
                 {1000000, "ms"},       {1000, "us"},         {1, "ns"}};
    enum { UNITS = sizeof units / sizeof *units };
    uint64_t left = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
    size_t i = 0;
    while (i + 1 < UNITS && left < units[i].ns) {
        i++;
    }
    if (ns < 0) {
        kb_buf_char(out, '-');
    }
    kb_buf_printf(out, "%llu%s", (unsigned long long)(left / units[i].ns), units[i].name);
    left %= units[i].ns;
    if (i < 3 && left >= units[i + 1].ns) {
        kb_buf_printf(out, " %llu%s", (unsigned long long)(left / units[i + 1].ns),
                      units[i + 1].name);
    }
}
