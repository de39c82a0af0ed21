/* A bounded heap of findings. */
#include "baseline/kept.h"

#include <stdlib.h>

#include "baseline/copy.h"

enum { SPARE = 128 << 10 }; /* bytes of displaced findings before a compaction */

static int importance(const struct kb_rank *rank)
{
    static const int order[KB_VERDICT_COUNT] = {[KB_FAIL] = 0, [KB_UNKNOWN] = 2, [KB_WAIVED] = 3,
                                                [KB_MANUAL] = 4, [KB_NOT_APPLICABLE] = 4,
                                                [KB_PASS] = 4};
    return order[rank->verdict] + rank->folded;
}

static int compare_time(const struct kb_rank *a, const struct kb_rank *b)
{
    if (a->time_ns != b->time_ns) {
        return a->time_ns < b->time_ns ? -1 : 1;
    }
    return kb_str_cmp(a->order, b->order);
}

static int compare(const struct kb_rank *a, const struct kb_rank *b)
{
    int c = importance(a) - importance(b);
    return c != 0 ? c : compare_time(a, b);
}

void kb_kept_init(struct kb_kept *kept, size_t max)
{
    *kept = (struct kb_kept){.max = max};
}

void kb_kept_done(struct kb_kept *kept)
{
    kb_free(kept->heap);
    kb_arena_done(&kept->arena);
    *kept = (struct kb_kept){0};
}

bool kb_kept_wants(const struct kb_kept *kept, const struct kb_rank *rank)
{
    return kept->n < kept->max || (kept->max > 0 && compare(rank, &kept->heap[0].rank) < 0);
}

static void swap(struct kb_kept_one *a, struct kb_kept_one *b)
{
    struct kb_kept_one t = *a;
    *a = *b;
    *b = t;
}

static void sift_up(struct kb_kept *kept, size_t i)
{
    while (i > 0 && compare(&kept->heap[i].rank, &kept->heap[(i - 1) / 2].rank) > 0) {
        swap(&kept->heap[i], &kept->heap[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
}

static void sift_down(struct kb_kept *kept)
{
    size_t i = 0;
    for (;;) {
        size_t largest = i;
        for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < kept->n; child++) {
            if (compare(&kept->heap[child].rank, &kept->heap[largest].rank) > 0) {
                largest = child;
            }
        }
        if (largest == i) {
            return;
        }
        swap(&kept->heap[i], &kept->heap[largest]);
        i = largest;
    }
}

static void copy_one(const struct kb_kept_one *from, struct kb_arena *arena, struct kb_kept_one *out)
{
    struct kb_kept_one one = {.rank = from->rank};
    one.rank.order = kb_arena_copy(arena, from->rank.order);
    kb_finding_copy(&from->finding, arena, &one.finding);
    *out = one;
}

static void compact(struct kb_kept *kept)
{
    struct kb_arena fresh = {0};
    for (size_t i = 0; i < kept->n; i++) {
        copy_one(&kept->heap[i], &fresh, &kept->heap[i]);
    }
    kb_arena_done(&kept->arena);
    kept->arena = fresh;
    kept->compacted = fresh.total;
}

void kb_kept_add(struct kb_kept *kept, const struct kb_rank *rank, const struct kb_finding *finding)
{
    const struct kb_kept_one one = {*rank, *finding};
    if (kept->heap == NULL) {
        kept->heap = kb_alloc(kept->max * sizeof *kept->heap);
    }
    if (kept->n < kept->max) {
        copy_one(&one, &kept->arena, &kept->heap[kept->n++]);
        sift_up(kept, kept->n - 1);
        return;
    }
    copy_one(&one, &kept->arena, &kept->heap[0]);
    sift_down(kept);
    if (kept->arena.total > 2 * kept->compacted + SPARE) {
        compact(kept);
    }
}

static int by_time(const void *a, const void *b)
{
    const struct kb_kept_one *x = a;
    const struct kb_kept_one *y = b;
    int c = compare_time(&x->rank, &y->rank);
    return c != 0 ? c : strcmp(x->finding.fingerprint, y->finding.fingerprint);
}

const struct kb_finding *kb_kept_take(struct kb_kept *kept, struct kb_arena *arena)
{
    struct kb_finding *out = KB_NEW_ARRAY(arena, kept->n, struct kb_finding);
    if (kept->n > 1) {
        qsort(kept->heap, kept->n, sizeof *kept->heap, by_time);
    }
    for (size_t i = 0; i < kept->n; i++) {
        kb_finding_copy(&kept->heap[i].finding, arena, &out[i]);
    }
    return out;
}
