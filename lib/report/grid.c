/* Aligning cells. */
#include "report/grid.h"

#include <assert.h>

#include "report/escape.h"
#include "report/layout.h"
#include "report/width.h"

enum { GAP = 2, LAST_MIN = 24 };

void kb_grid_init(struct kb_grid *grid, size_t columns, unsigned right)
{
    assert(columns > 0 && columns <= KB_GRID_COLUMNS);
    *grid = (struct kb_grid){.columns = columns, .right = right};
}

void kb_grid_done(struct kb_grid *grid)
{
    KB_VEC_DONE(&grid->rows);
    kb_arena_done(&grid->arena);
}

void kb_grid_row(struct kb_grid *grid, const struct kb_str *cells)
{
    struct kb_str *row = KB_NEW_ARRAY(&grid->arena, grid->columns, struct kb_str);
    struct kb_buf text;
    kb_buf_init(&text, SIZE_MAX / 2);
    for (size_t i = 0; i < grid->columns; i++) {
        kb_buf_clear(&text);
        kb_escape(&text, cells[i], KB_ESCAPE_FOREIGN);
        row[i] = kb_arena_copy(&grid->arena, kb_buf_view(&text));
    }
    kb_buf_done(&text);
    *KB_VEC_PUSH(&grid->rows) = row;
}

static void measure(const struct kb_grid *grid, size_t widths[KB_GRID_COLUMNS])
{
    for (size_t r = 0; r < grid->rows.n; r++) {
        for (size_t c = 0; c < grid->columns; c++) {
            size_t w = kb_width(grid->rows.at[r][c]);
            widths[c] = w > widths[c] ? w : widths[c];
        }
    }
}

static void print_row(const struct kb_grid *grid, const struct kb_str *row, const size_t *widths,
                      size_t indent, size_t width, struct kb_buf *out)
{
    size_t column = indent;
    kb_pad(out, indent);
    for (size_t c = 0; c + 1 < grid->columns; c++) {
        size_t pad = widths[c] - kb_width(row[c]);
        bool right = (grid->right >> c & 1) != 0;
        kb_pad(out, right ? pad : 0);
        kb_buf_str(out, row[c]);
        kb_pad(out, (right ? 0 : pad) + GAP);
        column += widths[c] + GAP;
    }
    struct kb_str last = row[grid->columns - 1];
    if (grid->right >> (grid->columns - 1) & 1) {
        kb_pad(out, widths[grid->columns - 1] - kb_width(last));
    }
    /* Where the other columns leave no room, the line is as long as it is. */
    kb_wrap(out, last, column, column, column + LAST_MIN < width ? width : SIZE_MAX);
    while (out->n > 0 && out->p[out->n - 1] == ' ') {
        out->n--;
    }
    kb_buf_char(out, '\n');
}

void kb_grid_print(const struct kb_grid *grid, size_t indent, size_t width, struct kb_buf *out)
{
    size_t widths[KB_GRID_COLUMNS] = {0};
    measure(grid, widths);
    for (size_t r = 0; r < grid->rows.n; r++) {
        print_row(grid, grid->rows.at[r], widths, indent, width, out);
    }
}
