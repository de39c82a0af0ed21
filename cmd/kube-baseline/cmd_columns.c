/* `baseline columns`: the fact tables and what their columns mean. docs/columns.md is its markdown.
 */
#include "kube-baseline/baseline.h"
#include "kube-baseline/commands.h"
#include "report/layout.h"

static const char *presence(const struct kb_column *column)
{
    return column->presence == KB_ALWAYS ? "always" : "optional";
}

static void table_text(struct kb_app *app, const struct kb_table *table)
{
    struct kb_grid grid;
    struct kb_buf doc;
    kb_buf_init(&doc, SIZE_MAX / 2);
    kb_buf_printf(&doc, "%s\n", table->name);
    kb_wrap(&doc, kb_str_c(table->doc), 0, 0, app->width);
    kb_buf_c(&doc, "\n\n");
    kb_print(app, kb_buf_view(&doc));
    kb_buf_done(&doc);
    kb_grid_init(&grid, 4, 0);
    kb_grid_row(&grid, (const struct kb_str[]){KB_STR("COLUMN"), KB_STR("TYPE"), KB_STR("VALUE"),
                                               KB_STR("MEANING")});
    for (size_t i = 0; i < table->n; i++) {
        const struct kb_column *c = &table->columns[i];
        const struct kb_str cells[] = {kb_str_c(c->name), kb_str_c(c->type), kb_str_c(presence(c)),
                                       kb_str_c(c->doc)};
        kb_grid_row(&grid, cells);
    }
    kb_print_grid(app, &grid);
    kb_grid_done(&grid);
}

/* Cells of a markdown table must not hold bars. */
static void markdown_cell(struct kb_app *app, const char *text)
{
    for (const char *c = text; *c != 0; c++) {
        kb_printf(app, *c == '|' ? "\\%c" : "%c", *c);
    }
}

static void table_markdown(struct kb_app *app, const struct kb_table *table)
{
    kb_printf(app, "## %s\n\n%s\n\n| column | type | value | meaning |\n|---|---|---|---|\n",
              table->name, table->doc);
    for (size_t i = 0; i < table->n; i++) {
        const struct kb_column *c = &table->columns[i];
        kb_printf(app, "| `%s` | `%s` | %s | ", c->name, c->type, presence(c));
        markdown_cell(app, c->doc);
        kb_printf(app, " |\n");
    }
}

static void columns_json(struct kb_jsonw *w, const struct kb_table *table)
{
    kb_jsonw_object(w);
    kb_jsonw_member_c(w, "table", table->name);
    kb_jsonw_member_c(w, "doc", table->doc);
    kb_jsonw_member_array(w, "columns");
    for (size_t i = 0; i < table->n; i++) {
        const struct kb_column *c = &table->columns[i];
        kb_jsonw_object(w);
        kb_jsonw_member_c(w, "name", c->name);
        kb_jsonw_member_c(w, "type", c->type);
        kb_jsonw_member_c(w, "value", presence(c));
        kb_jsonw_member_c(w, "doc", c->doc);
        kb_jsonw_end(w);
    }
    kb_jsonw_end(w);
    kb_jsonw_end(w);
}

static void print_tables(struct kb_app *app, const struct kb_table *const *tables, size_t n)
{
    struct kb_jsonw w;
    bool json = kb_format_is(app, "json");
    if (json) {
        kb_jsonw_init(&w, app->out.sink, true);
        kb_jsonw_array(&w);
    }
    for (size_t i = 0; i < n; i++) {
        if (json) {
            columns_json(&w, tables[i]);
            continue;
        }
        kb_print(app, i > 0 ? KB_STR("\n") : (struct kb_str){"", 0});
        if (kb_format_is(app, "markdown")) {
            table_markdown(app, tables[i]);
        } else {
            table_text(app, tables[i]);
        }
    }
    if (json) {
        kb_finish_json(app, &w);
    }
}

int kb_cmd_baseline_columns(struct kb_app *app)
{
    if (app->args.words.n == 0) {
        print_tables(app, kb_tables, kb_table_count);
        return KUBE_BASELINE_CLEAN;
    }
    const struct kb_table *table = kb_table_find(app->args.words.at[0]);
    if (table == NULL) {
        return kb_no_table(app, app->args.words.at[0]);
    }
    print_tables(app, &table, 1);
    return KUBE_BASELINE_CLEAN;
}
