/*
 * By which way a claim's data gets into a Velero backup, and whether that way works.
 * Source of the rules: vmware-tanzu/velero v1.18 pkg/backup, pkg/podvolume, internal/volumehelper; its
 * manuals on file system backup and CSI snapshots.
 */
#ifndef KB_BACKUP_VOLUME_PATH_H
#define KB_BACKUP_VOLUME_PATH_H

#include "backup/volume_policy.h"
#include "base/tri.h"

enum kb_volume_path {
    KB_VOLUME_NONE,
    KB_VOLUME_FS_BACKUP,
    KB_VOLUME_SNAPSHOT,
    KB_VOLUME_EXTERNAL, /* an action of the user's own saves it */
    KB_VOLUME_UNSURE    /* what decides was not read */
};
/* "none", "fs-backup", "snapshot", "external", "unknown". */
const char *kb_volume_path_name(enum kb_volume_path path);

/* A volume of a pod that is the claim's. */
struct kb_volume_use {
    bool listed;  /* in the annotation backup.velero.io/backup-volumes */
    bool left_out; /* in backup.velero.io/backup-volumes-excludes */
    bool running; /* the pod */
    bool mounted; /* by a container, as a file system */
};

struct kb_volume_case {
    bool excluded;        /* the claim, its volume, or every pod of it has the label that excludes */
    bool filtered;        /* the backup's filters leave claims out, or its selector this one */
    bool policy_unread;   /* a policy is named that was not read */
    enum kb_volume_action action;
    const struct kb_volume_use *uses;
    size_t use_count;
    bool block, host_path, csi, classless; /* classless: the claim names no storage class */
    struct kb_str driver; /* of a CSI volume */
    enum kb_tri fs_default; /* defaultVolumesToFsBackup, the server's default applied */
    bool snapshots_off;     /* snapshotVolumes is false */
    enum kb_tri node_agent; /* runs and is ready */
    enum kb_tri csi_enabled;
    enum kb_tri location;   /* a VolumeSnapshotLocation applies, for volumes without CSI */
    struct kb_str class_problem; /* why no VolumeSnapshotClass resolves; empty */
    bool class_unread;      /* classes were not read whole, and none resolves */
    bool uses_unread;       /* pods were not read whole */
};

struct kb_volume_way {
    enum kb_volume_path path;
    enum kb_tri effective;
    struct kb_str why; /* where it is not effective; borrowed or static */
};

void kb_volume_way(const struct kb_volume_case *at, struct kb_volume_way *out);

#endif
