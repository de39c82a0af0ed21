/*
 * Stock RBAC: what Kubernetes and EKS make themselves, and whether an object of a cluster is that.
 *
 * An object is managed only where its name and scope, its roleRef and subjects, or its rules (Covers)
 * are those of the reference; a prefix or a label alone makes nothing managed. References: the default
 * objects of Kubernetes 1.27, 1.34 to 1.37 (bootstrappolicy/testdata) and the objects EKS makes, as public
 * listings show them. The rules of most of EKS's roles are not public: such a role is taken as it is.
 */
#ifndef KB_RBAC_STOCK_H
#define KB_RBAC_STOCK_H

#include "rbac/policy.h"

struct kb_rbac_stock {
    struct kb_rbac_policy kubernetes; /* the reference for the cluster's minor, or the nearest older one */
    unsigned minor;
};

/* Load the reference for Kubernetes 1.<minor>; 0: not known, the newest. It is a part of the executable;
 * its test proves that it can be read. */
void kb_rbac_stock_load(struct kb_rbac_stock *stock, unsigned minor);
/* The same for a cluster whose version is not known: the reference from which the fewest of its roles
 * differ, of equal ones the newest. `live` is closed. */
void kb_rbac_stock_load_nearest(struct kb_rbac_stock *stock, const struct kb_rbac_policy *live);
void kb_rbac_stock_done(struct kb_rbac_stock *stock);

enum kb_rbac_origin {
    KB_RBAC_OWN,     /* not of Kubernetes or EKS */
    KB_RBAC_MANAGED,
    KB_RBAC_DRIFT    /* claims to be managed, or was, and differs */
};

struct kb_rbac_origin_answer {
    enum kb_rbac_origin origin;
    struct kb_str differs;               /* of a drift, in words; in `arena` */
    const struct kb_rbac_role *reference; /* of a role: NULL where its rules are not public, or not managed */
};

/* A binding, by its name, roleRef and subjects. What its role holds is another question. */
void kb_rbac_stock_binding(const struct kb_rbac_stock *stock, const struct kb_rbac_binding *binding,
                           struct kb_arena *arena, struct kb_rbac_origin_answer *out);
/* A role, by its rules. `live` is its policy: roles that are aggregated into it count as the reference. */
void kb_rbac_stock_role(const struct kb_rbac_stock *stock, const struct kb_rbac_policy *live,
                        const struct kb_rbac_role *role, struct kb_arena *arena,
                        struct kb_rbac_origin_answer *out);

#endif
