/*
 * The expression language of controls: CEL (Common Expression Language).
 *
 * Definition: google/cel-spec doc/langdef.md; Kubernetes' additions: "Common Expression Language in
 * Kubernetes". Differences are listed in docs/differences.md.
 *
 *     env = kb_cel_env_new(); kb_cel_env_var(env, …) for each variable;
 *     kb_cel_compile(env, text, …, &program, &issues);
 *     kb_cel_eval(program, &activation, arena) as often as wanted.
 *
 * An environment is used by one thread at a time; its programs do not change and may be evaluated
 * by several threads at once, each with its own arena.
 */
#ifndef KB_CEL_CEL_H
#define KB_CEL_CEL_H

#include "cel/func.h"
#include "cel/value.h"

struct kb_cel_env;
struct kb_cel_program;

enum kb_cel_env_flags {
    /* has(column) asks whether an optional variable has a value, and using an optional variable
     * that no has() guards is a check error (controls; CEL itself knows has() on selections only).
     */
    KB_CEL_COLUMNS = 1,
    KB_CEL_NO_MACROS = 2,
    KB_CEL_NO_CHECK = 4, /* parse and run without type checking (conformance only) */
    /* Mixed list and map literals are check errors; constant regexes, durations and timestamps are
     * validated when compiled (Kubernetes). */
    KB_CEL_STRICT = 8
};

struct kb_cel_env_options {
    unsigned flags;
    /* Names ("bindings": cel.bind), NULL-terminated; NULL = all. What the specification calls
     * standard is always there. */
    const char *const *libraries;
    struct kb_str container; /* for name resolution; usually empty */
};

/* A new environment with the standard types and functions. Freed with kb_cel_env_free, after all
 * its programs are no longer used. */
struct kb_cel_env *kb_cel_env_new(const struct kb_cel_env_options *options);
void kb_cel_env_free(struct kb_cel_env *env);

/* Type from its text: "int", "list(string)", "map(string, dyn)", "optional_type(int)",
 * "google.protobuf.Timestamp" or "timestamp", "duration", "net.IP" … NULL where it is not one. */
const struct kb_cel_type *kb_cel_env_type(struct kb_cel_env *env, struct kb_str text);
/* "list(string)" for people. */
struct kb_str kb_cel_type_text(const struct kb_cel_type *type, struct kb_arena *arena);

/* Declare a variable; dots are allowed in its name ("workload.privileged"). Returns its number,
 * counted from 0 in order of declaration, by which kb_cel_activation.get is asked. The name is
 * copied. */
unsigned kb_cel_env_var(struct kb_cel_env *env, struct kb_str name, const struct kb_cel_type *type,
                        bool optional);
/* A variable with a fixed value (a parameter): its name and value are copied. */
void kb_cel_env_const(struct kb_cel_env *env, struct kb_str name, const struct kb_cel_type *type,
                      const struct kb_cel_val *value);
/* Names that begin with `prefix` are no longer declared; what was compiled with them stays as it is. */
void kb_cel_env_forget(struct kb_cel_env *env, struct kb_str prefix);

/* One mistake in an expression. */
struct kb_cel_issue {
    enum { KB_CEL_PARSE, KB_CEL_CHECK } phase;
    unsigned line;         /* in the expression, from 1 */
    unsigned col;          /* from 1, in code points */
    struct kb_str message; /* with "did you mean", without the place */
};
struct kb_cel_issues {
    const struct kb_cel_issue *at;
    size_t n;
};
/* "ERROR: <input>:1:5: message\n | the line\n | ....^" for each issue. */
void kb_cel_issues_print(const struct kb_cel_issues *issues, struct kb_str source,
                         struct kb_buf *out);

/* Compile. All mistakes that can be found are found. On failure the result is KB_ERR_SYNTAX
 * (parse), KB_ERR_INVALID (check) or KB_ERR_LIMIT and *issues lists them; issues and program live
 * as long as env. */
KB_RES kb_cel_compile(struct kb_cel_env *env, struct kb_str source,
                      const struct kb_cel_program **out, struct kb_cel_issues *issues);
const struct kb_cel_type *kb_cel_result_type(const struct kb_cel_program *program);

/* One step of the way from a variable to a part of it. */
struct kb_cel_step {
    bool any;              /* whatever key or index */
    struct kb_cel_val key; /* a string or an int */
};

/* A part of a variable that is not known, such as row[*].name; without steps the whole variable.
 * Reading any part of the way to it, or of what is below it, is unknown; so is the whole variable.
 */
struct kb_cel_unknown_part {
    unsigned var;
    const struct kb_cel_step *steps;
    size_t n;
};

/* Where variables come from. `get` is asked at most once per use; it may answer
 * KB_CEL_UNKNOWN (not readable) or, for optional variables, KB_CEL_ABSENT. */
struct kb_cel_activation {
    void (*get)(void *ctx, unsigned var, struct kb_arena *arena, struct kb_cel_val *out);
    void *ctx;
    const struct kb_cel_unknown_part *unknown_parts; /* usually NULL */
    size_t unknown_count;
};

/* Evaluate. The result (which may be KB_CEL_ERROR or KB_CEL_UNKNOWN) lives in `arena`. Cost over
 * KB_MAX_CEL_COST is an error value. */
struct kb_cel_val kb_cel_eval(const struct kb_cel_program *program,
                              const struct kb_cel_activation *activation, struct kb_arena *arena);

/* The variables that the program reads (numbers, each once, ascending). */
struct kb_cel_vars {
    const unsigned *at;
    size_t n;
};
struct kb_cel_vars kb_cel_program_vars(const struct kb_cel_program *program);

/*
 * For an index over rows: the texts that string variable `var` must have for the program (of type
 * bool) to be anything but false: from top-level conjuncts `var == "x"`, `var in ["x", "y"]`, and
 * disjunctions of such. Returns how many were written to out[0..max), or 0 where there is no such
 * bound (or more than max).
 */
size_t kb_cel_required(const struct kb_cel_program *program, unsigned var, struct kb_str *out,
                       size_t max);

#endif
