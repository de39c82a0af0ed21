/* Table backup.schedule: schedules of Velero, and of the other tools. */
#include "facts/backup_rows.h"

static const int64_t NS = 1000000000;

/* Only Velero's objects say what a schedule selects and what became of its runs. */
struct view {
    const struct kb_named *named;
    const struct kb_backup_schedule *velero; /* NULL: of another tool */
    const struct kb_backup_job *job;         /* NULL: of Velero */
    const struct kb_schedule_times *times;
    const char *tool, *kind;
    struct kb_str cron;
    bool paused;
};

static struct kb_cel_val runs_known(const struct kb_world *world, struct kb_cel_val value)
{
    return kb_val_if(kb_world_whole(world, KB_KIND_VELERO_BACKUP), value);
}

static int64_t last_tried(const struct kb_backup_schedule *at)
{
    int64_t last = at->last_backup_ns > at->created_ns ? at->last_backup_ns : at->created_ns;
    return at->last_skipped_ns > last ? at->last_skipped_ns : last;
}

/* The run that should have come after the last one that did. */
static bool expected_s(const struct view *at, int64_t *due)
{
    return at->velero != NULL && last_tried(at->velero) != INT64_MIN &&
           kb_schedule_due(at->times, last_tried(at->velero) / NS, due);
}

static struct kb_cel_val expected(const struct view *at)
{
    int64_t due;
    return expected_s(at, &due) ? kb_cel_timestamp(due, 0) : kb_cel_absent();
}

static struct kb_cel_val overdue(const struct kb_world *world, const struct view *at)
{
    int64_t due;
    return expected_s(at, &due) ? kb_cel_duration(world->now_ns - due * NS) : kb_cel_absent();
}

static struct kb_cel_val without_good(const struct kb_world *world, const struct view *at)
{
    if (at->velero == NULL) {
        return kb_cel_absent();
    }
    const struct kb_backup_run *good = at->velero->newest_good;
    return runs_known(world, kb_val_age(world, good != NULL ? kb_backup_run_start(good)
                                                            : at->velero->created_ns));
}

static struct kb_cel_val newest_good(const struct kb_world *world, const struct view *at)
{
    const struct kb_backup_run *good = at->velero == NULL ? NULL : at->velero->newest_good;
    return at->velero == NULL ? kb_cel_absent()
                              : runs_known(world, good == NULL ? kb_cel_absent()
                                                               : kb_val_time(kb_backup_run_start(good)));
}

static struct kb_cel_val last_phase(const struct kb_world *world, const struct view *at)
{
    if (at->velero == NULL) {
        return kb_cel_string(KB_STR(""));
    }
    return runs_known(world, kb_cel_string(at->velero->newest == NULL ? KB_STR("")
                                                                     : at->velero->newest->phase));
}

static struct kb_cel_val blocked_by(const struct kb_world *world, const struct view *at,
                                    struct kb_arena *arena)
{
    const struct kb_backup_run *stuck = at->velero == NULL ? NULL : at->velero->stuck;
    if (stuck != NULL) {
        return kb_cel_string(kb_arena_printf(arena, "Backup/%.*s/%.*s",
                                             KB_FMT(stuck->at.name_space), KB_FMT(stuck->at.name)));
    }
    return at->velero == NULL ? kb_cel_string(KB_STR(""))
                              : runs_known(world, kb_cel_string(KB_STR("")));
}

static int64_t server_ttl(const struct kb_world *world)
{
    const struct kb_backup_server *server = world->backup.server;
    return server == NULL ? 0 : server->default_ttl_ns;
}

static struct kb_cel_val ttl(const struct kb_world *world, const struct view *at)
{
    int64_t own = at->velero == NULL ? 0 : at->velero->spec.ttl_ns;
    int64_t all = own > 0 ? own : server_ttl(world);
    return at->velero == NULL ? kb_cel_absent()
           : all > 0          ? kb_cel_duration(all)
                              : kb_val_unknown();
}

static enum kb_tri usable(const struct view *at)
{
    return at->velero != NULL ? at->velero->usable
           : !at->paused && at->times->valid && at->times->fires ? KB_YES
                                                                 : KB_NO;
}

static struct kb_str why_not(const struct view *at)
{
    return at->velero != NULL  ? at->velero->why_not
           : at->paused        ? KB_STR("it is paused")
           : !at->times->valid ? KB_STR("its cron expression is not valid")
           : !at->times->fires ? KB_STR("it never fires")
                               : KB_STR("");
}

static struct kb_cel_val of_velero(const struct view *at, const struct kb_velero_names *names,
                                   struct kb_arena *arena)
{
    struct kb_velero_names none = {.n = 0};
    return kb_val_texts(arena, at->velero == NULL ? none : *names);
}

#define V(member, otherwise) (at->velero == NULL ? (otherwise) : at->velero->member)
#define NAMES(member) of_velero(at, at->velero == NULL ? NULL : &at->velero->member, arena)

static bool known_phase(const struct view *at)
{
    static const char *const phases[] = {"", "New", "Enabled", "FailedValidation"};
    bool known = at->velero == NULL;
    for (size_t i = 0; i < sizeof phases / sizeof phases[0] && !known; i++) {
        known = kb_str_eq_c(at->velero->phase, phases[i]);
    }
    return known;
}

/* Not known where it is not known what it selects. */
static struct kb_cel_val selects_nothing(const struct view *at)
{
    bool refused = at->velero != NULL && at->velero->problems.n > 0 && !at->velero->nothing;
    bool nothing = at->velero != NULL && at->velero->covers.n == 0 && !refused;
    return kb_val_if(at->velero == NULL || !at->velero->selection_unread, kb_cel_bool(nothing));
}

static struct kb_str location_of(const struct view *at)
{
    return at->velero == NULL             ? KB_STR("")
           : at->velero->location != NULL ? at->velero->location->at.name
                                          : at->velero->spec.location;
}

static bool cluster_scoped(const struct view *at)
{
    const struct kb_velero_spec *spec = at->velero == NULL ? NULL : &at->velero->spec.lists;
    return spec != NULL &&
           (spec->cluster_resources == KB_VELERO_TRUE ||
            kb_velero_names_have(spec->lists[KB_VELERO_INCLUDED_CLUSTER], KB_STR("*")));
}

#define COLUMNS(X)                                                                                 \
    X("object", "string", KB_ALWAYS, kb_cel_string(row->info.object), "\"Kind/namespace/name\".")   \
    X("name", "string", KB_ALWAYS, kb_cel_string(at->named->name), "Its name alone.")              \
    X("namespace", "string", KB_ALWAYS, kb_cel_string(at->named->name_space), "Its namespace.")    \
    X("tool", "string", KB_ALWAYS, kb_cel_string(kb_str_c(at->tool)),                              \
      "\"velero\", \"cnpg\", \"k8up\", \"longhorn\", \"stash\", \"kubestash\", \"kasten\".")       \
    X("cron", "string", KB_ALWAYS, kb_cel_string(at->cron), "The cron expression as written.")     \
    X("zone", "string", KB_ALWAYS, kb_cel_string(kb_schedule_zone(at->cron)),                      \
      "The time zone that the expression names; empty: the server's, mostly UTC.")                 \
    X("cron_fields", "int", KB_ALWAYS, kb_cel_int(kb_schedule_fields(at->cron)),                   \
      "Number of fields of the expression; 0 for one that begins with @.")                        \
    X("cron_error", "string", KB_ALWAYS, kb_cel_string(kb_arena_copy(arena, kb_str_c(at->times->error))),\
      "Why the expression cannot be read; empty.")                                                 \
    X("fires", "bool", KB_ALWAYS, kb_cel_bool(at->times->valid && at->times->fires),               \
      "Whether it comes true within five years.")                                                  \
    X("next", "timestamp", KB_OPTIONAL,                                                            \
      at->times->fires ? kb_cel_timestamp(at->times->next_s, 0) : kb_cel_absent(), "The next fire.")\
    X("max_gap", "duration", KB_OPTIONAL, kb_val_aim(at->times->fires ? at->times->gap_s * NS : 0),\
      "The longest time between two fires within 400 days; 400 days where there are fewer than two.")\
    X("dst_gap", "bool", KB_ALWAYS, kb_cel_bool(at->times->dst_gap),                               \
      "Whether a change of the clocks swallows a fire, so that the gap grows.")                    \
    X("paused", "bool", KB_ALWAYS, kb_cel_bool(at->paused), "Whether it is paused or suspended.")  \
    X("phase", "string", KB_ALWAYS, kb_cel_string(V(phase, KB_STR(""))),                           \
      "status.phase: \"New\", \"Enabled\", \"FailedValidation\"; empty.")                          \
    X("phase_known", "bool", KB_ALWAYS, kb_cel_bool(known_phase(at)), "Whether the phase is one of these.")\
    X("validation_errors", "list(string)", KB_ALWAYS, NAMES(errors), "What Velero found wrong.")   \
    X("usable", "bool", KB_ALWAYS, kb_val_tri(usable(at)),                                         \
      "Enabled, not paused, fires, and its location can be written to: only then it covers anything.")\
    X("not_usable", "string", KB_ALWAYS, kb_cel_string(why_not(at)), "Why not; empty.")            \
    X("problems", "list(string)", KB_ALWAYS, NAMES(problems),                                      \
      "What is wrong with what it asks for: filters, patterns, selectors, and names of nothing.")  \
    X("location", "string", KB_ALWAYS, kb_cel_string(location_of(at)), "Where it writes to.")      \
    X("location_found", "bool", KB_ALWAYS, kb_cel_bool(at->velero == NULL || at->velero->location != NULL),\
      "Whether there is such a location.")                                                         \
    X("namespaces", "list(string)", KB_ALWAYS, NAMES(covers), "Active namespaces that it selects now.")\
    X("selects_nothing", "bool", KB_ALWAYS, selects_nothing(at),                            \
      "Whether its filters, as the server's version reads them, leave no namespace.")             \
    X("selector", "bool", KB_ALWAYS, kb_cel_bool(V(spec.selector_count, 0) > 0),                   \
      "Whether label selectors choose among the objects.")                                         \
    X("cluster_scoped", "bool", KB_ALWAYS, kb_cel_bool(cluster_scoped(at)),                        \
      "Whether it asks for objects of cluster scope by name: includeClusterResources, or \"*\".")  \
    X("owner_references", "bool", KB_ALWAYS, kb_cel_bool(V(owner_references, false)),              \
      "Whether deleting the schedule deletes its backups.")                                        \
    X("ttl", "duration", KB_OPTIONAL, ttl(world, at),                                              \
      "How long its backups are kept; the server's default where it does not say.")                \
    X("usual_length", "duration", KB_ALWAYS, kb_cel_duration(V(usual_ns, 0)),                      \
      "So long that 95 of 100 runs were not longer; 0 where there are none.")                      \
    X("rpo", "duration", KB_OPTIONAL, kb_val_aim(V(rpo_ns, 0)),                                    \
      "What the profile's tiers ask: of the schedule, else of the least demanding of its namespaces.")\
    X("ttl_min", "duration", KB_OPTIONAL, kb_val_aim(V(ttl_min_ns, 0)), "Likewise, of keeping.")   \
    X("ttl_max", "duration", KB_OPTIONAL, kb_val_aim(V(ttl_max_ns, 0)), "Likewise, at most.")      \
    X("expected", "timestamp", KB_OPTIONAL, expected(at),                                          \
      "When the run after the last one was or is due.")                                            \
    X("overdue", "duration", KB_OPTIONAL, overdue(world, at),                                      \
      "How long ago that was; negative where it is still to come.")                                \
    X("last_phase", "string", KB_ALWAYS, last_phase(world, at),                                    \
      "Phase of the newest own run that has ended; empty where there is none.")                    \
    X("newest_good", "timestamp", KB_OPTIONAL, newest_good(world, at),                             \
      "Start of the newest own run that is Completed.")                                            \
    X("without_good", "duration", KB_OPTIONAL, without_good(world, at),                            \
      "Time since then, or since the schedule was made.")                                          \
    X("blocked_by", "string", KB_ALWAYS, blocked_by(world, at, arena),                             \
      "An own run that has been on its way for longer than its timeout and an hour; empty.")       \
    X("runs", "int", KB_ALWAYS, runs_known(world, kb_cel_int((int64_t)V(ended, 0))),               \
      "Own runs that are still there and have ended.")                                             \
    X("runs_good", "int", KB_ALWAYS, runs_known(world, kb_cel_int((int64_t)V(good, 0))),           \
      "Those of them that are Completed.")                                                         \
    X("overlaps", "list(string)", KB_ALWAYS, NAMES(overlaps),                                      \
      "Schedules that begin to copy the same file systems while this one usually runs.")           \
    X("checks", "bool", KB_ALWAYS, kb_cel_bool(at->job != NULL && at->job->checks),                \
      "Whether the tool verifies its backups itself (K8up's check, KubeStash's verifier).")        \
    X("local_only", "bool", KB_ALWAYS, kb_cel_bool(at->job != NULL && at->job->offsite == KB_NO),  \
      "Whether the tool keeps snapshots only where the data is.")

static const struct kb_column columns[] = {COLUMNS(KB_BACKUP_COLUMN)};

const struct kb_table kb_table_backup_schedule = {
    .name = "backup.schedule",
    .doc = "One row a schedule of backups: of Velero, CloudNativePG, K8up, Longhorn, Stash, KubeStash, Kasten.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

static void give(const struct kb_world *world, const struct view *at, kb_row_fn *fn, void *ctx)
{
    struct kb_arena own = {0}, *arena = &own;
    struct kb_backup_row made, *row = &made;
    size_t n = 0;
    kb_backup_row_of(at->named, at->kind, arena, row);
    COLUMNS(KB_BACKUP_VALUE)
    kb_backup_row_give(&kb_table_backup_schedule, row, fn, ctx);
    kb_arena_done(&own);
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    const struct kb_backup_model *m = &world->backup;
    for (size_t i = 0; i < m->schedules.n; i++) {
        const struct kb_backup_schedule *at = m->schedules.at[i];
        struct view view = {.named = &at->at, .velero = at, .times = &at->times, .tool = "velero",
                            .kind = "Schedule", .cron = at->cron, .paused = at->paused};
        give(world, &view, fn, ctx);
    }
    for (size_t i = 0; i < m->jobs.n; i++) {
        const struct kb_backup_job *at = m->jobs.at[i];
        struct view view = {.named = &at->at, .job = at, .times = &at->times, .tool = at->tool,
                            .kind = at->kind, .cron = at->cron, .paused = at->paused};
        give(world, &view, fn, ctx);
    }
}

static const enum kb_kind_id needs[] = {
    KB_KIND_VELERO_SCHEDULE, KB_KIND_VELERO_LOCATION, KB_KIND_NAMESPACE,
    KB_KIND_CNPG_SCHEDULED_BACKUP, KB_KIND_K8UP_SCHEDULE, KB_KIND_LONGHORN_RECURRING_JOB,
    KB_KIND_STASH_CONFIGURATION, KB_KIND_KUBESTASH_CONFIGURATION, KB_KIND_KASTEN_POLICY};
const struct kb_fact_source kb_facts_backup_schedule = {
    .table = &kb_table_backup_schedule,
    .needs = needs,
    .need_count = sizeof needs / sizeof needs[0],
    .rows = rows,
};
