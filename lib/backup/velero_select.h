/*
 * What a Velero Backup selects: namespaces and types.
 * Source of the rules: vmware-tanzu/velero v1.18.3 pkg/util/collections/includes_excludes.go and
 * pkg/util/wildcard.
 */
#ifndef KB_BACKUP_VELERO_SELECT_H
#define KB_BACKUP_VELERO_SELECT_H

#include "backup/velero_spec.h"
#include "backup/velero_types.h"

/* The namespaces of a Backup. */
struct kb_velero_namespaces {
    struct kb_velero_set in, out; /* expanded: names; not expanded: as written */
    bool expanded;                /* patterns stand for the namespaces that were there */
    bool everything;              /* Velero takes it for a backup of all namespaces */
};

/*
 * Expand the lists of an effective spec (kb_velero_prepare) over the active namespaces, in the order in which
 * the API server lists them. KB_ERR_INVALID or KB_ERR_SYNTAX with Velero's message where a pattern is refused,
 * KB_ERR_LIMIT where it could not be followed; the lists are then as they were written, and the backup fails.
 */
KB_RES kb_velero_expand(const struct kb_velero_spec *spec, struct kb_velero_names active,
                        struct kb_arena *arena, struct kb_velero_namespaces *out,
                        struct kb_err *err);
/* Is the namespace in the backup? *unsure as in kb_velero_set_match. */
bool kb_velero_has_namespace(const struct kb_velero_namespaces *namespaces, struct kb_str name,
                             bool *unsure);

/* The types of a Backup. */
struct kb_velero_filter {
    bool old;
    enum kb_velero_switch cluster_resources; /* old */
    bool everything;                         /* all namespaces */
    struct kb_velero_set in[2], out[2];      /* old: [0]; new: [0] namespaced, [1] cluster-scoped */
};

/* Resolve the lists of an effective spec and of a policy (NULL allowed; new filters only), which yields to the
 * Backup's own. */
void kb_velero_filter_init(struct kb_velero_filter *filter, const struct kb_velero_spec *spec,
                           const struct kb_velero_policy *policy, struct kb_velero_types types,
                           const struct kb_velero_namespaces *namespaces, struct kb_arena *arena);

/* Are the type's objects collected? */
bool kb_velero_includes(const struct kb_velero_filter *filter, const struct kb_velero_type *type,
                        bool *unsure);
/* Are they left out even where another object brings them along? */
bool kb_velero_excludes(const struct kb_velero_filter *filter, const struct kb_velero_type *type,
                        bool *unsure);

#endif
