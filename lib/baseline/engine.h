/*
 * The verdict engine: rows in, a result out.
 *
 *     engine = kb_engine_new(plan, &options);
 *     kb_engine_row(engine, row) for every row of every table the plan reads;
 *     kb_engine_table_incomplete(engine, table, "forbidden") where not all of a table was read;
 *     kb_engine_finish(engine, &result);
 *
 * Three-valued: what `where` could not decide is an unknown row, unless the control's condition
 * holds either way. An error of an expression is an unknown, with its message as the reason. A
 * table that nobody called complete counts as not read to its end: its controls cannot pass. Not
 * thread-safe; engines may share a plan.
 */
#ifndef KB_BASELINE_ENGINE_H
#define KB_BASELINE_ENGINE_H

#include "baseline/plan.h"

struct kb_engine_options {
    int64_t now_ns; /* the clock that judges (expiry of waivers); since 1970 */
    int fail_on;    /* enum kb_severity: exit status 1 from here up; or KB_FAIL_ON_NEVER */
    size_t max_findings; /* kept for each control; 0: KB_MAX_FINDINGS */
};

struct kb_engine;

/* The plan is borrowed. */
struct kb_engine *kb_engine_new(const struct kb_plan *plan, const struct kb_engine_options *options);
void kb_engine_free(struct kb_engine *engine);

/* Judge one row. Rows should come nearly in order of time (controls that count in a window follow
 * disorder of up to KB_WINDOW_SLACK). Nothing of the row is kept by pointer. */
void kb_engine_row(struct kb_engine *engine, const struct kb_row *row);

/* The table was read to its end: no row means there is none. */
void kb_engine_table_complete(struct kb_engine *engine, const struct kb_table *table);
/* Not all of the table was read, and why: "forbidden", "log ends early" … May be called more
 * than once. Wins over complete. */
void kb_engine_table_incomplete(struct kb_engine *engine, const struct kb_table *table,
                                struct kb_str reason);
/* The thing the table describes does not exist here, and why; its controls are not applicable,
 * unless rows come. */
void kb_engine_table_absent(struct kb_engine *engine, const struct kb_table *table,
                            struct kb_str reason);

/* Labels of a namespace, for ownership by label: the value of `label`, or empty. Optional. */
typedef struct kb_str kb_namespace_label_fn(void *ctx, struct kb_str name_space, struct kb_str label);
void kb_engine_namespace_labels(struct kb_engine *engine, kb_namespace_label_fn *fn, void *ctx);

/* Close the windows and write the verdicts: profile, digest, clock, controls, waivers and exit
 * status. Coverage and run id are left to the caller (kb_result_coverage). Called once; `out`
 * must be zeroed, and owns its texts. */
void kb_engine_finish(struct kb_engine *engine, struct kb_result *out);

/* Exit status from the verdicts: 0, 1 or 3, as in docs/controls.md. */
int kb_result_exit(const struct kb_result *result, int fail_on);
void kb_result_done(struct kb_result *result);

#endif
