/* Progress of a long reading, on a terminal's standard error only. */
#ifndef KB_CMD_PROGRESS_H
#define KB_CMD_PROGRESS_H

#include "kube-baseline/app.h"
#include "run/run.h"

struct kb_progress_line {
    bool on;
    bool shown;
    int64_t started_ns, last_ns; /* monotonic */
};

void kb_progress_init(struct kb_progress_line *line, const struct kb_app *app);
/* A kb_progress_fn; its context is the line. */
void kb_progress_show(void *line, const struct kb_progress *progress);
/* Take the line away. */
void kb_progress_done(struct kb_progress_line *line);

#endif
