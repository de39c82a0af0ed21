/* Tables workload, namespace, serviceaccount, node, webhook, availability, platform, secret. */
#ifndef KB_FACTS_CLUSTER_TABLES_H
#define KB_FACTS_CLUSTER_TABLES_H

#include "facts/world.h"

extern const struct kb_table kb_table_workload, kb_table_namespace, kb_table_serviceaccount,
    kb_table_node, kb_table_webhook, kb_table_availability, kb_table_platform, kb_table_secret;
extern const struct kb_fact_source kb_facts_workload, kb_facts_namespace, kb_facts_serviceaccount,
    kb_facts_node, kb_facts_webhook, kb_facts_availability, kb_facts_platform, kb_facts_secret;

/* The Service that a webhook calls; NULL: it calls a URL, or a Service that is not there. */
const struct kb_exposure_part *kb_webhook_service(const struct kb_world *world,
                                                  const struct kb_webhook *webhook);

/* Info of a row about an object of the cluster. */
void kb_cluster_row_info(const struct kb_named *at, const char *kind, struct kb_arena *arena,
                         struct kb_row_info *out);
/* "Kind/namespace/name", "Kind/name". */
struct kb_str kb_cluster_object(const struct kb_named *at, const char *kind, struct kb_arena *arena);
/* A setting of the profile that is a text; empty where there is none. */
/* Whether the service account's token is in the pod: the pod says, else its account, else it is. Not known
 * where the account says it and not all accounts were read. */
enum kb_tri kb_world_token_mounted(const struct kb_world *world, const struct kb_podspec *pod,
                                   struct kb_str name_space);
struct kb_str kb_world_text_setting(const struct kb_world *world, const char *name);

#endif
