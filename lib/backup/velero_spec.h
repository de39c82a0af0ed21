/*
 * The lists of a Velero Backup (or a Schedule's template): checking them as the controller does.
 * Source of the rules: vmware-tanzu/velero v1.18.3 pkg/controller/backup_controller.go and
 * pkg/util/collections.
 */
#ifndef KB_BACKUP_VELERO_SPEC_H
#define KB_BACKUP_VELERO_SPEC_H

#include "backup/velero_names.h"

enum kb_velero_list {
    KB_VELERO_INCLUDED_NAMESPACES,
    KB_VELERO_EXCLUDED_NAMESPACES,
    KB_VELERO_INCLUDED_RESOURCES,
    KB_VELERO_EXCLUDED_RESOURCES,
    KB_VELERO_INCLUDED_CLUSTER,
    KB_VELERO_EXCLUDED_CLUSTER,
    KB_VELERO_INCLUDED_NAMESPACED,
    KB_VELERO_EXCLUDED_NAMESPACED,
    KB_VELERO_LISTS
};

/* The list's name in the API: "includedClusterScopedResources". */
const char *kb_velero_list_name(enum kb_velero_list list);

enum kb_velero_switch { KB_VELERO_UNSET, KB_VELERO_FALSE, KB_VELERO_TRUE };

struct kb_velero_spec {
    struct kb_velero_names lists[KB_VELERO_LISTS];
    enum kb_velero_switch cluster_resources; /* includeClusterResources */
};

/* includeExcludePolicy of a resource policy: the four lists of the new filters; the others are not read. */
struct kb_velero_policy {
    struct kb_velero_names lists[KB_VELERO_LISTS];
};

/* Does the Backup select types by the old filters? Without any it uses the new ones. */
bool kb_velero_old_filters(const struct kb_velero_spec *spec);

struct kb_velero_problems {
    struct kb_str *at;
    size_t n;
    size_t cap;
};

/*
 * Check and normalise as the controller does: *effective gets the types excluded that Velero always excludes,
 * "*" for no namespaces, and all else as it was written. `policy` may be NULL. What is wrong is added to
 * *problems, in Velero's words and order (freed with KB_VEC_DONE); with any, the Backup becomes FailedValidation.
 * All new text is in the arena.
 */
void kb_velero_prepare(const struct kb_velero_spec *spec, const struct kb_velero_policy *policy,
                       struct kb_arena *arena, struct kb_velero_spec *effective,
                       struct kb_velero_problems *problems);

#endif
