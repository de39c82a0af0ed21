/* Styles, columns and escapes of a text report. */
#include "report/paper.h"

#include <stdarg.h>

#include "data/time.h"
#include "report/escape.h"
#include "report/layout.h"
#include "report/width.h"

enum { FLUSH_AT = 16 << 10 };

static const char *const codes[KB_STYLES] = {
    [KB_PLAIN] = "\x1b[0m", [KB_BOLD] = "\x1b[1m",        [KB_DIM] = "\x1b[2m",
    [KB_RED] = "\x1b[31m",  [KB_YELLOW] = "\x1b[33m",     [KB_GREEN] = "\x1b[32m",
    [KB_CYAN] = "\x1b[36m", [KB_RED_BOLD] = "\x1b[1;31m",
};

void kb_paper_init(struct kb_paper *paper, struct kb_sink sink,
                   const struct kb_report_options *options)
{
    *paper = (struct kb_paper){
        .sink = sink,
        .width = options->width,
        .color = options->color,
        .unicode = options->unicode,
        .res = KB_SUCCESS,
    };
    kb_buf_init(&paper->buf, SIZE_MAX / 2);
    kb_buf_init(&paper->scratch, SIZE_MAX / 2);
}

static void flush(struct kb_paper *paper)
{
    if (!kb_failed(paper->res) && paper->buf.n > 0) {
        paper->res = kb_sink_write(paper->sink, kb_buf_view(&paper->buf), &paper->err);
    }
    kb_buf_clear(&paper->buf);
}

KB_RES kb_paper_finish(struct kb_paper *paper, struct kb_err *err)
{
    kb_paper_style(paper, KB_PLAIN);
    flush(paper);
    kb_buf_done(&paper->buf);
    kb_buf_done(&paper->scratch);
    if (kb_failed(paper->res) && err != NULL) {
        *err = paper->err;
    }
    return paper->res;
}

void kb_paper_style(struct kb_paper *paper, enum kb_style style)
{
    if (!paper->color || style == paper->style) {
        return;
    }
    if (paper->style != KB_PLAIN && style != KB_PLAIN) {
        kb_buf_c(&paper->buf, codes[KB_PLAIN]);
    }
    kb_buf_c(&paper->buf, codes[style]);
    paper->style = style;
}

void kb_paper_line(struct kb_paper *paper)
{
    kb_buf_char(&paper->buf, '\n');
    paper->column = 0;
    if (paper->buf.n >= FLUSH_AT) {
        flush(paper);
    }
}

void kb_paper_to(struct kb_paper *paper, size_t column)
{
    size_t n = paper->column <= column ? column - paper->column : 1;
    kb_pad(&paper->buf, n);
    paper->column += n;
}

/* Account for what was appended since `from`. */
static void advance(struct kb_paper *paper, size_t from)
{
    struct kb_str added = kb_str_sub(kb_buf_view(&paper->buf), from, paper->buf.n);
    const char *feed = memrchr(added.p, '\n', added.n);
    if (feed != NULL) {
        paper->column = 0;
        added = kb_str_sub(added, (size_t)(feed - added.p) + 1, added.n);
    }
    paper->column += kb_width(added);
}

void kb_paper_printf(struct kb_paper *paper, const char *fmt, ...)
{
    va_list args;
    size_t from = paper->buf.n;
    va_start(args, fmt);
    kb_buf_vprintf(&paper->buf, fmt, args);
    va_end(args);
    advance(paper, from);
}

static void escaped(struct kb_paper *paper, struct kb_str text, size_t indent,
                    enum kb_escape_mode mode)
{
    size_t from = paper->buf.n;
    kb_buf_clear(&paper->scratch);
    kb_escape(&paper->scratch, text, mode);
    kb_wrap(&paper->buf, kb_buf_view(&paper->scratch), paper->column, indent, paper->width);
    advance(paper, from);
}

void kb_paper_foreign(struct kb_paper *paper, struct kb_str text, size_t indent)
{
    escaped(paper, text, indent, KB_ESCAPE_FOREIGN);
}

void kb_paper_own(struct kb_paper *paper, struct kb_str text, size_t indent)
{
    while (text.n > 0 && text.p[text.n - 1] == '\n') {
        text.n--;
    }
    escaped(paper, text, indent, KB_ESCAPE_OWN);
}

void kb_paper_item(struct kb_paper *paper, struct kb_str text, size_t gap, size_t indent)
{
    kb_buf_clear(&paper->scratch);
    kb_escape(&paper->scratch, text, KB_ESCAPE_FOREIGN);
    size_t columns = kb_width(kb_buf_view(&paper->scratch));
    if (paper->column > indent && paper->column + gap + columns > paper->width) {
        kb_paper_line(paper);
    }
    kb_paper_to(paper, paper->column > indent ? paper->column + gap : indent);
    kb_buf_str(&paper->buf, kb_buf_view(&paper->scratch));
    paper->column += columns;
}

void kb_paper_count(struct kb_paper *paper, uint64_t n)
{
    size_t from = paper->buf.n;
    kb_add_count(&paper->buf, n);
    advance(paper, from);
}

void kb_paper_plural(struct kb_paper *paper, uint64_t n, const char *noun)
{
    kb_paper_count(paper, n);
    kb_paper_printf(paper, " %s%s", noun, n == 1 ? "" : "s");
}

static void add_time(struct kb_buf *out, int64_t ns)
{
    int64_t s = ns / 1000000000 - (ns % 1000000000 < 0);
    kb_time_format((struct kb_time){s, 0}, KB_TIME_SECONDS, out);
}

static void span_text(struct kb_buf *text, int64_t from_ns, int64_t to_ns)
{
    enum { DATE = 11 }; /* bytes of "2026-11-24T" */
    add_time(text, from_ns);
    if (to_ns == INT64_MIN || to_ns == from_ns) {
        return;
    }
    struct kb_buf to = {.max = 64};
    add_time(&to, to_ns);
    struct kb_str end = kb_buf_view(&to);
    if (!kb_str_eq(end, kb_buf_view(text))) {
        bool same_day = kb_str_starts(end, kb_str_sub(kb_buf_view(text), 0, DATE));
        kb_buf_c(text, " to ");
        kb_buf_str(text, kb_str_sub(end, same_day ? DATE : 0, end.n));
    }
    kb_buf_done(&to);
}

void kb_paper_times_item(struct kb_paper *paper, int64_t from_ns, int64_t to_ns, size_t gap,
                         size_t indent)
{
    struct kb_buf text = {.max = 128};
    if (from_ns != INT64_MIN) {
        span_text(&text, from_ns, to_ns);
        kb_paper_item(paper, kb_buf_view(&text), gap, indent);
    }
    kb_buf_done(&text);
}

void kb_paper_times(struct kb_paper *paper, int64_t from_ns, int64_t to_ns)
{
    struct kb_buf text = {.max = 128};
    if (from_ns != INT64_MIN) {
        span_text(&text, from_ns, to_ns);
        kb_paper_printf(paper, "%.*s", KB_FMT(kb_buf_view(&text)));
    }
    kb_buf_done(&text);
}
