/* Sinks over file descriptors, and files that are renamed into place when they are whole. */
#include "report/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFERED = 64 << 10 };

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

static kb_res fd_write(void *ctx, struct kb_str text, struct kb_err *err)
{
    struct kb_fd_sink *out = ctx;
    if (out->buf.n + text.n > BUFFERED) {
        KB_TRY(kb_fd_sink_flush(out, err));
    }
    if (text.n > BUFFERED) {
        return write_all(out, text.p, text.n, err);
    }
    kb_buf_str(&out->buf, text);
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

static int open_temp(struct kb_file_sink *out)
{
    size_t size = out->path.n + sizeof ".XXXXXX";
    out->temp = kb_alloc(size);
    snprintf(out->temp, size, "%.*s.XXXXXX", KB_FMT(out->path));
    int fd = mkostemp(out->temp, O_CLOEXEC);
    if (fd >= 0) {
        set_usual_mode(fd);
    }
    return fd;
}

KB_RES kb_file_sink_open(struct kb_file_sink *out, struct kb_str path, struct kb_err *err)
{
    struct kb_file_sink made = {.path = path};
    struct stat st;
    bool direct = stat(path.p, &st) == 0 && !S_ISREG(st.st_mode);
    int fd = direct ? open(path.p, O_WRONLY | O_CLOEXEC) : open_temp(&made);
    if (fd < 0) {
        int why = errno;
        kb_free(made.temp);
        return kb_fail(err, KB_ERR_IO, "cannot write %s: %s", path.p, strerror(why));
    }
    *out = made;
    kb_fd_sink_init(&out->fd, fd, path.p);
    return KB_SUCCESS;
}

KB_RES kb_file_sink_commit(struct kb_file_sink *out, struct kb_err *err)
{
    KB_TRY(kb_fd_sink_flush(&out->fd, err));
    if (out->temp == NULL) {
        return KB_SUCCESS;
    }
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
