/* Labels, and the inverted index over them. */
#include "network/labels.h"

#include <stdlib.h>

#include "base/limits.h"
#include "network/bits.h"

enum { KEY_MAX = KB_MAX_RECORD };

static int by_key(const void *a, const void *b)
{
    return kb_str_cmp(((const struct kb_net_label *)a)->key, ((const struct kb_net_label *)b)->key);
}

struct kb_net_labels kb_net_labels_read(const json_t *json, struct kb_arena *arena, bool *bad)
{
    size_t n = 0, key_n;
    const char *key;
    json_t *value;
    struct kb_net_label *at = KB_NEW_ARRAY(arena, json_object_size(json), struct kb_net_label);
    *bad = *bad || (json != NULL && !json_is_object(json) && !json_is_null(json));
    json_object_keylen_foreach((json_t *)(uintptr_t)json, key, key_n, value)
    {
        if (!json_is_string(value)) {
            *bad = true;
            continue;
        }
        at[n++] = (struct kb_net_label){kb_arena_copy(arena, (struct kb_str){key, key_n}),
                                        kb_arena_copy(arena, kb_json_view(value))};
    }
    if (n > 1) {
        qsort(at, n, sizeof *at, by_key);
    }
    return (struct kb_net_labels){at, n};
}

bool kb_net_labels_get(const struct kb_net_labels *labels, struct kb_str key, struct kb_str *value)
{
    for (size_t i = 0; i < labels->n; i++) {
        if (kb_str_eq(labels->at[i].key, key)) {
            *value = labels->at[i].value;
            return true;
        }
    }
    return false;
}

static bool negates(enum kb_selector_operator op)
{
    return op == KB_SEL_NOT_IN || op == KB_SEL_NOT_EQUALS || op == KB_SEL_NOT_EXISTS;
}

static bool asks_value(enum kb_selector_operator op)
{
    return op != KB_SEL_EXISTS && op != KB_SEL_NOT_EXISTS;
}

/* Objects have no Gt and Lt: their selectors are In, NotIn, Exists, DoesNotExist and equality. */
static bool meets(const struct kb_net_labels *labels, const struct kb_requirement *r)
{
    struct kb_str value;
    bool found = kb_net_labels_get(labels, r->key, &value);
    if (found && asks_value(r->op)) {
        found = false;
        for (size_t i = 0; i < r->value_count; i++) {
            found = found || kb_str_eq(r->values[i], value);
        }
    }
    return found != negates(r->op);
}

bool kb_net_labels_match(const struct kb_net_labels *labels, const struct kb_selector *selector)
{
    for (size_t i = 0; i < selector->n; i++) {
        if (!meets(labels, &selector->at[i])) {
            return false;
        }
    }
    return !selector->nothing;
}

void kb_net_index_init(struct kb_net_index *index, size_t n, struct kb_arena *arena)
{
    *index = (struct kb_net_index){.n = n, .arena = arena};
}

void kb_net_index_done(struct kb_net_index *index)
{
    kb_map_done(&index->sets);
}

/* The key of a set, in `text`: the label's key alone, or with a value. A key holds no NUL. */
static struct kb_str set_key(struct kb_buf *text, struct kb_str key, const struct kb_str *value)
{
    kb_buf_clear(text);
    kb_buf_str(text, key);
    if (value != NULL) {
        kb_buf_char(text, '\0');
        kb_buf_str(text, *value);
    }
    return kb_buf_view(text);
}

static void put(struct kb_net_index *index, size_t thing, struct kb_str key)
{
    struct kb_map_entry *entry = kb_map_add(&index->sets, key, NULL);
    if (entry->value.ptr == NULL) {
        entry->value.ptr = KB_NEW_ARRAY(index->arena, kb_net_words(index->n), uint64_t);
    }
    kb_net_bit_set(entry->value.ptr, thing);
}

void kb_net_index_add(struct kb_net_index *index, size_t thing, const struct kb_net_labels *labels,
                      const struct kb_map *keys)
{
    struct kb_buf text;
    kb_buf_init(&text, KEY_MAX);
    for (size_t i = 0; i < labels->n; i++) {
        if (keys != NULL && kb_map_find(keys, labels->at[i].key) == NULL) {
            continue;
        }
        put(index, thing, set_key(&text, labels->at[i].key, NULL));
        put(index, thing, set_key(&text, labels->at[i].key, &labels->at[i].value));
    }
    kb_buf_done(&text);
}

static void narrow(struct kb_net_index *index, const struct kb_requirement *r, uint64_t *to)
{
    size_t words = kb_net_words(index->n);
    uint64_t *some = kb_alloc(words * sizeof *some);
    struct kb_buf text;
    kb_buf_init(&text, KEY_MAX);
    if (!asks_value(r->op)) {
        kb_net_bits_or(some, kb_map_get(&index->sets, set_key(&text, r->key, NULL)), words);
    }
    for (size_t i = 0; asks_value(r->op) && i < r->value_count; i++) {
        kb_net_bits_or(some, kb_map_get(&index->sets, set_key(&text, r->key, &r->values[i])), words);
    }
    if (negates(r->op)) {
        kb_net_bits_and_not(to, some, words);
    } else {
        kb_net_bits_and(to, some, words);
    }
    kb_buf_done(&text);
    kb_free(some);
}

uint64_t *kb_net_index_select(struct kb_net_index *index, const struct kb_selector *selector,
                              size_t room)
{
    uint64_t *bits = KB_NEW_ARRAY(index->arena, kb_net_words(room), uint64_t);
    if (selector->nothing) {
        return bits;
    }
    kb_net_bits_fill(bits, index->n);
    for (size_t i = 0; i < selector->n; i++) {
        narrow(index, &selector->at[i], bits);
    }
    return bits;
}
