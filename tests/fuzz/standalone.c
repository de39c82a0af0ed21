/*
 * Runs a fuzz target without libFuzzer: every file of its corpus, then cut and damaged variants of
 * them until the time is over. The variants follow a fixed seed. An input that crashes or hangs is
 * written to "crash-NAME" in the working directory.
 *
 * usage: fuzz_NAME CORPUS_DIR [SECONDS]
 */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "fuzz.h"

enum { LARGEST_INPUT = 1 << 20, HANG_SECONDS = 30 };

struct input {
    uint8_t *data;
    size_t n;
};
static KB_VEC(struct input) corpus;

static uint8_t current[LARGEST_INPUT * 2];
static size_t current_n;
static char crash_file[256];
static uint64_t runs;
static uint64_t random_state = 0x9E3779B97F4A7C15u;

/* Present where the sanitizers are linked. */
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static uint64_t random_below(uint64_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return limit == 0 ? 0 : random_state % limit;
}

static void save_current(void)
{
    int fd = open(crash_file, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fd >= 0) {
        if (write(fd, current, current_n) >= 0) {
            (void)dprintf(STDERR_FILENO, "the input is in %s\n", crash_file);
        }
        (void)close(fd);
    }
}

static void on_signal(int number)
{
    save_current();
    (void)signal(number, SIG_DFL);
    (void)raise(number == SIGALRM ? SIGABRT : number);
}

static void run_current(void)
{
    (void)alarm(HANG_SECONDS);
    /* An exact heap copy, so that the sanitizer sees a read past the end. */
    uint8_t *copy = kb_alloc(current_n);
    memcpy(copy, current, current_n);
    (void)LLVMFuzzerTestOneInput(copy, current_n);
    kb_free(copy);
    runs++;
}

static void set_current(const struct input *input)
{
    memcpy(current, input->data, input->n);
    current_n = input->n;
}

static bool read_file(const char *dir, const char *name, struct input *out)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        return false;
    }
    out->data = kb_alloc(LARGEST_INPUT);
    out->n = fread(out->data, 1, LARGEST_INPUT, f);
    (void)fclose(f);
    return true;
}

static void load_corpus(const char *dir)
{
    struct dirent **names;
    int n = scandir(dir, &names, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        struct input input;
        if (names[i]->d_name[0] != '.' && read_file(dir, names[i]->d_name, &input)) {
            *KB_VEC_PUSH(&corpus) = input;
        }
        free(names[i]);
    }
    if (n >= 0) {
        free(names);
    }
}

static void flip_bit(void)
{
    if (current_n > 0) {
        current[random_below(current_n)] ^= (uint8_t)(1u << random_below(8));
    }
}

static void set_byte(void)
{
    static const uint8_t telling[] = "\0\n\r\t\"'\\{}[]():,;*&!#%-+.0129eEtx\x1f\x7f\x80\xc0\xed\xf4\xff";
    if (current_n > 0) {
        current[random_below(current_n)] = telling[random_below(sizeof telling - 1)];
    }
}

static void cut(void)
{
    current_n = (size_t)random_below(current_n + 1);
}

static void repeat_block(void)
{
    size_t from = (size_t)random_below(current_n + 1);
    size_t n = (size_t)random_below(current_n - from + 1);
    if (n > 0 && current_n + n <= sizeof current) {
        memmove(current + from + n, current + from, current_n - from);
        current_n += n;
    }
}

static void remove_block(void)
{
    size_t from = (size_t)random_below(current_n + 1);
    size_t n = (size_t)random_below(current_n - from + 1);
    memmove(current + from, current + from + n, current_n - from - n);
    current_n -= n;
}

static void append_other(void)
{
    const struct input *other = &corpus.at[random_below(corpus.n)];
    size_t from = (size_t)random_below(other->n + 1);
    size_t n = other->n - from;
    if (current_n + n <= sizeof current) {
        memcpy(current + current_n, other->data + from, n);
        current_n += n;
    }
}

static void mutate(void)
{
    static void (*const how[])(void) = {flip_bit, set_byte,     set_byte,    cut,
                                        repeat_block, remove_block, append_other};
    for (uint64_t i = 1 + random_below(4); i > 0; i--) {
        how[random_below(sizeof how / sizeof how[0])]();
    }
}

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void watch_for_crashes(const char *program)
{
    const char *slash = strrchr(program, '/');
    (void)snprintf(crash_file, sizeof crash_file, "crash-%s", slash == NULL ? program : slash + 1);
    if (__sanitizer_set_death_callback != NULL) {
        __sanitizer_set_death_callback(save_current);
    } else {
        (void)signal(SIGSEGV, on_signal);
    }
    (void)signal(SIGABRT, on_signal);
    (void)signal(SIGALRM, on_signal);
}

static void free_corpus(void)
{
    for (size_t i = 0; i < corpus.n; i++) {
        kb_free(corpus.at[i].data);
    }
    KB_VEC_DONE(&corpus);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        (void)fprintf(stderr, "usage: %s CORPUS_DIR [SECONDS]\n", argv[0]);
        return 64;
    }
    double seconds = argc > 2 ? (double)(argv[2][0] - '0') : 2;
    watch_for_crashes(argv[0]);
    load_corpus(argv[1]);
    if (corpus.n == 0) {
        (void)fprintf(stderr, "%s: no corpus in %s\n", argv[0], argv[1]);
        return 1;
    }
    for (size_t i = 0; i < corpus.n; i++) {
        set_current(&corpus.at[i]);
        run_current();
    }
    for (double end = now() + seconds; now() < end;) {
        set_current(&corpus.at[random_below(corpus.n)]);
        mutate();
        run_current();
    }
    (void)printf("%zu corpus files, %" PRIu64 " runs\n", corpus.n, runs);
    free_corpus();
    return 0;
}
