/* A file, or standard input, into memory. */
#include "kube-baseline/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "data/bytes.h"

static kb_res read_fd(void *ctx, void *buf, size_t n, size_t *got, struct kb_err *err)
{
    const int *fd = ctx;
    ssize_t done;
    do {
        done = read(*fd, buf, n);
    } while (done < 0 && errno == EINTR);
    if (done < 0) {
        return kb_fail(err, KB_ERR_IO, "cannot read: %s", strerror(errno));
    }
    *got = (size_t)done;
    return KB_SUCCESS;
}

KB_RES kb_whole_file(struct kb_str path, struct kb_buf *out, struct kb_err *err)
{
    bool is_stdin = kb_str_eq(path, KB_STR("-"));
    int fd = is_stdin ? STDIN_FILENO : open(path.p, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return kb_fail(err, KB_ERR_IO, "cannot read %s: %s", path.p, strerror(errno));
    }
    kb_res res = kb_bytes_all((struct kb_bytes){read_fd, &fd}, out, err);
    if (!is_stdin) {
        close(fd);
    }
    return res;
}
