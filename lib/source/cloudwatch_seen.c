/* Open addressing over fixed keys, in two generations. */
#include "source/cloudwatch_seen.h"

enum { FIRST_SLOTS = 1024 };

struct kb_seen_key kb_seen_key(struct kb_str text)
{
    struct kb_seen_key key = {kb_hash_bytes(text.p, text.n, 1),
                              (uint32_t)kb_hash_bytes(text.p, text.n, 2)};
    key.a |= key.a == 0 && key.b == 0; /* 0 is a free slot */
    return key;
}

static bool is_free(const struct kb_seen_slot *slot)
{
    return slot->a == 0 && slot->b == 0;
}

/* Where the key is, or would be. */
static struct kb_seen_slot *find(const struct kb_seen_set *set, struct kb_seen_key key)
{
    size_t i = (size_t)key.a & (set->slot_count - 1);
    while (!is_free(&set->slots[i]) && (set->slots[i].a != key.a || set->slots[i].b != key.b)) {
        i = (i + 1) & (set->slot_count - 1);
    }
    return &set->slots[i];
}

static void grow(struct kb_seen_set *set)
{
    struct kb_seen_set bigger = {.n = set->n, .newest_ms = set->newest_ms};
    bigger.slot_count = set->slot_count == 0 ? FIRST_SLOTS : 2 * set->slot_count;
    bigger.slots = kb_alloc(bigger.slot_count * sizeof *bigger.slots);
    for (size_t i = 0; i < set->slot_count; i++) {
        if (!is_free(&set->slots[i])) {
            const struct kb_seen_key key = {set->slots[i].a, set->slots[i].b};
            *find(&bigger, key) = set->slots[i];
        }
    }
    kb_free(set->slots);
    *set = bigger;
}

bool kb_seen_set_has(const struct kb_seen_set *set, struct kb_seen_key key)
{
    return set->slot_count > 0 && !is_free(find(set, key));
}

bool kb_seen_set_add(struct kb_seen_set *set, struct kb_seen_key key, int64_t time_ms)
{
    if (4 * (set->n + 1) > 3 * set->slot_count) {
        grow(set);
    }
    struct kb_seen_slot *slot = find(set, key);
    if (!is_free(slot)) {
        return false;
    }
    *slot = (struct kb_seen_slot){key.a, key.b, (uint32_t)(time_ms / 1000)};
    set->newest_ms = set->n == 0 || time_ms > set->newest_ms ? time_ms : set->newest_ms;
    set->n++;
    return true;
}

void kb_seen_set_done(struct kb_seen_set *set)
{
    kb_free(set->slots);
    *set = (struct kb_seen_set){0};
}

static void next_generation(struct kb_seen *seen)
{
    if (seen->old.n > 0) {
        int64_t newest = seen->old.newest_ms;
        seen->dropped_ms = !seen->dropped || newest > seen->dropped_ms ? newest : seen->dropped_ms;
        seen->dropped = true;
    }
    kb_seen_set_done(&seen->old);
    seen->old = seen->young;
    seen->young = (struct kb_seen_set){0};
}

bool kb_seen_add(struct kb_seen *seen, struct kb_seen_key key, int64_t time_ms)
{
    if (kb_seen_set_has(&seen->old, key)) {
        return false;
    }
    if (seen->young.n >= KB_SEEN_MAX) {
        next_generation(seen);
    }
    return !kb_seen_set_has(&seen->old, key) && kb_seen_set_add(&seen->young, key, time_ms);
}

void kb_seen_done(struct kb_seen *seen)
{
    kb_seen_set_done(&seen->young);
    kb_seen_set_done(&seen->old);
    *seen = (struct kb_seen){0};
}
