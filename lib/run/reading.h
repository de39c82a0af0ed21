/*
 * One reading of audit logs: inputs merged by time, stages joined, copies dropped, coverage kept.
 *
 * What comes out is one event a request, with its place, and the lines of the authenticator's log.
 */
#ifndef KB_RUN_READING_H
#define KB_RUN_READING_H

#include "run/intake.h"
#include "run/run.h"

struct kb_reading_options {
    const struct kb_str *logs;
    size_t log_count;
    const struct kb_input_entry *feeds; /* inputs that are no files, beside them */
    size_t feed_count;
    int64_t since_ns, until_ns; /* KB_TIME_NONE: open */
    bool sha256;
    kb_progress_fn *progress;
    void *progress_ctx;
    /* Return false to stop. `on_line` may be NULL. */
    bool (*on_event)(void *ctx, const struct kb_read_event *event);
    bool (*on_line)(void *ctx, const struct kb_read_line *line);
    void *ctx;
};

struct kb_reading {
    struct kb_log *log;
    struct kb_intake *intake;
    struct kb_cover cover;
    uint64_t lines; /* of the authenticator */
    bool fed;       /* feeds are among the inputs */
    bool stopped;   /* a callback stopped it: nothing is complete */
};

/* Read all. Fails where an input named does not exist or none can be opened; the rest is in the log's
 * statistics. `reading` is to be freed with kb_reading_done, also after a failure. */
KB_RES kb_reading_run(struct kb_reading *reading, const struct kb_reading_options *options,
                      struct kb_err *err);
void kb_reading_done(struct kb_reading *reading);

#endif
