/*
 * The result of a run: what the verdict engine hands to the reports. Read-only there.
 *
 * All texts are in the result's arena. Foreign text (from logs and objects) is NOT escaped here:
 * every report escapes for its own medium.
 */
#ifndef KB_BASELINE_RESULT_H
#define KB_BASELINE_RESULT_H

#include "facts/table.h"

/* Order of the enum is the order of reports; the text ids are stable. */
#define KB_VERDICTS(X)                                                                             \
    X(KB_FAIL, "fail")                                                                             \
    X(KB_UNKNOWN, "unknown")                                                                       \
    X(KB_MANUAL, "manual")                                                                         \
    X(KB_WAIVED, "waived")                                                                         \
    X(KB_NOT_APPLICABLE, "not-applicable")                                                         \
    X(KB_PASS, "pass")
#define KB_SEVERITIES(X)                                                                           \
    X(KB_CRITICAL, "critical")                                                                     \
    X(KB_HIGH, "high")                                                                             \
    X(KB_MEDIUM, "medium")                                                                         \
    X(KB_LOW, "low")                                                                               \
    X(KB_INFO, "info")
#define KB_OWNERS(X)                                                                               \
    X(KB_PROVIDER, "provider")                                                                     \
    X(KB_SHARED, "shared")                                                                         \
    X(KB_CLIENT, "client")
#define KB_FIRST(sym, id) sym,
enum kb_verdict { KB_VERDICTS(KB_FIRST) KB_VERDICT_COUNT };
enum kb_severity { KB_SEVERITIES(KB_FIRST) KB_SEVERITY_COUNT };
enum kb_owner { KB_OWNERS(KB_FIRST) KB_OWNER_COUNT };
#undef KB_FIRST

/* In place of a severity in --fail-on: no verdict makes the exit status 1. */
enum { KB_FAIL_ON_NEVER = -1 };

const char *kb_verdict_name(enum kb_verdict v);
const char *kb_severity_name(enum kb_severity s);
const char *kb_owner_name(enum kb_owner o);
/* The number of a name, or -1. */
int kb_verdict_find(struct kb_str name);
int kb_severity_find(struct kb_str name);
int kb_owner_find(struct kb_str name);

/* One column of a finding's row. */
struct kb_cell {
    const char *column;
    struct kb_cel_val value; /* deep-copied; KB_CEL_UNKNOWN and KB_CEL_ABSENT occur */
};

struct kb_finding {
    char fingerprint[33]; /* hex; control, object and what is wrong: no time, no order */
    enum kb_verdict verdict; /* fail, unknown, waived; pass for rows that `record` lists */
    enum kb_owner owner;
    struct kb_str object;
    struct kb_str message; /* the control's `say`, filled in */
    struct kb_str reason;  /* of an unknown: which column, and why */
    int64_t time_ns;       /* INT64_MIN: none */
    const struct kb_cell *cells; /* the columns the control reads */
    size_t cell_count;
    const struct kb_evidence *evidence; /* at least one; for `count`, the rows of the window (first ones) */
    size_t evidence_count;
    struct kb_str waiver; /* id of the waiver or approval, or empty */
    struct kb_str folded_under; /* controls that tell the same of the object, as id or glob; empty */
};

struct kb_criterion {
    struct kb_str standard; /* "soc2", "cis-eks" */
    struct kb_str id;
};

struct kb_control_result {
    struct kb_str id, title, table, why, fix;
    enum kb_severity severity;
    enum kb_owner owner; /* the control's default */
    const struct kb_criterion *criteria;
    size_t criterion_count;
    enum kb_verdict verdict;
    struct kb_str reason;  /* why unknown or not applicable; "pass over no rows" is told by rows == 0 */
    bool record;           /* the control lists evidence, it does not judge */
    uint64_t rows;         /* rows of the table that `where` selected (or might have) */
    uint64_t rows_seen;    /* rows of the table */
    const struct kb_finding *findings; /* capped, in fixed order: time, then order key */
    size_t finding_count;
    uint64_t findings_total; /* exact */
    uint64_t totals[KB_VERDICT_COUNT]; /* exact, of findings by verdict */
    uint64_t folded; /* exact, of failures that other controls tell (finding.folded_under) */
};

/* What was and was not read. */
struct kb_gap {
    struct kb_str what;
    int64_t from_ns, to_ns;
};
struct kb_coverage {
    struct kb_str source; /* display name of a file or log group */
    struct kb_str what;   /* "audit", "authenticator", "other" … */
    bool complete;
    bool again; /* its records are counted by other entries, too */
    uint64_t items, pages, bytes;
    uint64_t truncated, malformed, duplicates, conflicts;
    int64_t first_ns, last_ns; /* INT64_MIN: none */
    bool has_lag;              /* records tell when they were delivered */
    int64_t lag_p99_ns, lag_max_ns;
    const struct kb_gap *gaps;
    size_t gap_count;
    const struct kb_str *errors; /* messages for people */
    size_t error_count;
    /* Of what was asked for over a network; empty and 0 for files. */
    uint64_t late;      /* records that came after an earlier run had read their time */
    uint64_t waited_ms; /* for answers, quotas, and after refusals */
    struct kb_str first_request, last_request; /* the service's ids of the first and last answer */
};

struct kb_waiver_use {
    struct kb_str id, control, object;
    enum { KB_WAIVER_MATCHED, KB_WAIVER_UNUSED, KB_WAIVER_EXPIRED } state;
    uint64_t matched; /* findings */
};

struct kb_result {
    struct kb_arena arena;
    struct kb_str profile, baseline_digest; /* hex SHA-256-sized or shorter digest of all control texts */
    size_t control_total;
    struct kb_str run_id;
    struct kb_str identity;        /* as whom a live cluster was read; empty: none was, or it does not say */
    struct kb_str cluster_server, cluster_version; /* URL and version of its API server; empty */
    int64_t now_ns;                   /* the clock that judged */
    int64_t started_ns, finished_ns;  /* equal to now_ns under --now */
    const struct kb_control_result *controls; /* by id */
    size_t control_count;
    const struct kb_coverage *coverage;
    size_t coverage_count;
    const struct kb_waiver_use *waivers;
    size_t waiver_count;
    int exit_status; /* 0, 1 or 3, as in docs/controls.md */
};

#endif
