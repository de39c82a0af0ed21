/* Between the files that write proposals. */
#ifndef KB_FACTS_NET_FIX_PARTS_H
#define KB_FACTS_NET_FIX_PARTS_H

#include "facts/net_fix.h"

typedef KB_VEC(const struct kb_net_group *) kb_net_fix_groups;

/* A podSelector, or NULL, that selects all live pods of these groups of one namespace, of others in it none that a
 * policy could hold, and no pod without labels. */
json_t *kb_net_fix_selector(const struct kb_net_model *model, const struct kb_net_group *const *groups, size_t n);
/* The same for the group and those `among` which have one of its labels too: workloads that labels do not tell from
 * each other. What is left of `among` is put into `rest`. */
json_t *kb_net_fix_twins(const struct kb_net_model *model, const struct kb_net_group *group,
                         const kb_net_fix_groups *among, kb_net_fix_groups *rest);
/* A peer: pods of the group, seen from a policy in `name_space`. NULL: its labels do not tell it from others. */
json_t *kb_net_fix_peer(const struct kb_net_model *model, const struct kb_net_group *group,
                        struct kb_str name_space);

/* A policy without rules; takes `selector`. A name that is taken gets a number. */
json_t *kb_net_fix_policy(const struct kb_net_model *model, struct kb_str name_space, struct kb_str name,
                          json_t *selector, enum kb_net_direction direction);
/* Add a rule: takes `peers` and `ports` (NULL: all). */
void kb_net_fix_rule(json_t *policy, enum kb_net_direction direction, json_t *peers, json_t *ports);
json_t *kb_net_fix_block(struct kb_str cidr, const char *except);
json_t *kb_net_fix_same_namespace(void);
/* Peers and ports of the cluster's resolver; NULL: it has none. */
json_t *kb_net_fix_dns_peers(const struct kb_net_model *model);
json_t *kb_net_fix_dns_ports(void);
/* Everything but the metadata service of nodes. */
json_t *kb_net_fix_all_but_imds(const struct kb_net_model *model);

/* Rules for what must stay open to (or from) the group, from (or to) other namespaces and the outside. */
void kb_net_fix_keep(const struct kb_net_fix_question *q, const struct kb_net_group *group,
                     enum kb_net_direction direction, json_t *policy);
/* Whether there is any such. */
bool kb_net_fix_keeps(const struct kb_net_fix_question *q, const struct kb_net_group *group,
                      enum kb_net_direction direction);
/* Peers for an end of an expectation, seen from the namespace; NULL. */
json_t *kb_net_fix_end_peers(const struct kb_net_model *model, struct kb_str end, struct kb_str name_space);
json_t *kb_net_fix_end_ports(struct kb_str port);

/* While one question is answered. */
struct kb_net_proposing {
    const struct kb_net_fix_question *q;
    struct kb_net_model *model;
    json_t *out;
    struct kb_str reason;
};

/* Whether a policy that selects its pods would shut something. */
bool kb_net_fix_is_open(const struct kb_net_model *model, const struct kb_net_group *group,
                        enum kb_net_direction direction);
/* Why a workload cannot be shut by a policy; empty: it can. */
struct kb_str kb_net_fix_hindrance(struct kb_net_proposing *p, const struct kb_net_group *group,
                                   enum kb_net_direction direction);
/* Groups of a namespace with a network of their own. */
void kb_net_fix_find_groups(const struct kb_net_model *model, struct kb_str name_space, kb_net_fix_groups *out);
/* "isolate-web-ingress". */
struct kb_str kb_net_fix_name(const struct kb_net_proposing *p, const char *what, const struct kb_net_group *group,
                              enum kb_net_direction direction);
void kb_net_fix_add_dns(const struct kb_net_proposing *p, json_t *policy, enum kb_net_direction direction);
/* Takes the policy. */
void kb_net_fix_add(struct kb_net_proposing *p, json_t *policy);
void kb_net_fix_expectation(struct kb_net_proposing *p);
/* Which rules of which policies admit q->toward to or from the workload: "egress rule 0 of NetworkPolicy/shop/web
 * (anybody on all ports)", at most three; empty. */
struct kb_str kb_net_fix_rules(const struct kb_net_fix_question *q, const struct kb_net_group *group,
                               enum kb_net_direction direction);

#endif
