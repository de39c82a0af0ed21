/* `-o FORMAT[=FILE]`: which report goes where. */
#ifndef KB_CMD_OUTPUTS_H
#define KB_CMD_OUTPUTS_H

#include "kube-baseline/app.h"
#include "report/report.h"

struct kb_output {
    const struct kb_report_format *format;
    struct kb_str file; /* empty: standard output */
};
typedef KB_VEC(struct kb_output) kb_outputs;

/* What the command line asks for; text on standard output where it asks for nothing. Freed with
 * KB_VEC_DONE. */
KB_RES kb_outputs_parse(const struct kb_app *app, kb_outputs *out, struct kb_err *err);

/* Render the result to all of them. The first failure is returned, after all were tried. */
KB_RES kb_outputs_write(struct kb_app *app, const kb_outputs *outputs,
                        const struct kb_result *result, int fail_on, struct kb_err *err);

/* Whether to colour what goes to standard output. */
bool kb_wants_color(const struct kb_app *app);

#endif
