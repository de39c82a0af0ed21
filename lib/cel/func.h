/*
 * Functions of the expression language, as tables.
 *
 * A library of functions is one file with one table; the checker, the evaluator and
 * `baseline columns` read the same rows. Adding a function is adding a row.
 */
#ifndef KB_CEL_FUNC_H
#define KB_CEL_FUNC_H

#include "cel/value.h"

/* What a function may use while it runs. */
struct kb_cel_call {
    struct kb_arena *arena; /* results live here until the evaluation's end */
    uint64_t cost; /* steps spent so far; functions that walk data add to it (1 per 16 bytes or per
                      element) */
    uint64_t cost_max;
};

/* `args` are already free of errors and unknowns unless the row says `lazy`. The result may be an
 * error value. */
typedef struct kb_cel_val kb_cel_fn(struct kb_cel_call *call, const struct kb_cel_val *args,
                                    size_t n);

enum kb_cel_func_flags {
    KB_CEL_MEMBER = 1,  /* receiver style: x.f(y); args[0] is the receiver */
    KB_CEL_OPERATOR = 2 /* not callable by name from text; the parser makes it */
};

/*
 * One overload. `signature` is written in CEL's own type words, arguments then result:
 * "(string, int) -> string", "(list(A), A) -> bool", "(map(K, V)) -> int", "(net.IP) -> bool".
 * Single upper-case letters are type variables. Several rows with one name are overloads; at run
 * time the first row whose argument kinds fit is called (DYN fits all).
 */
struct kb_cel_func {
    const char *name; /* "size", "math.greatest", "_+_" */
    const char *signature;
    kb_cel_fn *fn;
    unsigned flags;
    const char *doc; /* one line */
};

struct kb_cel_library {
    const char *name; /* "standard", "strings", "quantity" … */
    const struct kb_cel_func *funcs;
    size_t n;
};

/* All libraries there are; an environment chooses by mask (bit i = kb_cel_libraries[i]). */
extern const struct kb_cel_library *const kb_cel_libraries[];
extern const size_t kb_cel_library_count;

#endif
