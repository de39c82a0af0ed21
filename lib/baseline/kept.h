/*
 * The findings of one control that are kept: at most a given number, those that matter most first
 * (failed, unknown, waived, listed), then by time, then by the row's order. Texts live in an arena
 * of their own that is compacted when findings that were displaced fill it.
 */
#ifndef KB_BASELINE_KEPT_H
#define KB_BASELINE_KEPT_H

#include "baseline/result.h"

/* Where a finding stands. */
struct kb_rank {
    enum kb_verdict verdict;
    bool folded; /* told by other controls too: matters less than a failure that is not */
    int64_t time_ns;
    struct kb_str order;
};

struct kb_kept_one {
    struct kb_rank rank;
    struct kb_finding finding;
};

struct kb_kept {
    struct kb_kept_one *heap; /* the last one in rank at the top */
    size_t n;
    size_t max;
    struct kb_arena arena;
    size_t compacted; /* bytes of the arena when it was last compacted */
};

void kb_kept_init(struct kb_kept *kept, size_t max);
void kb_kept_done(struct kb_kept *kept);
/* Whether a finding of this rank would be kept. */
bool kb_kept_wants(const struct kb_kept *kept, const struct kb_rank *rank);
/* Keep a copy; only where kb_kept_wants. */
void kb_kept_add(struct kb_kept *kept, const struct kb_rank *rank, const struct kb_finding *finding);
/* Copy all into `arena`, by time, then order. */
const struct kb_finding *kb_kept_take(struct kb_kept *kept, struct kb_arena *arena);

#endif
