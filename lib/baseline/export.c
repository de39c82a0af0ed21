/* Writing a library's files into a folder. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "baseline/library.h"

static void close_fd(const int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
}

static kb_res make_folder(const char *path, struct kb_err *err)
{
    KB_ENSURE(mkdir(path, 0777) == 0 || errno == EEXIST, err, KB_ERR_IO, "%s: %s", path,
              strerror(errno));
    return KB_SUCCESS;
}

/* Every folder above the file at `path`. */
static kb_res make_folders(struct kb_str path, struct kb_err *err)
{
    char prefix[4096];
    KB_ENSURE(path.n < sizeof prefix, err, KB_ERR_LIMIT, "a path is over %zu bytes", sizeof prefix);
    for (size_t i = 1; i < path.n; i++) {
        if (path.p[i] == '/') {
            memcpy(prefix, path.p, i);
            prefix[i] = '\0';
            KB_TRY(make_folder(prefix, err));
        }
    }
    return KB_SUCCESS;
}

static kb_res write_file(const char *path, struct kb_str text, struct kb_err *err)
{
    KB_AUTO(close_fd) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        return kb_fail(err, errno == EEXIST ? KB_ERR_INVALID : KB_ERR_IO, "%s: %s", path,
                       strerror(errno));
    }
    while (text.n > 0) {
        ssize_t done = write(fd, text.p, text.n);
        KB_ENSURE(done >= 0 || errno == EINTR, err, KB_ERR_IO, "%s: %s", path, strerror(errno));
        text = kb_str_sub(text, done < 0 ? 0 : (size_t)done, text.n);
    }
    return KB_SUCCESS;
}

static kb_res export_files(const struct kb_library *library, const char *dir, struct kb_arena *arena,
                           struct kb_err *err)
{
    for (size_t i = 0; i < library->n; i++) {
        struct kb_str path = kb_arena_printf(arena, "%s/%.*s", dir, KB_FMT(library->files[i].path));
        KB_TRY(make_folders(path, err));
        KB_TRY(write_file(path.p, library->files[i].text, err));
    }
    return KB_SUCCESS;
}

KB_RES kb_library_export(const struct kb_library *library, const char *dir, struct kb_err *err)
{
    struct kb_arena arena = {0};
    kb_res res = export_files(library, dir, &arena, err);
    kb_arena_done(&arena);
    return res;
}
