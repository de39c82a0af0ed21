/* Libraries of baseline texts: built in, or read from a folder. */
#include "baseline/library.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "baseline/builtin.h"
#include "data/sha256.h"

const struct kb_library *kb_library_builtin(void)
{
    static struct kb_library library;
    library.files = kb_builtin_files;
    library.n = kb_builtin_count;
    return &library;
}

static void close_fd(const int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
}

KB_RES kb_library_read_file(const char *path, struct kb_arena *arena, struct kb_str *out,
                            struct kb_err *err)
{
    KB_AUTO(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) {
        return kb_fail(err, errno == ENOENT ? KB_ERR_NOT_FOUND : KB_ERR_IO, "%s: %s", path,
                       strerror(errno));
    }
    KB_ENSURE(S_ISREG(st.st_mode), err, KB_ERR_IO, "%s is no regular file", path);
    KB_ENSURE(st.st_size <= KB_MAX_YAML_BYTES, err, KB_ERR_LIMIT, "%s is over %d bytes", path,
              KB_MAX_YAML_BYTES);
    size_t size = (size_t)st.st_size;
    char *text = kb_arena_alloc(arena, size + 1);
    size_t done = 0;
    while (done < size) {
        ssize_t got = read(fd, text + done, size - done);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        KB_ENSURE(got >= 0, err, KB_ERR_IO, "%s: %s", path, strerror(errno));
        if (got == 0) {
            break;
        }
        done += (size_t)got;
    }
    *out = (struct kb_str){text, done};
    return KB_SUCCESS;
}

struct walk {
    struct kb_library *library;
    const char *root;
    KB_VEC(struct kb_library_file) files;
    struct kb_err *err;
};

static kb_res walk_folder(struct walk *walk, const char *folder, const char *relative, int depth);

static kb_res add_file(struct walk *walk, const char *path, const char *relative)
{
    KB_ENSURE(walk->files.n < 4 * KB_MAX_CONTROLS, walk->err, KB_ERR_LIMIT, "%s: too many files",
              walk->root);
    struct kb_library_file file;
    KB_TRY(kb_library_read_file(path, &walk->library->arena, &file.text, walk->err));
    file.path = kb_arena_copy(&walk->library->arena, kb_str_c(relative));
    file.name = kb_arena_copy(&walk->library->arena, kb_str_c(path));
    *KB_VEC_PUSH(&walk->files) = file;
    return KB_SUCCESS;
}

static kb_res add_entry(struct walk *walk, const char *folder, const char *relative, const char *name,
                        int depth)
{
    struct kb_arena *arena = &walk->library->arena;
    const char *path = kb_arena_printf(arena, "%s/%s", folder, name).p;
    const char *below = *relative == '\0' ? kb_arena_printf(arena, "%s", name).p
                                          : kb_arena_printf(arena, "%s/%s", relative, name).p;
    struct stat st;
    KB_ENSURE(stat(path, &st) == 0, walk->err, KB_ERR_IO, "%s: %s", path, strerror(errno));
    if (S_ISDIR(st.st_mode)) {
        return walk_folder(walk, path, below, depth + 1);
    }
    if (S_ISREG(st.st_mode) && kb_str_ends(kb_str_c(name), KB_STR(".yaml"))) {
        return add_file(walk, path, below);
    }
    return KB_SUCCESS;
}

static void close_folder(DIR **dir)
{
    if (*dir != NULL) {
        (void)closedir(*dir);
    }
}

static kb_res walk_folder(struct walk *walk, const char *folder, const char *relative, int depth)
{
    KB_ENSURE(depth <= KB_MAX_DIR_DEPTH, walk->err, KB_ERR_LIMIT, "%s: folders too deep", folder);
    KB_AUTO(close_folder) DIR *dir = opendir(folder);
    if (dir == NULL) {
        return kb_fail(walk->err, errno == ENOENT ? KB_ERR_NOT_FOUND : KB_ERR_IO, "%s: %s", folder,
                       strerror(errno));
    }
    const struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] != '.') {
            KB_TRY(add_entry(walk, folder, relative, entry->d_name, depth));
        }
    }
    return KB_SUCCESS;
}

static int by_path(const void *a, const void *b)
{
    const struct kb_library_file *x = a;
    const struct kb_library_file *y = b;
    return kb_str_cmp(x->path, y->path);
}

KB_RES kb_library_load(struct kb_library *library, const char *dir, struct kb_err *err)
{
    struct kb_library made = {.n = 0};
    struct walk walk = {.library = &made, .root = dir, .err = err};
    kb_res res = walk_folder(&walk, dir, "", 0);
    if (!kb_failed(res) && walk.files.n == 0) {
        res = kb_fail(err, KB_ERR_NOT_FOUND, "%s: no .yaml files", dir);
    }
    if (!kb_failed(res)) {
        qsort(walk.files.at, walk.files.n, sizeof *walk.files.at, by_path);
        struct kb_library_file *files =
            KB_NEW_ARRAY(&made.arena, walk.files.n, struct kb_library_file);
        memcpy(files, walk.files.at, walk.files.n * sizeof *files);
        made.files = files;
        made.n = walk.files.n;
        *library = made;
    } else {
        kb_arena_done(&made.arena);
    }
    KB_VEC_DONE(&walk.files);
    return res;
}

void kb_library_done(struct kb_library *library)
{
    kb_arena_done(&library->arena);
    *library = (struct kb_library){0};
}

const struct kb_library_file *kb_library_find(const struct kb_library *library, struct kb_str path)
{
    for (size_t i = 0; i < library->n; i++) {
        if (kb_str_eq(library->files[i].path, path)) {
            return &library->files[i];
        }
    }
    return NULL;
}

void kb_library_digest(const struct kb_library *library, char out[65])
{
    struct kb_sha256 sha;
    kb_sha256_init(&sha);
    for (size_t i = 0; i < library->n; i++) {
        if (!kb_str_ends(library->files[i].path, KB_STR(".cases.yaml"))) {
            kb_sha256_part(&sha, library->files[i].path);
            kb_sha256_part(&sha, library->files[i].text);
        }
    }
    kb_sha256_hex(&sha, out, 32);
}
