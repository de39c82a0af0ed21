/* Things that are alike, by refinement: alike are those that have the same to the same. */
#include "base/map.h"
#include "kube-baseline/network_graph.h"

/* What a thing has to do with each class: a set of (class, label out, label in). */
static void write_key(const struct kb_graph_matrix *m, const uint32_t *classes, size_t i, bool coarse,
                      struct kb_buf *key)
{
    struct kb_map seen = {0};
    kb_buf_clear(key);
    kb_buf_add(key, &classes[i], sizeof classes[i]);
    for (size_t k = 0; k < m->n; k++) {
        uint32_t out = m->at[i * m->n + k], in = m->at[k * m->n + i];
        uint32_t item[] = {classes[k], coarse ? out != 0 : out, coarse ? in != 0 : in};
        if (k != i && (out != 0 || in != 0)) {
            (void)kb_map_add(&seen, (struct kb_str){(const char *)item, sizeof item}, NULL);
        }
    }
    /* In an order of their own, not of discovery: sums of hashes do not care. */
    uint64_t sum = seen.n;
    for (size_t k = 0; k < seen.n; k++) {
        sum += seen.entries[k].hash * UINT64_C(0x9E3779B97F4A7C15);
    }
    kb_buf_add(key, &sum, sizeof sum);
    kb_map_done(&seen);
}

static size_t number(struct kb_map *known, struct kb_str key, uint32_t *out)
{
    bool is_new;
    struct kb_map_entry *entry = kb_map_add(known, key, &is_new);
    if (is_new) {
        entry->value.u = known->n - 1;
    }
    *out = (uint32_t)entry->value.u;
    return known->n;
}

static size_t refine(const struct kb_graph_matrix *m, unsigned rounds, bool coarse, uint32_t *classes)
{
    struct kb_buf key;
    struct kb_map known = {0};
    uint32_t *next = kb_alloc((m->n + 1) * sizeof *next);
    size_t count = 0, before;
    kb_buf_init(&key, SIZE_MAX);
    for (size_t i = 0; i < m->n; i++) {
        struct kb_str own = {(const char *)&m->own[i], sizeof m->own[i]};
        count = number(&known, own, &classes[i]);
    }
    do {
        before = count;
        kb_map_clear(&known);
        for (size_t i = 0; i < m->n && rounds > 0; i++) {
            write_key(m, classes, i, coarse, &key);
            count = number(&known, kb_buf_view(&key), &next[i]);
        }
        for (size_t i = 0; i < m->n && rounds > 0; i++) {
            classes[i] = next[i];
        }
    } while (rounds > 0 && --rounds > 0 && count > before);
    kb_buf_done(&key);
    kb_map_done(&known);
    kb_free(next);
    return count;
}

size_t kb_graph_fold(const struct kb_graph_matrix *matrix, size_t max, uint32_t *out)
{
    static const struct {
        unsigned rounds;
        bool coarse;
    } tries[] = {{32, false}, {32, true}, {1, true}, {0, true}};
    size_t count = 0;
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        count = refine(matrix, tries[i].rounds, tries[i].coarse, out);
        if (count <= max) {
            break;
        }
    }
    return count;
}
