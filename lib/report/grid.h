/* A table on a terminal: columns as wide as their widest cell, the last one wrapped. */
#ifndef KB_REPORT_GRID_H
#define KB_REPORT_GRID_H

#include "base/mem.h"

enum { KB_GRID_COLUMNS = 12 };

struct kb_grid {
    struct kb_arena arena;
    size_t columns;
    unsigned right; /* bit of each column that holds numbers */
    KB_VEC(const struct kb_str *) rows;
};

void kb_grid_init(struct kb_grid *grid, size_t columns, unsigned right);
void kb_grid_done(struct kb_grid *grid);
/* One row of `columns` cells, foreign text: escaped here. All are copied. */
void kb_grid_row(struct kb_grid *grid, const struct kb_str *cells);
/* Append the table; every line begins with `indent` spaces. */
void kb_grid_print(const struct kb_grid *grid, size_t indent, size_t width, struct kb_buf *out);

#endif
