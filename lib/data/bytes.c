/* Sources and sinks over memory and file descriptors. */
#include "data/bytes.h"

#include <errno.h>
#include <unistd.h>

static kb_res read_memory(void *ctx, void *buf, size_t n, size_t *got, struct kb_err *err)
{
    (void)err;
    struct kb_str *rest = ctx;
    *got = n < rest->n ? n : rest->n;
    if (*got > 0) {
        memcpy(buf, rest->p, *got);
        rest->p += *got;
        rest->n -= *got;
    }
    return KB_SUCCESS;
}

struct kb_bytes kb_bytes_of(struct kb_str *rest)
{
    return (struct kb_bytes){read_memory, rest};
}

KB_RES kb_bytes_all(struct kb_bytes in, struct kb_buf *out, struct kb_err *err)
{
    enum { STEP = 64 << 10 };
    for (;;) {
        char extra = 0;
        size_t room = out->max - out->n;
        size_t step = room < STEP ? room : STEP;
        char *to = step == 0 ? &extra : kb_buf_reserve(out, step);
        size_t got = 0;
        KB_TRY(kb_bytes_read(in, to, step == 0 ? 1 : step, &got, err));
        if (got == 0) {
            return KB_SUCCESS;
        }
        KB_ENSURE(step > 0, err, KB_ERR_LIMIT, "more than %zu bytes", out->max);
        out->n += got;
    }
}

static kb_res write_buffer(void *ctx, struct kb_str text, struct kb_err *err)
{
    struct kb_buf *buf = ctx;
    kb_buf_str(buf, text);
    KB_ENSURE(!buf->full, err, KB_ERR_LIMIT, "more than %zu bytes of output", buf->max);
    return KB_SUCCESS;
}

struct kb_sink kb_sink_of(struct kb_buf *buf)
{
    return (struct kb_sink){write_buffer, buf};
}

static kb_res write_fd(void *ctx, struct kb_str text, struct kb_err *err)
{
    const int *fd = ctx;
    while (text.n > 0) {
        ssize_t n = write(*fd, text.p, text.n);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        KB_ENSURE(n >= 0, err, KB_ERR_IO, "writing: %s", strerror(errno));
        text.p += n;
        text.n -= (size_t)n;
    }
    return KB_SUCCESS;
}

struct kb_sink kb_sink_fd(const int *fd)
{
    union {
        const int *in;
        void *out;
    } same = {.in = fd};
    return (struct kb_sink){write_fd, same.out};
}
