/*
 * Reports: a result rendered into a sink. One row of kb_report_formats a format.
 *
 * A report never asks the terminal, the clock or the environment: what it needs is in the options.
 */
#ifndef KB_REPORT_REPORT_H
#define KB_REPORT_REPORT_H

#include "baseline/result.h"
#include "data/bytes.h"

struct kb_report_options {
    const char *version, *commit; /* of the tool; commit may be empty */
    size_t width;                 /* columns (text) */
    bool color;                   /* (text) */
    bool unicode;                 /* more than ASCII in the report's own words (text) */
    bool verbose;                 /* all kept findings, with their columns (text) */
    bool quiet;                   /* failures and the summary only (text) */
    int fail_on; /* what the exit status was decided by: enum kb_severity or KB_FAIL_ON_NEVER */
};

typedef kb_res kb_report_fn(const struct kb_result *result, const struct kb_report_options *options,
                            struct kb_sink sink, struct kb_err *err);

struct kb_report_format {
    const char *name;
    kb_report_fn *render;
    const char *doc;
};
extern const struct kb_report_format kb_report_formats[];
extern const size_t kb_report_format_count;

/* By name, or NULL. */
const struct kb_report_format *kb_report_find(struct kb_str name);

kb_report_fn kb_report_text, kb_report_json, kb_report_jsonl, kb_report_csv;

#endif
