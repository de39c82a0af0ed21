/* One open input: descriptor, digest of what is stored, decompression. */
#include "source/input.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/inflate.h"

enum { PIPE_BYTES = 1 << 20, FINISH_STEP = 256 << 10 };

struct kb_input {
    int fd; /* -1: a feed */
    const struct kb_feed *feed;
    struct kb_bytes fed;
    struct kb_str name;
    EVP_MD_CTX *digest; /* NULL: none */
    uint64_t stored;
    struct kb_inflate *inflate;
    char sha256[65];
};

static KB_RES read_file(struct kb_input *input, void *buf, size_t n, size_t *got, struct kb_err *err)
{
    ssize_t count;
    do {
        count = read(input->fd, buf, n);
    } while (count < 0 && errno == EINTR);
    *got = 0;
    KB_ENSURE(count >= 0, err, KB_ERR_IO, "%s", strerror(errno));
    *got = (size_t)count;
    return KB_SUCCESS;
}

static kb_res read_stored(void *ctx, void *buf, size_t n, size_t *got, struct kb_err *err)
{
    struct kb_input *input = ctx;
    KB_TRY(input->feed != NULL ? kb_bytes_read(input->fed, buf, n, got, err)
                               : read_file(input, buf, n, got, err));
    input->stored += *got;
    if (input->digest != NULL && EVP_DigestUpdate(input->digest, buf, *got) != 1) {
        kb_oom(0);
    }
    return KB_SUCCESS;
}

static kb_res read_plain(void *ctx, void *buf, size_t n, size_t *got, struct kb_err *err)
{
    struct kb_input *input = ctx;
    struct kb_bytes plain = kb_inflate_bytes(input->inflate);
    KB_TRY_CTX(err, kb_bytes_read(plain, buf, n, got, err), "%.*s", KB_FMT(input->name));
    return KB_SUCCESS;
}

/* Larger pipes and a hint to read ahead; both may fail without harm. */
static void tune(int fd, mode_t mode)
{
    if (S_ISFIFO(mode)) {
        (void)fcntl(fd, F_SETPIPE_SZ, PIPE_BYTES);
    } else {
        (void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    }
}

static kb_res open_feed(const struct kb_input_entry *entry, struct kb_input *input, struct kb_err *err)
{
    kb_res res = entry->feed->open(entry->feed->ctx, &input->fed, err);
    if (kb_failed(res)) {
        entry->feed->close(entry->feed->ctx);
        kb_err_context(err, "%.*s", KB_FMT(entry->name));
    }
    return res;
}

static kb_res open_entry(const struct kb_input_entry *entry, int *fd, struct kb_err *err)
{
    bool standard = kb_str_eq_c(entry->path, "-");
    *fd = standard ? STDIN_FILENO : open(entry->path.p, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    KB_ENSURE(*fd >= 0, err, KB_ERR_IO, "%s: %s", entry->name.p, strerror(errno));
    struct stat st;
    if (fstat(*fd, &st) == 0) {
        tune(*fd, st.st_mode);
    }
    return KB_SUCCESS;
}

KB_RES kb_input_open(const struct kb_input_entry *entry, bool digest, struct kb_input **out,
                     struct kb_err *err)
{
    struct kb_input opened = {.fd = -1, .feed = entry->feed};
    KB_TRY(entry->feed != NULL ? open_feed(entry, &opened, err) : open_entry(entry, &opened.fd, err));
    struct kb_input *input = kb_alloc(sizeof *input);
    *input = opened;
    input->name = entry->name;
    input->inflate = kb_inflate_new((struct kb_bytes){read_stored, input});
    if (digest) {
        input->digest = EVP_MD_CTX_new();
        if (input->digest == NULL || EVP_DigestInit_ex(input->digest, EVP_sha256(), NULL) != 1) {
            kb_oom(0);
        }
    }
    *out = input;
    return KB_SUCCESS;
}

struct kb_bytes kb_input_bytes(struct kb_input *input)
{
    return (struct kb_bytes){read_plain, input};
}

struct kb_input_stats kb_input_stats(const struct kb_input *input)
{
    static const char *const kinds[] = {"", "plain", "gzip", "zstd"};
    struct kb_inflate_stats inner = kb_inflate_stats(input->inflate);
    struct kb_input_stats stats = {
        .stored = input->stored,
        .plain = inner.out,
        .kind = kinds[inner.kind],
        .trailing = inner.trailing,
        .has_sha256 = input->sha256[0] != '\0',
    };
    memcpy(stats.sha256, input->sha256, sizeof stats.sha256);
    return stats;
}

static void write_digest(struct kb_input *input)
{
    static const char hex[] = "0123456789abcdef";
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    if (EVP_DigestFinal_ex(input->digest, sum, &n) != 1) {
        kb_oom(0);
    }
    for (unsigned i = 0; i < n && 2 * i + 1 < sizeof input->sha256; i++) {
        input->sha256[2 * i] = hex[sum[i] >> 4];
        input->sha256[2 * i + 1] = hex[sum[i] & 15];
    }
}

KB_RES kb_input_finish(struct kb_input *input, struct kb_err *err)
{
    if (input->digest == NULL || input->sha256[0] != '\0') {
        return KB_SUCCESS;
    }
    char *rest = kb_alloc(FINISH_STEP);
    kb_res res;
    size_t got = 0;
    do {
        res = read_stored(input, rest, FINISH_STEP, &got, err);
    } while (!kb_failed(res) && got > 0);
    kb_free(rest);
    KB_TRY_CTX(err, res, "%.*s", KB_FMT(input->name));
    write_digest(input);
    return KB_SUCCESS;
}

void kb_input_close(struct kb_input *input)
{
    if (input == NULL) {
        return;
    }
    if (input->feed != NULL) {
        input->feed->close(input->feed->ctx);
    } else if (input->fd != STDIN_FILENO) {
        (void)close(input->fd);
    }
    kb_inflate_free(input->inflate);
    EVP_MD_CTX_free(input->digest);
    kb_free(input);
}
