/* Closing claims: by which schedule and which way their data is saved, and how old the newest copy is. */
#include "facts/backup_model.h"

#include "facts/world.h"

typedef KB_VEC(struct kb_volume_use) uses;

/* Names that commas divide, not trimmed, as Velero reads them. */
static bool names_volume(struct kb_str list, struct kb_str volume)
{
    bool found = false;
    while (list.n > 0 && !found) {
        found = kb_str_eq(kb_str_split(list, ',', &list), volume);
    }
    return found;
}

static bool selected(const struct kb_backup_spec *spec, const json_t *labels)
{
    bool found = spec->selector_count == 0;
    for (size_t i = 0; i < spec->selector_count && !found; i++) {
        found = kb_selector_matches(&spec->selectors[i], labels);
    }
    return found;
}

struct seen {
    uses found;
    bool any, all_excluded, block, selected; /* selected: the claim or a pod that brings it along */
};

/* Pods are in order of their namespaces: the first of this one, or of a later one. */
static size_t first_pod(const struct kb_backup_model *m, struct kb_str name_space)
{
    size_t low = 0, high = m->pods.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        bool before = kb_str_cmp(m->pods.at[middle]->at.name_space, name_space) < 0;
        *(before ? &low : &high) = before ? middle + 1 : middle;
    }
    return low;
}

/* The volumes of pods that are the claim's. */
static void find_uses(const struct kb_world *world, const struct kb_backup_claim *claim,
                      const struct kb_backup_spec *spec, struct seen *out)
{
    out->all_excluded = true;
    out->selected = selected(spec, claim->labels);
    const struct kb_backup_model *m = &world->backup;
    for (size_t i = first_pod(m, claim->at.name_space); i < m->pods.n; i++) {
        const struct kb_backup_pod *pod = m->pods.at[i];
        bool here = kb_str_eq_c(pod->kind, "Pod");
        if (!kb_str_eq(pod->at.name_space, claim->at.name_space)) {
            break;
        }
        for (size_t k = 0; here && k < pod->volume_count; k++) {
            const struct kb_backup_pod_volume *volume = &pod->volumes[k];
            if (!kb_str_eq(volume->claim, claim->at.name)) {
                continue;
            }
            *KB_VEC_PUSH(&out->found) = (struct kb_volume_use){
                .listed = names_volume(pod->listed, volume->name),
                .left_out = names_volume(pod->left_out, volume->name),
                .running = pod->running,
                .mounted = volume->mounted,
            };
            out->any = true;
            out->all_excluded = out->all_excluded && pod->excluded;
            out->block = out->block || volume->block;
            out->selected = out->selected || selected(spec, pod->labels);
        }
    }
}

static struct kb_str lower(struct kb_arena *arena, struct kb_str text)
{
    char *out = kb_arena_alloc(arena, text.n + 1);
    for (size_t i = 0; i < text.n; i++) {
        out[i] = text.p[i] >= 'A' && text.p[i] <= 'Z' ? (char)(text.p[i] + 32) : text.p[i];
    }
    return (struct kb_str){out, text.n};
}

static bool has_class(const struct kb_world *world, struct kb_str name, struct kb_str driver)
{
    bool found = false;
    for (size_t i = 0; i < world->backup.snapshot_classes.n && !found; i++) {
        const struct kb_backup_snapshot_class *at = world->backup.snapshot_classes.at[i];
        found = kb_str_eq(at->at.name, name) && kb_str_eq(at->driver, driver);
    }
    return found;
}

/* What the schedule's annotation for the driver names; empty. */
static struct kb_str class_of_schedule(const struct kb_backup_schedule *schedule, struct kb_str driver)
{
    struct kb_arena arena = {0};
    struct kb_str named = KB_STR("");
    struct kb_str key = kb_arena_printf(&arena, "velero.io/csi-volumesnapshot-class_%.*s",
                                        KB_FMT(lower(&arena, driver)));
    (void)kb_json_str(schedule->annotations, key.p, &named);
    kb_arena_done(&arena);
    return named;
}

/* The claim's annotation, the schedule's for the driver, then the class with Velero's label, the default one,
 * or the only one of the driver. Why none resolves; empty. */
static struct kb_str class_problem(struct kb_world *world, const struct kb_backup_claim *claim,
                                   const struct kb_backup_schedule *schedule, struct kb_str driver)
{
    struct kb_str named = claim->snapshot_class;
    size_t of_driver = 0;
    bool labelled = false, is_default = false;
    if (named.n == 0 && schedule->annotations != NULL) {
        named = class_of_schedule(schedule, driver);
    }
    if (named.n > 0) {
        return has_class(world, named, driver)
                   ? KB_STR("")
                   : kb_arena_printf(&world->arena, "VolumeSnapshotClass %.*s of driver %.*s does not exist",
                                     KB_FMT(named), KB_FMT(driver));
    }
    for (size_t i = 0; i < world->backup.snapshot_classes.n; i++) {
        const struct kb_backup_snapshot_class *at = world->backup.snapshot_classes.at[i];
        bool same = kb_str_eq(at->driver, driver);
        of_driver += same;
        labelled = labelled || (same && at->labelled);
        is_default = is_default || (same && at->is_default);
    }
    if (labelled || is_default || of_driver == 1) {
        return KB_STR("");
    }
    return kb_arena_printf(&world->arena, "%s VolumeSnapshotClass of driver %.*s",
                           of_driver == 0 ? "there is no" : "nothing chooses one", KB_FMT(driver));
}

static enum kb_tri or_default(enum kb_tri said, const struct kb_backup_server *server, bool value)
{
    return said != KB_NOT_KNOWN ? said : server == NULL ? KB_NOT_KNOWN : value ? KB_YES : KB_NO;
}

static enum kb_volume_action action_of(const struct kb_backup_schedule *schedule,
                                       const struct kb_backup_claim *claim,
                                       const struct kb_backup_pv *pv)
{
    struct kb_policy_volume volume = {.storage_class = claim->storage_class,
                                      .phase = claim->phase,
                                      .labels = claim->labels};
    if (pv != NULL) {
        volume.capacity = pv->capacity;
        volume.type = pv->type;
        volume.driver = pv->driver;
        volume.nfs_server = pv->nfs_server;
        volume.nfs_path = pv->nfs_path;
        volume.attributes = pv->attributes;
    }
    return kb_resource_policy_action(schedule->policy, &volume);
}

static bool leaves_claims_out(const struct kb_backup_schedule *schedule, struct kb_arena *arena)
{
    const struct kb_velero_type type = {.name = KB_STR("persistentvolumeclaims"),
                                        .singular = KB_STR("persistentvolumeclaim"),
                                        .namespaced = true,
                                        .full = KB_STR("persistentvolumeclaims")};
    static const struct kb_str short_name = KB_STR_INIT("pvc");
    struct kb_velero_type known = type;
    struct kb_velero_filter filter;
    known.short_names = (struct kb_velero_names){&short_name, 1};
    kb_velero_filter_init(&filter, &schedule->effective,
                          kb_resource_policy_types(schedule->policy),
                          (struct kb_velero_types){&known, 1}, &schedule->namespaces, arena);
    return !kb_velero_includes(&filter, &known, NULL);
}

static enum kb_tri has_native_location(const struct kb_world *world)
{
    return world->backup.snapshot_locations.n > 0                              ? KB_YES
           : kb_world_whole(world, KB_KIND_VELERO_SNAPSHOT_LOCATION) ? KB_NO
                                                                               : KB_NOT_KNOWN;
}

/* What the server does where neither schedule nor backup says. */
struct defaults {
    enum kb_tri fs, move, csi;
};

static struct defaults defaults_of(const struct kb_backup_server *server,
                                   const struct kb_backup_spec *spec)
{
    struct kb_backup_server none = {.fs_default = false};
    const struct kb_backup_server *at = server == NULL ? &none : server;
    return (struct defaults){
        .fs = or_default(spec->fs_default, server, at->fs_default),
        .move = or_default(spec->move_data, server, at->move_data),
        .csi = or_default(KB_NOT_KNOWN, server, at->csi),
    };
}

/* A snapshot needs its volume; one that is moved needs the node agent too. */
static void check_snapshot(const struct kb_world *world, const struct kb_backup_pv *pv,
                           enum kb_tri moved, struct kb_volume_way *way)
{
    if (way->path != KB_VOLUME_SNAPSHOT) {
        return;
    }
    if (pv == NULL) {
        way->effective = kb_world_whole(world, KB_KIND_PERSISTENT_VOLUME) ? KB_NO : KB_NOT_KNOWN;
        way->why = KB_STR("its volume is not there");
    } else if (way->effective == KB_YES && moved == KB_YES && world->backup.node_agent != KB_YES) {
        way->effective = world->backup.node_agent;
        way->why = KB_STR("its snapshot is to be moved, and the node agent is not ready");
    }
}

struct answer {
    struct kb_volume_way way;
    bool skipped;
    enum kb_tri moved;
};

static void fill_volume(struct kb_world *world, const struct kb_backup_schedule *schedule,
                        const struct kb_backup_claim *claim, const struct kb_backup_pv *pv,
                        struct kb_volume_case *at)
{
    if (pv != NULL) {
        at->block = at->block || kb_str_eq_c(pv->mode, "Block");
        at->host_path = kb_str_eq_c(pv->type, "hostPath");
        at->csi = kb_str_eq_c(pv->type, "csi");
        at->driver = pv->driver;
        at->excluded = at->excluded || pv->excluded;
    }
    if (at->csi) {
        at->class_problem = class_problem(world, claim, schedule, at->driver);
        at->class_unread = !kb_world_whole(world, KB_KIND_VOLUME_SNAPSHOT_CLASS);
    }
}

static void ask(struct kb_world *world, const struct kb_backup_schedule *schedule,
                const struct kb_backup_claim *claim, struct answer *out)
{
    struct defaults defaults = defaults_of(world->backup.server, &schedule->spec);
    const struct kb_backup_pv *pv = kb_backup_volume_of(world, claim);
    struct seen seen = {.any = false};
    find_uses(world, claim, &schedule->spec, &seen);
    struct kb_volume_case at = {
        .excluded = claim->excluded || (seen.any && seen.all_excluded),
        .filtered = !seen.selected || schedule->claims_out,
        .policy_unread = schedule->policy_unread,
        .action = action_of(schedule, claim, pv),
        .uses = seen.found.at,
        .use_count = seen.found.n,
        .block = seen.block,
        .classless = !claim->has_class,
        .fs_default = defaults.fs,
        .snapshots_off = schedule->spec.snapshots == KB_NO,
        .node_agent = world->backup.node_agent,
        .csi_enabled = defaults.csi,
        .location = has_native_location(world),
        .uses_unread = !kb_world_whole(world, KB_KIND_POD),
    };
    fill_volume(world, schedule, claim, pv, &at);
    out->skipped = at.action == KB_VOLUME_ACTION_SKIP;
    out->moved = defaults.move;
    kb_volume_way(&at, &out->way);
    check_snapshot(world, pv, defaults.move, &out->way);
    KB_VEC_DONE(&seen.found);
}

/* Better answers come before worse ones; of equal ones the first schedule's stays. */
static int worth(enum kb_tri effective)
{
    return effective == KB_YES ? 2 : effective == KB_NOT_KNOWN ? 1 : 0;
}

static void take_answer(struct kb_world *world, struct kb_backup_claim *claim,
                        const struct kb_backup_schedule *schedule, const struct answer *answer,
                        struct kb_str *ways)
{
    enum kb_tri effective = answer->way.effective == KB_YES ? schedule->usable : answer->way.effective;
    claim->skipped = claim->skipped || answer->skipped;
    if (effective == KB_YES) {
        ways[claim->ways.n++] = kb_arena_printf(&world->arena, "%.*s: %s", KB_FMT(schedule->at.name),
                                                kb_volume_path_name(answer->way.path));
    }
    if (claim->by == NULL || worth(effective) > worth(claim->covered)) {
        claim->by = schedule;
        claim->way = answer->way;
        claim->moved = answer->moved;
        claim->covered = effective;
    }
}

/* What each schedule that covers the claim does with it. Returns whether others may, that were not read. */
static bool ask_all(struct kb_world *world, struct kb_backup_claim *claim, struct kb_str *ways)
{
    struct kb_backup_model *m = &world->backup;
    bool unread = !kb_world_whole(world, KB_KIND_VELERO_SCHEDULE);
    for (size_t i = 0; i < m->schedules.n; i++) {
        struct kb_backup_schedule *schedule = m->schedules.at[i];
        enum kb_tri here =
            schedule->usable == KB_NO ? KB_NO : kb_backup_covers(schedule, claim->at.name_space);
        unread = unread || here == KB_NOT_KNOWN;
        if (here == KB_YES) {
            struct answer answer;
            ask(world, schedule, claim, &answer);
            take_answer(world, claim, schedule, &answer, ways);
            claim->policy_unread = claim->policy_unread || schedule->policy_unread;
            schedule->uses_fs = schedule->uses_fs || answer.way.path == KB_VOLUME_FS_BACKUP;
            schedule->snapshot_claims += answer.way.path == KB_VOLUME_SNAPSHOT &&
                                         answer.way.effective == KB_YES;
        }
    }
    claim->policy_unread = claim->policy_unread || unread;
    return unread;
}

static void close_claim(struct kb_world *world, struct kb_backup_claim *claim)
{
    const struct kb_backup_namespace *ns = kb_backup_namespace_of(world, claim->at.name_space);
    struct kb_arena own = {0};
    struct kb_str *ways = KB_NEW_ARRAY(&own, world->backup.schedules.n + 1, struct kb_str);
    claim->in_scope = ns != NULL && ns->in_scope;
    claim->ways = (struct kb_velero_names){ways, 0};
    bool unread = ask_all(world, claim, ways);
    struct kb_str *kept = KB_NEW_ARRAY(&world->arena, claim->ways.n, struct kb_str);
    memcpy(kept, ways, claim->ways.n * sizeof *kept);
    claim->ways.at = kept;
    kb_arena_done(&own);
    if (claim->by == NULL && !unread) {
        claim->covered = KB_NO;
        claim->way = (struct kb_volume_way){KB_VOLUME_NONE, KB_NO,
                                            KB_STR("no usable schedule includes the namespace")};
    } else if (claim->by != NULL && claim->covered != KB_YES && claim->way.effective == KB_YES) {
        claim->way.why = claim->by->why_not;
    } else if (unread && (claim->by == NULL || claim->covered == KB_NO)) {
        claim->covered = KB_NOT_KNOWN;
        claim->way = (struct kb_volume_way){KB_VOLUME_UNSURE, KB_NOT_KNOWN,
                                            KB_STR("schedules, or what they select, were not read")};
    }
}

/* Without the objects that tell of it, data in the store does not come back. */
static bool can_be_restored(const struct kb_backup_run *run)
{
    return kb_str_eq_c(run->phase, "Completed") || kb_str_eq_c(run->phase, "PartiallyFailed");
}

/* Copies of file systems and moved snapshots leave an object each. */
static void note_copies(struct kb_world *world)
{
    struct kb_map by_uid = {0};
    for (size_t i = 0; i < world->backup.claims.n; i++) {
        if (world->backup.claims.at[i]->at.uid.n > 0) {
            kb_map_set(&by_uid, world->backup.claims.at[i]->at.uid, world->backup.claims.at[i]);
        }
    }
    for (size_t i = 0; i < world->backup.volume_runs.n; i++) {
        const struct kb_backup_volume_run *at = world->backup.volume_runs.at[i];
        const struct kb_backup_run *run = kb_map_get(&world->backup.run_index, at->backup);
        struct kb_backup_claim *claim = kb_map_get(&by_uid, at->claim_uid);
        bool good = kb_str_eq_c(at->phase, "Completed") && at->bytes > 0 && at->bytes >= at->total &&
                    run != NULL && !run->foreign && can_be_restored(run);
        int64_t ns = at->started_ns;
        if (claim != NULL && good && ns > claim->copy_ns) {
            claim->copy_ns = ns;
            claim->kept_ns = run->expires_ns;
        }
    }
    kb_map_done(&by_uid);
}

/* Snapshots leave counters only: a run counts where it completed as many as it attempted, and some. */
static void note_snapshots(struct kb_world *world)
{
    for (size_t i = 0; i < world->backup.claims.n; i++) {
        struct kb_backup_claim *claim = world->backup.claims.at[i];
        const struct kb_backup_run *run = claim->by == NULL ? NULL : claim->by->newest_good;
        bool by_snapshot = claim->way.path == KB_VOLUME_SNAPSHOT && claim->moved != KB_YES;
        claim->copy_unread = !kb_world_whole(world, KB_KIND_VELERO_BACKUP) ||
                             !kb_world_whole(world, KB_KIND_POD_VOLUME_BACKUP) ||
                             !kb_world_whole(world, KB_KIND_DATA_UPLOAD);
        if (by_snapshot && run != NULL && run->snapshots_done > 0 &&
            run->snapshots_done >= run->snapshots && kb_backup_run_start(run) > claim->copy_ns) {
            claim->copy_ns = kb_backup_run_start(run);
            claim->kept_ns = run->expires_ns;
        }
    }
}

/* Namespaces in which a file system is copied, in order, as the claims are. */
static struct kb_velero_names copied_namespaces(struct kb_world *world)
{
    const struct kb_backup_model *m = &world->backup;
    struct kb_str *names = KB_NEW_ARRAY(&world->arena, m->namespaces.n + 1, struct kb_str);
    size_t n = 0;
    for (size_t i = 0; i < m->claims.n; i++) {
        const struct kb_backup_claim *at = m->claims.at[i];
        bool copied = at->way.path == KB_VOLUME_FS_BACKUP && at->covered == KB_YES;
        bool again = n > 0 && kb_str_eq(names[n - 1], at->at.name_space);
        if (copied && !again && n < m->namespaces.n) {
            names[n++] = at->at.name_space;
        }
    }
    return (struct kb_velero_names){names, n};
}

static bool share_a_file_system(struct kb_velero_names copied, const struct kb_backup_schedule *a,
                                const struct kb_backup_schedule *b)
{
    bool found = false;
    for (size_t i = 0; i < copied.n && !found; i++) {
        found = kb_backup_covers(a, copied.at[i]) == KB_YES && kb_backup_covers(b, copied.at[i]) == KB_YES;
    }
    return found;
}

/* Within the coming week, does one begin while the other usually still runs? */
static bool run_together(const struct kb_world *world, const struct kb_backup_schedule *a,
                         const struct kb_backup_schedule *b)
{
    enum { FIRES = 2000 };
    const int64_t s = 1000000000, until = world->now_ns / s + 7 * INT64_C(86400);
    int64_t at = world->now_ns / s, usual = a->usual_ns / s, next, other;
    bool found = false;
    for (int i = 0; i < FIRES && usual > 0 && !found && kb_schedule_due(&a->times, at, &next); i++) {
        if (next <= at || next > until || !kb_schedule_due(&b->times, next - 1, &other)) {
            break;
        }
        found = other < next + usual;
        at = other - usual > next ? other - usual : next; /* none of these lasts until `other` */
    }
    return found;
}

static void find_overlaps(struct kb_world *world, struct kb_velero_names copied,
                          struct kb_backup_schedule *schedule)
{
    struct kb_backup_model *m = &world->backup;
    struct kb_str *names = KB_NEW_ARRAY(&world->arena, m->schedules.n + 1, struct kb_str);
    schedule->overlaps = (struct kb_velero_names){names, 0};
    for (size_t i = 0; schedule->uses_fs && schedule->usable == KB_YES && i < m->schedules.n; i++) {
        const struct kb_backup_schedule *other = m->schedules.at[i];
        bool both = other != schedule && other->usable == KB_YES && other->uses_fs;
        if (both && share_a_file_system(copied, schedule, other) &&
            run_together(world, schedule, other)) {
            names[schedule->overlaps.n++] = other->at.name;
        }
    }
}

void kb_backup_close_claims(struct kb_world *world)
{
    struct kb_backup_model *m = &world->backup;
    for (size_t i = 0; i < m->schedules.n; i++) {
        m->schedules.at[i]->claims_out = leaves_claims_out(m->schedules.at[i], &world->arena);
    }
    for (size_t i = 0; i < m->claims.n; i++) {
        if (kb_str_eq_c(m->claims.at[i]->phase, "Bound")) {
            close_claim(world, m->claims.at[i]);
        }
    }
    note_copies(world);
    note_snapshots(world);
    struct kb_velero_names copied = copied_namespaces(world);
    for (size_t i = 0; i < m->schedules.n; i++) {
        find_overlaps(world, copied, m->schedules.at[i]);
    }
    for (size_t i = 0; i < m->runs.n; i++) {
        struct kb_backup_run *run = m->runs.at[i];
        const struct kb_backup_schedule *schedule = kb_map_get(&m->schedule_index, run->schedule);
        if (schedule != NULL && run->newest_data && !run->foreign) {
            run->expected_snapshots = schedule->snapshot_claims;
        }
        run->fs_backup = run->fs_backup || (schedule != NULL && schedule->uses_fs);
    }
}
