/* Remembered rows: only as many as a breach needs, and some for rows out of order. */
#include "baseline/tracker.h"

#include "baseline/copy.h"

enum { SPARE = 16, VALUES_MAX = 4096 };

static char *blob_of(const struct kb_evidence *from, struct kb_evidence *out)
{
    const struct kb_str parts[3] = {from->source, from->locator, from->audit_id};
    struct kb_str *const to[3] = {&out->source, &out->locator, &out->audit_id};
    char *blob = kb_alloc(parts[0].n + parts[1].n + parts[2].n);
    size_t at = 0;
    for (int i = 0; i < 3; i++) {
        if (parts[i].n > 0) {
            memcpy(blob + at, parts[i].p, parts[i].n);
        }
        *to[i] = (struct kb_str){blob + at, parts[i].n};
        at += parts[i].n;
    }
    return blob;
}

void kb_tracker_done(struct kb_tracker *tracker)
{
    for (size_t i = 0; i < tracker->n; i++) {
        kb_free(tracker->at[i].blob);
    }
    kb_free(tracker->at);
    if (tracker->open != NULL) {
        kb_arena_done(&tracker->open->arena);
        kb_free(tracker->open);
    }
    *tracker = (struct kb_tracker){0};
}

void kb_tracker_clone(const struct kb_tracker *from, struct kb_tracker *out)
{
    *out = (struct kb_tracker){.n = from->n, .cap = from->n, .count = from->count};
    out->at = kb_alloc(from->n * sizeof *out->at);
    for (size_t i = 0; i < from->n; i++) {
        out->at[i] = from->at[i];
        out->at[i].blob = blob_of(&from->at[i].evidence, &out->at[i].evidence);
    }
}

static void drop(struct kb_tracker *t, size_t from, size_t n)
{
    for (size_t i = from; i < from + n; i++) {
        kb_free(t->at[i].blob);
    }
    memmove(t->at + from, t->at + from + n, (t->n - from - n) * sizeof *t->at);
    t->n -= n;
}

/* Put the row where its time belongs; its place. */
static size_t insert(struct kb_tracker *t, const struct kb_hit_row *row)
{
    t->at = kb_vec_grow(t->at, &t->cap, t->n + 1, sizeof *t->at);
    size_t i = t->n;
    while (i > 0 && t->at[i - 1].time_ns > row->time_ns) {
        i--;
    }
    memmove(t->at + i + 1, t->at + i, (t->n - i) * sizeof *t->at);
    t->at[i] = (struct kb_hit){.time_ns = row->time_ns, .value = row->value};
    t->at[i].blob = blob_of(&row->evidence, &t->at[i].evidence);
    t->n++;
    return i;
}

static size_t find_value(const struct kb_tracker *t, struct kb_hit_key value)
{
    for (size_t i = 0; i < t->n; i++) {
        if (t->at[i].value.h[0] == value.h[0] && t->at[i].value.h[1] == value.h[1]) {
            return i;
        }
    }
    return SIZE_MAX;
}

static bool near(const struct kb_tracker *t, size_t from, size_t to, int64_t within)
{
    int64_t distance;
    return !__builtin_sub_overflow(t->at[to].time_ns, t->at[from].time_ns, &distance) &&
           distance <= within;
}

/* A window around hit `i` that holds more than `max`: its first hit, or SIZE_MAX. */
static size_t find_breach(const struct kb_tracker *t, size_t i, const struct kb_counter_rule *rule)
{
    size_t max = (size_t)rule->max;
    for (size_t j = i > max ? i - max : 0; j <= i && j + max < t->n; j++) {
        if (near(t, j, j + max, rule->within_ns)) {
            return j;
        }
    }
    return SIZE_MAX;
}

/* Over the whole reading: a number, the first rows, and the different values. */
static enum kb_track add_total(struct kb_tracker *t, const struct kb_counter_rule *rule,
                               const struct kb_hit_row *row, size_t *from)
{
    size_t keep = rule->distinct ? VALUES_MAX : KB_COUNTER_EVIDENCE_MAX;
    *from = 0;
    if (!rule->distinct || (t->n < keep && find_value(t, row->value) == SIZE_MAX)) {
        t->count++;
    }
    if (t->n < keep && (!rule->distinct || find_value(t, row->value) == SIZE_MAX)) {
        (void)insert(t, row);
    }
    t->episode = t->count;
    return rule->max >= 0 && t->count > (uint64_t)rule->max ? KB_TRACK_BREACH : KB_TRACK_QUIET;
}

enum kb_track kb_tracker_add(struct kb_tracker *t, const struct kb_counter_rule *rule,
                             const struct kb_hit_row *row, size_t *from)
{
    if (rule->within_ns == 0) {
        return add_total(t, rule, row, from);
    }
    size_t old = rule->distinct ? find_value(t, row->value) : SIZE_MAX;
    if (old != SIZE_MAX && t->at[old].time_ns > row->time_ns) {
        return KB_TRACK_LATE;
    }
    if (old != SIZE_MAX) {
        drop(t, old, 1);
    }
    bool late = t->n > 0 && t->at[t->n - 1].time_ns > row->time_ns;
    size_t i = insert(t, row);
    *from = find_breach(t, i, rule);
    if (*from != SIZE_MAX) {
        t->episode = t->open == NULL ? (uint64_t)rule->max + 1 : t->episode + (old == SIZE_MAX);
        return KB_TRACK_BREACH;
    }
    size_t limit = 2 * ((size_t)rule->max + 1) + SPARE;
    if (t->n > limit) {
        drop(t, 0, t->n - limit / 2 - SPARE / 2);
    }
    return late ? KB_TRACK_LATE : KB_TRACK_QUIET;
}

void kb_tracker_tell(const struct kb_tracker *tracker, size_t from, struct kb_pending *pending)
{
    size_t n = tracker->n - from;
    n = n < KB_COUNTER_EVIDENCE_MAX ? n : KB_COUNTER_EVIDENCE_MAX;
    struct kb_evidence *evidence = KB_NEW_ARRAY(&pending->arena, n, struct kb_evidence);
    for (size_t i = 0; i < n; i++) {
        evidence[i] = kb_evidence_copy(&tracker->at[from + i].evidence, &pending->arena);
    }
    pending->finding.evidence = evidence;
    pending->finding.evidence_count = n;
    if (n > 0) {
        pending->finding.time_ns = tracker->at[from].time_ns;
    }
}
