/*
 * Objects of backups and of the storage under them, as far as the tables need them.
 *
 * Every struct but the small ones begins with its kb_named, by which they are sorted. Texts live in the
 * world's arena. What stands after "after closing" is computed by kb_backup_model_close.
 */
#ifndef KB_FACTS_BACKUP_OBJECTS_H
#define KB_FACTS_BACKUP_OBJECTS_H

#include "backup/schedule.h"
#include "backup/tier.h"
#include "backup/velero_select.h"
#include "backup/volume_path.h"
#include "cluster/cluster.h"
#include "data/selector.h"

#define KB_BACKUP_NO_TIME INT64_MIN

/* What a Schedule's template, or a Backup, asks for. */
struct kb_backup_spec {
    struct kb_velero_spec lists;
    enum kb_tri fs_default, snapshots, move_data; /* KB_NOT_KNOWN: not said, the server's default */
    int64_t ttl_ns, item_timeout_ns;              /* 0: not said */
    struct kb_str location, policy;               /* names; empty: not said */
    struct kb_velero_names snapshot_locations;
    const struct kb_selector *selectors; /* one of them must match; none: all objects */
    size_t selector_count;
    bool both_selectors, bad_selector, hooks;
};

struct kb_backup_location {
    struct kb_named at;
    struct kb_str provider, phase, message, bucket, prefix, region, kms_key, sse, url, credential;
    bool is_default, read_only, skips_tls, malformed;
    int64_t validated_ns, frequency_ns; /* frequency 0: never validated; -1: not said */
    /* after closing */
    bool used;
    enum kb_tri serves; /* whether a usable schedule writes there; KB_NO at first */
    uint64_t foreign;
};

struct kb_backup_run {
    struct kb_named at;
    struct kb_str schedule, phase, location, failure, gc_failure, source_version;
    struct kb_velero_names problems; /* validationErrors */
    struct kb_backup_spec spec;
    int64_t created_ns, started_ns, completed_ns, expires_ns;
    int64_t errors, warnings, items, items_total, hooks_failed, operations_failed;
    int64_t snapshots, snapshots_done; /* native and CSI, attempted and completed */
    bool has_items;
    /* after closing */
    bool foreign;      /* synced from a bucket, made by another cluster */
    bool newest;       /* the newest own run of its schedule that has ended */
    bool newest_data;  /* the same among those that saved something or should have */
    uint64_t partial_recent, uploads; /* of the last runs PartiallyFailed; DataUploads Completed */
    int64_t usual_items; /* median of the runs before; -1: not known */
    int64_t expected_snapshots; /* of the newest run; -1: not known */
    bool fs_backup; /* saves some volume by file system backup */
};

struct kb_backup_schedule {
    struct kb_named at;
    struct kb_str cron, phase;
    struct kb_velero_names errors; /* validationErrors */
    bool paused, owner_references;
    int64_t created_ns, last_backup_ns, last_skipped_ns;
    struct kb_backup_spec spec;
    const json_t *annotations; /* owned by the model; NULL */
    /* after closing */
    struct kb_schedule_times times;
    const struct kb_backup_location *location; /* NULL: there is none */
    enum kb_tri usable;
    struct kb_str why_not; /* usable */
    struct kb_velero_spec effective;
    struct kb_velero_namespaces namespaces;
    bool nothing; /* the backup fails, or a defect of its version empties it */
    struct kb_velero_names covers; /* active namespaces */
    const struct kb_resource_policy *policy;
    bool policy_unread, policy_bad;
    bool selection_unread; /* `covers` is not to be trusted */
    struct kb_velero_names problems;
    const struct kb_backup_run *newest, *newest_good; /* own runs: ended, Completed; NULL */
    const struct kb_backup_run *stuck; /* unfinished for too long; NULL */
    int64_t usual_ns;                  /* 95 of 100 own runs were shorter; 0: not known */
    int64_t rpo_ns, ttl_min_ns, ttl_max_ns; /* of the tiers; 0: none */
    uint64_t ended, good;              /* own runs that are there: ended, Completed */
    struct kb_velero_names overlaps;   /* schedules that copy a file system at the same time */
    bool claims_out;                   /* its filters leave claims out */
    bool uses_fs;                      /* file system backup of some claim */
    int64_t snapshot_claims;           /* claims that it saves by snapshot */
};

struct kb_backup_restore {
    struct kb_named at;
    struct kb_str phase, backup, schedule;
    int64_t started_ns, completed_ns, created_ns, errors, warnings, items, operations;
    struct kb_velero_names namespaces; /* included */
    const json_t *mapping;             /* owned; NULL: none */
    /* after closing */
    bool newest, later_good, isolated, data;
    enum kb_tri qualifies; /* as a test of restoring */
};

/* A PodVolumeBackup or a DataUpload. */
struct kb_backup_volume_run {
    struct kb_named at;
    bool upload;
    struct kb_str backup, phase, message, claim_uid, claim_namespace, claim, pod, volume;
    int64_t started_ns, completed_ns, bytes, total;
    bool newest; /* of the newest ended run of its schedule */
};

struct kb_backup_repository {
    struct kb_named at;
    struct kb_str phase, message, last_result;
    int64_t maintained_ns, frequency_ns;
};

struct kb_backup_pod_volume {
    struct kb_str name, claim; /* claim empty: no claim */
    bool mounted, block;
};
struct kb_backup_pod {
    struct kb_named at;
    struct kb_str kind; /* "Pod", or the controller's with a template */
    bool excluded, running, controlled;
    struct kb_str listed, left_out; /* the two annotations */
    const struct kb_backup_pod_volume *volumes;
    size_t volume_count;
    bool database, own_hooks; /* an image of a known database; annotations with hooks */
    const json_t *labels;     /* owned; NULL */
};

struct kb_backup_claim {
    struct kb_named at;
    struct kb_str volume, storage_class, phase, snapshot_class /* annotation */;
    bool has_class, excluded;
    const json_t *labels; /* owned; NULL */
    /* after closing */
    const struct kb_backup_schedule *by; /* the schedule that is told; NULL */
    struct kb_volume_way way;
    enum kb_tri covered, moved, class_resolves;
    bool in_scope, skipped;
    bool policy_unread; /* one that may skip it */
    int64_t copy_ns, kept_ns; /* the newest good copy; KB_BACKUP_NO_TIME */
    bool copy_unread;
    struct kb_velero_names ways; /* schedules that save it, each with its way */
};

struct kb_backup_pv {
    struct kb_named at;
    struct kb_str phase, reclaim, storage_class, type, driver, handle, capacity, nfs_server, nfs_path,
        claim_namespace, claim, mode;
    bool excluded;
    int64_t since_ns; /* of its phase */
    const json_t *attributes; /* owned; NULL */
};

struct kb_backup_class {
    struct kb_named at;
    struct kb_str provisioner, reclaim, kms_key;
    enum kb_tri encrypted; /* its own parameter; KB_NOT_KNOWN: not said */
    uint64_t uses;
};

struct kb_backup_snapshot_class {
    struct kb_named at;
    struct kb_str driver, deletion;
    bool labelled, is_default;
};

/* A VolumeSnapshot or a VolumeSnapshotContent. */
struct kb_backup_snapshot {
    struct kb_named at;
    bool content, ready, by_tool, orphaned;
    struct kb_str error, snapshot_namespace, snapshot, claim, class_name;
    int64_t created_ns;
};

struct kb_backup_server {
    struct kb_named at;
    struct kb_str image, version, features, disabled, service_account, default_location;
    unsigned major, minor, patch; /* of the version; 0.0.0: not known */
    int64_t available, wanted;
    int64_t default_ttl_ns;
    bool restore_only, fs_default, move_data, csi;
};

struct kb_backup_agent {
    struct kb_named at;
    int64_t wanted, ready;
};

struct kb_backup_deletion { /* a DeleteBackupRequest */
    struct kb_named at;
    struct kb_str backup, phase;
    struct kb_velero_names errors;
    int64_t created_ns;
};

struct kb_backup_database { /* a Cluster of CloudNativePG */
    struct kb_named at;
    struct kb_str retention, archiving /* status of ContinuousArchiving */, archiving_message;
    bool configured;
    int64_t last_good_ns, created_ns;
};

struct kb_backup_job { /* a schedule of another tool */
    struct kb_named at;
    const char *tool, *kind;
    struct kb_str cron, target;
    bool paused, checks;
    enum kb_tri offsite;
    struct kb_schedule_times times;
};

struct kb_backup_namespace {
    struct kb_str name, exclude_label;
    bool has_label, active, in_scope;
    enum kb_tri covered;
    struct kb_velero_names by;
    int64_t good_ns, kept_ns, gap_s; /* gap_s -1: none */
    bool gap_unread;                 /* a schedule that may count has a shorter one */
};

struct kb_backup_policy_map {
    struct kb_str name_space, name, text;
    bool read;
};

struct kb_backup_bucket {
    struct kb_str name;
    enum kb_tri customer_key;
};

#endif
