/*
 * Log events one by one, for the commands that look into logs without judging them.
 */
#ifndef KB_RUN_LOGS_H
#define KB_RUN_LOGS_H

#include "run/run.h"

struct kb_logs_options {
    const struct kb_str *logs; /* files and folders; "-" is standard input */
    size_t log_count;
    const struct kb_input_entry *feeds; /* beside them */
    size_t feed_count;
    int64_t since_ns, until_ns; /* events at or after, before; KB_TIME_NONE: open */
    kb_progress_fn *progress;   /* may be NULL */
    void *progress_ctx;
};

/* One event; all of it lives until the callback returns. */
struct kb_log_event {
    struct kb_row row; /* of table "audit.event" */
    struct kb_str raw; /* the event's own JSON text, without its envelope; not validated */
};

/* Return false to stop reading; that is no error. */
typedef bool kb_logs_fn(void *ctx, const struct kb_log_event *event);

/* What was and was not read. All in `arena`. */
struct kb_logs_coverage {
    struct kb_arena arena;
    /* Windows of log groups; one for each stream, in order of its name; then the heartbeat. */
    const struct kb_coverage *at;
    size_t n;
};
void kb_logs_coverage_done(struct kb_logs_coverage *coverage);

/*
 * Read the logs and call `fn` for each audit event, in the order of the inputs. Copies of one event
 * are passed once. `coverage` may be NULL; it is written on success only.
 * Fails where an input named does not exist or cannot be opened at all.
 */
KB_RES kb_logs_each(const struct kb_logs_options *options, kb_logs_fn *fn, void *ctx,
                    struct kb_logs_coverage *coverage, struct kb_err *err);

#endif
