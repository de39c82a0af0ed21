/*
 * Covers: whether rules hold everything that other rules ask for, as Kubernetes' escalation check
 * decides it. Sufficient, not complete, by intent: each atom must be covered by one single rule.
 *
 * Rules: kubernetes component-helpers/auth/rbac/validation/policy_comparator.go.
 */
#ifndef KB_RBAC_COVERS_H
#define KB_RBAC_COVERS_H

#include "rbac/policy.h"

/* A rule of one verb on one group and resource (and one name, or none), or on one URL. */
struct kb_rbac_atom {
    struct kb_str verb, group, resource, name, url;
    bool named; /* `name` is there; an empty one is a name too */
    bool path;  /* `url` instead of a resource */
};
typedef KB_VEC(struct kb_rbac_atom) kb_rbac_atoms;

/* Whether `owner` covers all of `asked`. What it does not is added to `uncovered` (may be NULL), in the
 * order of the rules. Atoms borrow their texts from the rules. */
bool kb_rbac_covers(struct kb_rbac_rules owner, struct kb_rbac_rules asked, kb_rbac_atoms *uncovered);
/* The same for rules that lie apart. */
bool kb_rbac_covers_each(const struct kb_rbac_rule *const *owner, size_t owner_count,
                         struct kb_rbac_rules asked, kb_rbac_atoms *uncovered);
/* Whether `owner`, a nonResourceURL of a rule, covers the URL `asked` of another. */
bool kb_rbac_url_covers(struct kb_str owner, struct kb_str asked);

/* "get secrets", "create pods/exec", "bind clusterroles.rbac.authorization.k8s.io named admin",
 * "get /metrics". */
struct kb_str kb_rbac_atom_text(const struct kb_rbac_atom *atom, struct kb_arena *arena);

#endif
