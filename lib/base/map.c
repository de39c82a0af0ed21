/* Text-keyed hash map, insertion-ordered. */
#include "base/map.h"

#include <stdlib.h>
#include <string.h>

enum { MAP_FIRST_SLOTS = 16 };

void kb_map_done(struct kb_map *map)
{
    free(map->entries);
    free(map->slots);
    kb_arena_done(&map->keys);
    *map = (struct kb_map){0};
}

void kb_map_clear(struct kb_map *map)
{
    if (map->slots != NULL) {
        memset(map->slots, 0, map->slot_count * sizeof *map->slots);
    }
    map->n = 0;
    kb_arena_reset(&map->keys);
}

static size_t slot_of(const struct kb_map *map, struct kb_str key, uint64_t hash)
{
    size_t mask = map->slot_count - 1;
    size_t slot = (size_t)hash & mask;
    while (map->slots[slot] != 0) {
        const struct kb_map_entry *entry = &map->entries[map->slots[slot] - 1];
        if (entry->hash == hash && kb_str_eq(entry->key, key)) {
            return slot;
        }
        slot = (slot + 1) & mask;
    }
    return slot;
}

struct kb_map_entry *kb_map_find(const struct kb_map *map, struct kb_str key)
{
    if (map->n == 0) {
        return NULL;
    }
    size_t slot = slot_of(map, key, kb_hash_bytes(key.p, key.n, kb_hash_seed()));
    return map->slots[slot] == 0 ? NULL : &map->entries[map->slots[slot] - 1];
}

static void grow_slots(struct kb_map *map)
{
    size_t count = map->slot_count == 0 ? MAP_FIRST_SLOTS : map->slot_count * 2;
    free(map->slots);
    map->slots = kb_alloc(count * sizeof *map->slots);
    map->slot_count = count;
    for (size_t i = 0; i < map->n; i++) {
        size_t slot = (size_t)map->entries[i].hash & (count - 1);
        while (map->slots[slot] != 0) {
            slot = (slot + 1) & (count - 1);
        }
        map->slots[slot] = (uint32_t)i + 1;
    }
}

struct kb_map_entry *kb_map_add(struct kb_map *map, struct kb_str key, bool *is_new)
{
    if (map->slot_count < (map->n + 1) * 2) {
        grow_slots(map);
    }
    uint64_t hash = kb_hash_bytes(key.p, key.n, kb_hash_seed());
    size_t slot = slot_of(map, key, hash);
    bool fresh = map->slots[slot] == 0;
    if (is_new != NULL) {
        *is_new = fresh;
    }
    if (!fresh) {
        return &map->entries[map->slots[slot] - 1];
    }
    map->entries = kb_vec_grow(map->entries, &map->cap, map->n + 1, sizeof *map->entries);
    struct kb_map_entry *entry = &map->entries[map->n++];
    entry->key = kb_arena_copy(&map->keys, key);
    entry->hash = hash;
    map->slots[slot] = (uint32_t)map->n;
    return entry;
}

void *kb_map_get(const struct kb_map *map, struct kb_str key)
{
    struct kb_map_entry *entry = kb_map_find(map, key);
    return entry == NULL ? NULL : entry->value.ptr;
}

void kb_map_set(struct kb_map *map, struct kb_str key, void *value)
{
    kb_map_add(map, key, NULL)->value.ptr = value;
}

struct kb_str kb_map_intern(struct kb_map *map, struct kb_str key)
{
    return kb_map_add(map, key, NULL)->key;
}
