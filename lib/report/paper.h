/*
 * The paper a text report is written on: knows its width, its colours, and the column it is at.
 * The first failure of the sink is kept, calls after it do nothing, and kb_paper_finish tells it.
 */
#ifndef KB_REPORT_PAPER_H
#define KB_REPORT_PAPER_H

#include "report/report.h"

enum kb_style {
    KB_PLAIN,
    KB_BOLD,
    KB_DIM,
    KB_RED,
    KB_YELLOW,
    KB_GREEN,
    KB_CYAN,
    KB_RED_BOLD,
    KB_STYLES
};

struct kb_paper {
    struct kb_sink sink;
    struct kb_buf buf;
    struct kb_buf scratch; /* escaped text before it is wrapped */
    size_t width;
    size_t column;
    bool color, unicode;
    enum kb_style style;
    kb_res res;
    struct kb_err err;
};

void kb_paper_init(struct kb_paper *paper, struct kb_sink sink,
                   const struct kb_report_options *options);
/* Write out what waits, release, and give the first failure. */
KB_RES kb_paper_finish(struct kb_paper *paper, struct kb_err *err);

/* Text from here on is in this style; a line feed does not end it. */
void kb_paper_style(struct kb_paper *paper, enum kb_style style);
/* End the line. */
void kb_paper_line(struct kb_paper *paper);
/* Spaces up to `column`; one where that is passed. */
void kb_paper_to(struct kb_paper *paper, size_t column);
/* Our own words, in one piece. */
void kb_paper_printf(struct kb_paper *paper, const char *fmt, ...) KB_PRINTF(2, 3);
/* Text of logs and objects: escaped, and broken at spaces; further lines are indented. */
void kb_paper_foreign(struct kb_paper *paper, struct kb_str text, size_t indent);
/* Text of controls: the same, line feeds kept. */
void kb_paper_own(struct kb_paper *paper, struct kb_str text, size_t indent);
/* One piece of a list, foreign text: `gap` spaces before it, or a break where it does not fit any
 * more. */
void kb_paper_item(struct kb_paper *paper, struct kb_str text, size_t gap, size_t indent);

/* "1,204" */
void kb_paper_count(struct kb_paper *paper, uint64_t n);
/* "1,204 findings", "1 finding" */
void kb_paper_plural(struct kb_paper *paper, uint64_t n, const char *noun);
/* "2026-11-24T13:01:02Z", and with `to_ns` " to 13:44:10Z" or the whole time on another day;
 * nothing for INT64_MIN. */
void kb_paper_times(struct kb_paper *paper, int64_t from_ns, int64_t to_ns);
/* The same as one piece of a list. */
void kb_paper_times_item(struct kb_paper *paper, int64_t from_ns, int64_t to_ns, size_t gap,
                         size_t indent);

#endif
