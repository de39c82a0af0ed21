/* A checkpoint in a file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "data/bytes.h"
#include "source/checkpoint_place.h"

enum { PATH_MAX_BYTES = 4096 };

struct file {
    int lock;
    char name[PATH_MAX_BYTES], next[PATH_MAX_BYTES];
};

static KB_RES beside(struct kb_str path, const char *ending, char out[PATH_MAX_BYTES],
                     struct kb_err *err)
{
    int n = snprintf(out, PATH_MAX_BYTES, "%.*s%s", KB_FMT(path), ending);
    KB_ENSURE(n > 0 && n < PATH_MAX_BYTES, err, KB_ERR_LIMIT, "the checkpoint's path is too long");
    return KB_SUCCESS;
}

static KB_RES take_lock(struct kb_str path, int *fd, struct kb_err *err)
{
    char name[PATH_MAX_BYTES];
    KB_TRY(beside(path, ".lock", name, err));
    *fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    KB_ENSURE(*fd >= 0 || errno != ENOENT, err, KB_ERR_IO,
              "--checkpoint %.*s: there is no such folder; make it first", KB_FMT(path));
    KB_ENSURE(*fd >= 0, err, KB_ERR_IO, "--checkpoint: %s: %s", name, strerror(errno));
    if (flock(*fd, LOCK_EX | LOCK_NB) == 0) {
        return KB_SUCCESS;
    }
    int why = errno;
    (void)close(*fd);
    *fd = -1;
    return why == EWOULDBLOCK
               ? kb_fail(err, KB_ERR_INVALID, "%.*s: another run is using this checkpoint", KB_FMT(path))
               : kb_fail(err, KB_ERR_IO, "%s: %s", name, strerror(why));
}

static kb_res read_file(void *ctx, struct kb_buf *text, struct kb_err *err)
{
    const char *name = ((const struct file *)ctx)->name;
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    KB_ENSURE(fd >= 0, err, errno == ENOENT ? KB_ERR_NOT_FOUND : KB_ERR_IO, "%s: %s", name,
              strerror(errno));
    kb_res res = KB_SUCCESS;
    for (ssize_t n = 1; n > 0 && !kb_failed(res);) {
        char *at = kb_buf_reserve(text, 64 << 10);
        n = at == NULL ? -1 : read(fd, at, 64 << 10);
        text->n += n > 0 ? (size_t)n : 0;
        if (n < 0) {
            res = kb_fail(err, KB_ERR_IO, "%s: %s", name, at == NULL ? "too long" : strerror(errno));
        }
    }
    (void)close(fd);
    return res;
}

/* All of it on disk before the name points to it. */
static KB_RES replace(const char *name, const char *next, struct kb_str text, struct kb_err *err)
{
    int fd = open(next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    KB_ENSURE(fd >= 0, err, KB_ERR_IO, "%s: %s", next, strerror(errno));
    kb_res res = kb_sink_write(kb_sink_fd(&fd), text, err);
    if (!kb_failed(res) && fsync(fd) != 0) {
        res = kb_fail(err, KB_ERR_IO, "%s: %s", next, strerror(errno));
    }
    if (close(fd) != 0 && !kb_failed(res)) {
        res = kb_fail(err, KB_ERR_IO, "%s: %s", next, strerror(errno));
    }
    if (!kb_failed(res) && rename(next, name) != 0) {
        res = kb_fail(err, KB_ERR_IO, "%s: %s", name, strerror(errno));
    }
    return res;
}

/* The name itself, too; some file systems cannot, and lose at most this step. */
static void sync_folder(const char *name)
{
    char folder[PATH_MAX_BYTES];
    const char *slash = strrchr(name, '/');
    int n = slash == NULL ? 1 : slash == name ? 1 : (int)(slash - name);
    (void)snprintf(folder, sizeof folder, "%.*s", n, slash == NULL ? "." : name);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        (void)close(fd);
    }
}

static kb_res write_file(void *ctx, struct kb_str text, struct kb_err *err)
{
    const struct file *file = ctx;
    KB_TRY(replace(file->name, file->next, text, err));
    sync_folder(file->name);
    return KB_SUCCESS;
}

static void close_file(void *ctx)
{
    struct file *file = ctx;
    if (file->lock >= 0) {
        (void)close(file->lock);
    }
    kb_free(file);
}

KB_RES kb_checkpoint_in_file(struct kb_str path, struct kb_checkpoint_place *out,
                             struct kb_err *err)
{
    struct file *file = kb_alloc(sizeof *file);
    file->lock = -1;
    *out = (struct kb_checkpoint_place){
        file, path, KB_CHECKPOINT_FILE_KEYS, read_file, write_file, close_file};
    KB_TRY(beside(path, "", file->name, err));
    KB_TRY(beside(path, ".next", file->next, err));
    return take_lock(path, &file->lock, err);
}
