/* Tables net.*, and what they share. */
#ifndef KB_FACTS_NET_TABLES_H
#define KB_FACTS_NET_TABLES_H

#include "facts/world.h"

#define KB_NET_TABLES(X) X(engine) X(node) X(namespace) X(workload) X(policy) X(rule) X(flow) X(endpoint) X(expectation) \
    X(exposure) X(exposed) X(change) X(mesh)
#define KB_NET_TABLE(name)                                                                         \
    extern const struct kb_table kb_table_net_##name;                                              \
    extern const struct kb_fact_source kb_facts_net_##name;
KB_NET_TABLES(KB_NET_TABLE)
#undef KB_NET_TABLE

/* Whether the kind was read to its end, or cannot be there: its definition is not among those that were
 * read. */
bool kb_net_kind_whole(const struct kb_world *world, enum kb_kind_id kind);
/* Why it is not known who reaches whom: objects that were not read, policies of an engine that is not
 * evaluated; empty: it is known. */
struct kb_str kb_net_unsure(const struct kb_world *world, struct kb_arena *arena);
/* The same for a table, which has no eye that sees the engine named: also where it is not known who enforces. */
struct kb_str kb_net_missing(const struct kb_world *world, struct kb_arena *arena);
bool kb_net_sure(const struct kb_world *world);

bool kb_world_setting_has(const struct kb_world *world, const char *setting, struct kb_str text);
bool kb_net_in_scope(const struct kb_world *world, const struct kb_net_group *group);
/* "TCP 80,443"; empty for none, "all". */
struct kb_str kb_net_ports_show(struct kb_net_world *net, kb_net_ports ports, struct kb_arena *arena);
/* Ports on which some pod of one group reaches some pod of the other. */
kb_net_ports kb_net_pair(struct kb_net_world *net, const struct kb_net_group *from,
                         const struct kb_net_group *to);
/* The same for all groups with one, by their number in model.groups: `out` has room for all of them. */
void kb_net_group_sources(struct kb_net_model *model, const struct kb_net_group *to, kb_net_ports *out);
void kb_net_group_targets(struct kb_net_model *model, const struct kb_net_group *from, kb_net_ports *out);
/* Ports on which pods of the group reach an address. */
kb_net_ports kb_net_reach_ip(struct kb_net_world *net, const struct kb_net_group *from, const char *address);
/* Ports of nodes' services (22, 2379, 10250, 10256, 30000-32767) that the pod reaches on a node it is not on. */
kb_net_ports kb_net_node_ports(struct kb_net_model *model, const struct kb_net_pod *pod);
/* Info of a row about a policy. */
void kb_net_policy_info(const struct kb_world *world, const struct kb_net_policy *policy,
                        struct kb_arena *arena, struct kb_row_info *out);
/* "pods app=web in namespaces team=a", "10.0.0.0/8 except 10.1.0.0/16", "anybody". */
struct kb_str kb_net_peer_text(const struct kb_net_peer *peer, struct kb_arena *arena);
/* "10.0.0.0/8", or "10.0.0.5-10.0.0.9" where it is no block. */
struct kb_str kb_net_range_text(const struct kb_ip *first, const struct kb_ip *last, struct kb_arena *arena);
struct kb_str kb_net_rule_text(const struct kb_net_rule *rule, struct kb_arena *arena);

/* A growing list of texts, at most `max`; what is over is counted. */
struct kb_net_text_list {
    struct kb_arena *arena;
    KB_VEC(struct kb_str) list;
    size_t max;
};
void kb_net_text_add(struct kb_net_text_list *texts, struct kb_str text);
/* As a column's value; frees the list. */
void kb_net_texts_put(struct kb_net_text_list *texts, struct kb_cel_val *out);

#endif
