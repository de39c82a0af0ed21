/* Tables rbac.use, rbac.rule_use, rbac.role_use, rbac.subject_use, access.use: what of the grants a log shows
 * in use. */
#ifndef KB_FACTS_USAGE_TABLES_H
#define KB_FACTS_USAGE_TABLES_H

#include "facts/rbac_tables.h"

extern const struct kb_table kb_table_rbac_use, kb_table_rbac_rule_use, kb_table_rbac_role_use,
    kb_table_rbac_subject_use, kb_table_access_use;
extern const struct kb_fact_source kb_facts_rbac_use, kb_facts_rbac_rule_use, kb_facts_rbac_role_use,
    kb_facts_rbac_subject_use, kb_facts_access_use;

/* Why nothing can be called unused; empty: it can. For kb_fact_source.missing. Without any log the tables
 * have no rows. */
struct kb_str kb_usage_missing(const struct kb_world *world, struct kb_arena *arena);
/* The word of a use as a value; unknown where it is not known. */
void kb_put_use(enum kb_use use, struct kb_cel_val *out);
/* Subjects that are the system itself, whatever they are bound to. */
bool kb_usage_is_system(const struct kb_rbac_subject *subject);

#define KB_USE_DOC                                                                                 \
    "\"sole\": seen, and for some request nothing else would have sufficed; \"redundant\": seen, but "   \
    "other grants always sufficed; \"unused\"; \"young\": not seen, and not there for "                  \
    "settings.usageWindow; \"hidden\": EKS does not log such requests; \"dead\": can never be used."

#endif
