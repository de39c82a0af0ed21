/*
 * Label selectors over many things at once: an inverted index from keys and values to the things that
 * carry them, so that a selector costs a few operations on words. Semantics are those of data/selector.h.
 */
#ifndef KB_NETWORK_LABELS_H
#define KB_NETWORK_LABELS_H

#include "base/map.h"
#include "data/selector.h"

struct kb_net_label {
    struct kb_str key, value;
};

struct kb_net_labels {
    const struct kb_net_label *at; /* by key */
    size_t n;
};

/* Labels of a JSON object, copied and sorted; a value that is no text is left out and *bad set. */
struct kb_net_labels kb_net_labels_read(const json_t *json, struct kb_arena *arena, bool *bad);
/* The value of a key; false where there is none. */
bool kb_net_labels_get(const struct kb_net_labels *labels, struct kb_str key, struct kb_str *value);
/* Whether the labels meet the selector. */
bool kb_net_labels_match(const struct kb_net_labels *labels, const struct kb_selector *selector);

struct kb_net_index {
    struct kb_map sets; /* "key" and "key\0value" to words */
    size_t n;           /* things, numbered from 0 */
    struct kb_arena *arena;
};

/* An index of `n` things; its words are in `arena`. */
void kb_net_index_init(struct kb_net_index *index, size_t n, struct kb_arena *arena);
void kb_net_index_done(struct kb_net_index *index);
/* Labels whose keys are not in `keys` (NULL: all are wanted) are passed over. */
void kb_net_index_add(struct kb_net_index *index, size_t thing, const struct kb_net_labels *labels,
                      const struct kb_map *keys);
/* The things that meet the selector: words in the arena, with room for `room` things. */
uint64_t *kb_net_index_select(struct kb_net_index *index, const struct kb_selector *selector,
                              size_t room);

#endif
