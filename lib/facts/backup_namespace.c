/* Table backup.namespace. */
#include "facts/backup_rows.h"

static const int64_t NS = 1000000000;

static struct kb_cel_val runs_known(const struct kb_world *world, struct kb_cel_val value)
{
    return kb_val_if(kb_world_whole(world, KB_KIND_VELERO_BACKUP), value);
}

/* The last restore of the namespace that counts as a test. */
static int64_t tested(const struct kb_world *world, struct kb_str name)
{
    int64_t last = KB_BACKUP_NO_TIME;
    for (size_t i = 0; i < world->backup.restores.n; i++) {
        const struct kb_backup_restore *at = world->backup.restores.at[i];
        bool named = at->mapping != NULL && json_object_getn(at->mapping, name.p, name.n) != NULL;
        if (named && at->qualifies == KB_YES && at->completed_ns > last) {
            last = at->completed_ns;
        }
    }
    return last;
}

static int64_t aim(const struct kb_tier *tier, int64_t value)
{
    return tier == NULL ? 0 : value;
}

static bool is_tiered(const struct kb_tier *tier)
{
    bool all = tier == NULL;
    for (size_t i = 0; tier != NULL && i < tier->namespaces.n; i++) {
        all = all || kb_str_eq_c(tier->namespaces.at[i], "*");
    }
    return !all;
}

#define T(member) aim(tier, tier == NULL ? 0 : tier->member)

#define COLUMNS(X)                                                                                 \
    X("object", "string", KB_ALWAYS, kb_cel_string(row->info.object), "\"Namespace/name\".")       \
    X("name", "string", KB_ALWAYS, kb_cel_string(at->name), "Its name alone.")                           \
    X("in_scope", "bool", KB_ALWAYS, kb_cel_bool(at->in_scope),                                    \
      "Whether it is to be backed up: active, and not in settings.backupExempt.")                  \
    X("has_label", "bool", KB_ALWAYS, kb_cel_bool(at->has_label),                                  \
      "Whether it has the label velero.io/exclude-from-backup.")                                   \
    X("label", "string", KB_ALWAYS, kb_cel_string(at->exclude_label),                              \
      "The label's value; only \"true\" excludes.")                                                \
    X("covered", "bool", KB_ALWAYS, kb_val_tri(at->covered), "Whether a usable schedule includes it.")\
    X("covered_by", "list(string)", KB_ALWAYS, kb_val_texts(arena, at->by), "Usable schedules that include it.")\
    X("max_gap", "duration", KB_OPTIONAL, kb_val_if(!at->gap_unread, kb_val_aim(at->gap_s < 0 ? 0 : at->gap_s * NS)),\
      "The longest time between two fires of the most frequent of them.")                          \
    X("rpo", "duration", KB_OPTIONAL, kb_val_aim(T(rpo_ns)), "What the first matching tier asks.") \
    X("rto", "duration", KB_OPTIONAL, kb_val_aim(T(rto_ns)), "Likewise: how long a restore may take.")\
    X("restore_days", "int", KB_OPTIONAL,                                                          \
      T(restore_days) > 0 ? kb_cel_int(T(restore_days)) : kb_cel_absent(),                         \
      "Likewise: within how many days a restore is to be tested.")                                 \
    X("tiered", "bool", KB_ALWAYS, kb_cel_bool(is_tiered(tier)),                                   \
      "Whether that tier is meant for it: not the one for all namespaces.")                        \
    X("offsite_wanted", "bool", KB_ALWAYS, kb_cel_bool(tier != NULL && tier->offsite),             \
      "Likewise: whether a copy must lie elsewhere.")                                              \
    X("offsite", "bool", KB_ALWAYS, kb_val_tri(kb_backup_namespace_offsite(world, at->name)),                                \
      "Whether a usable schedule writes it to another region.")                                    \
    X("newest_good", "timestamp", KB_OPTIONAL, runs_known(world, kb_val_time(at->good_ns)),        \
      "Start of the newest own Completed backup whose filters include it.")                        \
    X("good_age", "duration", KB_OPTIONAL, runs_known(world, kb_val_age(world, at->good_ns)),      \
      "Time since then.")                                                                          \
    X("kept_until", "timestamp", KB_OPTIONAL, runs_known(world, kb_val_time(at->kept_ns)),         \
      "When that backup expires.")                                                                 \
    X("tested", "timestamp", KB_OPTIONAL, kb_val_if(kb_world_whole(world, KB_KIND_VELERO_RESTORE), kb_val_time(tested(world, at->name))),                    \
      "When it was last restored as a test.")                                                      \
    X("tested_age", "duration", KB_OPTIONAL, \
      kb_val_if(kb_world_whole(world, KB_KIND_VELERO_RESTORE), kb_val_age(world, tested(world, at->name))),\
      "Time since then.")

static const struct kb_column columns[] = {COLUMNS(KB_BACKUP_COLUMN)};

const struct kb_table kb_table_backup_namespace = {
    .name = "backup.namespace",
    .doc = "One row a namespace, with what saves it.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

static void name_row(const struct kb_world *world, const struct kb_backup_namespace *at,
                     struct kb_arena *arena, struct kb_backup_row *row)
{
    const struct kb_namespace *of = kb_cluster_namespace(&world->cluster, at->name);
    struct kb_named named = {.name_space = KB_STR(""), .name = at->name, .uid = KB_STR(""),
                             .source = KB_STR("")};
    kb_backup_row_of(of == NULL ? &named : &of->at, "Namespace", arena, row);
    row->info.name_space = at->name;
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_arena own = {0}, *arena = &own;
    for (size_t i = 0; i < world->backup.namespaces.n; i++) {
        const struct kb_backup_namespace *at = world->backup.namespaces.at[i];
        const struct kb_tier *tier = kb_tier_of_namespace(world->backup.tiers, at->name);
        struct kb_backup_row made, *row = &made;
        size_t n = 0;
        name_row(world, at, arena, row);
        COLUMNS(KB_BACKUP_VALUE)
        kb_backup_row_give(&kb_table_backup_namespace, row, fn, ctx);
        kb_arena_reset(&own);
    }
    kb_arena_done(&own);
}

static const enum kb_kind_id needs[] = {KB_KIND_NAMESPACE, KB_KIND_VELERO_SCHEDULE,
                                        KB_KIND_VELERO_LOCATION, KB_KIND_VELERO_RESTORE};
const struct kb_fact_source kb_facts_backup_namespace = {
    .table = &kb_table_backup_namespace, .needs = needs, .need_count = 4, .rows = rows};
