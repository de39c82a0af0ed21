/* A program that is run for what it prints: without a shell, bounded in time and output. */
#ifndef KB_NET_CHILD_H
#define KB_NET_CHILD_H

#include <stdint.h>

#include "base/mem.h"

enum { KB_CHILD_OUTPUT_MAX = 1 << 20 };

struct kb_child {
    const char *const *argv; /* NULL-terminated; argv[0] without a slash is looked for in PATH */
    const char *const *env;  /* NULL-terminated, the whole environment */
    bool interactive;        /* gets this program's standard input; else none */
    int64_t timeout_ms;
};

/*
 * Run it and wait. What it prints to standard output goes to `out`, its standard error is this
 * program's. KB_ERR_NOT_FOUND where there is no such program; KB_ERR_LIMIT where it prints more than
 * KB_CHILD_OUTPUT_MAX bytes or takes too long (it is killed then); KB_ERR_IO where it ends with another
 * status than 0.
 */
KB_RES kb_child_run(const struct kb_child *child, struct kb_buf *out, struct kb_err *err);

#endif
