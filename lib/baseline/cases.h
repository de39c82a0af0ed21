/*
 * Cases: what a control must say about given rows. They stand beside the control in
 * <id>.cases.yaml.
 *
 *     - name: a shell in a pod
 *       want: fail
 *       findings: 1
 *       params: {shells: [bash]}
 *       given: {audit.event: [{verb: create, resource: pods, subresource: exec, user: alice}]}
 *     - name: no rights to read
 *       want: unknown
 *       given: {rbac.binding: {unavailable: forbidden}}
 *     - name: the same, from a real event
 *       want: fail
 *       log: [{kind: Event, auditID: …}]
 *
 * A value {unknown: "why"} makes a column unknown, as does `unknown: [columns]`; a column left out has its default
 * (kb_column_default). A table is given as a list of rows, or as {rows: […], unavailable: "why"},
 * or as {absent: "why"}. `findings` is the number of findings of every verdict; `says` is a text
 * that some finding's message must hold; `params` and `settings` are those of a profile,
 * parameters by their own name. Object, namespace, subject and time of a row are its columns
 * `object`, `namespace`, `user` or `subject`, and `time`, where the table has them.
 */
#ifndef KB_BASELINE_CASES_H
#define KB_BASELINE_CASES_H

#include "baseline/engine.h"

/* Takes raw audit events (each one JSON text) through the real reader and gives the rows to
 * `emit`. */
typedef void kb_row_fn(void *ctx, const struct kb_row *row);
struct kb_case_reader {
    KB_RES (*read)(void *ctx, const struct kb_str *events, size_t n, kb_row_fn *emit, void *emit_ctx,
                   struct kb_err *err);
    void *ctx;
};

struct kb_case_result {
    const struct kb_control *control;
    struct kb_str name;
    struct kb_str file;
    unsigned line;
    enum kb_verdict want, got;
    bool ok;
    bool skipped;         /* needs a reader, and there was none */
    struct kb_str detail; /* what differed, and the messages of the findings, one a line */
};

struct kb_case_report {
    struct kb_arena arena;
    KB_VEC(struct kb_case_result) results;
    size_t passed, failed, skipped;
};

/* Run the cases of one control. A file that is missing, wrong, or without a case for pass, fail
 * and could-not-be-read goes to `mistakes` (record controls need pass and unknown; manual
 * controls no cases). `reader` may be NULL. */
void kb_cases_run(const struct kb_baseline *baseline, const struct kb_control *control,
                  const struct kb_case_reader *reader, struct kb_case_report *report,
                  struct kb_mistakes *mistakes);
void kb_case_report_done(struct kb_case_report *report);

#endif
