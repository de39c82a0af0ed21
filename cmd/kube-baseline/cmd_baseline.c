/* `baseline list`, `show`, `columns`, `export`: what is judged, and by what. */
#include "kube-baseline/baseline.h"
#include "kube-baseline/commands.h"
#include "report/grid.h"
#include "report/paper.h"

/* A table on standard output. */
void kb_print_grid(struct kb_app *app, const struct kb_grid *grid)
{
    struct kb_buf text;
    kb_buf_init(&text, SIZE_MAX / 2);
    kb_grid_print(grid, 0, app->width, &text);
    kb_print(app, kb_buf_view(&text));
    kb_buf_done(&text);
}

static void list_text(struct kb_app *app, const struct kb_baseline *baseline)
{
    struct kb_grid grid;
    kb_grid_init(&grid, 5, 0);
    kb_grid_row(&grid, (const struct kb_str[]){KB_STR("ID"), KB_STR("SEVERITY"), KB_STR("OWNER"),
                                               KB_STR("OVER"), KB_STR("TITLE")});
    for (size_t i = 0; i < baseline->n; i++) {
        const struct kb_control *c = baseline->controls[i];
        const struct kb_str cells[] = {
            c->id,
            kb_str_c(kb_severity_name(c->severity)),
            kb_str_c(kb_owner_name(c->owner)),
            c->table == NULL ? KB_STR("(by hand)") : kb_str_c(c->table->name),
            c->title,
        };
        kb_grid_row(&grid, cells);
    }
    kb_print_grid(app, &grid);
    kb_grid_done(&grid);
}

static void control_json(struct kb_jsonw *w, const struct kb_control *c)
{
    kb_jsonw_object(w);
    kb_jsonw_member_str(w, "id", c->id);
    kb_jsonw_member_str(w, "title", c->title);
    kb_jsonw_member_str(w, "area", c->area);
    kb_jsonw_member_c(w, "severity", kb_severity_name(c->severity));
    kb_jsonw_member_c(w, "owner", kb_owner_name(c->owner));
    kb_jsonw_member_c(w, "over", c->table == NULL ? NULL : c->table->name);
    kb_jsonw_member_c(w, "judgement", kb_judgement_name(c->judgement));
    kb_jsonw_member_array(w, "aka");
    for (size_t i = 0; i < c->aka_count; i++) {
        kb_jsonw_str(w, c->aka[i]);
    }
    kb_jsonw_end(w);
    kb_jsonw_member_array(w, "criteria");
    for (size_t i = 0; i < c->criterion_count; i++) {
        kb_jsonw_object(w);
        kb_jsonw_member_str(w, "standard", c->criteria[i].standard);
        kb_jsonw_member_str(w, "id", c->criteria[i].id);
        kb_jsonw_end(w);
    }
    kb_jsonw_end(w);
    kb_jsonw_member_str(w, "file", c->file);
    kb_jsonw_end(w);
}

static void list_json(struct kb_app *app, const struct kb_baseline *baseline)
{
    struct kb_jsonw w;
    kb_jsonw_init(&w, app->out.sink, true);
    kb_jsonw_array(&w);
    for (size_t i = 0; i < baseline->n; i++) {
        control_json(&w, baseline->controls[i]);
    }
    kb_finish_json(app, &w);
}

int kb_cmd_baseline_list(struct kb_app *app)
{
    struct kb_loaded loaded;
    int status = kb_load_baseline(app, &loaded, kb_str_c(app->args.baseline));
    if (status == KUBE_BASELINE_CLEAN && kb_format_is(app, "json")) {
        list_json(app, &loaded.baseline);
    } else if (status == KUBE_BASELINE_CLEAN) {
        list_text(app, &loaded.baseline);
    }
    kb_loaded_done(&loaded);
    return status;
}

static int show_one(struct kb_app *app, const struct kb_baseline *baseline, struct kb_str id)
{
    struct kb_buf text;
    const struct kb_control *c = kb_baseline_find(baseline, id);
    if (c == NULL) {
        return kb_no_control(app, baseline, id);
    }
    kb_buf_init(&text, SIZE_MAX / 2);
    kb_escape(&text, c->source, KB_ESCAPE_OWN);
    if (text.n > 0 && text.p[text.n - 1] != '\n') {
        kb_buf_char(&text, '\n');
    }
    kb_printf(app, "# %.*s\n", KB_FMT(c->file));
    kb_print(app, kb_buf_view(&text));
    kb_buf_done(&text);
    return KUBE_BASELINE_CLEAN;
}

int kb_cmd_baseline_show(struct kb_app *app)
{
    struct kb_loaded loaded;
    int status = kb_load_baseline(app, &loaded, kb_str_c(app->args.baseline));
    for (size_t i = 0; status == KUBE_BASELINE_CLEAN && i < app->args.words.n; i++) {
        kb_print(app, i > 0 ? KB_STR("---\n") : (struct kb_str){"", 0});
        status = show_one(app, &loaded.baseline, app->args.words.at[i]);
    }
    kb_loaded_done(&loaded);
    return status;
}

int kb_cmd_baseline_export(struct kb_app *app)
{
    struct kb_err err = {0};
    const struct kb_library *library = kb_library_builtin();
    const char *dir = app->args.words.at[0].p;
    if (kb_failed(kb_library_export(library, dir, &err))) {
        return kb_trouble(app, &err);
    }
    kb_printf(app, "%zu files written to %s\n", library->n, dir);
    return KUBE_BASELINE_CLEAN;
}
