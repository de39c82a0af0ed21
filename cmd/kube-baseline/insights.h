/* --insights: a log group that Logs Insights looks through, instead of reading it. */
#ifndef KB_CMD_INSIGHTS_H
#define KB_CMD_INSIGHTS_H

#include "kube-baseline/log_group.h"
#include "run/logs.h"
#include "source/insights.h"

/* What to look through, with the filters of the command line; `filters` is the caller's, and must outlive
 * the use of *out. KB_ERR_USAGE where --checkpoint is given. */
KB_RES kb_insights_plan(const struct kb_app *app, const struct kb_log_span *span, struct kb_str group,
                        struct kb_buf *filters, struct kb_insights_options *out, struct kb_err *err);
/* What is there, by counts: one entry for the group with the time that has no event, one a stream. `out` is
 * to be freed in both cases. */
KB_RES kb_insights_coverage(const struct kb_app *app, struct kb_logs_coverage *out,
                            struct kb_err *err);

#endif
