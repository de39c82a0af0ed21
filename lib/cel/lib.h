/*
 * What libraries of functions share: results, cost, text and lists.
 */
#ifndef KB_CEL_LIB_H
#define KB_CEL_LIB_H

#include "cel/func.h"
#include "cel/libraries.h"

#define KB_CEL_LIBRARY(symbol, id)                                                                 \
    const struct kb_cel_library symbol = {id, funcs, sizeof funcs / sizeof *funcs}

/* "no such overload" */
struct kb_cel_val kb_cel_lib_no_overload(void);
/* "no such overload: name(int, list)" */
struct kb_cel_val kb_cel_lib_no_overload_of(struct kb_cel_call *call, const char *name,
                                            const struct kb_cel_val *args, size_t n);

/* Count `steps`; false where the evaluation has no more: then return kb_cel_lib_overspent(). */
bool kb_cel_lib_spend(struct kb_cel_call *call, uint64_t steps);
struct kb_cel_val kb_cel_lib_overspent(void);
/* Steps of walking `bytes` bytes. */
static inline uint64_t kb_cel_lib_bytes(size_t bytes)
{
    return 1 + bytes / 16;
}

/* The buffer's text as a value (an error where it was too long); the buffer is freed. */
struct kb_cel_val kb_cel_lib_text(struct kb_cel_call *call, struct kb_buf *buf);
/* A list of `n` items, in the arena already. */
struct kb_cel_val kb_cel_lib_list(struct kb_cel_call *call, const struct kb_cel_val *items,
                                  size_t n);
struct kb_cel_val kb_cel_lib_some(struct kb_cel_call *call, struct kb_cel_val value);
struct kb_cel_val kb_cel_lib_none(void);
/* An error value with the failure's message. */
struct kb_cel_val kb_cel_lib_failed(struct kb_cel_call *call, const struct kb_err *err);

/* The object of a value, or NULL where it is none of this type. */
const struct kb_cel_object *kb_cel_lib_object(const struct kb_cel_val *v,
                                              const struct kb_cel_object_type *type);
struct kb_cel_val kb_cel_lib_object_val(const struct kb_cel_object *object);

/* CEL equality; each value compared is a step. False, and the call overspent, where steps run out. */
bool kb_cel_lib_equal(struct kb_cel_call *call, const struct kb_cel_val *a,
                      const struct kb_cel_val *b);

enum { KB_CEL_INCOMPARABLE = 3 };
/* Order of two values: -1, 0, 1; KB_CEL_INCOMPARABLE where they have none (different kinds but for
 * numbers, a NaN, or kinds without an order). */
int kb_cel_lib_order(const struct kb_cel_val *a, const struct kb_cel_val *b);
/* Has the value's kind an order at all? */
bool kb_cel_lib_ordered(const struct kb_cel_val *v);

/* The double without exponent, as few digits as tell it from its neighbours: "0.1", "1", "NaN",
 * "Infinity", "-Infinity". */
void kb_cel_lib_double(double d, struct kb_buf *out);

/*
 * printf-like formatting (string.format) of `format` over `args`. On failure the error's message is
 * what the function's error value says.
 */
KB_RES kb_cel_lib_format(struct kb_str format, const struct kb_cel_list *args, struct kb_buf *out,
                         struct kb_err *err);

/* For the checker: the clauses of a constant format, in order. */
struct kb_cel_format_clause {
    char letter;
    int precision; /* -1: none */
};
/* The clause at *at (moved behind it), or letter 0 at the end; literal text goes to `out` (may be
 * NULL). `arg` is the clause's number and `n` how many arguments there are: too few is an error. */
KB_RES kb_cel_format_next(struct kb_str format, size_t *at, size_t arg, size_t n,
                          struct kb_buf *out, struct kb_cel_format_clause *clause,
                          struct kb_err *err);
/* Why a value of this kind cannot stand at the clause ("… was given list"), or NULL. `type_name` is
 * its type's name. The text is in `err`. */
KB_RES kb_cel_format_fits(const struct kb_cel_format_clause *clause, unsigned kind,
                          struct kb_str type_name, struct kb_err *err);

#endif
