/* Sinks over file descriptors, and files that are renamed into place when they are whole. */
#include "report/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFERED = 64 << 10 };

KB_RES kb_sink_write(const struct kb_sink *sink, struct kb_str text, struct kb_err *err)
{
    return text.n == 0 ? KB_SUCCESS : sink->write(sink->ctx, text.p, text.n, err);
}

static KB_RES write_all(const struct kb_fd_sink *out, const char *p, size_t n, struct kb_err *err)
{
    while (n > 0) {
        ssize_t done = write(out->fd, p, n);
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done < 0) {
            return kb_fail(err, KB_ERR_IO, "cannot write to %s: %s", out->name, strerror(errno));
        }
        p += done;
        n -= (size_t)done;
    }
    return KB_SUCCESS;
}

KB_RES kb_fd_sink_flush(struct kb_fd_sink *out, struct kb_err *err)
{
    kb_res res = write_all(out, out->buf.p, out->buf.n, err);
    kb_buf_clear(&out->buf);
    return res;
}

static KB_RES fd_write(void *ctx, const void *p, size_t n, struct kb_err *err)
{
    struct kb_fd_sink *out = ctx;
    if (out->buf.n + n > BUFFERED) {
        KB_TRY(kb_fd_sink_flush(out, err));
    }
    if (n > BUFFERED) {
        return write_all(out, p, n, err);
    }
    kb_buf_add(&out->buf, p, n);
    return KB_SUCCESS;
}

void kb_fd_sink_init(struct kb_fd_sink *out, int fd, const char *name)
{
    *out = (struct kb_fd_sink){.fd = fd, .name = name};
    out->sink = (struct kb_sink){fd_write, out};
    kb_buf_init(&out->buf, BUFFERED);
}

void kb_fd_sink_done(struct kb_fd_sink *out)
{
    kb_buf_done(&out->buf);
}

/* The mode that a file made with open(2) would have: mkstemp's 0600 is for secrets. */
static void set_usual_mode(int fd)
{
    mode_t mask = umask(0);
    umask(mask);
    (void)!fchmod(fd, 0666 & ~mask);
}

KB_RES kb_file_sink_open(struct kb_file_sink *out, struct kb_str path, struct kb_err *err)
{
    size_t size = path.n + sizeof ".XXXXXX";
    char *temp = kb_alloc(size);
    snprintf(temp, size, "%.*s.XXXXXX", KB_FMT(path));
    int fd = mkostemp(temp, O_CLOEXEC);
    if (fd < 0) {
        int why = errno;
        kb_free(temp);
        return kb_fail(err, KB_ERR_IO, "cannot write %s: %s", path.p, strerror(why));
    }
    set_usual_mode(fd);
    kb_fd_sink_init(&out->fd, fd, path.p);
    out->path = path;
    out->temp = temp;
    return KB_SUCCESS;
}

KB_RES kb_file_sink_commit(struct kb_file_sink *out, struct kb_err *err)
{
    KB_TRY(kb_fd_sink_flush(&out->fd, err));
    if (fsync(out->fd.fd) != 0 || rename(out->temp, out->path.p) != 0) {
        return kb_fail(err, KB_ERR_IO, "cannot write %s: %s", out->path.p, strerror(errno));
    }
    kb_free(out->temp);
    out->temp = NULL;
    return KB_SUCCESS;
}

void kb_file_sink_done(struct kb_file_sink *out)
{
    if (out->path.p == NULL) {
        return;
    }
    if (out->temp != NULL) {
        unlink(out->temp);
        kb_free(out->temp);
    }
    close(out->fd.fd);
    kb_fd_sink_done(&out->fd);
    *out = (struct kb_file_sink){0};
}
