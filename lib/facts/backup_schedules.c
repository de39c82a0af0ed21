/* Closing schedules: where they write, what they select, whether they can be counted on. */
#include "facts/backup_model.h"

#include "facts/world.h"

static const int64_t NS = 1000000000;

typedef KB_VEC(struct kb_str) texts;

static struct kb_velero_names keep(struct kb_world *world, texts *from)
{
    struct kb_str *at = KB_NEW_ARRAY(&world->arena, from->n + 1, struct kb_str);
    for (size_t i = 0; i < from->n; i++) {
        at[i] = from->at[i];
    }
    struct kb_velero_names names = {at, from->n};
    KB_VEC_DONE(from);
    return names;
}

static struct kb_backup_location *location_named(const struct kb_world *world,
                                                 struct kb_str name_space, struct kb_str name)
{
    for (size_t i = 0; i < world->backup.locations.n; i++) {
        struct kb_backup_location *at = world->backup.locations.at[i];
        bool meant = kb_str_eq(at->at.name_space, name_space) &&
                     (name.n == 0 ? at->is_default : kb_str_eq(at->at.name, name));
        if (meant) {
            return at;
        }
    }
    return NULL;
}

/* The one named, else the default one, else the one that the server is told of. */
static struct kb_backup_location *location_of(const struct kb_world *world,
                                              const struct kb_backup_schedule *at)
{
    const struct kb_backup_server *server = world->backup.server;
    struct kb_backup_location *found =
        location_named(world, at->at.name_space, at->spec.location);
    if (found == NULL && at->spec.location.n == 0) {
        bool told = server != NULL && server->default_location.n > 0;
        found = location_named(world, at->at.name_space,
                               told ? server->default_location : KB_STR("default"));
    }
    return found;
}

/* Every namespace has a ConfigMap of Kubernetes: where none was seen, they were not listed. */
static bool config_maps_listed(const struct kb_world *world, struct kb_str name_space)
{
    bool seen = false;
    for (size_t i = 0; i < world->backup.policies.n && !seen; i++) {
        const struct kb_backup_policy_map *at = world->backup.policies.at[i];
        seen = kb_str_eq(at->name_space, name_space) && kb_str_eq_c(at->name, "kube-root-ca.crt");
    }
    return seen;
}

static void read_policy(struct kb_world *world, struct kb_backup_schedule *at, texts *problems)
{
    const struct kb_backup_policy_map *map = NULL;
    struct kb_err err = {0};
    if (at->spec.policy.n == 0) {
        return;
    }
    for (size_t i = 0; i < world->backup.policies.n && map == NULL; i++) {
        const struct kb_backup_policy_map *one = world->backup.policies.at[i];
        bool same = kb_str_eq(one->name_space, at->at.name_space) &&
                    kb_str_eq(one->name, at->spec.policy);
        map = same ? one : NULL;
    }
    if (map == NULL && config_maps_listed(world, at->at.name_space)) {
        at->policy_bad = true;
        *KB_VEC_PUSH(problems) = kb_arena_printf(
            &world->arena, "resource policy ConfigMap %.*s does not exist", KB_FMT(at->spec.policy));
    } else if (map == NULL || !map->read) {
        at->policy_unread = true;
    } else if (kb_failed(kb_resource_policy_read(map->text, &world->arena, &at->policy, &err))) {
        at->policy_bad = true;
        *KB_VEC_PUSH(problems) = kb_arena_printf(&world->arena, "resource policy %.*s: %s",
                                                 KB_FMT(at->spec.policy), err.msg);
    }
}

static void check_names(struct kb_world *world, struct kb_backup_schedule *at, texts *problems)
{
    struct kb_velero_names in = at->spec.lists.lists[KB_VELERO_INCLUDED_NAMESPACES];
    bool whole = kb_world_whole(world, KB_KIND_NAMESPACE);
    for (size_t i = 0; i < in.n && whole; i++) {
        bool literal = in.at[i].n > 0 && !kb_velero_is_pattern(in.at[i]);
        if (literal && kb_backup_namespace_of(world, in.at[i]) == NULL) {
            *KB_VEC_PUSH(problems) = kb_arena_printf(
                &world->arena, "namespace %.*s does not exist", KB_FMT(in.at[i]));
        }
    }
}

static bool has_snapshot_location(const struct kb_world *world, struct kb_str name)
{
    bool found = false;
    for (size_t i = 0; i < world->backup.snapshot_locations.n && !found; i++) {
        found = kb_str_eq(world->backup.snapshot_locations.at[i]->name, name);
    }
    return found;
}

static void check_locations(struct kb_world *world, struct kb_backup_schedule *at, texts *problems)
{
    struct kb_velero_names names = at->spec.snapshot_locations;
    if (at->location == NULL && kb_world_whole(world, KB_KIND_VELERO_LOCATION)) {
        *KB_VEC_PUSH(problems) =
            at->spec.location.n == 0
                ? KB_STR("no default backup storage location")
                : kb_arena_printf(&world->arena, "backup storage location %.*s does not exist",
                                  KB_FMT(at->spec.location));
    }
    for (size_t i = 0; i < names.n && kb_world_whole(world, KB_KIND_VELERO_SNAPSHOT_LOCATION); i++) {
        if (!has_snapshot_location(world, names.at[i])) {
            *KB_VEC_PUSH(problems) = kb_arena_printf(
                &world->arena, "volume snapshot location %.*s does not exist", KB_FMT(names.at[i]));
        }
    }
}

/* What Velero itself refuses; true where it refuses something. */
static bool check_spec(struct kb_world *world, struct kb_backup_schedule *at, texts *problems)
{
    struct kb_velero_problems found = {0};
    kb_velero_prepare(&at->spec.lists, kb_resource_policy_types(at->policy), &world->arena,
                      &at->effective, &found);
    for (size_t i = 0; i < found.n; i++) {
        *KB_VEC_PUSH(problems) = found.at[i];
    }
    KB_VEC_DONE(&found);
    if (at->spec.both_selectors) {
        *KB_VEC_PUSH(problems) = KB_STR("both labelSelector and orLabelSelectors are given");
    }
    if (at->spec.bad_selector) {
        *KB_VEC_PUSH(problems) = KB_STR("a label selector is malformed");
    }
    return problems->n > 0;
}

/* <0: older than 1.minor.patch; 0; >0, also where the version is not known. */
static int against(const struct kb_backup_server *server, unsigned minor, unsigned patch)
{
    if (server == NULL || server->major != 1) {
        return 1;
    }
    return server->minor != minor ? (server->minor < minor ? -1 : 1)
                                  : (server->patch > patch) - (server->patch < patch);
}

static bool has_pattern(struct kb_velero_names names)
{
    bool found = false;
    for (size_t i = 0; i < names.n && !found; i++) {
        found = !kb_str_eq_c(names.at[i], "*") && kb_velero_is_pattern(names.at[i]);
    }
    return found;
}

/* Before 1.18 a pattern among the included is taken for a name, and finds nothing; 1.18.0 saves nothing where
 * a pattern is excluded and nothing is included by name (velero issue 9566). */
static bool apply_version(const struct kb_world *world, const struct kb_backup_spec *spec,
                          struct kb_velero_spec *effective, struct kb_arena *arena)
{
    struct kb_velero_names in = spec->lists.lists[KB_VELERO_INCLUDED_NAMESPACES];
    struct kb_velero_names out = spec->lists.lists[KB_VELERO_EXCLUDED_NAMESPACES];
    if (against(world->backup.server, 18, 0) == 0) {
        return in.n > 0 || !has_pattern(out);
    }
    if (against(world->backup.server, 18, 0) > 0 || !has_pattern(in)) {
        return true;
    }
    struct kb_str *left = KB_NEW_ARRAY(arena, in.n + 1, struct kb_str);
    size_t n = 0;
    for (size_t i = 0; i < in.n; i++) {
        if (!kb_velero_is_pattern(in.at[i]) || kb_str_eq_c(in.at[i], "*")) {
            left[n++] = in.at[i];
        }
    }
    effective->lists[KB_VELERO_INCLUDED_NAMESPACES] = (struct kb_velero_names){left, n};
    return n > 0;
}

/* Namespaces with the label are excluded as if they were listed. */
static void add_labelled(const struct kb_world *world, struct kb_velero_spec *effective,
                         struct kb_arena *arena)
{
    const struct kb_backup_model *m = &world->backup;
    struct kb_velero_names out = effective->lists[KB_VELERO_EXCLUDED_NAMESPACES];
    struct kb_str *at = KB_NEW_ARRAY(arena, out.n + m->namespaces.n + 1, struct kb_str);
    size_t n = 0;
    for (; n < out.n; n++) {
        at[n] = out.at[n];
    }
    for (size_t i = 0; i < m->namespaces.n; i++) {
        if (kb_str_eq_c(m->namespaces.at[i]->exclude_label, "true")) {
            at[n++] = m->namespaces.at[i]->name;
        }
    }
    effective->lists[KB_VELERO_EXCLUDED_NAMESPACES] = (struct kb_velero_names){at, n};
}

struct kb_velero_names kb_backup_active(const struct kb_world *world, struct kb_arena *arena)
{
    const struct kb_backup_model *m = &world->backup;
    struct kb_str *at = KB_NEW_ARRAY(arena, m->namespaces.n + 1, struct kb_str);
    size_t n = 0;
    for (size_t i = 0; i < m->namespaces.n; i++) {
        if (m->namespaces.at[i]->active) {
            at[n++] = m->namespaces.at[i]->name;
        }
    }
    return (struct kb_velero_names){at, n};
}

bool kb_backup_expand(const struct kb_world *world, const struct kb_backup_spec *spec,
                      struct kb_velero_spec *effective, struct kb_velero_namespaces *out,
                      struct kb_velero_names *covers, struct kb_arena *arena)
{
    struct kb_velero_names active = kb_backup_active(world, arena);
    struct kb_str *at = KB_NEW_ARRAY(arena, active.n + 1, struct kb_str);
    size_t n = 0;
    bool something = apply_version(world, spec, effective, arena);
    add_labelled(world, effective, arena);
    *covers = (struct kb_velero_names){at, 0};
    *out = (struct kb_velero_namespaces){.everything = false};
    if (!something ||
        kb_failed(kb_velero_expand(effective, active, arena, out, NULL))) {
        return false;
    }
    for (size_t i = 0; i < active.n; i++) {
        if (kb_velero_has_namespace(out, active.at[i], NULL)) {
            at[n++] = active.at[i];
        }
    }
    *covers = (struct kb_velero_names){at, n};
    return true;
}

static bool is_one_of(struct kb_str text, const char *const *words)
{
    bool found = false;
    for (size_t i = 0; words[i] != NULL && !found; i++) {
        found = kb_str_eq_c(text, words[i]);
    }
    return found;
}

static bool disables(const struct kb_backup_server *server, const char *name)
{
    struct kb_str rest = server->disabled;
    bool found = false;
    while (rest.n > 0 && !found) {
        found = kb_str_eq_c(kb_str_trim(kb_str_split(rest, ',', &rest)), name);
    }
    return found;
}

static enum kb_tri location_state(const struct kb_world *world,
                                  const struct kb_backup_location *location, struct kb_str *why)
{
    static const char *const phases[] = {"Available", "Unavailable", NULL};
    if (location == NULL) {
        bool whole = kb_world_whole(world, KB_KIND_VELERO_LOCATION);
        *why = whole ? KB_STR("it has no storage location") : KB_STR("locations were not read");
        return whole ? KB_NO : KB_NOT_KNOWN;
    }
    if (location->read_only) {
        *why = KB_STR("its storage location is read-only");
        return KB_NO;
    }
    if (!is_one_of(location->phase, phases)) {
        *why = KB_STR("the phase of its storage location is not known");
        return KB_NOT_KNOWN;
    }
    *why = KB_STR("its storage location is not available");
    return kb_str_eq_c(location->phase, "Available") ? KB_YES : KB_NO;
}

static enum kb_tri phase_state(const struct kb_backup_schedule *at, struct kb_str *why)
{
    static const char *const phases[] = {"", "New", "Enabled", "FailedValidation", NULL};
    if (!is_one_of(at->phase, phases)) {
        *why = KB_STR("its phase is not known");
        return KB_NOT_KNOWN;
    }
    *why = KB_STR("it is not enabled");
    return kb_str_eq_c(at->phase, "Enabled") ? KB_YES : KB_NO;
}

static enum kb_tri server_state(const struct kb_world *world, struct kb_str *why)
{
    const struct kb_backup_server *server = world->backup.server;
    if (world->backup.server_unread) {
        *why = KB_STR("the server's flags were not read");
        return KB_NOT_KNOWN;
    }
    *why = KB_STR("the server does not run schedules or backups");
    return server != NULL && (server->restore_only || disables(server, "schedule") ||
                              disables(server, "backup"))
               ? KB_NO
               : KB_YES;
}

/* The first thing that stands in the way; what is not known counts only where nothing is known to. */
static void judge(const struct kb_world *world, struct kb_backup_schedule *at)
{
    struct kb_str why[5] = {KB_STR("it is paused"), KB_STR("it never fires"), KB_STR(""),
                            KB_STR(""), KB_STR("")};
    enum kb_tri state[5] = {at->paused ? KB_NO : KB_YES,
                            at->times.valid && at->times.fires ? KB_YES : KB_NO,
                            phase_state(at, &why[2]),
                            location_state(world, at->location, &why[3]),
                            server_state(world, &why[4])};
    at->usable = KB_YES;
    at->why_not = KB_STR("");
    if (!at->times.valid) {
        why[1] = KB_STR("its cron expression is not valid");
    }
    for (size_t i = 0; i < 5 && at->usable != KB_NO; i++) {
        if (state[i] == KB_NO || (state[i] == KB_NOT_KNOWN && at->usable == KB_YES)) {
            at->usable = state[i];
            at->why_not = why[i];
        }
    }
}

/* What the least demanding of its namespaces asks: the others are judged by the best of their schedules. */
static int64_t demand(const struct kb_world *world, const struct kb_backup_schedule *at,
                      size_t member, bool largest)
{
    const struct kb_tier *own = kb_tier_of_schedule(world->backup.tiers, at->at.name);
    int64_t found = 0;
    if (own != NULL) {
        return *(const int64_t *)(const void *)((const char *)own + member);
    }
    for (size_t i = 0; i < at->covers.n; i++) {
        const struct kb_backup_namespace *ns = kb_backup_namespace_of(world, at->covers.at[i]);
        const struct kb_tier *tier = kb_tier_of_namespace(world->backup.tiers, at->covers.at[i]);
        int64_t value = tier == NULL || ns == NULL || !ns->in_scope
                            ? 0
                            : *(const int64_t *)(const void *)((const char *)tier + member);
        bool better = value > 0 && (found == 0 || (largest ? value > found : value < found));
        found = better ? value : found;
    }
    if (found == 0 && at->covers.n == 0) {
        struct kb_velero_names in = at->spec.lists.lists[KB_VELERO_INCLUDED_NAMESPACES];
        const struct kb_tier *tier =
            kb_tier_of_namespace(world->backup.tiers, in.n > 0 ? in.at[0] : KB_STR("default"));
        found = tier == NULL ? 0 : *(const int64_t *)(const void *)((const char *)tier + member);
    }
    return found;
}

/* Patterns mean what the version of the server has them mean. */
static bool selection_unread(const struct kb_world *world, const struct kb_backup_spec *spec)
{
    bool patterns = has_pattern(spec->lists.lists[KB_VELERO_INCLUDED_NAMESPACES]) ||
                    has_pattern(spec->lists.lists[KB_VELERO_EXCLUDED_NAMESPACES]);
    return !kb_world_whole(world, KB_KIND_NAMESPACE) || (patterns && world->backup.server_unread);
}

static void close_schedule(struct kb_world *world, struct kb_backup_schedule *at)
{
    texts problems = {0};
    struct kb_backup_location *location = location_of(world, at);
    kb_schedule_times(KB_CRON_STANDARD, at->cron, world->now_ns / NS, &at->times);
    at->location = location;
    read_policy(world, at, &problems);
    bool refused = check_spec(world, at, &problems);
    check_names(world, at, &problems);
    check_locations(world, at, &problems);
    at->problems = keep(world, &problems);
    at->nothing = !kb_backup_expand(world, &at->spec, &at->effective, &at->namespaces, &at->covers,
                                    &world->arena);
    at->selection_unread = !refused && selection_unread(world, &at->spec);
    if (refused) {
        at->covers.n = 0;
    }
    judge(world, at);
    at->rpo_ns = demand(world, at, offsetof(struct kb_tier, rpo_ns), true);
    at->ttl_min_ns = demand(world, at, offsetof(struct kb_tier, ttl_min_ns), false);
    at->ttl_max_ns = demand(world, at, offsetof(struct kb_tier, ttl_max_ns), true);
    if (location != NULL) {
        location->used = location->used || !at->paused;
        location->serves = location->serves == KB_YES || at->usable == KB_NO ? location->serves : at->usable;
    }
}

void kb_backup_close_schedules(struct kb_world *world)
{
    for (size_t i = 0; i < world->backup.schedules.n; i++) {
        close_schedule(world, world->backup.schedules.at[i]);
    }
    for (size_t i = 0; i < world->backup.jobs.n; i++) {
        struct kb_backup_job *at = world->backup.jobs.at[i];
        bool seconds = strcmp(at->tool, "cnpg") == 0;
        kb_schedule_times(seconds ? KB_CRON_SECONDS : KB_CRON_STANDARD, at->cron,
                          world->now_ns / NS, &at->times);
    }
}
