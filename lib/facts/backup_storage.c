/* Tables storage.class, storage.volume, storage.snapshot, storage.snapshot_class. */
#include "facts/aws_ebs.h"
#include "facts/aws_model.h"
#include "facts/backup_rows.h"

#define GIVE_ALL(vec, element, kind_of, list, table)                                               \
    struct kb_arena own = {0}, *arena = &own;                                                      \
    for (size_t i = 0; i < (vec).n; i++) {                                                         \
        const element *at = (vec).at[i];                                                           \
        struct kb_backup_row made, *row = &made;                                                   \
        size_t n = 0;                                                                              \
        kb_backup_row_of(&at->at, kind_of, arena, row);                                            \
        list(KB_BACKUP_VALUE) kb_backup_row_give(table, row, fn, ctx);                             \
        kb_arena_reset(&own);                                                                      \
    }                                                                                              \
    kb_arena_done(&own)

/* The class's own parameter; without one, the default of the account decides for EBS. */
static enum kb_tri encrypted(const struct kb_world *world, const struct kb_backup_class *at)
{
    bool ebs = kb_str_eq_c(at->provisioner, "ebs.csi.aws.com") ||
               kb_str_eq_c(at->provisioner, "kubernetes.io/aws-ebs") ||
               kb_str_eq_c(at->provisioner, "ebs.csi.eks.amazonaws.com");
    if (at->encrypted == KB_YES || !ebs) {
        return at->encrypted == KB_YES ? KB_YES : KB_NOT_KNOWN;
    }
    return world->backup.ebs_encrypted;
}

static bool is_aws(const struct kb_backup_class *at)
{
    return kb_str_find(at->provisioner, KB_STR("ebs"), 0) != SIZE_MAX ||
           kb_str_find(at->provisioner, KB_STR("efs"), 0) != SIZE_MAX;
}

#define CLASS_COLUMNS(X)                                                                           \
    X("object", "string", KB_ALWAYS, kb_cel_string(row->info.object), "\"StorageClass/name\".")    \
    X("name", "string", KB_ALWAYS, kb_cel_string(at->at.name), "Its name alone.")                        \
    X("provisioner", "string", KB_ALWAYS, kb_cel_string(at->provisioner), "Its driver.")           \
    X("aws", "bool", KB_ALWAYS, kb_cel_bool(is_aws(at)), "Whether it makes EBS or EFS volumes.")   \
    X("used", "bool", KB_ALWAYS,                                                                   \
      kb_val_if(at->uses > 0 || kb_world_whole(world, KB_KIND_PERSISTENT_VOLUME), kb_cel_bool(at->uses > 0)),\
      "Whether a volume or a claim is of it.")                                                     \
    X("encrypted", "bool", KB_ALWAYS, kb_val_tri(encrypted(world, at)),                            \
      "Whether its volumes are encrypted: by its parameter, or by the account's default; of EFS the file system decides, which is not seen here.")\
    X("kms_key", "string", KB_ALWAYS, kb_cel_string(at->kms_key), "The key that it names; empty.") \
    X("reclaim", "string", KB_ALWAYS, kb_cel_string(at->reclaim), "\"Delete\" or \"Retain\".")

static const struct kb_column class_columns[] = {CLASS_COLUMNS(KB_BACKUP_COLUMN)};
const struct kb_table kb_table_storage_class = {
    .name = "storage.class",
    .doc = "One row a StorageClass.",
    .columns = class_columns,
    .n = sizeof class_columns / sizeof class_columns[0],
};

static void class_rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    GIVE_ALL(world->backup.classes, struct kb_backup_class, "StorageClass", CLASS_COLUMNS,
             &kb_table_storage_class);
}
static const enum kb_kind_id class_needs[] = {KB_KIND_STORAGE_CLASS};
const struct kb_fact_source kb_facts_storage_class = {
    .table = &kb_table_storage_class, .needs = class_needs, .need_count = 1, .rows = class_rows};

static const struct kb_backup_claim *claim_of(const struct kb_world *world,
                                              const struct kb_backup_pv *at)
{
    return at->claim.n == 0 ? NULL : kb_backup_claim_of(world, at->claim_namespace, at->claim);
}

static struct kb_cel_val claim_covered(const struct kb_world *world, const struct kb_backup_pv *at)
{
    const struct kb_backup_claim *claim = claim_of(world, at);
    return claim == NULL ? kb_val_if(kb_world_whole(world, KB_KIND_PERSISTENT_VOLUME_CLAIM),
                                     kb_cel_bool(false))
                         : kb_val_tri(claim->covered);
}

static struct kb_cel_val copy_age(const struct kb_world *world, const struct kb_backup_pv *at)
{
    const struct kb_backup_claim *claim = claim_of(world, at);
    return claim == NULL ? kb_cel_absent()
                         : kb_val_if(!claim->copy_unread, kb_val_age(world, claim->copy_ns));
}

static struct kb_cel_val claim_in_scope(const struct kb_world *world, const struct kb_backup_pv *at)
{
    const struct kb_backup_claim *claim = claim_of(world, at);
    bool known = claim == NULL ? kb_world_whole(world, KB_KIND_PERSISTENT_VOLUME_CLAIM)
                               : kb_backup_namespace_of(world, at->claim_namespace) != NULL ||
                                     kb_world_whole(world, KB_KIND_NAMESPACE);
    return kb_val_if(known, kb_cel_bool(claim != NULL && claim->in_scope));
}

static struct kb_cel_val rpo_of(const struct kb_world *world, const struct kb_backup_pv *at)
{
    const struct kb_tier *tier = kb_tier_of_namespace(world->backup.tiers, at->claim_namespace);
    return kb_val_aim(tier == NULL ? 0 : tier->rpo_ns);
}

/* Velero's uploads and file system backups lie elsewhere; a snapshot that it does not move, or that something
 * else makes, lies in EBS. */
static enum kb_tri by_snapshot(const struct kb_world *world, const struct kb_backup_pv *at)
{
    const struct kb_backup_claim *claim = claim_of(world, at);
    if (claim == NULL) {
        return KB_NOT_KNOWN;
    }
    if (claim->covered != KB_YES) {
        return claim->covered == KB_NO ? KB_YES : KB_NOT_KNOWN;
    }
    return claim->way.path != KB_VOLUME_SNAPSHOT ? KB_NO
           : claim->moved == KB_NOT_KNOWN        ? KB_NOT_KNOWN
           : claim->moved == KB_YES              ? KB_NO
                                                 : KB_YES;
}

static struct kb_cel_val snapshots_unread(const struct kb_world *world, const char *column,
                                          struct kb_arena *arena)
{
    static const char *const call = "ec2 describe-snapshots";
    return kb_cel_unknown(arena, kb_str_c(column), kb_aws_unread(world, &call, 1, arena));
}

static struct kb_cel_val snapshot_age(const struct kb_world *world,
                                      const struct kb_ebs_snapshot *snapshot, struct kb_arena *arena)
{
    return snapshot->found == KB_NOT_KNOWN ? snapshots_unread(world, "snapshot_age", arena)
           : snapshot->found == KB_NO      ? kb_cel_absent()
                                           : kb_val_age(world, snapshot->started_ns);
}

static struct kb_cel_val snapshot_encrypted(const struct kb_world *world,
                                            const struct kb_ebs_snapshot *snapshot,
                                            struct kb_arena *arena)
{
    return snapshot->found == KB_NOT_KNOWN ? snapshots_unread(world, "snapshot_encrypted", arena)
                                           : kb_val_tri(snapshot->encrypted);
}

#define PV_COLUMNS(X)                                                                              \
    X("object", "string", KB_ALWAYS, kb_cel_string(row->info.object), "\"PersistentVolume/name\".")\
    X("name", "string", KB_ALWAYS, kb_cel_string(at->at.name), "Its name alone.")                        \
    X("phase", "string", KB_ALWAYS, kb_cel_string(at->phase), "\"Available\", \"Bound\", \"Released\", \"Failed\".")\
    X("phase_age", "duration", KB_OPTIONAL, kb_val_age(world, at->since_ns), "How long it has been in it.")\
    X("reclaim", "string", KB_ALWAYS, kb_cel_string(at->reclaim), "\"Delete\" or \"Retain\".")     \
    X("storage_class", "string", KB_ALWAYS, kb_cel_string(at->storage_class), "Its storage class.")\
    X("driver", "string", KB_ALWAYS, kb_cel_string(at->driver), "Its CSI driver; empty.")          \
    X("handle", "string", KB_ALWAYS, kb_cel_string(at->handle), "Id of the volume in its store.")  \
    X("claim", "string", KB_ALWAYS,                                                                \
      kb_cel_string(at->claim.n == 0 ? KB_STR("")                                                  \
                                     : kb_arena_printf(arena, "%.*s/%.*s", KB_FMT(at->claim_namespace), KB_FMT(at->claim))),\
      "The claim that has or had it, \"namespace/name\".")                                         \
    X("in_scope", "bool", KB_ALWAYS, claim_in_scope(world, at),                       \
      "Whether its claim's namespace is to be backed up.")                                         \
    X("covered", "bool", KB_ALWAYS, claim_covered(world, at), "Whether the claim's data is saved (backup.volume).")\
    X("copy_age", "duration", KB_OPTIONAL, copy_age(world, at), "Time since the newest good copy.")\
    X("rpo", "duration", KB_OPTIONAL, rpo_of(world, at), "What the claim's tier asks.")            \
    X("ebs_id", "string", KB_ALWAYS, kb_cel_string(kb_ebs_volume(at)), "\"vol-…\" where it is on EBS; empty.")\
    X("by_snapshot", "bool", KB_ALWAYS, kb_val_tri(by_snapshot(world, at)),                        \
      "Whether only a snapshot in EBS can save it: no schedule of Velero copies its data elsewhere.")\
    X("snapshot_age", "duration", KB_OPTIONAL, snapshot_age(world, &snapshot, arena),                    \
      "Time since its newest completed snapshot was begun, by ec2 describe-snapshots.")            \
    X("snapshot_encrypted", "bool", KB_ALWAYS, snapshot_encrypted(world, &snapshot, arena), "Whether that one is encrypted.")

static const struct kb_column pv_columns[] = {PV_COLUMNS(KB_BACKUP_COLUMN)};
const struct kb_table kb_table_storage_volume = {
    .name = "storage.volume",
    .doc = "One row a PersistentVolume.",
    .columns = pv_columns,
    .n = sizeof pv_columns / sizeof pv_columns[0],
};

static void pv_rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_arena own = {0}, *arena = &own;
    for (size_t i = 0; i < world->backup.volumes.n; i++) {
        const struct kb_backup_pv *at = world->backup.volumes.at[i];
        const struct kb_ebs_snapshot snapshot = kb_ebs_newest_snapshot(world, kb_ebs_volume(at));
        struct kb_backup_row made, *row = &made;
        size_t n = 0;
        kb_backup_row_of(&at->at, "PersistentVolume", arena, row);
        PV_COLUMNS(KB_BACKUP_VALUE)
        kb_backup_row_give(&kb_table_storage_volume, row, fn, ctx);
        kb_arena_reset(&own);
    }
    kb_arena_done(&own);
}
static const enum kb_kind_id pv_needs[] = {KB_KIND_PERSISTENT_VOLUME};
const struct kb_fact_source kb_facts_storage_volume = {
    .table = &kb_table_storage_volume, .needs = pv_needs, .need_count = 1, .rows = pv_rows};

static struct kb_cel_val orphaned(const struct kb_world *world, const struct kb_backup_snapshot *at)
{
    return kb_val_if(!at->content || kb_world_whole(world, KB_KIND_VOLUME_SNAPSHOT),
                     kb_cel_bool(at->orphaned));
}

#define SNAPSHOT_COLUMNS(X)                                                                        \
    X("object", "string", KB_ALWAYS, kb_cel_string(row->info.object), "\"VolumeSnapshot/namespace/name\" or \"VolumeSnapshotContent/name\".")\
    X("kind", "string", KB_ALWAYS,                                                                 \
      kb_cel_string(at->content ? KB_STR("VolumeSnapshotContent") : KB_STR("VolumeSnapshot")),     \
      "One of these.")                                                                             \
    X("name", "string", KB_ALWAYS, kb_cel_string(at->at.name), "Its name alone.")                  \
    X("namespace", "string", KB_ALWAYS, kb_cel_string(at->at.name_space), "Its namespace; empty.") \
    X("ready", "bool", KB_ALWAYS, kb_cel_bool(at->ready), "Whether readyToUse is true.")           \
    X("error", "string", KB_ALWAYS, kb_cel_string(at->error), "What went wrong.")                  \
    X("age", "duration", KB_OPTIONAL, kb_val_age(world, at->created_ns), "Time since it was made.")\
    X("by_tool", "bool", KB_ALWAYS, kb_cel_bool(at->by_tool), "Whether Velero made it.")           \
    X("orphaned", "bool", KB_ALWAYS, orphaned(world, at),                                          \
      "Whether it is a content whose VolumeSnapshot is gone.")

static const struct kb_column snapshot_columns[] = {SNAPSHOT_COLUMNS(KB_BACKUP_COLUMN)};
const struct kb_table kb_table_storage_snapshot = {
    .name = "storage.snapshot",
    .doc = "One row a VolumeSnapshot or a VolumeSnapshotContent.",
    .columns = snapshot_columns,
    .n = sizeof snapshot_columns / sizeof snapshot_columns[0],
};

static void snapshot_rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    GIVE_ALL(world->backup.snapshots, struct kb_backup_snapshot,
             at->content ? "VolumeSnapshotContent" : "VolumeSnapshot", SNAPSHOT_COLUMNS,
             &kb_table_storage_snapshot);
}
static const enum kb_kind_id snapshot_needs[] = {KB_KIND_VOLUME_SNAPSHOT,
                                                 KB_KIND_VOLUME_SNAPSHOT_CONTENT};
const struct kb_fact_source kb_facts_storage_snapshot = {.table = &kb_table_storage_snapshot,
                                                         .needs = snapshot_needs,
                                                         .need_count = 2,
                                                         .rows = snapshot_rows};

#define SNAPSHOT_CLASS_COLUMNS(X)                                                                  \
    X("object", "string", KB_ALWAYS, kb_cel_string(row->info.object), "\"VolumeSnapshotClass/name\".")\
    X("name", "string", KB_ALWAYS, kb_cel_string(at->at.name), "Its name alone.")                        \
    X("driver", "string", KB_ALWAYS, kb_cel_string(at->driver), "Its driver.")                     \
    X("deletion", "string", KB_ALWAYS, kb_cel_string(at->deletion), "\"Delete\" or \"Retain\".")   \
    X("by_tool", "bool", KB_ALWAYS, kb_cel_bool(at->labelled),                                     \
      "Whether it has Velero's label: Velero then sees to the snapshots.")

static const struct kb_column snapshot_class_columns[] = {SNAPSHOT_CLASS_COLUMNS(KB_BACKUP_COLUMN)};
const struct kb_table kb_table_storage_snapshot_class = {
    .name = "storage.snapshot_class",
    .doc = "One row a VolumeSnapshotClass.",
    .columns = snapshot_class_columns,
    .n = sizeof snapshot_class_columns / sizeof snapshot_class_columns[0],
};

static void snapshot_class_rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    (void)world;
    GIVE_ALL(world->backup.snapshot_classes, struct kb_backup_snapshot_class, "VolumeSnapshotClass",
             SNAPSHOT_CLASS_COLUMNS, &kb_table_storage_snapshot_class);
}
static const enum kb_kind_id snapshot_class_needs[] = {KB_KIND_VOLUME_SNAPSHOT_CLASS};
const struct kb_fact_source kb_facts_storage_snapshot_class = {
    .table = &kb_table_storage_snapshot_class,
    .needs = snapshot_class_needs,
    .need_count = 1,
    .rows = snapshot_class_rows};
