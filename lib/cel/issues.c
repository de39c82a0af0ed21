/* Mistakes in an expression: where they are and how they are shown. */
#include "cel/issues.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/utf8.h"

static void place(struct kb_str text, uint32_t pos, unsigned *line, unsigned *col)
{
    size_t start = 0;
    *line = 1;
    for (size_t i = 0; i < pos && i < text.n; i++) {
        if (text.p[i] == '\n') {
            (*line)++;
            start = i + 1;
        }
    }
    *col = (unsigned)kb_utf8_count(kb_str_sub(text, start, pos)) + 1;
}

void kb_cel_issue_add(struct kb_cel_source *source, unsigned phase, uint32_t pos, const char *fmt,
                      ...)
{
    if (source->issues.n >= KB_MAX_ERRORS) {
        return;
    }
    char message[KB_ERR_MSG_MAX];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    struct kb_cel_issue *issue = KB_VEC_PUSH(&source->issues);
    issue->phase = phase;
    issue->message = kb_arena_copy(source->arena, kb_str_c(message));
    place(source->text, pos, &issue->line, &issue->col);
}

static int by_place(const void *x, const void *y)
{
    const struct kb_cel_issue *a = x;
    const struct kb_cel_issue *b = y;
    if (a->line != b->line) {
        return a->line < b->line ? -1 : 1;
    }
    return (a->col > b->col) - (a->col < b->col);
}

struct kb_cel_issues kb_cel_issues_take(struct kb_cel_source *source)
{
    struct kb_cel_issues out = {NULL, source->issues.n};
    if (out.n > 0) {
        qsort(source->issues.at, out.n, sizeof *out.at, by_place);
        struct kb_cel_issue *copy = KB_NEW_ARRAY(source->arena, out.n, struct kb_cel_issue);
        memcpy(copy, source->issues.at, out.n * sizeof *copy);
        out.at = copy;
    }
    KB_VEC_DONE(&source->issues);
    return out;
}

static struct kb_str line_of(struct kb_str text, unsigned line)
{
    struct kb_str rest = text;
    struct kb_str found = {"", 0};
    for (unsigned i = 0; i < line && rest.p != NULL; i++) {
        found = kb_str_split(rest, '\n', &rest);
    }
    return found;
}

void kb_cel_issues_print(const struct kb_cel_issues *issues, struct kb_str source,
                         struct kb_buf *out)
{
    for (size_t i = 0; i < issues->n; i++) {
        const struct kb_cel_issue *issue = &issues->at[i];
        kb_buf_printf(out, "%sERROR: <input>:%u:%u: %.*s\n", i > 0 ? "\n" : "", issue->line,
                      issue->col, KB_FMT(issue->message));
        kb_buf_c(out, " | ");
        kb_buf_str(out, line_of(source, issue->line));
        kb_buf_c(out, "\n | ");
        for (unsigned col = 1; col < issue->col; col++) {
            kb_buf_char(out, '.');
        }
        kb_buf_char(out, '^');
    }
}
