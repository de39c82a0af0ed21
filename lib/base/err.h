/*
 * Results and errors.
 *
 * A function that can fail returns `kb_res` (never an int) and takes, as its last
 * argument, the caller's `struct kb_err *`, which may be NULL. The error says what
 * went wrong in words of the user's input: file, line and column where they are known.
 * There is no error state in threads or globals. Out of memory is not an error: it aborts.
 */
#ifndef KB_BASE_ERR_H
#define KB_BASE_ERR_H

#include <stddef.h>

/* symbol, stable text id */
#define KB_CODES(X)                                                                                \
    X(KB_OK, "ok")                                                                                 \
    X(KB_ERR_USAGE, "usage")           /* the command line is wrong */                             \
    X(KB_ERR_IO, "io")                 /* the system refused a read or a write */                  \
    X(KB_ERR_SYNTAX, "syntax")         /* text does not follow its grammar */                      \
    X(KB_ERR_INVALID, "invalid")       /* grammatical, but not allowed */                          \
    X(KB_ERR_LIMIT, "limit")           /* an input is over one of the limits of base/limits.h */   \
    X(KB_ERR_NOT_FOUND, "not-found")   /* something named does not exist */                        \
    X(KB_ERR_CORRUPT, "corrupt")       /* compressed or framed data is damaged or cut */           \
    X(KB_ERR_UNSUPPORTED, "unsupported")

#define KB_CODE_ENUM(sym, id) sym,
enum kb_code { KB_CODES(KB_CODE_ENUM) KB_CODE_COUNT };
#undef KB_CODE_ENUM

typedef struct {
    enum kb_code code;
} kb_res;

/* Marks a function whose result must be looked at. */
#define KB_RES __attribute__((warn_unused_result)) kb_res

#define KB_SUCCESS ((kb_res){KB_OK})

enum { KB_ERR_MSG_MAX = 640, KB_ERR_FILE_MAX = 256 };

/* One error, on the caller's stack. `file` is empty and `line`, `col` are 0 where unknown;
 * both count from 1, `col` in code points. Written only on failure. */
struct kb_err {
    enum kb_code code;
    char msg[KB_ERR_MSG_MAX];
    char file[KB_ERR_FILE_MAX];
    unsigned line;
    unsigned col;
};

#define KB_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* Stable text id of a code, such as "not-found". */
const char *kb_code_name(enum kb_code code);

/* Fill `err` (if not NULL) and give the failure back, for `return kb_fail(err, …)`. */
KB_RES kb_fail(struct kb_err *err, enum kb_code code, const char *fmt, ...) KB_PRINTF(3, 4);

/* As kb_fail, with a place in the user's input. `file` may be NULL. */
KB_RES kb_fail_at(struct kb_err *err, enum kb_code code, const char *file, unsigned line,
                  unsigned col, const char *fmt, ...) KB_PRINTF(6, 7);

/* Put "context: " before the message already in `err`. */
void kb_err_context(struct kb_err *err, const char *fmt, ...) KB_PRINTF(2, 3);

/* "file:line:col: message" (parts that are unknown left out) into `out`, always terminated. */
void kb_err_format(const struct kb_err *err, char *out, size_t out_size);

static inline int kb_failed(kb_res res)
{
    return res.code != KB_OK;
}

/* Return early where `expr` failed. */
#define KB_TRY(expr)                                                                               \
    do {                                                                                           \
        kb_res kb_try_res_ = (expr);                                                               \
        if (kb_failed(kb_try_res_)) {                                                              \
            return kb_try_res_;                                                                    \
        }                                                                                          \
    } while (0)

/* Return early where `expr` failed, telling what was being done. */
#define KB_TRY_CTX(err, expr, ...)                                                                 \
    do {                                                                                           \
        kb_res kb_try_res_ = (expr);                                                               \
        if (kb_failed(kb_try_res_)) {                                                              \
            kb_err_context((err), __VA_ARGS__);                                                    \
            return kb_try_res_;                                                                    \
        }                                                                                          \
    } while (0)

/* Fail with `code` and a message unless `cond` holds. */
#define KB_ENSURE(cond, err, code, ...)                                                            \
    do {                                                                                           \
        if (!(cond)) {                                                                             \
            return kb_fail((err), (code), __VA_ARGS__);                                            \
        }                                                                                          \
    } while (0)

/* Run `fn(&variable)` when the variable leaves its scope. */
#define KB_AUTO(fn) __attribute__((cleanup(fn)))

#endif
