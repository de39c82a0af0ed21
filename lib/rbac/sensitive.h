/*
 * The catalogue of sensitive permissions: what of them a set of rules allows.
 *
 * One row of the table is a resource with the verbs that matter on it; a permission is written "verb
 * resource", such as "create pods/exec" or "escalate clusterroles". Controls ask for these texts, so that
 * a new one over a resource of the table needs no code.
 */
#ifndef KB_RBAC_SENSITIVE_H
#define KB_RBAC_SENSITIVE_H

#include "rbac/policy.h"

struct kb_rbac_permission {
    struct kb_str text; /* "get secrets", for all names */
    struct kb_str name; /* the only object for which it holds; empty: all */
};
typedef KB_VEC(struct kb_rbac_permission) kb_rbac_permissions;

/*
 * Add what `rules` allow, in the order of the table: first for all names, then name by name. Through a
 * RoleBinding (`cluster` false) rules on cluster-scoped kinds are dead, but for the Namespace itself. What
 * `known` (NULL: nothing) allows as well is left out. Texts are in `arena`, names are of the rules.
 */
void kb_rbac_sensitive(struct kb_rbac_rules rules, bool cluster, const struct kb_rbac_rules *known,
                       struct kb_arena *arena, kb_rbac_permissions *out);

/* Kinds (resources of the table without subresources, and any other the rules name) on which they allow
 * deletecollection; of "*" all of the table. */
size_t kb_rbac_deletecollection_kinds(struct kb_rbac_rules rules);

/* Whether the resource (in "group" or any: "*") is one that exists once for the cluster. */
bool kb_rbac_is_cluster_scoped(struct kb_str group, struct kb_str resource);

#endif
