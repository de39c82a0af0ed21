/* From paths to files: each folder and each file once, in an order that depends on names only. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/map.h"
#include "source/input.h"

struct find {
    struct kb_arena *arena;
    KB_VEC(struct kb_input_entry) found;
    struct kb_map seen; /* device and inode of files and folders */
    size_t skipped;
    struct kb_err *err;
};

typedef KB_VEC(char *) name_vec;

static void names_done(name_vec *names)
{
    for (size_t i = 0; i < names->n; i++) {
        kb_free(names->at[i]);
    }
    KB_VEC_DONE(names);
}

static bool first_time(struct find *find, const struct stat *st)
{
    struct {
        dev_t dev;
        ino_t ino;
    } key;
    bool is_new;
    memset(&key, 0, sizeof key);
    key.dev = st->st_dev;
    key.ino = st->st_ino;
    (void)kb_map_add(&find->seen, (struct kb_str){(const char *)&key, sizeof key}, &is_new);
    return is_new;
}

static kb_res add(struct find *find, struct kb_str path, const struct stat *st)
{
    KB_ENSURE(find->found.n < KB_MAX_INPUT_FILES, find->err, KB_ERR_LIMIT,
              "more than %d files under the paths named", KB_MAX_INPUT_FILES);
    KB_ENSURE(access(path.p, R_OK) == 0, find->err, KB_ERR_IO, "%s: %s", path.p, strerror(errno));
    *KB_VEC_PUSH(&find->found) = (struct kb_input_entry){
        .path = path,
        .name = path,
        .size = S_ISREG(st->st_mode) ? (uint64_t)st->st_size : 0,
    };
    return KB_SUCCESS;
}

static char *copy_name(const char *name)
{
    size_t n = strlen(name);
    char *copy = kb_alloc(n + 1);
    memcpy(copy, name, n);
    return copy;
}

/* Names without hidden ones; the folder is closed again, so that depth costs no descriptors. */
static kb_res list(struct find *find, struct kb_str path, name_vec *names)
{
    DIR *dir = opendir(path.p);
    KB_ENSURE(dir != NULL, find->err, KB_ERR_IO, "%s: %s", path.p, strerror(errno));
    kb_res res = KB_SUCCESS;
    errno = 0;
    const struct dirent *entry;
    while (!kb_failed(res) && (entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        *KB_VEC_PUSH(names) = copy_name(entry->d_name);
        if (names->n > KB_MAX_INPUT_FILES) {
            res = kb_fail(find->err, KB_ERR_LIMIT, "%s: more than %d files", path.p,
                          KB_MAX_INPUT_FILES);
        }
    }
    if (!kb_failed(res) && errno != 0) {
        res = kb_fail(find->err, KB_ERR_IO, "%s: %s", path.p, strerror(errno));
    }
    (void)closedir(dir);
    return res;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static kb_res visit(struct find *find, struct kb_str path, unsigned depth);

static kb_res walk(struct find *find, struct kb_str path, unsigned depth)
{
    KB_ENSURE(depth <= KB_MAX_DIR_DEPTH, find->err, KB_ERR_LIMIT, "%s: deeper than %d folders",
              path.p, KB_MAX_DIR_DEPTH);
    KB_AUTO(names_done) name_vec names = {0};
    KB_TRY(list(find, path, &names));
    if (names.n > 1) {
        qsort(names.at, names.n, sizeof *names.at, by_name);
    }
    const char *slash = kb_str_ends(path, KB_STR("/")) ? "" : "/";
    for (size_t i = 0; i < names.n; i++) {
        struct kb_str below = kb_arena_printf(find->arena, "%s%s%s", path.p, slash, names.at[i]);
        KB_TRY(visit(find, below, depth));
    }
    return KB_SUCCESS;
}

/* `depth` is 0 for what was named by the user. */
static kb_res visit(struct find *find, struct kb_str path, unsigned depth)
{
    struct stat st;
    if (stat(path.p, &st) != 0) {
        bool dangling = depth > 0 && errno == ENOENT; /* or just removed */
        find->skipped += dangling ? 1 : 0;
        enum kb_code code = errno == ENOENT || errno == ENOTDIR ? KB_ERR_NOT_FOUND : KB_ERR_IO;
        return dangling ? KB_SUCCESS
                        : kb_fail(find->err, code, "%s: %s", path.p, strerror(errno));
    }
    if (S_ISDIR(st.st_mode)) {
        return first_time(find, &st) ? walk(find, path, depth + 1) : KB_SUCCESS;
    }
    bool readable = S_ISREG(st.st_mode) || (depth == 0 && S_ISFIFO(st.st_mode));
    if (readable) {
        return first_time(find, &st) ? add(find, path, &st) : KB_SUCCESS;
    }
    find->skipped++;
    KB_ENSURE(depth > 0, find->err, KB_ERR_INVALID, "%s: not a file, a folder or a pipe", path.p);
    return KB_SUCCESS;
}

static int by_path(const void *a, const void *b)
{
    const struct kb_input_entry *left = a;
    const struct kb_input_entry *right = b;
    return kb_str_cmp(left->path, right->path);
}

static kb_res find_one(struct find *find, const char *path)
{
    size_t before = find->found.n;
    if (strcmp(path, "-") == 0) {
        struct stat st = {0};
        KB_ENSURE(fstat(STDIN_FILENO, &st) == 0, find->err, KB_ERR_IO, "standard input: %s",
                  strerror(errno));
        if (first_time(find, &st)) {
            *KB_VEC_PUSH(&find->found) =
                (struct kb_input_entry){.path = KB_STR("-"), .name = KB_STR("standard input")};
        }
        return KB_SUCCESS;
    }
    struct stat st;
    bool folder = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
    size_t seen = find->seen.n; /* stays where the folder was read before */
    KB_TRY(visit(find, kb_arena_copy(find->arena, kb_str_c(path)), 0));
    size_t n = find->found.n - before;
    KB_ENSURE(!folder || n > 0 || find->seen.n == seen, find->err, KB_ERR_NOT_FOUND,
              "%s: no files in this folder", path);
    if (n > 1) {
        qsort(find->found.at + before, n, sizeof *find->found.at, by_path);
    }
    return KB_SUCCESS;
}

KB_RES kb_inputs_find(struct kb_arena *arena, const char *const *paths, size_t n,
                      struct kb_inputs *out, struct kb_err *err)
{
    struct find find = {.arena = arena, .err = err};
    kb_res res = KB_SUCCESS;
    for (size_t i = 0; i < n && !kb_failed(res); i++) {
        res = find_one(&find, paths[i]);
    }
    if (!kb_failed(res)) {
        struct kb_input_entry *kept = KB_NEW_ARRAY(arena, find.found.n, struct kb_input_entry);
        *out = (struct kb_inputs){.at = kept, .n = find.found.n, .skipped = find.skipped};
        for (size_t i = 0; i < find.found.n; i++) {
            kept[i] = find.found.at[i];
            out->size += kept[i].size;
        }
    }
    KB_VEC_DONE(&find.found);
    kb_map_done(&find.seen);
    return res;
}
