#include "support.h"

#include <stdio.h>

#include "test.h"

void world_file(struct world *w, const char *path, const char *text)
{
    struct kb_str name = kb_arena_printf(&w->arena, "test/%s", path);
    w->files[w->library.n++] = (struct kb_library_file){kb_str_c(path), name, kb_str_c(text)};
    w->library.files = w->files;
}

void world_control(struct world *w, const char *rules)
{
    world_file(w, "audit/t.yaml",
               kb_arena_printf(&w->arena,
                               "id: t\ntitle: T\nowner: shared\nseverity: high\n"
                               "criteria: {soc2: [CC6.1]}\nover: audit.event\n%s"
                               "why: because\nfix: repair\n", rules).p);
}

void world_load(struct world *w)
{
    kb_baseline_load(&w->baseline, &w->library, true, &w->mistakes);
}

void world_start(struct world *w, const char *profile, int64_t now_ns)
{
    struct kb_err err = {0};
    if (w->baseline.library == NULL) {
        world_load(w);
    }
    if (profile == NULL) {
        kb_profile_default(&w->profile, &w->baseline);
    } else {
        OK(kb_profile_load(&w->profile, &w->baseline, kb_str_c(profile), &w->mistakes, &err), &err);
    }
    if (!kb_failed(kb_plan_new(&w->baseline, &w->profile, &w->plan, &w->mistakes))) {
        w->engine = kb_engine_new(w->plan, &(struct kb_engine_options){now_ns, KB_LOW, 0});
    }
    if (!CHECK(w->mistakes.total == 0)) {
        world_print(w);
    }
}

void world_rows(struct world *w, const char *yaml)
{
    struct kb_err err = {0};
    const struct kb_yaml_node *root = NULL;
    struct kb_decode d = {.arena = &w->arena, .mistakes = &w->mistakes, .file = KB_STR("rows")};
    const struct kb_table *table = kb_table_find(KB_STR("audit.event"));
    if (!OK(kb_yaml_parse(&w->arena, "rows", kb_str_c(yaml), &root, &err), &err)) {
        return;
    }
    for (size_t i = 0; i < root->n; i++) {
        struct kb_case_row row;
        if (CHECK(kb_case_row_read(&d, root->items[i], table, w->rows++, &row)) &&
            w->engine != NULL) {
            kb_engine_row(w->engine, &(struct kb_row){table, &kb_case_row_ops, &row});
        }
    }
}

const struct kb_control_result *world_finish(struct world *w)
{
    static const struct kb_control_result none;
    if (w->engine == NULL) {
        return &none;
    }
    kb_engine_table_complete(w->engine, kb_table_find(KB_STR("audit.event")));
    kb_engine_finish(w->engine, &w->result);
    return &w->result.controls[0];
}

void world_done(struct world *w)
{
    kb_result_done(&w->result);
    kb_engine_free(w->engine);
    kb_plan_free(w->plan);
    kb_profile_done(&w->profile);
    kb_baseline_done(&w->baseline);
    kb_mistakes_done(&w->mistakes);
    kb_arena_done(&w->arena);
}

bool world_says(const struct world *w, unsigned line, unsigned col, const char *text)
{
    for (size_t i = 0; i < w->mistakes.list.n; i++) {
        const struct kb_mistake *m = &w->mistakes.list.at[i];
        if (m->line == line && m->col == col &&
            kb_str_find(m->message, kb_str_c(text), 0) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

void world_print(const struct world *w)
{
    struct kb_buf text = {.max = 1 << 16};
    kb_mistakes_print(&w->mistakes, &text);
    (void)fprintf(stderr, "%.*s", KB_FMT(kb_buf_view(&text)));
    kb_buf_done(&text);
}
