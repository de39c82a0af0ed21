/*
 * The resources of Kubernetes by the names that people use: which API group they are of, and whether
 * they live in namespaces.
 *
 * Source: `kubectl api-resources` of Kubernetes 1.34.
 */
#ifndef KB_RBAC_RESOURCES_H
#define KB_RBAC_RESOURCES_H

#include "base/str.h"

struct kb_rbac_resource {
    const char *plural, *group, *abbreviation, *singular;
    bool namespaced;
};

/* By plural, singular or abbreviation ("deployments", "deployment", "deploy"), in any group where
 * `group` is NULL; NULL: not a known one. */
const struct kb_rbac_resource *kb_rbac_resource_find(struct kb_str name, const struct kb_str *group);

#endif
