/* The checkpoint on disk. */
#include "source/cloudwatch_checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "data/bytes.h"
#include "data/json.h"
#include "data/sha256.h"

#define SCHEMA "kube-baseline.checkpoint/1"
enum { PATH_MAX_BYTES = 4096, KEY_DIGITS = 24, DIGEST_DIGITS = 64 };

void kb_checkpoint_done(struct kb_checkpoint *checkpoint)
{
    kb_seen_set_done(&checkpoint->keys);
}

static KB_RES beside(struct kb_str path, const char *ending, char out[PATH_MAX_BYTES],
                     struct kb_err *err)
{
    int n = snprintf(out, PATH_MAX_BYTES, "%.*s%s", KB_FMT(path), ending);
    KB_ENSURE(n > 0 && n < PATH_MAX_BYTES, err, KB_ERR_LIMIT, "the checkpoint's path is too long");
    return KB_SUCCESS;
}

KB_RES kb_checkpoint_lock(struct kb_str path, int *fd, struct kb_err *err)
{
    char name[PATH_MAX_BYTES];
    KB_TRY(beside(path, ".lock", name, err));
    *fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    KB_ENSURE(*fd >= 0, err, KB_ERR_IO, "%s: %s", name, strerror(errno));
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

static void digest_of(struct kb_str text, char out[DIGEST_DIGITS + 1])
{
    struct kb_sha256 sha;
    kb_sha256_init(&sha);
    kb_sha256_add(&sha, text.p, text.n);
    kb_sha256_hex(&sha, out, DIGEST_DIGITS / 2);
}

/* Reading ---------------------------------------------------------------------------------- */

static KB_RES read_text(const char *name, struct kb_buf *text, struct kb_err *err)
{
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

/* The text before the line of the digest; empty where that is not there, or wrong. */
static struct kb_str verified(struct kb_str text)
{
    char digest[DIGEST_DIGITS + 1];
    const struct kb_str word = KB_STR("sha256 ");
    size_t tail = word.n + DIGEST_DIGITS + 1;
    if (text.n <= tail || text.p[text.n - 1] != '\n') {
        return KB_STR("");
    }
    struct kb_str body = kb_str_sub(text, 0, text.n - tail);
    struct kb_str last = kb_str_sub(text, body.n, text.n - 1);
    digest_of(body, digest);
    bool good = kb_str_starts(last, word) &&
                kb_str_eq_c(kb_str_sub(last, word.n, last.n), digest);
    return good ? body : KB_STR("");
}

static bool read_key(struct kb_str digits, struct kb_seen_key *out)
{
    uint64_t half[2] = {0};
    for (size_t i = 0; i < KEY_DIGITS; i++) {
        char c = digits.p[i];
        unsigned value = c >= '0' && c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a') + 10;
        if (value > 15) {
            return false;
        }
        half[i / 16] = half[i / 16] << 4 | value;
    }
    *out = (struct kb_seen_key){half[0], (uint32_t)half[1]};
    return true;
}

static KB_RES read_keys(struct kb_str name, struct kb_str lines, struct kb_checkpoint *out,
                        struct kb_err *err)
{
    while (lines.n > 0) {
        struct kb_seen_key key;
        struct kb_str line = kb_str_split(lines, '\n', &lines);
        KB_ENSURE(line.n == KEY_DIGITS && read_key(line, &key), err, KB_ERR_CORRUPT,
                  "%.*s: not a checkpoint", KB_FMT(name));
        (void)kb_seen_set_add(&out->keys, key, 0);
    }
    return KB_SUCCESS;
}

static KB_RES read_header(struct kb_str name, const json_t *json, struct kb_checkpoint *out,
                          struct kb_err *err)
{
    struct kb_str schema = KB_STR(""), group = KB_STR(""), region = KB_STR("");
    (void)kb_json_str(json, "schema", &schema);
    (void)kb_json_str(json, "log_group", &group);
    (void)kb_json_str(json, "region", &region);
    bool times = kb_json_i64(json, "until_ms", &out->until_ms) &&
                 kb_json_i64(json, "overlap_ms", &out->overlap_ms);
    KB_ENSURE(kb_str_eq_c(schema, SCHEMA) && times && out->overlap_ms <= out->until_ms, err,
              KB_ERR_CORRUPT, "%.*s: not a checkpoint of this version", KB_FMT(name));
    KB_ENSURE(kb_str_eq(group, out->group) && kb_str_eq(region, out->region), err, KB_ERR_INVALID,
              "%.*s: the checkpoint is of log group %.*s in %.*s, not of %.*s in %.*s", KB_FMT(name),
              KB_FMT(group), KB_FMT(region), KB_FMT(out->group), KB_FMT(out->region));
    return KB_SUCCESS;
}

static KB_RES parse(struct kb_str name, struct kb_str text, struct kb_checkpoint *out,
                    struct kb_err *err)
{
    struct kb_str keys, body = verified(text);
    KB_AUTO(kb_json_done) json_t *json = NULL;
    KB_ENSURE(body.n > 0, err, KB_ERR_CORRUPT,
              "%.*s: the checkpoint is damaged; without it, the next run begins at --since",
              KB_FMT(name));
    struct kb_str header = kb_str_split(body, '\n', &keys);
    KB_TRY_CTX(err, kb_json_parse(NULL, header, 0, &json, err), "%.*s", KB_FMT(name));
    KB_TRY(read_header(name, json, out, err));
    return read_keys(name, keys, out, err);
}

KB_RES kb_checkpoint_read(struct kb_str path, struct kb_checkpoint *out, struct kb_err *err)
{
    char name[PATH_MAX_BYTES];
    struct kb_buf text;
    KB_TRY(beside(path, "", name, err));
    kb_buf_init(&text, KB_CHECKPOINT_MAX);
    kb_res res = read_text(name, &text, err);
    if (!kb_failed(res)) {
        res = parse(path, kb_buf_view(&text), out, err);
    }
    kb_buf_done(&text);
    return res;
}

/* Writing ---------------------------------------------------------------------------------- */

static void add_keys(const struct kb_seen_set *set, int64_t from_ms, struct kb_buf *text)
{
    for (size_t i = 0; i < set->slot_count; i++) {
        const struct kb_seen_slot *slot = &set->slots[i];
        if ((slot->a != 0 || slot->b != 0) && slot->time_s >= from_ms / 1000) {
            kb_buf_printf(text, "%016llx%08x\n", (unsigned long long)slot->a, slot->b);
        }
    }
}

static KB_RES render(const struct kb_checkpoint *checkpoint, const struct kb_seen *seen,
                     struct kb_buf *text, struct kb_err *err)
{
    char digest[DIGEST_DIGITS + 1];
    struct kb_jsonw w;
    kb_jsonw_init(&w, kb_sink_of(text), false);
    kb_jsonw_object(&w);
    kb_jsonw_member_c(&w, "schema", SCHEMA);
    kb_jsonw_member_str(&w, "log_group", checkpoint->group);
    kb_jsonw_member_str(&w, "region", checkpoint->region);
    kb_jsonw_member_i64(&w, "until_ms", checkpoint->until_ms);
    kb_jsonw_member_i64(&w, "overlap_ms", checkpoint->overlap_ms);
    kb_jsonw_end(&w);
    KB_TRY(kb_jsonw_finish(&w, err));
    kb_buf_char(text, '\n');
    add_keys(&seen->young, checkpoint->overlap_ms, text);
    add_keys(&seen->old, checkpoint->overlap_ms, text);
    digest_of(kb_buf_view(text), digest);
    kb_buf_printf(text, "sha256 %s\n", digest);
    KB_ENSURE(!text->full, err, KB_ERR_LIMIT, "the checkpoint has more than %d bytes",
              KB_CHECKPOINT_MAX);
    return KB_SUCCESS;
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

KB_RES kb_checkpoint_write(struct kb_str path, const struct kb_checkpoint *checkpoint,
                           const struct kb_seen *seen, struct kb_err *err)
{
    char name[PATH_MAX_BYTES], next[PATH_MAX_BYTES];
    struct kb_buf text;
    KB_TRY(beside(path, "", name, err));
    KB_TRY(beside(path, ".next", next, err));
    kb_buf_init(&text, KB_CHECKPOINT_MAX);
    kb_res res = render(checkpoint, seen, &text, err);
    if (!kb_failed(res)) {
        res = replace(name, next, kb_buf_view(&text), err);
    }
    if (!kb_failed(res)) {
        sync_folder(name);
    }
    kb_buf_done(&text);
    return res;
}
