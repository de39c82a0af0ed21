/* The rules, in Velero's order. */
#include "backup/volume_path.h"

const char *kb_volume_path_name(enum kb_volume_path path)
{
    static const char *const names[] = {"none", "fs-backup", "snapshot", "external", "unknown"};
    return names[path];
}

static void say(struct kb_volume_way *out, enum kb_volume_path path, enum kb_tri effective,
                struct kb_str why)
{
    *out = (struct kb_volume_way){path, effective, why};
}

/* By the pods' annotations and the default: does some use of the volume ask for file system backup? */
static enum kb_tri wants_fs_backup(const struct kb_volume_case *at)
{
    bool listed = false, kept = false;
    for (size_t i = 0; i < at->use_count; i++) {
        listed = listed || at->uses[i].listed;
        kept = kept || !at->uses[i].left_out;
    }
    if (at->use_count == 0 && at->uses_unread) {
        return KB_NOT_KNOWN;
    }
    switch (at->fs_default) {
    case KB_YES:
        return kept ? KB_YES : KB_NO;
    case KB_NO:
        return listed ? KB_YES : KB_NO;
    case KB_NOT_KNOWN:
    default:
        return listed == kept ? (listed ? KB_YES : KB_NO) : KB_NOT_KNOWN;
    }
}

static bool saved_by_some_pod(const struct kb_volume_case *at, bool *mounted)
{
    bool saved = false;
    *mounted = false;
    for (size_t i = 0; i < at->use_count; i++) {
        *mounted = *mounted || at->uses[i].mounted;
        saved = saved || (at->uses[i].running && at->uses[i].mounted);
    }
    return saved;
}

static void fs_backup(const struct kb_volume_case *at, struct kb_volume_way *out)
{
    bool mounted;
    bool saved = saved_by_some_pod(at, &mounted);
    if (at->block) {
        say(out, KB_VOLUME_FS_BACKUP, KB_NO, KB_STR("a block volume has no file system to back up"));
    } else if (at->host_path) {
        say(out, KB_VOLUME_FS_BACKUP, KB_NO, KB_STR("hostPath volumes are passed over"));
    } else if (!saved) {
        bool unread = at->uses_unread;
        say(out, KB_VOLUME_FS_BACKUP, unread ? KB_NOT_KNOWN : KB_NO,
            at->use_count == 0 ? KB_STR("no pod uses it")
            : mounted          ? KB_STR("no pod that mounts it is running")
                               : KB_STR("no container mounts it"));
    } else {
        say(out, KB_VOLUME_FS_BACKUP, at->node_agent,
            at->node_agent == KB_YES ? KB_STR("") : KB_STR("the node agent is not ready on every node"));
    }
}

/* Drivers whose volumes cannot be snapshotted. */
static bool has_no_snapshots(struct kb_str driver)
{
    static const char *const drivers[] = {"efs.csi.aws.com", "fsx.csi.aws.com", "nfs.csi.k8s.io",
                                          "s3.csi.aws.com"};
    bool found = false;
    for (size_t i = 0; i < sizeof drivers / sizeof drivers[0] && !found; i++) {
        found = kb_str_eq_c(driver, drivers[i]);
    }
    return found;
}

static void csi_snapshot(const struct kb_volume_case *at, struct kb_volume_way *out)
{
    if (at->classless) {
        say(out, KB_VOLUME_SNAPSHOT, KB_NO, KB_STR("the claim names no storage class"));
    } else if (at->class_problem.n > 0) {
        say(out, KB_VOLUME_SNAPSHOT, at->class_unread ? KB_NOT_KNOWN : KB_NO, at->class_problem);
    } else {
        say(out, KB_VOLUME_SNAPSHOT, KB_YES, KB_STR(""));
    }
}

static void snapshot(const struct kb_volume_case *at, struct kb_volume_way *out)
{
    if (at->csi && has_no_snapshots(at->driver)) {
        say(out, KB_VOLUME_SNAPSHOT, KB_NO, KB_STR("volumes of its driver have no snapshots"));
    } else if (at->csi && at->csi_enabled == KB_YES) {
        csi_snapshot(at, out);
    } else if (at->csi && at->csi_enabled == KB_NOT_KNOWN) {
        say(out, KB_VOLUME_SNAPSHOT, KB_NOT_KNOWN, KB_STR("the server's features were not read"));
    } else if (at->location == KB_YES) {
        say(out, KB_VOLUME_SNAPSHOT, KB_YES, KB_STR(""));
    } else {
        say(out, KB_VOLUME_SNAPSHOT, at->location,
            at->csi ? KB_STR("EnableCSI is off and no VolumeSnapshotLocation applies")
                    : KB_STR("no VolumeSnapshotLocation applies"));
    }
}

static void by_old_rules(const struct kb_volume_case *at, struct kb_volume_way *out)
{
    enum kb_tri wanted = wants_fs_backup(at);
    if (wanted == KB_YES) {
        fs_backup(at, out);
    } else if (wanted == KB_NOT_KNOWN) {
        say(out, KB_VOLUME_UNSURE, KB_NOT_KNOWN,
            KB_STR("the server's default or the pods were not read"));
    } else if (at->snapshots_off) {
        say(out, KB_VOLUME_NONE, KB_NO, KB_STR("snapshotVolumes false and no fs-backup"));
    } else {
        snapshot(at, out);
    }
}

void kb_volume_way(const struct kb_volume_case *at, struct kb_volume_way *out)
{
    if (at->excluded) {
        say(out, KB_VOLUME_NONE, KB_NO, KB_STR("excluded by label"));
    } else if (at->filtered) {
        say(out, KB_VOLUME_NONE, KB_NO, KB_STR("filtered out by the backup's types or selector"));
    } else if (at->policy_unread) {
        say(out, KB_VOLUME_UNSURE, KB_NOT_KNOWN, KB_STR("its resource policy was not read"));
    } else if (at->action == KB_VOLUME_ACTION_SKIP) {
        say(out, KB_VOLUME_NONE, KB_NO, KB_STR("volume policy skip"));
    } else if (at->action == KB_VOLUME_ACTION_CUSTOM) {
        say(out, KB_VOLUME_EXTERNAL, KB_YES, KB_STR(""));
    } else if (at->action == KB_VOLUME_ACTION_FS_BACKUP) {
        fs_backup(at, out);
    } else if (at->action == KB_VOLUME_ACTION_SNAPSHOT) {
        snapshot(at, out);
    } else {
        by_old_rules(at, out);
    }
}
