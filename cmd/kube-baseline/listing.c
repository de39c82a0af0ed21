/* Tables on standard output. */
#include "kube-baseline/listing.h"

#include <ctype.h>

#include "data/csv.h"
#include "data/json_write.h"
#include "kube-baseline/baseline.h"
#include "report/escape.h"
#include "report/grid.h"

void kb_listing_init(struct kb_listing *listing, const char *const *columns)
{
    *listing = (struct kb_listing){.columns = columns};
    while (columns[listing->column_count] != NULL) {
        listing->column_count++;
    }
}

void kb_listing_done(struct kb_listing *listing)
{
    KB_VEC_DONE(&listing->rows);
    kb_arena_done(&listing->arena);
}

void kb_listing_add(struct kb_listing *listing, const struct kb_str *cells)
{
    struct kb_str *row = KB_NEW_ARRAY(&listing->arena, listing->column_count, struct kb_str);
    for (size_t i = 0; i < listing->column_count; i++) {
        row[i] = kb_arena_copy(&listing->arena, cells[i]);
    }
    *KB_VEC_PUSH(&listing->rows) = row;
}

static void print_text(struct kb_app *app, const struct kb_listing *listing)
{
    struct kb_grid grid;
    struct kb_buf text;
    struct kb_arena arena = {0};
    struct kb_str heads[KB_LISTING_COLUMNS];
    for (size_t i = 0; i < listing->column_count; i++) {
        struct kb_str name = kb_str_c(listing->columns[i]);
        char *head = kb_arena_alloc(&arena, name.n + 1);
        for (size_t k = 0; k < name.n; k++) {
            head[k] = name.p[k] == '_' ? ' ' : (char)toupper((unsigned char)name.p[k]);
        }
        heads[i] = (struct kb_str){head, name.n};
    }
    kb_grid_init(&grid, listing->column_count, 0);
    kb_grid_row(&grid, heads);
    for (size_t i = 0; i < listing->rows.n; i++) {
        kb_grid_row(&grid, listing->rows.at[i]);
    }
    kb_buf_init(&text, SIZE_MAX / 2);
    kb_grid_print(&grid, 0, app->width, &text);
    kb_print(app, kb_buf_view(&text));
    kb_buf_done(&text);
    kb_grid_done(&grid);
    kb_arena_done(&arena);
}

static void print_json(struct kb_app *app, const struct kb_listing *listing)
{
    struct kb_jsonw w;
    kb_jsonw_init(&w, app->out.sink, true);
    kb_jsonw_array(&w);
    for (size_t i = 0; i < listing->rows.n; i++) {
        kb_jsonw_object(&w);
        for (size_t k = 0; k < listing->column_count; k++) {
            kb_jsonw_member_str(&w, listing->columns[k], listing->rows.at[i][k]);
        }
        kb_jsonw_end(&w);
    }
    kb_jsonw_end(&w);
    kb_finish_json(app, &w);
}

/* Control characters are escaped as on a terminal: a CSV file is looked at in one too. */
static void csv_row(struct kb_app *app, const struct kb_str *cells, size_t n)
{
    struct kb_buf text, cell;
    struct kb_arena arena = {0};
    struct kb_str shown[KB_LISTING_COLUMNS];
    kb_buf_init(&cell, SIZE_MAX / 2);
    for (size_t i = 0; i < n; i++) {
        kb_buf_clear(&cell);
        kb_escape(&cell, cells[i], KB_ESCAPE_FOREIGN);
        shown[i] = kb_arena_copy(&arena, kb_buf_view(&cell));
    }
    kb_buf_init(&text, SIZE_MAX / 2);
    kb_res res = kb_csv_write(kb_sink_of(&text), shown, n, NULL);
    if (!kb_failed(res)) {
        kb_print(app, kb_buf_view(&text));
    }
    kb_buf_done(&text);
    kb_buf_done(&cell);
    kb_arena_done(&arena);
}

static void print_csv(struct kb_app *app, const struct kb_listing *listing)
{
    struct kb_str heads[KB_LISTING_COLUMNS];
    for (size_t i = 0; i < listing->column_count; i++) {
        heads[i] = kb_str_c(listing->columns[i]);
    }
    csv_row(app, heads, listing->column_count);
    for (size_t i = 0; i < listing->rows.n; i++) {
        csv_row(app, listing->rows.at[i], listing->column_count);
    }
}

void kb_listing_print(struct kb_app *app, const struct kb_listing *listing, int status, const char *none)
{
    if (kb_format_is(app, "json")) {
        print_json(app, listing);
    } else if (kb_format_is(app, "csv")) {
        print_csv(app, listing);
    } else if (listing->rows.n == 0) {
        kb_printf(app, "%s%s\n", none,
                  status == KUBE_BASELINE_UNKNOWN ? ", in what was read; not all was" : "");
    } else {
        print_text(app, listing);
    }
}
