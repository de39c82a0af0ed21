/* What the `logs` commands share: reading with a filter, and telling what was missing. */
#ifndef KB_CMD_LOGS_H
#define KB_CMD_LOGS_H

#include "kube-baseline/filter.h"
#include "kube-baseline/log_group.h"
#include "kube-baseline/progress.h"
#include "run/logs.h"

struct kb_logs_run {
    struct kb_app *app;
    const struct kb_table *table; /* audit.event */
    struct kb_filter filter;
    struct kb_log_group group;
    struct kb_logs_coverage coverage; /* when the reading is done */
    uint64_t read, matched;
    bool (*each)(void *ctx,
                 const struct kb_log_event *event); /* for matching events; false stops */
    void *ctx;
};

/* Read what the command line names. Exit status. Freed with kb_logs_run_done, also after a failure.
 */
int kb_logs_run(struct kb_logs_run *run);
void kb_logs_run_done(struct kb_logs_run *run);
/* All was printed: flush it, and move the checkpoint, where there is one. Exit status. */
int kb_logs_commit(struct kb_logs_run *run);
/* On standard error: how many events matched, which --where could not decide, which sources are not
 * whole. */
void kb_logs_tell(const struct kb_logs_run *run);

/* Text of a column in a row: strings bare, all else as printed, empty where it has none. In
 * `arena`. */
struct kb_str kb_column_text(const struct kb_row *row, int column, struct kb_arena *arena);

#endif
