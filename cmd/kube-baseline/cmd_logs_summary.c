/* `logs summary`: who did what, from where, with what answer, and who talks most. */
#include <stdio.h>
#include <stdlib.h>

#include "base/map.h"
#include "kube-baseline/baseline.h"
#include "kube-baseline/commands.h"
#include "kube-baseline/logs.h"
#include "kube-baseline/values.h"
#include "report/layout.h"

enum { KEYS_MAX = 20000, TOP = 10, COLUMNS_MAX = 3 };

static const struct {
    const char *title;
    const char *columns[COLUMNS_MAX]; /* joined by a space */
} dimensions[] = {
    {"who", {"user", NULL, NULL}},           {"what", {"verb", "resource", "subresource"}},
    {"where", {"namespace", NULL, NULL}},    {"from", {"source_ip", NULL, NULL}},
    {"with", {"user_agent", NULL, NULL}},    {"answers", {"code", NULL, NULL}},
    {"decisions", {"decision", NULL, NULL}},
};
enum { DIMENSIONS = sizeof dimensions / sizeof *dimensions };

struct counter {
    struct kb_str key;
    uint64_t events, bytes;
};

/* At most KEYS_MAX keys, so that hostile logs cost no more memory; what comes after is counted as
 * other. */
struct dimension {
    struct kb_map keys; /* number of the counter */
    KB_VEC(struct counter) counters;
    struct counter other;
    int columns[COLUMNS_MAX];
};

struct summary {
    struct dimension dimensions[DIMENSIONS];
    uint64_t events, bytes;
    struct kb_arena arena; /* of one row */
    struct kb_buf key;
};

static struct counter *counter_of(struct dimension *d, struct kb_str key)
{
    struct kb_map_entry *found = kb_map_find(&d->keys, key);
    if (found != NULL) {
        return &d->counters.at[found->value.u];
    }
    if (d->counters.n >= KEYS_MAX) {
        return &d->other;
    }
    struct kb_map_entry *entry = kb_map_add(&d->keys, key, NULL);
    entry->value.u = d->counters.n;
    struct counter *c = KB_VEC_PUSH(&d->counters);
    c->key = entry->key;
    return c;
}

static void count(struct summary *s, struct dimension *d, const struct kb_row *row, uint64_t bytes)
{
    kb_buf_clear(&s->key);
    for (size_t i = 0; i < COLUMNS_MAX; i++) {
        struct kb_str text = kb_column_text(row, d->columns[i], &s->arena);
        if (text.n > 0) {
            kb_buf_c(&s->key, s->key.n > 0 ? " " : "");
            kb_buf_str(&s->key, text);
        }
    }
    struct counter *c = counter_of(d, kb_buf_view(&s->key));
    c->events++;
    c->bytes += bytes;
}

static bool add_event(void *ctx, const struct kb_log_event *event)
{
    struct summary *s = ctx;
    kb_arena_reset(&s->arena);
    s->events++;
    s->bytes += event->raw.n;
    for (size_t i = 0; i < DIMENSIONS; i++) {
        count(s, &s->dimensions[i], &event->row, event->raw.n);
    }
    return true;
}

static int by_events(const void *a, const void *b)
{
    const struct counter *x = a;
    const struct counter *y = b;
    if (x->events != y->events) {
        return x->events < y->events ? 1 : -1;
    }
    return kb_str_cmp(x->key, y->key);
}

static void row(struct kb_grid *grid, const struct counter *c, uint64_t events, struct kb_str name)
{
    struct kb_buf text[3];
    for (size_t i = 0; i < 3; i++) {
        kb_buf_init(&text[i], 64);
    }
    kb_add_count(&text[0], c->events);
    kb_buf_printf(&text[1], "%.1f%%", events > 0 ? (double)c->events / (double)events * 100 : 0.0);
    kb_add_bytes(&text[2], c->bytes);
    const struct kb_str cells[] = {kb_buf_view(&text[0]), kb_buf_view(&text[1]),
                                   kb_buf_view(&text[2]), name};
    kb_grid_row(grid, cells);
    for (size_t i = 0; i < 3; i++) {
        kb_buf_done(&text[i]);
    }
}

/* All that is not among the first `top`, in one line. */
static void rest_row(struct kb_grid *grid, const struct dimension *d, size_t top, uint64_t events)
{
    char name[64];
    struct counter rest = d->other;
    for (size_t i = top; i < d->counters.n; i++) {
        rest.events += d->counters.at[i].events;
        rest.bytes += d->counters.at[i].bytes;
    }
    if (rest.events == 0) {
        return;
    }
    size_t more = d->counters.n > top ? d->counters.n - top : 0;
    snprintf(name, sizeof name, "(%zu%s others)", more, d->other.events > 0 ? " and more" : "");
    row(grid, &rest, events, kb_str_c(name));
}

static void print_dimension(struct kb_app *app, const struct dimension *d, const char *title,
                            size_t top, uint64_t events)
{
    struct kb_grid grid;
    struct kb_buf text;
    char head[16];
    size_t n = 0;
    for (; title[n] != 0; n++) {
        head[n] = (char)(title[n] - 'a' + 'A');
    }
    kb_grid_init(&grid, 4, 7);
    kb_grid_row(&grid, (const struct kb_str[]){
                           KB_STR("EVENTS"), KB_STR("SHARE"), KB_STR("BYTES"), {head, n}});
    for (size_t i = 0; i < d->counters.n && i < top; i++) {
        const struct counter *c = &d->counters.at[i];
        row(&grid, c, events, c->key.n > 0 ? c->key : KB_STR("(none)"));
    }
    rest_row(&grid, d, top, events);
    kb_buf_init(&text, SIZE_MAX / 2);
    kb_buf_char(&text, '\n');
    kb_grid_print(&grid, 0, app->width, &text);
    kb_print(app, kb_buf_view(&text));
    kb_buf_done(&text);
    kb_grid_done(&grid);
}

static void print_text(struct kb_app *app, const struct summary *s, size_t top)
{
    struct kb_buf text;
    kb_buf_init(&text, 256);
    kb_add_count(&text, s->events);
    kb_buf_c(&text, s->events == 1 ? " event, " : " events, ");
    kb_add_bytes(&text, s->bytes);
    kb_buf_char(&text, '\n');
    kb_print(app, kb_buf_view(&text));
    kb_buf_done(&text);
    for (size_t i = 0; i < DIMENSIONS; i++) {
        print_dimension(app, &s->dimensions[i], dimensions[i].title, top, s->events);
    }
}

static void counter_json(struct kb_jsonw *w, const struct counter *c)
{
    kb_jsonw_member_u64(w, "events", c->events);
    kb_jsonw_member_u64(w, "bytes", c->bytes);
    kb_jsonw_end(w);
}

static void print_json(struct kb_app *app, const struct summary *s)
{
    struct kb_jsonw w;
    kb_jsonw_init(&w, app->out.sink, true);
    kb_jsonw_object(&w);
    kb_jsonw_member_u64(&w, "events", s->events);
    kb_jsonw_member_u64(&w, "bytes", s->bytes);
    for (size_t i = 0; i < DIMENSIONS; i++) {
        const struct dimension *d = &s->dimensions[i];
        kb_jsonw_member_object(&w, dimensions[i].title);
        kb_jsonw_member_array(&w, "values");
        for (size_t k = 0; k < d->counters.n; k++) {
            kb_jsonw_object(&w);
            kb_jsonw_member_str(&w, "value", d->counters.at[k].key);
            counter_json(&w, &d->counters.at[k]);
        }
        kb_jsonw_end(&w);
        kb_jsonw_member_object(&w, "other");
        counter_json(&w, &d->other);
        kb_jsonw_end(&w);
    }
    kb_finish_json(app, &w);
}

static void init(struct summary *s)
{
    const struct kb_table *table = kb_table_find(KB_STR("audit.event"));
    kb_buf_init(&s->key, SIZE_MAX / 2);
    for (size_t i = 0; i < DIMENSIONS; i++) {
        for (size_t c = 0; c < COLUMNS_MAX; c++) {
            const char *name = dimensions[i].columns[c];
            s->dimensions[i].columns[c] =
                name == NULL ? -1 : kb_table_column(table, kb_str_c(name));
        }
    }
}

static void sort(struct summary *s)
{
    for (size_t i = 0; i < DIMENSIONS; i++) {
        struct dimension *d = &s->dimensions[i];
        if (d->counters.n > 0) {
            qsort(d->counters.at, d->counters.n, sizeof *d->counters.at, by_events);
        }
    }
}

static void done(struct summary *s)
{
    for (size_t i = 0; i < DIMENSIONS; i++) {
        kb_map_done(&s->dimensions[i].keys);
        KB_VEC_DONE(&s->dimensions[i].counters);
    }
    kb_arena_done(&s->arena);
    kb_buf_done(&s->key);
}

int kb_cmd_logs_summary(struct kb_app *app)
{
    struct kb_err err = {0};
    uint64_t top;
    if (kb_failed(kb_value_count("top", app->args.top, 1, TOP, &top, &err))) {
        return kb_trouble(app, &err);
    }
    struct summary s = {0};
    struct kb_logs_run run = {.app = app, .each = add_event, .ctx = &s};
    init(&s);
    int status = kb_logs_run(&run);
    if (status == KUBE_BASELINE_CLEAN) {
        sort(&s);
        if (kb_format_is(app, "json")) {
            print_json(app, &s);
        } else {
            print_text(app, &s, (size_t)top);
        }
        kb_logs_tell(&run);
        status = kb_logs_commit(&run);
    }
    kb_logs_run_done(&run);
    done(&s);
    return status;
}
