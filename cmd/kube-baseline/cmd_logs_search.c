/* `logs search`: events that match, as lines for people or as they were logged. */
#include "kube-baseline/baseline.h"
#include "kube-baseline/commands.h"
#include "kube-baseline/logs.h"
#include "kube-baseline/values.h"
#include "report/layout.h"

static const struct {
    const char *title, *column;
    size_t width;
} shown[] = {
    {"TIME", "time", 22}, {"CODE", "code", 6},       {"USER", "user", 32},
    {"VERB", "verb", 12}, {"FROM", "source_ip", 17}, {"OBJECT", "object", 0},
};
enum { SHOWN = sizeof shown / sizeof *shown, SECONDS = 19 };

struct search {
    struct kb_app *app;
    uint64_t limit, printed;
    bool jsonl;
    int columns[SHOWN];
    int subresource;
    struct kb_arena arena;
    struct kb_buf line;
};

/* Seconds are enough to read by. */
static struct kb_str short_time(struct kb_str time, struct kb_arena *arena)
{
    return time.n <= SECONDS
               ? time
               : kb_arena_printf(arena, "%.*sZ", KB_FMT(kb_str_sub(time, 0, SECONDS)));
}

static void add_line(struct search *s, const struct kb_row *row)
{
    struct kb_buf cell;
    kb_buf_init(&cell, SIZE_MAX / 2);
    for (size_t i = 0; i < SHOWN; i++) {
        struct kb_str text = kb_column_text(row, s->columns[i], &s->arena);
        kb_buf_clear(&cell);
        kb_escape(&cell,
                  i == 0        ? short_time(text, &s->arena)
                  : text.n == 0 ? KB_STR("-")
                                : text,
                  KB_ESCAPE_FOREIGN);
        kb_pad_to(&s->line, kb_buf_view(&cell), shown[i].width - (shown[i].width > 0 ? 1 : 0));
        if (shown[i].width > 0) {
            kb_buf_char(&s->line, ' ');
        }
    }
    while (s->line.n > 0 && s->line.p[s->line.n - 1] == ' ') {
        s->line.n--;
    }
    struct kb_str subresource = kb_column_text(row, s->subresource, &s->arena);
    if (subresource.n > 0) {
        kb_buf_char(&s->line, ' ');
        kb_escape(&s->line, subresource, KB_ESCAPE_FOREIGN);
    }
    kb_buf_done(&cell);
}

static bool print_event(void *ctx, const struct kb_log_event *event)
{
    struct search *s = ctx;
    kb_arena_reset(&s->arena);
    kb_buf_clear(&s->line);
    if (s->jsonl) {
        kb_buf_str(&s->line, event->raw);
    } else {
        add_line(s, &event->row);
    }
    kb_buf_char(&s->line, '\n');
    kb_print(s->app, kb_buf_view(&s->line));
    s->printed++;
    return s->printed != s->limit && !kb_failed(s->app->out_res);
}

static void print_header(struct search *s)
{
    for (size_t i = 0; i < SHOWN; i++) {
        kb_buf_c(&s->line, shown[i].title);
        size_t n = strlen(shown[i].title);
        kb_pad(&s->line, shown[i].width > n ? shown[i].width - n : 0);
    }
    kb_buf_char(&s->line, '\n');
    kb_print(s->app, kb_buf_view(&s->line));
}

static void tell_limit(const struct search *s)
{
    if (s->limit > 0 && s->printed == s->limit) {
        kb_complain(s->app, "stopped after %llu events (--limit); there may be more",
                    (unsigned long long)s->limit);
    }
}

int kb_cmd_logs_search(struct kb_app *app)
{
    struct kb_err err = {0};
    struct search s = {.app = app, .jsonl = kb_format_is(app, "jsonl")};
    struct kb_logs_run run = {.app = app, .each = print_event, .ctx = &s};
    if (kb_failed(kb_value_count("limit", app->args.limit, 1, 0, &s.limit, &err))) {
        return kb_trouble(app, &err);
    }
    const struct kb_table *table = kb_table_find(KB_STR("audit.event"));
    for (size_t i = 0; i < SHOWN; i++) {
        s.columns[i] = kb_table_column(table, kb_str_c(shown[i].column));
    }
    s.subresource = kb_table_column(table, KB_STR("subresource"));
    kb_buf_init(&s.line, SIZE_MAX / 2);
    if (!s.jsonl) {
        print_header(&s);
    }
    int status = kb_logs_run(&run);
    if (status == KUBE_BASELINE_CLEAN) {
        kb_logs_tell(&run);
        tell_limit(&s);
        status = kb_logs_commit(&run);
    }
    kb_logs_run_done(&run);
    kb_buf_done(&s.line);
    kb_arena_done(&s.arena);
    return status;
}
