/* Tables on a terminal. */
#include "report/grid.h"

#include "test.h"

#define ROW(...) kb_grid_row(&grid, (const struct kb_str[]){__VA_ARGS__})

KB_TEST(grid, aligns_escapes_and_wraps)
{
    struct kb_grid grid;
    struct kb_buf out;
    kb_buf_init(&out, 4096);
    kb_grid_init(&grid, 3, 1 << 1);
    ROW(KB_STR("NAME"), KB_STR("ROWS"), KB_STR("TITLE"));
    ROW(KB_STR("a\x1b"), KB_STR("7"), KB_STR("one two three four five six seven eight nine"));
    ROW(KB_STR("longer-name"), KB_STR("12345"), KB_STR(""));
    kb_grid_print(&grid, 1, 48, &out);
    EQ_STR(kb_buf_view(&out), " NAME          ROWS  TITLE\n"
                              " a\\x1b            7  one two three four five six\n"
                              "                     seven eight nine\n"
                              " longer-name  12345\n");
    kb_grid_done(&grid);
    kb_buf_done(&out);
}
