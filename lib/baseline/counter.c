/* Keys, their trackers, and episodes that open and close. */
#include "baseline/counter.h"

#include "baseline/tracker.h"

enum { BUCKETS = 4096 };

struct key {
    struct kb_hit_key hash;
    struct key *chain;
    struct key *older, *newer; /* by last use */
    struct kb_tracker sure;
    struct kb_tracker all;     /* with the rows that may be meant; only once there was one */
    bool has_all, keyless;
    uint64_t rows, valueless;
    struct kb_pending *low;    /* waits for `min` */
    int64_t failed_from, failed_to; /* the last episode of `sure` */
    int64_t latest_ns;
};

struct kb_counter {
    struct kb_counter_rule rule;
    struct kb_counter_hooks hooks;
    struct key *buckets[BUCKETS];
    struct key *oldest, *newest;
    size_t keys, hits;
    uint64_t seen, forgotten, keyless, valueless;
    uint64_t largest; /* rows or values that are known, of the key with the most */
    int64_t clock_ns; /* latest time of any row */
};

struct kb_counter *kb_counter_new(const struct kb_counter_rule *rule,
                                  const struct kb_counter_hooks *hooks)
{
    struct kb_counter *counter = kb_alloc(sizeof *counter);
    counter->rule = *rule;
    counter->hooks = *hooks;
    counter->clock_ns = INT64_MIN;
    return counter;
}

uint64_t kb_counter_forgotten(const struct kb_counter *counter)
{
    return counter->forgotten;
}

uint64_t kb_counter_keys(const struct kb_counter *counter)
{
    return counter->seen;
}

uint64_t kb_counter_strays(const struct kb_counter *counter)
{
    uint64_t strays = counter->keyless + counter->valueless;
    bool bounded = counter->rule.max >= 0;
    return bounded && counter->largest + strays > (uint64_t)counter->rule.max ? strays : 0;
}

static struct key **bucket_of(struct kb_counter *counter, struct kb_hit_key hash)
{
    return &counter->buckets[hash.h[0] % BUCKETS];
}

static void unlink_use(struct kb_counter *counter, struct key *key)
{
    *(key->older != NULL ? &key->older->newer : &counter->oldest) = key->newer;
    *(key->newer != NULL ? &key->newer->older : &counter->newest) = key->older;
}

static void link_use(struct kb_counter *counter, struct key *key)
{
    key->older = counter->newest;
    key->newer = NULL;
    *(counter->newest != NULL ? &counter->newest->newer : &counter->oldest) = key;
    counter->newest = key;
}

static void close_sure(struct kb_counter *counter, struct key *key)
{
    struct kb_tracker *t = &key->sure;
    if (t->open != NULL) {
        struct kb_pending *pending = t->open;
        t->open = NULL;
        key->failed_from = t->first_ns;
        key->failed_to = t->last_ns;
        counter->hooks.close(counter->hooks.ctx, pending, t->episode);
    }
}

static void drop_pending(struct kb_pending *pending)
{
    if (pending != NULL) {
        kb_arena_done(&pending->arena);
        kb_free(pending);
    }
}

/* An unknown episode tells nothing where a certain one tells more. */
static void close_all(struct kb_counter *counter, struct key *key)
{
    struct kb_tracker *t = &key->all;
    struct kb_pending *pending = t->open;
    if (pending == NULL) {
        return;
    }
    t->open = NULL;
    bool covered = key->failed_from <= t->last_ns && t->first_ns <= key->failed_to;
    if (key->sure.open != NULL || covered) {
        drop_pending(pending);
    } else {
        counter->hooks.close(counter->hooks.ctx, pending, t->episode);
    }
}

/* At most so many rows or values the key may have: each row of which the key or the value is not known may be one
 * more. */
static uint64_t most_of(const struct kb_counter *counter, const struct key *key)
{
    uint64_t most = key->has_all ? key->all.count : key->sure.count;
    most += counter->rule.distinct && key->valueless > 1 ? key->valueless - 1 : 0;
    return most + (key->keyless ? 0 : counter->keyless);
}

/* Why it is not known that there are fewer than `min`; empty where it is. */
static struct kb_str low_doubt(const struct kb_counter *counter, const struct key *key, bool whole)
{
    if (!whole) {
        return KB_STR("rows that were not read may make up the number");
    }
    if (counter->forgotten > 0) {
        return KB_STR("rows that were forgotten may make up the number");
    }
    bool there = key->sure.count > 0 || !counter->rule.keyed;
    if (key->keyless || !there || most_of(counter, key) >= (uint64_t)counter->rule.min) {
        return KB_STR("rows that could not be judged may make up the number");
    }
    return KB_STR("");
}

static void judge_low(struct kb_counter *counter, struct key *key, bool whole)
{
    struct kb_pending *pending = key->low;
    bool by_itself = counter->rule.keyed && counter->rule.min <= 1; /* a key has a row, or is none */
    key->low = NULL;
    if (pending == NULL || by_itself || key->sure.count >= (uint64_t)counter->rule.min) {
        drop_pending(pending);
        return;
    }
    struct kb_str doubt = low_doubt(counter, key, whole);
    if (doubt.n > 0) {
        pending->finding.verdict = KB_UNKNOWN;
        pending->finding.reason = doubt;
        pending->finding.waiver = KB_STR("");
    }
    kb_tracker_tell(&key->sure, 0, pending);
    counter->hooks.close(counter->hooks.ctx, pending, key->sure.count);
}

/* In a window there are no more than in the whole reading. A value that is not known is counted as one. */
static uint64_t known_of(const struct kb_counter *counter, const struct key *key)
{
    if (key->keyless) {
        return 0;
    }
    if (counter->rule.within_ns > 0) {
        return key->rows - key->valueless;
    }
    uint64_t count = key->has_all ? key->all.count : key->sure.count;
    return count - (counter->rule.distinct && key->valueless > 0);
}

static void free_key(struct kb_counter *counter, struct key *key)
{
    uint64_t known = known_of(counter, key);
    counter->largest = known > counter->largest ? known : counter->largest;
    struct key **at = bucket_of(counter, key->hash);
    while (*at != key) {
        at = &(*at)->chain;
    }
    *at = key->chain;
    unlink_use(counter, key);
    counter->keys--;
    counter->hits -= key->sure.n + key->all.n;
    drop_pending(key->low);
    kb_tracker_done(&key->sure);
    kb_tracker_done(&key->all);
    kb_free(key);
}

static bool is_idle(const struct kb_counter *counter, const struct key *key)
{
    int64_t age;
    return counter->rule.within_ns > 0 && key->latest_ns != INT64_MIN &&
           !__builtin_sub_overflow(counter->clock_ns, key->latest_ns, &age) &&
           age > KB_COUNTER_SLACK_NS && age - KB_COUNTER_SLACK_NS > counter->rule.within_ns;
}

/* Make room by forgetting the key that was used least recently (never `keep`). */
static void forget_one(struct kb_counter *counter, const struct key *keep)
{
    struct key *key = counter->oldest == keep ? counter->oldest->newer : counter->oldest;
    if (key == NULL) {
        return;
    }
    counter->forgotten += !is_idle(counter, key);
    close_sure(counter, key);
    close_all(counter, key);
    free_key(counter, key);
}

static struct key *find_key(struct kb_counter *counter, struct kb_hit_key hash)
{
    struct key **bucket = bucket_of(counter, hash);
    for (struct key *key = *bucket; key != NULL; key = key->chain) {
        if (key->hash.h[0] == hash.h[0] && key->hash.h[1] == hash.h[1]) {
            unlink_use(counter, key);
            link_use(counter, key);
            return key;
        }
    }
    if (counter->keys >= KB_COUNTER_KEYS_MAX) {
        forget_one(counter, NULL);
    }
    struct key *key = kb_alloc(sizeof *key);
    *key = (struct key){.hash = hash, .chain = *bucket, .failed_from = INT64_MAX,
                        .failed_to = INT64_MIN, .latest_ns = INT64_MIN};
    *bucket = key;
    link_use(counter, key);
    counter->keys++;
    counter->seen++;
    if (counter->rule.min >= 0) {
        key->low = counter->hooks.open(counter->hooks.ctx, false);
    }
    return key;
}

/* Add to one tracker, and open or prolong its episode. True where the episode it had is over. */
static bool track(struct kb_counter *counter, struct kb_tracker *t, const struct kb_hit_row *row,
                  bool maybe)
{
    size_t from = 0;
    size_t before = t->n;
    enum kb_track result = kb_tracker_add(t, &counter->rule, row, &from);
    counter->hits += t->n - before;
    if (result != KB_TRACK_BREACH) {
        return result == KB_TRACK_QUIET;
    }
    if (t->open == NULL) {
        t->open = counter->hooks.open(counter->hooks.ctx, maybe);
        t->first_ns = t->at[from].time_ns;
        t->last_ns = row->time_ns;
        kb_tracker_tell(t, from, t->open);
    }
    t->last_ns = row->time_ns > t->last_ns ? row->time_ns : t->last_ns;
    return false;
}

void kb_counter_add(struct kb_counter *counter, const struct kb_hit_row *row)
{
    if (row->time_ns > counter->clock_ns) {
        counter->clock_ns = row->time_ns;
    }
    struct key *key = find_key(counter, row->key);
    if (row->time_ns > key->latest_ns) {
        key->latest_ns = row->time_ns;
    }
    key->rows++;
    counter->keyless += row->keyless;
    counter->valueless += row->valueless && !row->keyless;
    key->keyless = key->keyless || row->keyless;
    key->valueless += row->valueless;
    if (row->maybe && !key->has_all) {
        key->has_all = true;
        kb_tracker_clone(&key->sure, &key->all);
        counter->hits += key->all.n;
    }
    if (!row->maybe && track(counter, &key->sure, row, false)) {
        close_sure(counter, key);
    }
    if (key->has_all && track(counter, &key->all, row, true)) {
        close_all(counter, key);
    }
    while (counter->hits > KB_COUNTER_HITS_MAX && counter->keys > 1) {
        forget_one(counter, key);
    }
}

void kb_counter_finish(struct kb_counter *counter, bool whole)
{
    while (counter->oldest != NULL) {
        struct key *key = counter->oldest;
        close_sure(counter, key);
        close_all(counter, key);
        judge_low(counter, key, whole);
        free_key(counter, key);
    }
}

void kb_counter_free(struct kb_counter *counter)
{
    if (counter == NULL) {
        return;
    }
    while (counter->oldest != NULL) {
        free_key(counter, counter->oldest);
    }
    kb_free(counter);
}
