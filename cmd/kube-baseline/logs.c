/* Reading logs for the `logs` commands. */
#include "kube-baseline/logs.h"

#include "kube-baseline/log_group.h"
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

/* Times: of events in files, of deliveries in a log group. */
static KB_RES set_span(const struct kb_logs_run *run, struct kb_log_group *group,
                       struct kb_logs_options *options, struct kb_err *err)
{
    struct kb_log_span span;
    KB_TRY(kb_log_span_read(run->app, &span, err));
    KB_TRY(kb_log_group_open(run->app, &span, group, err));
    options->feeds = group->inputs;
    options->feed_count = group->n;
    options->since_ns = group->n > 0 ? KB_TIME_NONE : span.since_ns;
    options->until_ns = group->n > 0 ? KB_TIME_NONE : span.until_ns;
    return KB_SUCCESS;
}

static int read_all(struct kb_logs_run *run)
{
    struct kb_err err = {0};
    struct kb_progress_line line;
    struct kb_log_group *group = &run->group;
    struct kb_logs_options options = {
        .logs = run->app->args.words.at,
        .log_count = run->app->args.words.n,
        .progress = kb_progress_show,
        .progress_ctx = &line,
    };
    kb_progress_init(&line, run->app);
    kb_res res = set_span(run, group, &options, &err);
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
    kb_log_group_done(&run->group);
}

/* Only what reached its reader counts as read. */
int kb_logs_commit(struct kb_logs_run *run)
{
    struct kb_app *app = run->app;
    if (app->args.checkpoint != NULL && !kb_failed(app->out_res)) {
        app->out_res = kb_fd_sink_flush(&app->out, &app->out_err);
    }
    int status = KUBE_BASELINE_CLEAN;
    for (size_t i = 0; i < run->group.n && i < run->coverage.n; i++) { /* its windows come first */
        status = run->coverage.at[i].complete ? status : KUBE_BASELINE_UNKNOWN;
    }
    return kb_failed(app->out_res) ? KUBE_BASELINE_TROUBLE
                                   : kb_log_group_commit(app, &run->group, status);
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
    if (run->group.insights != NULL && run->coverage.n > 0 && run->coverage.at[0].error_count > 0) {
        kb_complain(run->app, "%.*s", KB_FMT(run->coverage.at[0].errors[0]));
    } else if (damaged > 0) {
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
