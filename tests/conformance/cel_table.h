/*
 * Tables of expressions with known answers: one JSON object a line, plain or gzip.
 *
 * Types are words ("int64", "list(string)", "timestamp"); values are objects with one tag:
 * {"int": "1"}, {"uint": "1"}, {"double": 1.5 or "NaN"}, {"string": ..}, {"bytes_base64": ..},
 * {"bool": ..},
 * {"null": null}, {"list": [..]}, {"map": [[key, value], ..]}, {"type": name}, {"timestamp": RFC
 * 3339},
 * {"duration_ns": "n"}, {"optional": value or null}, {"object": type, "text": ..}.
 */
#ifndef KB_TESTS_CONFORMANCE_CEL_TABLE_H
#define KB_TESTS_CONFORMANCE_CEL_TABLE_H

#include <jansson.h>

#include "base/mem.h"
#include "cel/cel.h"

/* What the run has come to. */
struct cel_report {
    json_t *differences; /* id → reason */
    unsigned passed;
    unsigned failed;
    unsigned known;           /* failed, but listed as a known difference */
    unsigned positions_right; /* of check errors */
    unsigned positions_wrong;
};

/* One row with its environment. */
struct cel_world {
    struct cel_report *report;
    json_t *row;
    char id[256];
    struct kb_str expr;
    struct kb_cel_env *env;
    struct kb_arena arena;
    KB_VEC(struct kb_str) names;
    KB_VEC(struct kb_cel_val) values; /* ABSENT: no binding */
    struct kb_cel_activation activation;
    const struct kb_cel_program *program;
    struct kb_cel_issues issues;
};

/* Libraries of the environments; NULL: all. */
extern const char *const *cel_table_libraries;

typedef void cel_row_fn(struct cel_world *world);

/*
 * Runs `fn` over every row of the files argv names; "--differences FILE" (lines "id | reason") may
 * stand before them. Prints what failed and a closing line; returns the exit status.
 */
int cel_table_main(int argc, char **argv, unsigned flags, cel_row_fn *fn);

/* Outcomes. `kind` is a word such as "WRONG VALUE" or "unsupported". */
void cel_pass(struct cel_world *world);
void cel_fail(struct cel_world *world, const char *kind, const char *fmt, ...) KB_PRINTF(3, 4);

/* Declares the row's variables and compiles its expression. False: see issues. */
bool cel_world_compile(struct cel_world *world);
struct kb_cel_val cel_world_eval(struct cel_world *world);
/* Number of a variable, or -1. */
int cel_world_var(const struct cel_world *world, const char *name);

struct kb_cel_val cel_decode(const json_t *value, struct kb_arena *arena);
/* Does a table tell 0 from -0? The specification's does not. */
extern bool cel_zero_has_sign;
/* Is it the value, kinds included? */
bool cel_matches(const json_t *want, const struct kb_cel_val *got);
/* Compares with the row's "static_type" or "type". */
bool cel_type_matches(struct cel_world *world, const char *key);
/* "1:5: message" of the first issue; the value as text. */
const char *cel_issue_text(struct cel_world *world);
const char *cel_value_text(struct cel_world *world, const struct kb_cel_val *v);

/* Compile, evaluate and compare with "value" or "error" {kind, position}. */
void cel_row_check(struct cel_world *world);

#endif
