/*
 * Which events came already: the latest of them, by a key of 96 bits, in bounded memory.
 */
#ifndef KB_SOURCE_CLOUDWATCH_SEEN_H
#define KB_SOURCE_CLOUDWATCH_SEEN_H

#include "base/mem.h"

/* The same text gives the same key in every run. */
struct kb_seen_key {
    uint64_t a;
    uint32_t b;
};
struct kb_seen_key kb_seen_key(struct kb_str text);

struct kb_seen_slot {
    uint64_t a; /* of the key; both 0: free */
    uint32_t b;
    uint32_t time_s;
};

/* Zeroed memory is a valid empty one. */
struct kb_seen_set {
    struct kb_seen_slot *slots;
    size_t n, slot_count;
    int64_t newest_ms;
};
bool kb_seen_set_has(const struct kb_seen_set *set, struct kb_seen_key key);
/* False: it was there. */
bool kb_seen_set_add(struct kb_seen_set *set, struct kb_seen_key key, int64_t time_ms);
void kb_seen_set_done(struct kb_seen_set *set);

enum { KB_SEEN_MAX = 96 << 10 }; /* keys of a generation; up to two are kept */

/* Keys in (nearly) their order of time; the older generation goes when the younger is full. */
struct kb_seen {
    struct kb_seen_set young, old;
    bool dropped;
    int64_t dropped_ms; /* all keys of later times are kept */
};
/* False: it came before, as far as it is still known. */
bool kb_seen_add(struct kb_seen *seen, struct kb_seen_key key, int64_t time_ms);
void kb_seen_done(struct kb_seen *seen);

#endif
