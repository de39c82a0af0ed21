/* The checkpoint as text. */
#include "source/cloudwatch_checkpoint.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>

#include "data/json.h"
#include "data/sha256.h"

#define SCHEMA "kube-baseline.checkpoint/1"
enum { RUN_DIGITS = 16, KEY_DIGITS = 24, DIGEST_DIGITS = 64 };

void kb_checkpoint_done(struct kb_checkpoint *checkpoint)
{
    kb_seen_set_done(&checkpoint->keys);
}

static void digest_of(struct kb_str text, char out[DIGEST_DIGITS + 1])
{
    struct kb_sha256 sha;
    kb_sha256_init(&sha);
    kb_sha256_add(&sha, text.p, text.n);
    kb_sha256_hex(&sha, out, DIGEST_DIGITS / 2);
}

/* Reading ---------------------------------------------------------------------------------- */

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
    struct kb_str schema = KB_STR(""), group = KB_STR(""), region = KB_STR(""), account = KB_STR("");
    (void)kb_json_str(json, "schema", &schema);
    (void)kb_json_str(json, "log_group", &group);
    (void)kb_json_str(json, "region", &region);
    (void)kb_json_str(json, "account", &account);
    (void)snprintf(out->account, sizeof out->account, "%.*s", KB_FMT(account));
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

KB_RES kb_checkpoint_read(const struct kb_checkpoint_place *place, struct kb_checkpoint *out,
                          struct kb_err *err)
{
    struct kb_buf text;
    kb_buf_init(&text, KB_CHECKPOINT_MAX);
    kb_res res = place->read(place->ctx, &text, err);
    if (!kb_failed(res)) {
        res = parse(place->name, kb_buf_view(&text), out, err);
    }
    kb_buf_done(&text);
    return res;
}

/* Writing ---------------------------------------------------------------------------------- */

static void add_keys(const struct kb_seen_set *set, const struct kb_checkpoint *checkpoint,
                     struct kb_buf *text)
{
    int64_t from_ms = checkpoint->overlap_ms;
    for (size_t i = 0; i < set->slot_count && from_ms < checkpoint->until_ms; i++) {
        const struct kb_seen_slot *slot = &set->slots[i];
        if ((slot->a != 0 || slot->b != 0) && slot->time_s >= from_ms / 1000) {
            kb_buf_printf(text, "%016llx%08x\n", (unsigned long long)slot->a, slot->b);
        }
    }
}

/* No two runs write the same text, though they may have read the same. */
static void name_run(char out[RUN_DIGITS + 1])
{
    uint64_t random = 0;
    (void)RAND_bytes((unsigned char *)&random, sizeof random);
    (void)snprintf(out, RUN_DIGITS + 1, "%016llx", (unsigned long long)random);
}

static KB_RES render(const struct kb_checkpoint *checkpoint, const struct kb_seen *seen,
                     struct kb_buf *text, struct kb_err *err)
{
    char digest[DIGEST_DIGITS + 1], run[RUN_DIGITS + 1];
    struct kb_jsonw w;
    name_run(run);
    kb_jsonw_init(&w, kb_sink_of(text), false);
    kb_jsonw_object(&w);
    kb_jsonw_member_c(&w, "schema", SCHEMA);
    kb_jsonw_member_str(&w, "log_group", checkpoint->group);
    kb_jsonw_member_str(&w, "region", checkpoint->region);
    kb_jsonw_member_c(&w, "account", checkpoint->account);
    kb_jsonw_member_i64(&w, "until_ms", checkpoint->until_ms);
    kb_jsonw_member_i64(&w, "overlap_ms", checkpoint->overlap_ms);
    kb_jsonw_member_c(&w, "run", run);
    kb_jsonw_end(&w);
    KB_TRY(kb_jsonw_finish(&w, err));
    kb_buf_char(text, '\n');
    add_keys(&seen->young, checkpoint, text);
    add_keys(&seen->old, checkpoint, text);
    digest_of(kb_buf_view(text), digest);
    kb_buf_printf(text, "sha256 %s\n", digest);
    KB_ENSURE(!text->full, err, KB_ERR_LIMIT, "the checkpoint has more than %d bytes",
              KB_CHECKPOINT_MAX);
    return KB_SUCCESS;
}

static int later_first(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? 1 : x > y ? -1 : 0;
}

static size_t add_times(const struct kb_seen_set *set, int64_t from_ms, uint32_t *times)
{
    size_t n = 0;
    for (size_t i = 0; i < set->slot_count; i++) {
        const struct kb_seen_slot *slot = &set->slots[i];
        if ((slot->a != 0 || slot->b != 0) && slot->time_s >= from_ms / 1000) {
            times[n++] = slot->time_s;
        }
    }
    return n;
}

/* From when on the keys are so few that they fit. */
static int64_t fitting_ms(const struct kb_seen *seen, int64_t from_ms, size_t keys_max)
{
    uint32_t *times = kb_alloc((seen->young.n + seen->old.n + 1) * sizeof *times);
    size_t n = add_times(&seen->young, from_ms, times);
    n += add_times(&seen->old, from_ms, times + n);
    if (n > keys_max) {
        qsort(times, n, sizeof *times, later_first);
        from_ms = ((int64_t)times[keys_max] + 1) * 1000;
    }
    kb_free(times);
    return from_ms;
}

KB_RES kb_checkpoint_write(const struct kb_checkpoint_place *place,
                           const struct kb_checkpoint *checkpoint, const struct kb_seen *seen,
                           struct kb_err *err)
{
    struct kb_buf text;
    struct kb_checkpoint next = *checkpoint;
    next.overlap_ms = fitting_ms(seen, checkpoint->overlap_ms, place->keys_max);
    if (next.overlap_ms > next.until_ms) { /* keys have seconds, and the last one may have too many */
        next.overlap_ms = next.until_ms;
    }
    kb_buf_init(&text, KB_CHECKPOINT_MAX);
    kb_res res = render(&next, seen, &text, err);
    if (!kb_failed(res)) {
        res = place->write(place->ctx, kb_buf_view(&text), err);
    }
    kb_buf_done(&text);
    return res;
}
