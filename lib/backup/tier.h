/* What recovery is aimed at, by namespace or by schedule. */
#ifndef KB_BACKUP_TIER_H
#define KB_BACKUP_TIER_H

#include "data/glob.h"

/* One tier of a profile; the first one that matches counts. Durations in ns; 0: not given. */
struct kb_tier {
    struct kb_globs namespaces, schedules; /* names; a tier has one of them at least */
    int64_t rpo_ns, rto_ns, ttl_min_ns, ttl_max_ns;
    int64_t restore_days; /* 0: not given */
    bool offsite;
};

struct kb_tiers {
    const struct kb_tier *at;
    size_t n;
};

/* NULL: no tier names it. */
const struct kb_tier *kb_tier_of_namespace(struct kb_tiers tiers, struct kb_str name);
const struct kb_tier *kb_tier_of_schedule(struct kb_tiers tiers, struct kb_str name);

#endif
