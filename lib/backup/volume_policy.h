/*
 * Velero's resource policies: what is done with which volume, and lists of types.
 * Source of the rules: vmware-tanzu/velero v1.18 internal/resourcepolicies (version v1).
 */
#ifndef KB_BACKUP_VOLUME_POLICY_H
#define KB_BACKUP_VOLUME_POLICY_H

#include <jansson.h>

#include "backup/velero_spec.h"
#include "data/quantity.h"

enum kb_volume_action {
    KB_VOLUME_ACTION_NONE, /* no policy speaks of it */
    KB_VOLUME_ACTION_SKIP,
    KB_VOLUME_ACTION_SNAPSHOT,
    KB_VOLUME_ACTION_FS_BACKUP,
    KB_VOLUME_ACTION_CUSTOM
};

/* The volume that is asked about. */
struct kb_policy_volume {
    struct kb_str capacity;      /* quantity, of the PersistentVolume */
    struct kb_str storage_class;
    struct kb_str type;          /* the source's name in its spec: "csi", "nfs", "hostPath" … */
    struct kb_str driver;        /* of a CSI volume */
    struct kb_str nfs_server, nfs_path;
    struct kb_str phase;         /* of the claim */
    const json_t *attributes;    /* of a CSI volume: an object of texts; NULL */
    const json_t *labels;        /* of the claim; NULL */
};

struct kb_resource_policy;

/* Read the text of the one key of the policy's ConfigMap. All is kept in `arena`. KB_ERR_SYNTAX or
 * KB_ERR_INVALID. */
KB_RES kb_resource_policy_read(struct kb_str text, struct kb_arena *arena,
                               const struct kb_resource_policy **out, struct kb_err *err);
/* What the first policy whose conditions all match says. */
enum kb_volume_action kb_resource_policy_action(const struct kb_resource_policy *policy,
                                                const struct kb_policy_volume *volume);
/* Its lists of types; NULL where it has none. */
const struct kb_velero_policy *kb_resource_policy_types(const struct kb_resource_policy *policy);

#endif
