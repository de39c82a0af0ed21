/*
 * The pipeline of one run: plan, read, judge. What it gives back, the reports render.
 */
#ifndef KB_RUN_RUN_H
#define KB_RUN_RUN_H

#include "baseline/engine.h"
#include "run/gather.h"
#include "source/input.h"

/* A time that was not given. */
#define KB_TIME_NONE INT64_MIN

/* How far the reading is. */
struct kb_progress {
    uint64_t bytes_done;  /* of the files as they lie on disk */
    uint64_t bytes_total; /* 0: not known (a pipe) */
    uint64_t events;      /* records found so far */
    double share;         /* of feeds that was read, 0 to 1; 0 where it is not known */
};
typedef void kb_progress_fn(void *ctx, const struct kb_progress *progress);

/* What `check` is asked. All texts and arrays are the caller's and outlive the call. */
struct kb_check_options {
    const struct kb_str *logs; /* files and folders; "-" is standard input */
    size_t log_count;
    const struct kb_input_entry *feeds; /* logs that are no files, such as a log group's windows */
    size_t feed_count;
    struct kb_sources sources; /* cluster objects and AWS settings */
    struct kb_str profile; /* a shipped profile's name, or the path of a file; empty: the default */
    struct kb_str baseline_dir; /* empty: the baselines inside the executable */
    int64_t now_ns;             /* KB_TIME_NONE: the system's clock */
    int64_t since_ns, until_ns; /* events at or after, before; KB_TIME_NONE: open */
    int fail_on;         /* enum kb_severity: exit status 1 from here up; or KB_FAIL_ON_NEVER */
    size_t max_findings; /* kept for each control; 0: KB_MAX_FINDINGS */
    const struct kb_str *controls; /* globs of ids; none: all of the profile. "!glob" leaves out */
    size_t control_count;
    bool sha256;              /* also hash the files read, as evidence of what was judged */
    kb_progress_fn *progress; /* may be NULL; called from the reading thread, some times a second */
    void *progress_ctx;
};

/*
 * Read what `options` names and judge it. `out` is written on success only; its texts live in
 * out->arena, which the caller frees with kb_result_done.
 * Fails (exit status 2) where the run itself cannot be done: a path that does not exist, a baseline
 * or profile with mistakes, which are all in `mistakes` then (KB_ERR_INVALID). What could not be
 * read in part is no failure: it is in out->coverage.
 */
KB_RES kb_run_check(const struct kb_check_options *options, struct kb_result *out,
                    struct kb_mistakes *mistakes, struct kb_err *err);

#endif
