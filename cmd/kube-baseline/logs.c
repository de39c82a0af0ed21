/* Reading logs for the `logs` commands. */
#include "kube-baseline/logs.h"

#include "kube-baseline/values.h"
#include "report/coverage.h"
#include "report/layout.h"

static bool each(void *ctx, const struct kb_log_event *event)
{
    struct kb_logs_run *run = ctx;
    run->read++;
    if (!kb_filter_match(&run->filter, &event->row)) {
        return true;
    }
    run->matched++;
    return run->each == NULL || run->each(run->ctx, event);
}

static int read_all(struct kb_logs_run *run)
{
    struct kb_err err = {0};
    struct kb_progress_line line;
    int64_t now;
    struct kb_logs_options options = {
        .logs = run->app->args.words.at,
        .log_count = run->app->args.words.n,
        .progress = kb_progress_show,
        .progress_ctx = &line,
    };
    kb_progress_init(&line, run->app);
    kb_res res = kb_value_now(run->app, &now, NULL, &err);
    if (!kb_failed(res)) {
        res = kb_value_span(run->app, now, &options.since_ns, &options.until_ns, &err);
    }
    if (!kb_failed(res)) {
        res = kb_logs_each(&options, each, run, &run->coverage, &err);
    }
    kb_progress_done(&line);
    return kb_failed(res) ? kb_trouble(run->app, &err) : KUBE_BASELINE_CLEAN;
}

int kb_logs_run(struct kb_logs_run *run)
{
    run->table = kb_table_find(KB_STR("audit.event"));
    int status = kb_filter_init(&run->filter, run->app, run->table);
    return status == KUBE_BASELINE_CLEAN ? read_all(run) : status;
}

void kb_logs_run_done(struct kb_logs_run *run)
{
    kb_filter_done(&run->filter);
    kb_logs_coverage_done(&run->coverage);
}

void kb_logs_tell(const struct kb_logs_run *run)
{
    struct kb_buf text = {.max = 256};
    size_t sources = 0;
    size_t damaged = 0;
    kb_add_count(&text, run->matched);
    kb_buf_c(&text, " of ");
    kb_add_count(&text, run->read);
    kb_complain(run->app, "%.*s event%s", KB_FMT(kb_buf_view(&text)), run->read == 1 ? "" : "s");
    kb_buf_done(&text);
    if (run->filter.undecided > 0) {
        kb_complain(run->app, "--where could not decide %llu of them (%s)",
                    (unsigned long long)run->filter.undecided, run->filter.why);
    }
    for (size_t i = 0; i < run->coverage.n; i++) {
        const struct kb_coverage *c = &run->coverage.at[i];
        sources += !kb_coverage_is_heartbeat(c);
        damaged += !kb_coverage_is_heartbeat(c) && !kb_coverage_whole(c);
    }
    if (damaged > 0) {
        kb_complain(run->app, "%zu of %zu sources %s not whole: see logs coverage", damaged,
                    sources, damaged == 1 ? "is" : "are");
    }
}

struct kb_str kb_column_text(const struct kb_row *row, int column, struct kb_arena *arena)
{
    struct kb_cel_val v = {0};
    if (column < 0) {
        return (struct kb_str){"", 0};
    }
    row->ops->get(row->data, (unsigned)column, arena, &v);
    if (v.kind == KB_CEL_STRING) {
        return v.s;
    }
    if (v.kind == KB_CEL_ABSENT || v.kind == KB_CEL_UNKNOWN || v.kind == KB_CEL_NULL) {
        return (struct kb_str){"", 0};
    }
    struct kb_buf text;
    kb_buf_init(&text, SIZE_MAX / 2);
    kb_cel_print(&v, &text);
    struct kb_str copy = kb_arena_copy(arena, kb_buf_view(&text));
    kb_buf_done(&text);
    return copy;
}
