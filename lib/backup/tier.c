/* Finding the tier of a namespace or of a schedule. */
#include "backup/tier.h"

const struct kb_tier *kb_tier_of_namespace(struct kb_tiers tiers, struct kb_str name)
{
    const struct kb_tier *found = NULL;
    for (size_t i = 0; i < tiers.n && found == NULL; i++) {
        found = kb_globs_match(tiers.at[i].namespaces, name) ? &tiers.at[i] : NULL;
    }
    return found;
}

const struct kb_tier *kb_tier_of_schedule(struct kb_tiers tiers, struct kb_str name)
{
    const struct kb_tier *found = NULL;
    for (size_t i = 0; i < tiers.n && found == NULL; i++) {
        found = kb_globs_match(tiers.at[i].schedules, name) ? &tiers.at[i] : NULL;
    }
    return found;
}
