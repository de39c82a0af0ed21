/* Closing the model: order, the server, schedules and what they select. */
#include "facts/backup_model.h"

#include <stdlib.h>

#include "facts/cluster_tables.h"
#include "facts/world.h"

/* Every kind of row begins with its kb_named. */
static int by_name(const void *a, const void *b)
{
    const struct kb_named *x = *(const struct kb_named *const *)a;
    const struct kb_named *y = *(const struct kb_named *const *)b;
    int order = kb_str_cmp(x->name_space, y->name_space);
    return order != 0 ? order : kb_str_cmp(x->name, y->name);
}

static int by_text(const void *a, const void *b)
{
    const struct kb_backup_namespace *x = *(const struct kb_backup_namespace *const *)a;
    const struct kb_backup_namespace *y = *(const struct kb_backup_namespace *const *)b;
    return kb_str_cmp(x->name, y->name);
}

#define SORT(vec)                                                                                  \
    do {                                                                                           \
        if ((vec).n > 1) {                                                                         \
            qsort((void *)(vec).at, (vec).n, sizeof *(vec).at, by_name);                           \
        }                                                                                          \
    } while (0)

static void sort_all(struct kb_backup_model *m)
{
    SORT(m->schedules);
    SORT(m->runs);
    SORT(m->locations);
    SORT(m->restores);
    SORT(m->volume_runs);
    SORT(m->repositories);
    SORT(m->pods);
    SORT(m->claims);
    SORT(m->volumes);
    SORT(m->classes);
    SORT(m->snapshot_classes);
    SORT(m->snapshots);
    SORT(m->servers);
    SORT(m->agents);
    SORT(m->databases);
    SORT(m->jobs);
    SORT(m->deletions);
    if (m->namespaces.n > 1) {
        qsort((void *)m->namespaces.at, m->namespaces.n, sizeof *m->namespaces.at, by_text);
    }
}

static struct kb_str key_of(struct kb_arena *arena, struct kb_str name_space, struct kb_str name)
{
    return kb_arena_printf(arena, "%.*s/%.*s", KB_FMT(name_space), KB_FMT(name));
}

static void index_all(struct kb_world *world)
{
    struct kb_backup_model *m = &world->backup;
    struct kb_arena arena = {0};
    for (size_t i = 0; i < m->namespaces.n; i++) {
        kb_map_set(&m->namespace_index, m->namespaces.at[i]->name, m->namespaces.at[i]);
    }
    for (size_t i = 0; i < m->volumes.n; i++) {
        kb_map_set(&m->volume_index, m->volumes.at[i]->at.name, m->volumes.at[i]);
    }
    for (size_t i = 0; i < m->claims.n; i++) {
        kb_map_set(&m->claim_index,
                   key_of(&arena, m->claims.at[i]->at.name_space, m->claims.at[i]->at.name),
                   m->claims.at[i]);
    }
    for (size_t i = 0; i < m->runs.n; i++) {
        kb_map_set(&m->run_index, m->runs.at[i]->at.name, m->runs.at[i]);
    }
    for (size_t i = 0; i < m->schedules.n; i++) {
        kb_map_set(&m->schedule_index, m->schedules.at[i]->at.name, m->schedules.at[i]);
    }
    kb_arena_done(&arena);
}

const struct kb_backup_claim *kb_backup_claim_of(const struct kb_world *world,
                                                 struct kb_str name_space, struct kb_str name)
{
    struct kb_arena arena = {0};
    const struct kb_backup_claim *claim =
        kb_map_get(&world->backup.claim_index, key_of(&arena, name_space, name));
    kb_arena_done(&arena);
    return claim;
}

const struct kb_backup_pv *kb_backup_volume_of(const struct kb_world *world,
                                               const struct kb_backup_claim *claim)
{
    return claim->volume.n == 0 ? NULL : kb_map_get(&world->backup.volume_index, claim->volume);
}

const struct kb_backup_namespace *kb_backup_namespace_of(const struct kb_world *world,
                                                         struct kb_str name)
{
    return kb_map_get(&world->backup.namespace_index, name);
}

static bool is_covered(const struct kb_backup_schedule *schedule, struct kb_str name_space)
{
    size_t low = 0, high = schedule->covers.n; /* in order, as the namespaces are */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = kb_str_cmp(schedule->covers.at[middle], name_space);
        if (order == 0) {
            return true;
        }
        *(order < 0 ? &low : &high) = order < 0 ? middle + 1 : middle;
    }
    return false;
}

enum kb_tri kb_backup_covers(const struct kb_backup_schedule *schedule, struct kb_str name_space)
{
    return schedule->selection_unread ? KB_NOT_KNOWN : is_covered(schedule, name_space) ? KB_YES : KB_NO;
}

/* The zone "eu-west-1b" without its letter, or the region of the cluster's ARN. */
static struct kb_str region_of(const struct kb_world *world)
{
    struct kb_str rest = world->eks.arn;
    for (int i = 0; i < 3 && rest.n > 0; i++) {
        struct kb_str part = kb_str_split(rest, ':', &rest);
        (void)part;
    }
    struct kb_str region = kb_str_split(rest, ':', &rest);
    for (size_t i = 0; region.n == 0 && i < world->cluster.nodes.n; i++) {
        struct kb_str zone = world->cluster.nodes.at[i].zone;
        region = zone.n > 1 ? kb_str_sub(zone, 0, zone.n - 1) : region;
    }
    return region;
}

enum kb_tri kb_backup_offsite(const struct kb_world *world,
                              const struct kb_backup_location *location)
{
    bool known = location != NULL && location->region.n > 0 && world->backup.region.n > 0;
    return !known                                                    ? KB_NOT_KNOWN
           : kb_str_eq(location->region, world->backup.region) ? KB_NO
                                                                     : KB_YES;
}

enum kb_tri kb_backup_namespace_offsite(const struct kb_world *world, struct kb_str name_space)
{
    enum kb_tri found = kb_world_whole(world, KB_KIND_VELERO_SCHEDULE) ? KB_NO : KB_NOT_KNOWN;
    for (size_t i = 0; i < world->backup.schedules.n && found != KB_YES; i++) {
        const struct kb_backup_schedule *at = world->backup.schedules.at[i];
        enum kb_tri here = at->usable == KB_NO ? KB_NO : kb_backup_covers(at, name_space);
        enum kb_tri answer = here == KB_NO ? KB_NO : kb_backup_offsite(world, at->location);
        if (answer != KB_NO) {
            found = here == KB_YES && at->usable == KB_YES ? answer : KB_NOT_KNOWN;
        }
    }
    return found;
}

static enum kb_tri agent_state(const struct kb_world *world)
{
    const struct kb_backup_model *m = &world->backup;
    enum kb_tri state = kb_world_whole(world, KB_KIND_DAEMON_SET) ? KB_NO : KB_NOT_KNOWN;
    for (size_t i = 0; i < m->agents.n; i++) {
        const struct kb_backup_agent *at = m->agents.at[i];
        state = at->ready > 0 && at->ready >= at->wanted ? KB_YES : KB_NO;
    }
    return state;
}

static void find_server(struct kb_world *world)
{
    struct kb_backup_model *m = &world->backup;
    struct kb_str wanted = kb_world_text_setting(world, "veleroNamespace");
    for (size_t i = 0; i < m->servers.n; i++) {
        bool better = m->server == NULL || kb_str_eq(m->servers.at[i]->at.name_space, wanted);
        m->server = better ? m->servers.at[i] : m->server;
    }
    m->name_space = m->server != NULL     ? m->server->at.name_space
                    : m->schedules.n > 0 ? m->schedules.at[0]->at.name_space
                    : wanted.n > 0       ? wanted
                                         : KB_STR("velero");
    m->server_unread = m->server == NULL && !kb_world_whole(world, KB_KIND_DEPLOYMENT);
    m->node_agent = agent_state(world);
    m->region = region_of(world);
}

static void scope_namespaces(struct kb_world *world)
{
    struct kb_cel_val exempt = world->setting(world->setting_ctx, "backupExempt");
    for (size_t i = 0; i < world->backup.namespaces.n; i++) {
        struct kb_backup_namespace *at = world->backup.namespaces.at[i];
        at->in_scope = at->active;
        for (size_t k = 0; exempt.kind == KB_CEL_LIST && k < exempt.list->n; k++) {
            at->in_scope = at->in_scope && !kb_glob_match(exempt.list->items[k].s, at->name);
        }
    }
}

void kb_backup_model_close(struct kb_world *world)
{
    sort_all(&world->backup);
    index_all(world);
    find_server(world);
    scope_namespaces(world);
    kb_backup_close_schedules(world);
    kb_backup_close_runs(world);
    kb_backup_close_claims(world);
    kb_backup_close_namespaces(world);
    kb_backup_close_restores(world);
    kb_backup_close_storage(world);
}

void kb_backup_model_done(struct kb_backup_model *m)
{
    struct kb_map *maps[] = {&m->volume_index, &m->claim_index, &m->run_index, &m->schedule_index,
                             &m->namespace_index, &m->lists};
    for (size_t i = 0; i < m->owned.n; i++) {
        json_decref(m->owned.at[i]);
    }
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) {
        kb_map_done(maps[i]);
    }
    KB_VEC_DONE(&m->schedules);
    KB_VEC_DONE(&m->runs);
    KB_VEC_DONE(&m->locations);
    KB_VEC_DONE(&m->restores);
    KB_VEC_DONE(&m->volume_runs);
    KB_VEC_DONE(&m->repositories);
    KB_VEC_DONE(&m->pods);
    KB_VEC_DONE(&m->claims);
    KB_VEC_DONE(&m->volumes);
    KB_VEC_DONE(&m->classes);
    KB_VEC_DONE(&m->snapshot_classes);
    KB_VEC_DONE(&m->snapshots);
    KB_VEC_DONE(&m->servers);
    KB_VEC_DONE(&m->agents);
    KB_VEC_DONE(&m->databases);
    KB_VEC_DONE(&m->jobs);
    KB_VEC_DONE(&m->deletions);
    KB_VEC_DONE(&m->namespaces);
    KB_VEC_DONE(&m->policies);
    KB_VEC_DONE(&m->buckets);
    KB_VEC_DONE(&m->crds);
    KB_VEC_DONE(&m->snapshot_locations);
    KB_VEC_DONE(&m->owned);
}
