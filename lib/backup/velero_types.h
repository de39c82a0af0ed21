/*
 * The types of a cluster, and how Velero finds the one that a name in a list means.
 * Source of the rules: vmware-tanzu/velero v1.18.3 pkg/discovery; k8s.io/client-go's discovery RESTMapper.
 */
#ifndef KB_BACKUP_VELERO_TYPES_H
#define KB_BACKUP_VELERO_TYPES_H

#include "backup/velero_names.h"

struct kb_velero_type {
    struct kb_str name;     /* plural */
    struct kb_str singular; /* lower case */
    struct kb_str group;    /* empty for the core group */
    struct kb_velero_names short_names;
    bool namespaced;
    struct kb_str full; /* "deployments.apps", "pods" */
};

/* In the order of discovery, which decides between groups that have a type of the same name. Borrowed. */
struct kb_velero_types {
    const struct kb_velero_type *at;
    size_t n;
};

/* "name.group", or the name in the core group. */
struct kb_str kb_velero_full_name(struct kb_arena *arena, struct kb_str name, struct kb_str group);

/*
 * The type that a name means: plural or singular in any case, or a short name as it is written, with or without
 * its group or the start of one ("po", "Pod", "volumesnapshots.snapshot"). NULL where there is none, or where
 * one group has two.
 */
const struct kb_velero_type *kb_velero_resolve(struct kb_velero_types types, struct kb_str name);

#endif
