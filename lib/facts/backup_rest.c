/* Closing namespaces, restores and storage. */
#include "facts/backup_model.h"

#include "facts/cluster_tables.h"
#include "facts/world.h"

/* The same for specs that select the same namespaces: equal lists are kept once. */
static struct kb_str key_of(const struct kb_velero_spec *spec)
{
    const size_t lists = KB_VELERO_EXCLUDED_NAMESPACES + 1;
    return (struct kb_str){(const char *)(const void *)spec->lists, lists * sizeof spec->lists[0]};
}

static void tell_namespaces(struct kb_world *world, const struct kb_backup_run *run,
                            struct kb_arena *arena)
{
    struct kb_velero_spec effective;
    struct kb_velero_namespaces namespaces;
    struct kb_velero_names covers;
    struct kb_velero_problems problems = {0};
    kb_velero_prepare(&run->spec.lists, NULL, arena, &effective, &problems);
    KB_VEC_DONE(&problems);
    if (!kb_backup_expand(world, &run->spec, &effective, &namespaces, &covers, arena)) {
        return;
    }
    for (size_t i = 0; i < covers.n; i++) {
        struct kb_backup_namespace *at =
            kb_map_get(&world->backup.namespace_index, covers.at[i]);
        if (at != NULL && kb_backup_run_start(run) > at->good_ns) {
            at->good_ns = kb_backup_run_start(run);
            at->kept_ns = run->expires_ns;
        }
    }
}

/* Of runs that select the same, the newest one stands for all. */
static void note_runs(struct kb_world *world)
{
    struct kb_map newest = {0};
    for (size_t i = 0; i < world->backup.runs.n; i++) {
        const struct kb_backup_run *run = world->backup.runs.at[i];
        if (run->foreign || !kb_str_eq_c(run->phase, "Completed") ||
            (run->has_items && run->items == 0)) {
            continue;
        }
        struct kb_map_entry *at = kb_map_add(&newest, key_of(&run->spec.lists), NULL);
        const struct kb_backup_run *before = at->value.ptr;
        if (before == NULL || kb_backup_run_start(run) > kb_backup_run_start(before)) {
            at->value.ptr = (void *)(uintptr_t)run;
        }
    }
    struct kb_arena arena = {0};
    for (size_t i = 0; i < newest.n; i++) {
        tell_namespaces(world, newest.entries[i].value.ptr, &arena);
        kb_arena_reset(&arena);
    }
    kb_arena_done(&arena);
    kb_map_done(&newest);
}

/* K8up saves the namespace in which its schedule is. */
static bool saves_here(const struct kb_backup_job *job, struct kb_str name_space)
{
    return strcmp(job->tool, "k8up") == 0 && kb_str_eq(job->at.name_space, name_space) &&
           !job->paused && job->times.valid && job->times.fires;
}

/* Of two gaps, where -1 is none. */
static int64_t shorter(int64_t a, int64_t b)
{
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

static void cover(struct kb_world *world, struct kb_backup_namespace *at)
{
    const struct kb_backup_model *m = &world->backup;
    struct kb_str *by = KB_NEW_ARRAY(&world->arena, m->schedules.n + m->jobs.n + 1, struct kb_str);
    bool unsure = !kb_world_whole(world, KB_KIND_VELERO_SCHEDULE);
    bool labelled_out = kb_str_eq_c(at->exclude_label, "true"); /* in every version */
    int64_t maybe_s = unsure ? 0 : -1; /* the shortest gap of those that may count */
    size_t n = 0;
    for (size_t i = 0; i < m->schedules.n; i++) {
        const struct kb_backup_schedule *schedule = m->schedules.at[i];
        enum kb_tri here = labelled_out ? KB_NO : kb_backup_covers(schedule, at->name);
        int64_t gap = schedule->times.gap_s;
        if (here == KB_YES && schedule->usable == KB_YES) {
            by[n++] = schedule->at.name;
            at->gap_s = shorter(at->gap_s, gap);
        } else if (here != KB_NO && schedule->usable != KB_NO) {
            maybe_s = shorter(maybe_s, gap);
            unsure = true;
        }
    }
    for (size_t i = 0; i < m->jobs.n; i++) {
        const struct kb_backup_job *job = m->jobs.at[i];
        if (saves_here(job, at->name)) {
            by[n++] = kb_arena_printf(&world->arena, "k8up/%.*s", KB_FMT(job->at.name));
        }
    }
    at->by = (struct kb_velero_names){by, n};
    at->covered = n > 0 ? KB_YES : unsure ? KB_NOT_KNOWN : KB_NO;
    at->gap_unread = unsure && (at->gap_s < 0 || maybe_s < at->gap_s);
}

void kb_backup_close_namespaces(struct kb_world *world)
{
    note_runs(world);
    for (size_t i = 0; i < world->backup.namespaces.n; i++) {
        cover(world, world->backup.namespaces.at[i]);
    }
}

static int64_t restore_time(const struct kb_backup_restore *at)
{
    return at->completed_ns != KB_BACKUP_NO_TIME ? at->completed_ns : at->created_ns;
}

static bool is_target(const struct kb_world *world, struct kb_str name)
{
    struct kb_cel_val globs = world->setting(world->setting_ctx, "restoreTargets");
    bool found = false;
    for (size_t i = 0; globs.kind == KB_CEL_LIST && i < globs.list->n && !found; i++) {
        found = kb_glob_match(globs.list->items[i].s, name);
    }
    return found;
}

/* Into namespaces for tests alone, every one that is restored; or from a bucket of another cluster that is
 * only read here. */
static bool is_isolated(const struct kb_world *world, const struct kb_backup_restore *at)
{
    const struct kb_backup_run *run = kb_map_get(&world->backup.run_index, at->backup);
    const char *from;
    json_t *to;
    bool all = at->mapping != NULL;
    json_object_foreach((json_t *)(uintptr_t)at->mapping, from, to) {
        all = all && is_target(world, kb_json_view(to));
    }
    for (size_t i = 0; i < at->namespaces.n; i++) {
        all = all && json_object_getn(at->mapping, at->namespaces.at[i].p,
                                      at->namespaces.at[i].n) != NULL;
    }
    for (size_t i = 0; run != NULL && run->foreign && i < world->backup.locations.n; i++) {
        const struct kb_backup_location *location = world->backup.locations.at[i];
        all = all || (kb_str_eq(location->at.name, run->location) && location->read_only);
    }
    return all;
}

/* "daily-20260616020000": as Velero names what a schedule makes; the backup may be gone. */
static bool named_by_schedule(const struct kb_world *world, struct kb_str backup)
{
    enum { STAMP = 15 };
    uint64_t stamp;
    return backup.n > STAMP && backup.p[backup.n - STAMP] == '-' &&
           kb_str_u64(kb_str_sub(backup, backup.n - STAMP + 1, backup.n), &stamp) &&
           kb_map_get(&world->backup.schedule_index, kb_str_sub(backup, 0, backup.n - STAMP)) != NULL;
}

/* Of a backup that a schedule made: an ad-hoc backup proves nothing about the schedule. */
static enum kb_tri of_schedule(const struct kb_world *world, const struct kb_backup_restore *at)
{
    const struct kb_backup_run *run = kb_map_get(&world->backup.run_index, at->backup);
    if (at->schedule.n > 0 || (run != NULL && run->schedule.n > 0)) {
        return KB_YES;
    }
    if (run == NULL && named_by_schedule(world, at->backup)) {
        return KB_YES;
    }
    return run == NULL ? KB_NOT_KNOWN : KB_NO;
}

static void close_restore(const struct kb_world *world, struct kb_backup_restore *at)
{
    const struct kb_backup_model *m = &world->backup;
    at->newest = true;
    for (size_t i = 0; i < m->restores.n; i++) {
        const struct kb_backup_restore *other = m->restores.at[i];
        bool later = restore_time(other) > restore_time(at);
        at->newest = at->newest && !later;
        at->later_good = at->later_good || (later && kb_str_eq_c(other->phase, "Completed"));
    }
    at->isolated = is_isolated(world, at);
    at->data = at->operations > 0;
    bool clean = kb_str_eq_c(at->phase, "Completed") && at->errors == 0;
    at->qualifies = !clean || !at->isolated ? KB_NO : of_schedule(world, at);
}

void kb_backup_close_restores(struct kb_world *world)
{
    for (size_t i = 0; i < world->backup.restores.n; i++) {
        close_restore(world, world->backup.restores.at[i]);
    }
}

static void count_class(struct kb_world *world, struct kb_str name)
{
    for (size_t i = 0; name.n > 0 && i < world->backup.classes.n; i++) {
        world->backup.classes.at[i]->uses += kb_str_eq(world->backup.classes.at[i]->at.name, name);
    }
}

static bool has_snapshot(const struct kb_world *world, struct kb_str name_space, struct kb_str name)
{
    bool found = false;
    for (size_t i = 0; i < world->backup.snapshots.n && !found; i++) {
        const struct kb_backup_snapshot *at = world->backup.snapshots.at[i];
        found = !at->content && kb_str_eq(at->at.name, name) &&
                kb_str_eq(at->at.name_space, name_space);
    }
    return found;
}

void kb_backup_close_storage(struct kb_world *world)
{
    struct kb_backup_model *m = &world->backup;
    for (size_t i = 0; i < m->volumes.n; i++) {
        count_class(world, m->volumes.at[i]->storage_class);
    }
    for (size_t i = 0; i < m->claims.n; i++) {
        count_class(world, m->claims.at[i]->storage_class);
    }
    for (size_t i = 0; i < m->snapshots.n; i++) {
        struct kb_backup_snapshot *at = m->snapshots.at[i];
        at->orphaned = at->content && kb_world_whole(world, KB_KIND_VOLUME_SNAPSHOT) &&
                       !has_snapshot(world, at->snapshot_namespace, at->snapshot);
    }
}
