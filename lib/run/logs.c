/* Log events one by one, unjudged. */
#include "run/logs.h"

#include "run/cover.h"
#include "run/event_row.h"

struct each {
    kb_logs_fn *fn;
    void *ctx;
    struct kb_event_rows rows;
};

static bool each_event(void *ctx, const struct kb_read_event *event)
{
    struct each *each = ctx;
    struct kb_log_event given = {
        .row = kb_event_rows_event(&each->rows, event),
        .raw = event->event->text,
    };
    return each->fn(each->ctx, &given);
}

KB_RES kb_logs_each(const struct kb_logs_options *options, kb_logs_fn *fn, void *ctx,
                    struct kb_logs_coverage *coverage, struct kb_err *err)
{
    struct each each = {.fn = fn, .ctx = ctx};
    struct kb_reading reading;
    struct kb_reading_options reading_options = {
        .logs = options->logs,
        .log_count = options->log_count,
        .feeds = options->feeds,
        .feed_count = options->feed_count,
        .since_ns = options->since_ns,
        .until_ns = options->until_ns,
        .progress = options->progress,
        .progress_ctx = options->progress_ctx,
        .on_event = each_event,
        .ctx = &each,
    };
    kb_event_rows_init(&each.rows);
    kb_res res = kb_reading_run(&reading, &reading_options, err);
    if (!kb_failed(res) && coverage != NULL) {
        *coverage = (struct kb_logs_coverage){0};
        coverage->at = kb_cover_streams(&reading, &coverage->arena, &coverage->n);
    }
    kb_event_rows_done(&each.rows);
    kb_reading_done(&reading);
    return res;
}

void kb_logs_coverage_done(struct kb_logs_coverage *coverage)
{
    kb_arena_done(&coverage->arena);
    coverage->n = 0;
}
