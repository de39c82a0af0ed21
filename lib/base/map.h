/*
 * A map from text to a pointer-sized value, and interning on top of it.
 *
 * Open addressing, insertion order kept for walking, hash seeded per process. The map copies
 * its keys into its own arena. Zeroed memory is a valid empty map.
 */
#ifndef KB_BASE_MAP_H
#define KB_BASE_MAP_H

#include "base/mem.h"

struct kb_map_entry {
    struct kb_str key; /* terminated */
    uint64_t hash;
    union {
        void *ptr;
        uint64_t u;
    } value;
};

struct kb_map {
    struct kb_map_entry *entries; /* in order of insertion */
    size_t n;
    size_t cap;
    uint32_t *slots; /* index + 1, 0 = free */
    size_t slot_count;
    struct kb_arena keys;
};

void kb_map_done(struct kb_map *map);
/* Forget all entries; keeps the tables. */
void kb_map_clear(struct kb_map *map);
/* The entry, or NULL. Entries move when one is added. */
struct kb_map_entry *kb_map_find(const struct kb_map *map, struct kb_str key);
/* The entry, made with a zero value where it was missing; *is_new (may be NULL) tells which. */
struct kb_map_entry *kb_map_add(struct kb_map *map, struct kb_str key, bool *is_new);
/* Value of `key`, or NULL. */
void *kb_map_get(const struct kb_map *map, struct kb_str key);
/* Set, replacing. */
void kb_map_set(struct kb_map *map, struct kb_str key, void *value);
/* The one stored copy of `key` (terminated, lives as long as the map): equal text, equal pointer. */
struct kb_str kb_map_intern(struct kb_map *map, struct kb_str key);

#endif
