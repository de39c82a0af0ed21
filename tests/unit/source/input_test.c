#include "source/input.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "test.h"

/* A folder for one test; the current folder is changed into it. */
struct sandbox {
    char path[64];
    int back;
};

static void enter(struct sandbox *box)
{
    (void)snprintf(box->path, sizeof box->path, "/tmp/input-test-XXXXXX");
    CHECK(mkdtemp(box->path) != NULL);
    box->back = open(".", O_RDONLY | O_DIRECTORY);
    CHECK(chdir(box->path) == 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

static void leave(struct sandbox *box)
{
    CHECK(fchdir(box->back) == 0);
    (void)close(box->back);
    CHECK(nftw(box->path, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0);
}

static void put(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");
    if (CHECK(f != NULL)) {
        (void)fputs(text, f);
        (void)fclose(f);
    }
}

/* Paths found, joined by blanks, or the error. */
static void finds(const char *const *paths, size_t n, const char *want)
{
    struct kb_arena arena = {0};
    struct kb_inputs inputs = {0};
    struct kb_err err = {0};
    struct kb_buf out;
    kb_buf_init(&out, 10000);
    kb_res res = kb_inputs_find(&arena, paths, n, &inputs, &err);
    if (kb_failed(res)) {
        kb_buf_printf(&out, "%s: %s", kb_code_name(res.code), err.msg);
    }
    for (size_t i = 0; i < inputs.n; i++) {
        kb_buf_printf(&out, "%s%s", i > 0 ? " " : "", inputs.at[i].path.p);
    }
    kb_test_str(kb_buf_view(&out), kb_str_c(want), __FILE__, __LINE__);
    kb_buf_done(&out);
    kb_arena_done(&arena);
}

#define FINDS(want, ...)                                                                           \
    finds((const char *const[]){__VA_ARGS__},                                                      \
          sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), want)

KB_TEST(input, folders_are_walked_in_order)
{
    struct sandbox box;
    enter(&box);
    CHECK(mkdir("d", 0700) == 0 && mkdir("d/s", 0700) == 0 && mkdir("d/.h", 0700) == 0);
    put("d/b.log", "bb");
    put("d/a.log", "a");
    put("d/s/x", "x");
    put("d/.hidden", "h");
    put("d/.h/y", "y");
    put("z", "z");
    CHECK(symlink("..", "d/s/up") == 0);
    CHECK(symlink("a.log", "d/again") == 0);
    CHECK(symlink("nothing", "d/dangling") == 0);
    CHECK(mkfifo("d/pipe", 0600) == 0);
    FINDS("d/a.log d/b.log d/s/x", "d");
    FINDS("z d/a.log d/b.log d/s/x", "z", "d/", "z", "d/a.log");
    FINDS("d/b.log d/a.log d/s/x", "d/b.log", "d");
    FINDS("d/a.log d/b.log d/s/x", "d", "d");
    FINDS("d/.hidden", "d/.hidden");
    leave(&box);
}

KB_TEST(input, what_cannot_be_read_is_said)
{
    struct sandbox box;
    enter(&box);
    CHECK(mkdir("empty", 0700) == 0 && mkdir("empty/.h", 0700) == 0);
    put("empty/.h/x", "x");
    FINDS("not-found: missing: No such file or directory", "missing");
    FINDS("not-found: empty: no files in this folder", "empty");
    FINDS("invalid: /dev/null: not a file, a folder or a pipe", "/dev/null");
    put("secret", "x");
    CHECK(chmod("secret", 0) == 0);
    if (geteuid() != 0) {
        FINDS("io: secret: Permission denied", "secret");
    }
    char path[256] = "deep";
    for (size_t n = 4; n < 4 + 5 * 40; n += 5) {
        CHECK(mkdir(path, 0700) == 0);
        memcpy(path + n, "/deep", 6);
    }
    struct kb_arena arena = {0};
    struct kb_inputs inputs = {0};
    const char *deep = "deep";
    FAILS(kb_inputs_find(&arena, &deep, 1, &inputs, NULL), KB_ERR_LIMIT);
    kb_arena_done(&arena);
    leave(&box);
}

static void put_gzip(const char *path, const char *text)
{
    gzFile f = gzopen(path, "wb");
    if (CHECK(f != NULL)) {
        (void)gzwrite(f, text, (unsigned)strlen(text));
        (void)gzclose(f);
    }
}

KB_TEST(input, bytes_counts_and_digest)
{
    struct sandbox box;
    enter(&box);
    put("a", "hello");
    put_gzip("b.gz", "hello hello");
    struct kb_arena arena = {0};
    struct kb_inputs inputs = {0};
    struct kb_err err = {0};
    const char *paths[] = {"a", "b.gz"};
    OK(kb_inputs_find(&arena, paths, 2, &inputs, &err), &err);
    static const char *const texts[] = {"hello", "hello hello"};
    static const char *const kinds[] = {"plain", "gzip"};
    for (size_t i = 0; i < inputs.n; i++) {
        struct kb_input *input = NULL;
        struct kb_buf out;
        kb_buf_init(&out, 1000);
        OK(kb_input_open(&inputs.at[i], true, &input, &err), &err);
        OK(kb_bytes_all(kb_input_bytes(input), &out, &err), &err);
        kb_test_str(kb_buf_view(&out), kb_str_c(texts[i]), __FILE__, __LINE__);
        EQ_C(kb_input_stats(input).sha256, "");
        CHECK(!kb_input_stats(input).has_sha256);
        OK(kb_input_finish(input, &err), &err);
        struct kb_input_stats stats = kb_input_stats(input);
        EQ_UINT(stats.stored, inputs.at[i].size);
        EQ_UINT(stats.plain, strlen(texts[i]));
        EQ_C(stats.kind, kinds[i]);
        CHECK(i == 1 || strcmp(stats.sha256, "2cf24dba5fb0a30e26e83b2ac5b9e29e"
                                             "1b161e5c1fa7425e73043362938b9824") == 0);
        kb_input_close(input);
        kb_buf_done(&out);
    }
    kb_arena_done(&arena);
    leave(&box);
}

KB_TEST(input, a_cut_file_names_itself)
{
    struct sandbox box;
    enter(&box);
    put_gzip("b.gz", "hello hello hello");
    CHECK(truncate("b.gz", 25) == 0);
    const struct kb_input_entry entry = {.path = KB_STR_INIT("b.gz"), .name = KB_STR_INIT("b.gz"), .size = 25};
    struct kb_input *input = NULL;
    struct kb_err err = {0};
    struct kb_buf out;
    kb_buf_init(&out, 1000);
    OK(kb_input_open(&entry, true, &input, &err), &err);
    FAILS(kb_bytes_all(kb_input_bytes(input), &out, &err), KB_ERR_CORRUPT);
    CHECK(strncmp(err.msg, "b.gz: ", 6) == 0);
    OK(kb_input_finish(input, &err), &err);
    EQ_UINT(strlen(kb_input_stats(input).sha256), 64);
    kb_input_close(input);
    kb_buf_done(&out);
    leave(&box);
}

KB_TEST(input, standard_input_and_pipes)
{
    int ends[2];
    CHECK(pipe(ends) == 0);
    int saved = dup(STDIN_FILENO);
    CHECK(dup2(ends[0], STDIN_FILENO) == STDIN_FILENO);
    (void)close(ends[0]);
    CHECK(write(ends[1], "from a pipe", 11) == 11);
    (void)close(ends[1]);
    struct kb_arena arena = {0};
    struct kb_inputs inputs = {0};
    struct kb_err err = {0};
    struct kb_input *input = NULL;
    struct kb_buf out;
    const char *paths[] = {"-", "-"};
    kb_buf_init(&out, 100);
    OK(kb_inputs_find(&arena, paths, 2, &inputs, &err), &err);
    EQ_UINT(inputs.n, 1);
    EQ_STR(inputs.at[0].name, "standard input");
    OK(kb_input_open(&inputs.at[0], false, &input, &err), &err);
    OK(kb_bytes_all(kb_input_bytes(input), &out, &err), &err);
    EQ_STR(kb_buf_view(&out), "from a pipe");
    kb_input_close(input);
    kb_buf_done(&out);
    kb_arena_done(&arena);
    CHECK(dup2(saved, STDIN_FILENO) == STDIN_FILENO);
    (void)close(saved);
}
