/* Tables backup.summary and backup.tool. */
#include "facts/backup_kinds.h"
#include "facts/backup_rows.h"

enum { TOOLS_MAX = 8 };

static bool job_works(const struct kb_backup_job *at)
{
    return !at->paused && at->times.valid && at->times.fires;
}

static uint64_t usable_schedules(const struct kb_world *world, bool unsure)
{
    const struct kb_backup_model *m = &world->backup;
    uint64_t n = 0;
    for (size_t i = 0; i < m->schedules.n; i++) {
        n += m->schedules.at[i]->usable == (unsure ? KB_NOT_KNOWN : KB_YES);
    }
    for (size_t i = 0; !unsure && i < m->jobs.n; i++) {
        n += job_works(m->jobs.at[i]);
    }
    return n;
}

static struct kb_velero_names tools(const struct kb_world *world, struct kb_arena *arena)
{
    const struct kb_backup_model *m = &world->backup;
    struct kb_str *names = KB_NEW_ARRAY(arena, TOOLS_MAX, struct kb_str);
    struct kb_velero_names found = {names, 0};
    for (size_t i = 0; i < m->schedules.n && found.n == 0; i++) {
        if (m->schedules.at[i]->usable == KB_YES) {
            names[found.n++] = KB_STR("velero");
        }
    }
    for (size_t i = 0; i < m->jobs.n && found.n < TOOLS_MAX; i++) {
        struct kb_str tool = kb_str_c(m->jobs.at[i]->tool);
        if (job_works(m->jobs.at[i]) && !kb_velero_names_have(found, tool)) {
            names[found.n++] = tool;
        }
    }
    return found;
}

/* Kinds of cluster scope that no usable schedule asks for. */
static enum kb_tri cluster_missing(const struct kb_world *world, struct kb_arena *arena,
                                   struct kb_velero_names *missing)
{
    struct kb_backup_kinds kinds;
    enum kb_tri state = KB_NO;
    kb_backup_kinds_init(&kinds, world);
    struct kb_str *names = KB_NEW_ARRAY(arena, kinds.types.n + 1, struct kb_str);
    *missing = (struct kb_velero_names){names, 0};
    for (size_t i = 0; i < kinds.types.n; i++) {
        struct kb_velero_names by;
        if (!kb_backup_kind_is_cluster(&kinds.types.at[i])) {
            continue;
        }
        enum kb_tri in =
            kb_backup_kind_included(&kinds, &kinds.types.at[i], KB_STR(""), &by, arena);
        if (in != KB_YES) {
            names[missing->n++] = kb_arena_copy(arena, kinds.types.at[i].full);
            state = in == KB_NO || state == KB_YES ? KB_YES : KB_NOT_KNOWN;
        }
    }
    kb_backup_kinds_done(&kinds);
    return state;
}

/* Schedules of every tool: read to their end, and each usable or not. */
static bool all_known(const struct kb_world *world)
{
    static const enum kb_kind_id kinds[] = {
        KB_KIND_VELERO_SCHEDULE,      KB_KIND_K8UP_SCHEDULE,           KB_KIND_LONGHORN_RECURRING_JOB,
        KB_KIND_STASH_CONFIGURATION, KB_KIND_KUBESTASH_CONFIGURATION, KB_KIND_KASTEN_POLICY,
        KB_KIND_CNPG_SCHEDULED_BACKUP};
    bool known = usable_schedules(world, true) == 0;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        known = known && kb_world_whole(world, kinds[i]);
    }
    return known;
}

static struct kb_cel_val count_usable(const struct kb_world *world)
{
    uint64_t n = usable_schedules(world, false);
    return kb_val_if(n > 0 || all_known(world), kb_cel_int((int64_t)n));
}

/* One more tool would not make fewer. */
static struct kb_cel_val usable_tools(const struct kb_world *world, struct kb_arena *arena)
{
    struct kb_velero_names names = tools(world, arena);
    return kb_val_if(names.n > 1 || all_known(world), kb_val_texts(arena, names));
}

static int64_t default_locations(const struct kb_world *world)
{
    int64_t n = 0;
    for (size_t i = 0; i < world->backup.locations.n; i++) {
        n += world->backup.locations.at[i]->is_default;
    }
    return n;
}

static bool all_named(const struct kb_world *world)
{
    bool all = true;
    for (size_t i = 0; i < world->backup.schedules.n; i++) {
        all = all && world->backup.schedules.at[i]->spec.location.n > 0;
    }
    return all;
}

static int64_t tested(const struct kb_world *world, bool *unsure)
{
    int64_t last = KB_BACKUP_NO_TIME;
    *unsure = !kb_world_whole(world, KB_KIND_VELERO_RESTORE);
    for (size_t i = 0; i < world->backup.restores.n; i++) {
        const struct kb_backup_restore *at = world->backup.restores.at[i];
        *unsure = *unsure || at->qualifies == KB_NOT_KNOWN;
        last = at->qualifies == KB_YES && at->completed_ns > last ? at->completed_ns : last;
    }
    return last;
}

/* The shortest period that a tier asks for. */
static int64_t restore_days(const struct kb_world *world)
{
    int64_t days = 0;
    for (size_t i = 0; i < world->backup.tiers.n; i++) {
        int64_t one = world->backup.tiers.at[i].restore_days;
        days = one > 0 && (days == 0 || one < days) ? one : days;
    }
    return days;
}

static bool any_checks(const struct kb_world *world)
{
    bool found = false;
    for (size_t i = 0; i < world->backup.jobs.n && !found; i++) {
        found = world->backup.jobs.at[i]->checks && job_works(world->backup.jobs.at[i]);
    }
    return found;
}

static enum kb_tri no(enum kb_tri state)
{
    return state == KB_NOT_KNOWN ? state : state == KB_YES ? KB_NO : KB_YES;
}

#define COLUMNS(X)                                                                                 \
    X("object", "string", KB_ALWAYS, kb_cel_string(row->info.object), "\"Namespace/\" and Velero's namespace.")\
    X("namespace", "string", KB_ALWAYS, kb_cel_string(m->name_space),                              \
      "Where Velero runs; settings.veleroNamespace where it was not found.")                       \
    X("tools", "list(string)", KB_ALWAYS, usable_tools(world, arena), "Tools with a usable schedule.")\
    X("schedules", "int", KB_ALWAYS, kb_cel_int((int64_t)(m->schedules.n + m->jobs.n)), "Schedules of all tools.")\
    X("usable_schedules", "int", KB_ALWAYS,                                                        \
      count_usable(world),                                                                         \
      "Those that are usable.")                                                                    \
    X("server", "bool", KB_ALWAYS,                                                                 \
      kb_val_if(m->server != NULL || kb_world_whole(world, KB_KIND_DEPLOYMENT), kb_cel_bool(m->server != NULL)),\
      "Whether a Deployment runs Velero's server.")                                                \
    X("velero", "bool", KB_ALWAYS, kb_cel_bool(m->schedules.n + m->locations.n + m->servers.n > 0),\
      "Whether there is anything of Velero.")                                                      \
    X("locations", "int", KB_ALWAYS, kb_cel_int((int64_t)m->locations.n), "Backup storage locations.")\
    X("default_locations", "int", KB_ALWAYS, kb_cel_int(default_locations(world)), "Those that are the default.")\
    X("locations_named", "bool", KB_ALWAYS, kb_cel_bool(all_named(world)), "Whether every schedule names its location.")\
    X("cluster_scoped", "bool", KB_ALWAYS, kb_val_tri(no(cluster)),                                \
      "Whether usable schedules ask for all kinds of cluster scope that matter.")                  \
    X("cluster_missing", "list(string)", KB_ALWAYS, kb_val_texts(arena, missing), "Those that none asks for.")\
    X("tested", "timestamp", KB_OPTIONAL, kb_val_if(!unsure, kb_val_time(test)),\
      "When a restore last counted as a test.")                                                    \
    X("tested_age", "duration", KB_OPTIONAL,                                                       \
      kb_val_if(!unsure, kb_val_age(world, test)), "Time since then.")\
    X("restore_days", "int", KB_OPTIONAL,                                                          \
      restore_days(world) > 0 ? kb_cel_int(restore_days(world)) : kb_cel_absent(),                 \
      "The shortest period of testing that a tier asks for.")                                      \
    X("checks", "bool", KB_ALWAYS, kb_cel_bool(any_checks(world)),                                 \
      "Whether a tool verifies its backups itself.")

static const struct kb_column columns[] = {COLUMNS(KB_BACKUP_COLUMN)};

const struct kb_table kb_table_backup_summary = {
    .name = "backup.summary",
    .doc = "One row: the backups of the cluster as a whole.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    const struct kb_backup_model *m = &world->backup;
    struct kb_arena own = {0}, *arena = &own;
    struct kb_backup_row made, *row = &made;
    struct kb_velero_names missing;
    struct kb_named named = {.name_space = KB_STR(""), .name = m->name_space, .uid = KB_STR(""),
                             .source = KB_STR("")};
    const struct kb_namespace *of = kb_cluster_namespace(&world->cluster, m->name_space);
    enum kb_tri cluster = cluster_missing(world, arena, &missing);
    bool unsure;
    int64_t test = tested(world, &unsure);
    size_t n = 0;
    kb_backup_row_of(of == NULL ? &named : &of->at, "Namespace", arena, row);
    row->info.name_space = m->name_space;
    COLUMNS(KB_BACKUP_VALUE)
    kb_backup_row_give(&kb_table_backup_summary, row, fn, ctx);
    kb_arena_done(&own);
}

static const enum kb_kind_id needs[] = {KB_KIND_VELERO_SCHEDULE, KB_KIND_VELERO_LOCATION,
                                        KB_KIND_VELERO_RESTORE, KB_KIND_NAMESPACE};
const struct kb_fact_source kb_facts_backup_summary = {
    .table = &kb_table_backup_summary, .needs = needs, .need_count = 4, .rows = rows};

static bool agent_needed(const struct kb_world *world)
{
    bool found = false;
    for (size_t i = 0; i < world->backup.claims.n && !found; i++) {
        const struct kb_backup_claim *at = world->backup.claims.at[i];
        found = at->by != NULL && (at->way.path == KB_VOLUME_FS_BACKUP ||
                                   (at->way.path == KB_VOLUME_SNAPSHOT && at->moved == KB_YES));
    }
    return found;
}

static bool csi_needed(const struct kb_world *world)
{
    bool found = false;
    for (size_t i = 0; i < world->backup.claims.n && !found; i++) {
        const struct kb_backup_claim *at = world->backup.claims.at[i];
        const struct kb_backup_pv *pv = kb_backup_volume_of(world, at);
        found = at->by != NULL && at->way.path == KB_VOLUME_SNAPSHOT && pv != NULL && pv->driver.n > 0;
    }
    return found;
}

static struct kb_velero_names split(struct kb_str list, struct kb_arena *arena)
{
    struct kb_str *names = KB_NEW_ARRAY(arena, list.n + 1, struct kb_str);
    size_t n = 0;
    while (list.n > 0) {
        names[n++] = kb_str_trim(kb_str_split(list, ',', &list));
    }
    return (struct kb_velero_names){names, n};
}

#define TOOL_COLUMNS(X)                                                                            \
    X("object", "string", KB_ALWAYS, kb_cel_string(row->info.object), "\"Deployment/namespace/name\".")\
    X("name", "string", KB_ALWAYS, kb_cel_string(at->at.name), "Its name alone.")                  \
    X("namespace", "string", KB_ALWAYS, kb_cel_string(at->at.name_space), "Its namespace.")        \
    X("image", "string", KB_ALWAYS, kb_cel_string(at->image), "Image of the server.")              \
    X("version", "string", KB_ALWAYS, kb_cel_string(at->version), "Tag of the image; empty where it has none.")\
    X("minor", "int", KB_OPTIONAL, at->major == 1 ? kb_cel_int(at->minor) : kb_val_unknown(),      \
      "Minor version: 18 of v1.18.0; unknown where the tag does not tell.")                        \
    X("available", "int", KB_ALWAYS, kb_cel_int(at->available), "Replicas that are available.")    \
    X("wanted", "int", KB_ALWAYS, kb_cel_int(at->wanted), "Replicas that are asked for.")          \
    X("restore_only", "bool", KB_ALWAYS, kb_cel_bool(at->restore_only), "Whether it only restores.")\
    X("disabled", "list(string)", KB_ALWAYS, kb_val_texts(arena, split(at->disabled, arena)),      \
      "Controllers that are switched off.")                                                        \
    X("csi", "bool", KB_ALWAYS, kb_cel_bool(at->csi), "Whether the feature EnableCSI is on.")      \
    X("csi_needed", "bool", KB_ALWAYS, kb_cel_bool(csi_needed(world)),                             \
      "Whether some claim on a CSI volume relies on snapshots.")                                   \
    X("node_agent", "bool", KB_ALWAYS, kb_val_tri(world->backup.node_agent),                       \
      "Whether the node agent is ready on every node that it is to run on.")                       \
    X("node_agent_needed", "bool", KB_ALWAYS, kb_cel_bool(agent_needed(world)),                    \
      "Whether some claim relies on file system backup or on moved snapshots.")                    \
    X("default_ttl", "duration", KB_ALWAYS, kb_cel_duration(at->default_ttl_ns),                   \
      "How long backups are kept that do not say.")

static const struct kb_column tool_columns[] = {TOOL_COLUMNS(KB_BACKUP_COLUMN)};

const struct kb_table kb_table_backup_tool = {
    .name = "backup.tool",
    .doc = "One row a Deployment that runs Velero's server, with its flags.",
    .columns = tool_columns,
    .n = sizeof tool_columns / sizeof tool_columns[0],
};

static void tool_rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_arena own = {0}, *arena = &own;
    for (size_t i = 0; i < world->backup.servers.n; i++) {
        const struct kb_backup_server *at = world->backup.servers.at[i];
        struct kb_backup_row made, *row = &made;
        size_t n = 0;
        kb_backup_row_of(&at->at, "Deployment", arena, row);
        TOOL_COLUMNS(KB_BACKUP_VALUE)
        kb_backup_row_give(&kb_table_backup_tool, row, fn, ctx);
        kb_arena_reset(&own);
    }
    kb_arena_done(&own);
}

static const enum kb_kind_id tool_needs[] = {KB_KIND_DEPLOYMENT};
const struct kb_fact_source kb_facts_backup_tool = {
    .table = &kb_table_backup_tool, .needs = tool_needs, .need_count = 1, .rows = tool_rows};
