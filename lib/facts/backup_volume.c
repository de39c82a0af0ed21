/* Tables backup.volume and backup.annotation: claims, and what pods say of their volumes. */
#include "facts/backup_rows.h"

static struct kb_cel_val copies_known(const struct kb_backup_claim *at, struct kb_cel_val value)
{
    return kb_val_if(!at->copy_unread, value);
}

/* A snapshot that is not moved lies where the data lies; other copies where the location does. */
static enum kb_tri offsite(const struct kb_world *world, const struct kb_backup_claim *at)
{
    if (at->covered != KB_YES || at->by == NULL) {
        return at->covered == KB_NOT_KNOWN ? KB_NOT_KNOWN : KB_NO;
    }
    return at->way.path == KB_VOLUME_SNAPSHOT && at->moved != KB_YES
               ? at->moved
               : kb_backup_offsite(world, at->by->location);
}

static enum kb_tri local_only(const struct kb_backup_claim *at)
{
    bool copied = at->way.path == KB_VOLUME_FS_BACKUP || at->way.path == KB_VOLUME_EXTERNAL;
    if (at->covered != KB_YES) {
        return at->covered == KB_NO || copied ? KB_NO : KB_NOT_KNOWN;
    }
    return at->way.path != KB_VOLUME_SNAPSHOT || at->moved == KB_YES ? KB_NO
           : at->moved == KB_NO                                      ? KB_YES
                                                                     : KB_NOT_KNOWN;
}

static struct kb_str why_of(const struct kb_backup_claim *at)
{
    return at->covered == KB_YES ? KB_STR("") : at->way.why;
}

static bool unsupported(const struct kb_backup_claim *at)
{
    return at->way.path == KB_VOLUME_FS_BACKUP && at->way.effective == KB_NO;
}

static bool class_fails(const struct kb_backup_claim *at)
{
    return at->way.path == KB_VOLUME_SNAPSHOT && at->way.effective == KB_NO;
}

static bool in_class_trouble(const struct kb_backup_claim *at)
{
    return class_fails(at) && kb_str_find(at->way.why, KB_STR("VolumeSnapshotClass"), 0) != SIZE_MAX;
}

#define PV(member) (pv == NULL ? KB_STR("") : pv->member)

#define COLUMNS(X)                                                                                 \
    X("object", "string", KB_ALWAYS, kb_cel_string(row->info.object), "\"PersistentVolumeClaim/namespace/name\".")\
    X("name", "string", KB_ALWAYS, kb_cel_string(at->at.name), "Its name alone.")                  \
    X("namespace", "string", KB_ALWAYS, kb_cel_string(at->at.name_space), "Its namespace.")        \
    X("in_scope", "bool", KB_ALWAYS, kb_cel_bool(at->in_scope), "Whether its namespace is to be backed up.")\
    X("bound", "bool", KB_ALWAYS, kb_cel_bool(kb_str_eq_c(at->phase, "Bound")), "Whether it has a volume.")\
    X("storage_class", "string", KB_ALWAYS, kb_cel_string(at->storage_class), "Its storage class.")\
    X("volume", "string", KB_ALWAYS, kb_cel_string(at->volume), "Its PersistentVolume.")           \
    X("driver", "string", KB_ALWAYS, kb_cel_string(PV(driver)), "CSI driver of the volume; empty.")\
    X("covered", "bool", KB_ALWAYS, kb_val_tri(at->covered),                                       \
      "Whether a usable schedule saves its data by a way that works.")                             \
    X("covered_by", "string", KB_ALWAYS, kb_cel_string(at->covered == KB_YES ? at->by->at.name : KB_STR("")),\
      "The first schedule that does.")                                                             \
    X("ways", "list(string)", KB_ALWAYS, kb_val_texts(arena, at->ways), "All that do: \"schedule: way\".")\
    X("path", "string", KB_ALWAYS, kb_cel_string(kb_str_c(kb_volume_path_name(at->way.path))),     \
      "\"fs-backup\", \"snapshot\", \"external\", \"none\", or \"unknown\".")                      \
    X("moved", "bool", KB_ALWAYS, kb_val_tri(at->way.path == KB_VOLUME_SNAPSHOT ? at->moved : KB_NO),\
      "Whether its snapshot is copied to the storage location.")                                   \
    X("why_not", "string", KB_ALWAYS, kb_cel_string(why_of(at)), "Why it is not covered; empty.")  \
    X("policy_skipped", "bool", KB_ALWAYS, kb_val_if(at->skipped || !at->policy_unread, kb_cel_bool(at->skipped)),\
      "Whether a volume policy of a usable schedule says to skip it.")                             \
    X("fs_unsupported", "bool", KB_ALWAYS, kb_cel_bool(unsupported(at)),                           \
      "Whether file system backup is chosen and cannot work.")                                     \
    X("snapshot_class_missing", "bool", KB_ALWAYS, kb_cel_bool(in_class_trouble(at)),              \
      "Whether a snapshot is chosen and no VolumeSnapshotClass resolves.")                         \
    X("local_only", "bool", KB_ALWAYS, kb_val_tri(local_only(at)),                                 \
      "Whether its only copy is a snapshot in the same account and region.")                       \
    X("offsite", "bool", KB_ALWAYS, kb_val_tri(offsite(world, at)), "Whether a copy lies in another region.")\
    X("newest_copy", "timestamp", KB_OPTIONAL, copies_known(at, kb_val_time(at->copy_ns)),         \
      "Start of the newest good copy: an upload with bytes, or a run that completed its snapshots.")\
    X("copy_age", "duration", KB_OPTIONAL, copies_known(at, kb_val_age(world, at->copy_ns)), "Time since then.")\
    X("kept_until", "timestamp", KB_OPTIONAL, copies_known(at, kb_val_time(at->kept_ns)), "When it expires.")\
    X("rpo", "duration", KB_OPTIONAL, kb_val_aim(tier == NULL ? 0 : tier->rpo_ns), "What the namespace's tier asks.")\
    X("reclaim", "string", KB_ALWAYS, kb_cel_string(PV(reclaim)), "Reclaim policy of the volume.")

static const struct kb_column columns[] = {COLUMNS(KB_BACKUP_COLUMN)};

const struct kb_table kb_table_backup_volume = {
    .name = "backup.volume",
    .doc = "One row a PersistentVolumeClaim that is bound, with the way by which its data is saved.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_arena own = {0}, *arena = &own;
    for (size_t i = 0; i < world->backup.claims.n; i++) {
        const struct kb_backup_claim *at = world->backup.claims.at[i];
        const struct kb_backup_pv *pv = kb_backup_volume_of(world, at);
        const struct kb_tier *tier =
            kb_tier_of_namespace(world->backup.tiers, at->at.name_space);
        struct kb_backup_row made, *row = &made;
        size_t n = 0;
        if (!kb_str_eq_c(at->phase, "Bound")) {
            continue;
        }
        kb_backup_row_of(&at->at, "PersistentVolumeClaim", arena, row);
        COLUMNS(KB_BACKUP_VALUE)
        kb_backup_row_give(&kb_table_backup_volume, row, fn, ctx);
        kb_arena_reset(&own);
    }
    kb_arena_done(&own);
}

static const enum kb_kind_id needs[] = {
    KB_KIND_PERSISTENT_VOLUME_CLAIM, KB_KIND_NAMESPACE, KB_KIND_VELERO_SCHEDULE,
    KB_KIND_VELERO_LOCATION};
const struct kb_fact_source kb_facts_backup_volume = {
    .table = &kb_table_backup_volume, .needs = needs, .need_count = 4, .rows = rows};

/* Names of a list that are no volume of the pod. */
static struct kb_velero_names strangers(const struct kb_backup_pod *at, struct kb_str list,
                                        struct kb_arena *arena)
{
    struct kb_str *names = KB_NEW_ARRAY(arena, list.n + 1, struct kb_str);
    size_t n = 0;
    while (list.n > 0) {
        struct kb_str name = kb_str_split(list, ',', &list);
        bool known = name.n == 0;
        for (size_t i = 0; i < at->volume_count && !known; i++) {
            known = kb_str_eq(at->volumes[i].name, name);
        }
        if (!known) {
            names[n++] = name;
        }
    }
    return (struct kb_velero_names){names, n};
}

static enum kb_tri saved(const struct kb_world *world, const struct kb_backup_pod *at)
{
    const struct kb_backup_namespace *ns = kb_backup_namespace_of(world, at->at.name_space);
    return ns != NULL                                    ? ns->covered
           : kb_world_whole(world, KB_KIND_NAMESPACE) ? KB_NO
                                                         : KB_NOT_KNOWN;
}

static bool has_native_backup(const struct kb_world *world, const struct kb_backup_pod *at)
{
    bool found = false;
    for (size_t i = 0; i < world->backup.databases.n && !found; i++) {
        found = world->backup.databases.at[i]->configured &&
                kb_str_eq(world->backup.databases.at[i]->at.name_space, at->at.name_space);
    }
    return found;
}

static enum kb_tri has_hooks(const struct kb_world *world, const struct kb_backup_pod *at)
{
    enum kb_tri found = at->own_hooks || has_native_backup(world, at) ? KB_YES
                        : kb_world_whole(world, KB_KIND_VELERO_SCHEDULE) ? KB_NO
                                                                         : KB_NOT_KNOWN;
    for (size_t i = 0; i < world->backup.schedules.n && found != KB_YES; i++) {
        const struct kb_backup_schedule *schedule = world->backup.schedules.at[i];
        enum kb_tri here = schedule->spec.hooks ? kb_backup_covers(schedule, at->at.name_space) : KB_NO;
        found = here == KB_NO ? found : here;
    }
    return found;
}

#define POD_COLUMNS(X)                                                                             \
    X("object", "string", KB_ALWAYS, kb_cel_string(row->info.object), "\"Kind/namespace/name\".")   \
    X("kind", "string", KB_ALWAYS, kb_cel_string(at->kind), "Kind of the controller, or \"Pod\".") \
    X("namespace", "string", KB_ALWAYS, kb_cel_string(at->at.name_space), "Its namespace.")        \
    X("opted_in", "string", KB_ALWAYS, kb_cel_string(at->listed), "Annotation backup.velero.io/backup-volumes.")\
    X("opted_out", "string", KB_ALWAYS, kb_cel_string(at->left_out), "Annotation backup.velero.io/backup-volumes-excludes.")\
    X("unknown_in", "list(string)", KB_ALWAYS, kb_val_texts(arena, strangers(at, at->listed, arena)),\
      "Names in the first that are no volume of the pod.")                                         \
    X("unknown_out", "list(string)", KB_ALWAYS, kb_val_texts(arena, strangers(at, at->left_out, arena)),\
      "Names in the second that are no volume of the pod.")                                        \
    X("database", "bool", KB_ALWAYS, kb_cel_bool(at->database),                                    \
      "Whether a container runs a known database, by the name of its image.")                      \
    X("saved", "bool", KB_ALWAYS, kb_val_tri(saved(world, at)), "Whether a usable schedule includes its namespace.")\
    X("hooks", "bool", KB_ALWAYS, kb_val_tri(has_hooks(world, at)),                               \
      "Whether a hook, of its own or of a schedule, or a backup of the database itself makes the copy consistent.")

static const struct kb_column pod_columns[] = {POD_COLUMNS(KB_BACKUP_COLUMN)};

const struct kb_table kb_table_backup_annotation = {
    .name = "backup.annotation",
    .doc = "One row a controller with claims or annotations for Velero, or a pod that nothing controls.",
    .columns = pod_columns,
    .n = sizeof pod_columns / sizeof pod_columns[0],
};

static void pod_rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_arena own = {0}, *arena = &own;
    for (size_t i = 0; i < world->backup.pods.n; i++) {
        const struct kb_backup_pod *at = world->backup.pods.at[i];
        struct kb_backup_row made, *row = &made;
        size_t n = 0;
        if (at->controlled) {
            continue;
        }
        kb_backup_row_of(&at->at, at->kind.p, arena, row);
        POD_COLUMNS(KB_BACKUP_VALUE)
        kb_backup_row_give(&kb_table_backup_annotation, row, fn, ctx);
        kb_arena_reset(&own);
    }
    kb_arena_done(&own);
}

static const enum kb_kind_id pod_needs[] = {KB_KIND_POD, KB_KIND_DEPLOYMENT, KB_KIND_DAEMON_SET,
                                            KB_KIND_STATEFUL_SET, KB_KIND_CRON_JOB,
                                            KB_KIND_VELERO_SCHEDULE};
const struct kb_fact_source kb_facts_backup_annotation = {.table = &kb_table_backup_annotation,
                                                          .needs = pod_needs,
                                                          .need_count = 6,
                                                          .rows = pod_rows};
