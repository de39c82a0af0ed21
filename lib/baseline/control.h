/*
 * Controls as they are written, and the baseline: all controls of a library.
 *
 * A control file is <area>/<id>.yaml; its cases stand in <area>/<id>.cases.yaml (cases.h); shared
 * named expressions of an area in <area>/_terms.yaml; profiles under profiles/. The form is
 * docs/controls.md.
 */
#ifndef KB_BASELINE_CONTROL_H
#define KB_BASELINE_CONTROL_H

#include "baseline/library.h"
#include "baseline/mistakes.h"
#include "baseline/result.h"

/* How a control judges the rows that its `where` selects. */
#define KB_JUDGEMENTS(X)                                                                           \
    X(KB_REQUIRE, "require") /* must hold for every row */                                         \
    X(KB_FORBID, "forbid")   /* no row may be there */                                             \
    X(KB_COUNT, "count")     /* the number of rows is bounded */                                   \
    X(KB_RECORD, "record")   /* rows are listed as evidence */                                     \
    X(KB_BY_HAND, "manual")  /* judged by a person; no expression */
#define KB_FIRST(sym, id) sym,
enum kb_judgement { KB_JUDGEMENTS(KB_FIRST) KB_JUDGEMENT_COUNT };
#undef KB_FIRST
const char *kb_judgement_name(enum kb_judgement judgement);

/* A parameter that a profile may set. */
struct kb_param {
    struct kb_str name;        /* "approved", used as params.approved */
    struct kb_str type;        /* "list(string)" */
    struct kb_cel_val value;   /* the default */
    struct kb_str doc;         /* may be empty */
};

/* A text of the file with its place, so that mistakes in it can be shown where they are. */
struct kb_text {
    struct kb_str text; /* empty: the key is not there */
    unsigned line, col; /* of its node in the file */
};

struct kb_count_rule {
    int64_t max, min;     /* -1: none */
    struct kb_text max_text; /* an expression over parameters and settings in place of the number `max` */
    const struct kb_text *per; /* names of columns */
    size_t per_count;
    int64_t within_ns;    /* 0: over the whole reading */
    struct kb_text distinct; /* name of the column whose different values are counted; empty: rows */
};

struct kb_control {
    struct kb_str id, title, why, fix;
    struct kb_str area; /* folder: "audit" */
    struct kb_str file; /* display name */
    struct kb_str source; /* the whole text of the file */
    const struct kb_str *aka;
    size_t aka_count;
    enum kb_owner owner;
    enum kb_severity severity;
    const struct kb_criterion *criteria;
    size_t criterion_count;
    const struct kb_param *params;
    size_t param_count;
    const struct kb_str *needs; /* settings without which it cannot judge: unknown while one is empty */
    size_t need_count;
    const struct kb_table *table; /* NULL for KB_BY_HAND */
    enum kb_judgement judgement;
    struct kb_text where, condition /* require, forbid */, say;
    struct kb_text fold;     /* name of a bool column: failures of rows where it holds are told elsewhere */
    struct kb_str fold_under; /* by which controls: an id, or a glob of ids */
    struct kb_count_rule count;
};

/* A named expression of an area, usable in its controls like a variable. */
struct kb_term {
    struct kb_str name, area, file, source;
    struct kb_text text;
    const struct kb_table *table; /* against which it is checked; NULL: that of most controls there */
};

struct kb_baseline {
    struct kb_arena arena;
    const struct kb_library *library;  /* borrowed */
    struct kb_control *const *controls; /* by id */
    size_t n;
    const struct kb_term *terms;
    size_t term_count;
    char digest[65]; /* kb_library_digest of the library */
};

/* Read every control and term of the library (borrowed: it must outlive the baseline). Every
 * mistake of every file goes to `mistakes`; what was without mistakes is in the baseline. With
 * `check`, every expression is compiled with default parameters too; without, that happens to
 * the selected ones in kb_plan_new. */
void kb_baseline_load(struct kb_baseline *baseline, const struct kb_library *library, bool check,
                      struct kb_mistakes *mistakes);
/* The same without `check`, where only the controls that match one of `n` globs ("area/glob") are
 * to be run: of the others there are id, area and source alone. n == 0: all are read. */
void kb_baseline_load_some(struct kb_baseline *baseline, const struct kb_library *library,
                           const struct kb_str *globs, size_t n, struct kb_mistakes *mistakes);
void kb_baseline_done(struct kb_baseline *baseline);

/* By id, or by an id of `aka`; NULL. */
const struct kb_control *kb_baseline_find(const struct kb_baseline *baseline, struct kb_str id);
/* The id most like `id`, or NULL. */
const char *kb_baseline_suggest(const struct kb_baseline *baseline, struct kb_str id);

#endif
