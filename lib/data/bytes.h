/*
 * Byte streams: a source that is pulled and a sink that is pushed, each a function and its context.
 */
#ifndef KB_DATA_BYTES_H
#define KB_DATA_BYTES_H

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

/* Up to `n` bytes (n > 0) into `buf`; *got is how many, 0 only at the end. Fewer than `n` is
 * normal. After the end, or after an error, it gives the same again. */
typedef kb_res kb_read_fn(void *ctx, void *buf, size_t n, size_t *got, struct kb_err *err);

struct kb_bytes {
    kb_read_fn *read;
    void *ctx; /* not owned */
};

static inline KB_RES kb_bytes_read(struct kb_bytes in, void *buf, size_t n, size_t *got,
                                   struct kb_err *err)
{
    return in.read(in.ctx, buf, n, got, err);
}

/* Reading from memory: `rest` is advanced. */
struct kb_bytes kb_bytes_of(struct kb_str *rest);

/* Add all that is left to `out`. KB_ERR_LIMIT where it does not fit into out->max. */
KB_RES kb_bytes_all(struct kb_bytes in, struct kb_buf *out, struct kb_err *err);

/* Takes all of `text`, or fails. */
typedef kb_res kb_write_fn(void *ctx, struct kb_str text, struct kb_err *err);

struct kb_sink {
    kb_write_fn *write;
    void *ctx; /* not owned */
};

static inline KB_RES kb_sink_write(struct kb_sink out, struct kb_str text, struct kb_err *err)
{
    return out.write(out.ctx, text, err);
}

/* Writing into a buffer; KB_ERR_LIMIT where it is full. */
struct kb_sink kb_sink_of(struct kb_buf *buf);
/* Writing into a file descriptor, which stays the caller's; *fd must outlive the sink. */
struct kb_sink kb_sink_fd(const int *fd);

#endif
