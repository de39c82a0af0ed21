/* Collecting tuples, and asking the policy for them. */
#include "rbac/usage.h"

#include <limits.h>

void kb_usage_done(struct kb_usage *usage)
{
    for (size_t i = 0; i < usage->marks.n; i++) {
        KB_VEC_DONE(&usage->marks.at[i]->namespaces);
        KB_VEC_DONE(&usage->marks.at[i]->atoms);
        KB_VEC_DONE(&usage->marks.at[i]->verbs);
    }
    KB_VEC_DONE(&usage->marks);
    KB_VEC_DONE(&usage->actors);
    KB_VEC_DONE(&usage->tuples);
    struct kb_map *const maps[] = {&usage->texts, &usage->actor_index, &usage->tuple_index,
                                   &usage->named, &usage->mark_index,  &usage->changes,
                                   &usage->seen};
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) {
        kb_map_done(maps[i]);
    }
    kb_arena_done(&usage->arena);
    *usage = (struct kb_usage){0};
}

void kb_usage_watch(struct kb_usage *usage, const struct kb_rbac_policy *policy)
{
    for (size_t i = 0; i < policy->roles.n; i++) {
        const struct kb_rbac_rules *rules = &policy->roles.at[i]->rules;
        for (size_t r = 0; r < rules->n; r++) {
            for (size_t k = 0; k < rules->at[r].names.n; k++) {
                (void)kb_map_add(&usage->named, rules->at[r].names.at[k], NULL);
            }
        }
    }
}

unsigned kb_usage_actor_number(struct kb_usage *usage, struct kb_str key, bool *is_new)
{
    struct kb_map_entry *entry = kb_map_find(&usage->actor_index, key);
    *is_new = entry == NULL;
    if (entry != NULL) {
        return (unsigned)entry->value.u;
    }
    if (usage->actors.n == KB_USAGE_ACTORS) {
        usage->full = true;
        *is_new = false;
        return UINT_MAX;
    }
    kb_map_add(&usage->actor_index, key, NULL)->value.u = usage->actors.n;
    (void)KB_VEC_PUSH(&usage->actors);
    return (unsigned)(usage->actors.n - 1);
}

void kb_usage_name_actor(struct kb_usage *usage, unsigned actor, struct kb_str user,
                         const struct kb_str *groups, size_t n)
{
    struct kb_str *kept = KB_NEW_ARRAY(&usage->arena, n, struct kb_str);
    for (size_t i = 0; i < n; i++) {
        kept[i] = kb_map_intern(&usage->texts, groups[i]);
    }
    usage->actors.at[actor] = (struct kb_usage_actor){
        kb_map_intern(&usage->texts, user), kb_rbac_groups_of(user, kept, n, &usage->arena)};
}

struct tuple_key {
    const char *verb, *path, *group, *resource, *subresource, *name_space, *name;
    uint64_t actor;
};

static struct tuple_key key_of(unsigned actor, const struct kb_rbac_request *r)
{
    return (struct tuple_key){r->verb.p,        r->path.p,       r->group.p, r->resource.p,
                              r->subresource.p, r->name_space.p, r->name.p,  actor};
}

static struct kb_map_entry *find_tuple(struct kb_usage *usage, unsigned actor,
                                       const struct kb_rbac_request *request, bool *is_new)
{
    struct tuple_key key = key_of(actor, request);
    return kb_map_add(&usage->tuple_index, (struct kb_str){(const char *)&key, sizeof key}, is_new);
}

/* Names that no rule mentions are one. Where all are kept, one kind of request has so many, and then "*"
 * stands for the rest: no object is called that. */
static struct kb_str kept_name(struct kb_usage *usage, unsigned actor,
                               const struct kb_rbac_request *request)
{
    struct kb_rbac_request some = *request;
    if (request->name.n == 0 || (!usage->keep_names && kb_map_find(&usage->named, request->name) == NULL)) {
        return KB_STR("");
    }
    if (!usage->keep_names) {
        return request->name;
    }
    bool is_new;
    some.name = kb_map_intern(&usage->texts, request->name);
    struct tuple_key key = key_of(actor, &some);
    if (kb_map_find(&usage->tuple_index, (struct kb_str){(const char *)&key, sizeof key}) != NULL) {
        return request->name;
    }
    some.name = KB_STR("\x01 names"); /* counts the names of this kind of request */
    some.name = kb_map_intern(&usage->texts, some.name);
    struct kb_map_entry *count = find_tuple(usage, actor, &some, &is_new);
    return ++count->value.u > KB_USAGE_NAMES ? KB_STR("*") : request->name;
}

static struct kb_rbac_request interned(struct kb_usage *usage, unsigned actor,
                                       const struct kb_rbac_request *request)
{
    struct kb_rbac_request out = {.path_request = request->path_request};
    const struct kb_str *const from[] = {&request->verb,     &request->path,        &request->group,
                                         &request->resource, &request->subresource, &request->name_space};
    struct kb_str *const to[] = {&out.verb,     &out.path,        &out.group,
                                 &out.resource, &out.subresource, &out.name_space};
    for (size_t i = 0; i < sizeof to / sizeof to[0]; i++) {
        *to[i] = kb_map_intern(&usage->texts, *from[i]);
    }
    out.name = request->name;
    out.name = kb_map_intern(&usage->texts, kept_name(usage, actor, &out));
    return out;
}

void kb_usage_add(struct kb_usage *usage, unsigned actor, const struct kb_rbac_request *request,
                  int64_t time_ns, struct kb_str audit_id)
{
    bool is_new;
    struct kb_rbac_request kept = interned(usage, actor, request);
    if (usage->tuples.n == KB_USAGE_TUPLES) {
        usage->full = true;
        return;
    }
    struct kb_map_entry *entry = find_tuple(usage, actor, &kept, &is_new);
    if (is_new) {
        entry->value.u = usage->tuples.n;
        *KB_VEC_PUSH(&usage->tuples) =
            (struct kb_usage_tuple){actor, kept, time_ns, time_ns, 0,
                                    kb_arena_copy(&usage->arena, audit_id)};
    }
    struct kb_usage_tuple *tuple = &usage->tuples.at[entry->value.u];
    tuple->count++;
    tuple->first_ns = time_ns < tuple->first_ns ? time_ns : tuple->first_ns;
    tuple->last_ns = time_ns > tuple->last_ns ? time_ns : tuple->last_ns;
}

/* Times are never before 1970 here, so 0 is "never". */
static void keep_last(struct kb_map *map, struct kb_str key, int64_t time_ns)
{
    struct kb_map_entry *entry = kb_map_add(map, key, NULL);
    uint64_t at = time_ns < 0 ? 0 : (uint64_t)time_ns + 1;
    entry->value.u = at > entry->value.u ? at : entry->value.u;
}

static int64_t last_of(const struct kb_map *map, struct kb_str key)
{
    const struct kb_map_entry *entry = kb_map_find(map, key);
    return entry == NULL || entry->value.u == 0 ? INT64_MIN : (int64_t)(entry->value.u - 1);
}

void kb_usage_saw(struct kb_usage *usage, struct kb_str who, int64_t time_ns)
{
    if (usage->seen.n < KB_USAGE_TUPLES || kb_map_find(&usage->seen, who) != NULL) {
        keep_last(&usage->seen, who, time_ns);
    } else {
        usage->full = true;
    }
}

int64_t kb_usage_last_seen(const struct kb_usage *usage, struct kb_str who)
{
    return last_of(&usage->seen, who);
}

static struct kb_str role_key(struct kb_arena *arena, struct kb_str name_space, struct kb_str name)
{
    return kb_arena_printf(arena, "%.*s/%.*s", KB_FMT(name_space), KB_FMT(name));
}

void kb_usage_role_changed(struct kb_usage *usage, struct kb_str name_space, struct kb_str name,
                           int64_t time_ns)
{
    struct kb_arena arena = {0};
    struct kb_str key = role_key(&arena, name_space, name);
    if (usage->changes.n < KB_USAGE_TUPLES) {
        keep_last(&usage->changes, key, time_ns);
    } else {
        usage->full = true;
    }
    kb_arena_done(&arena);
}

int64_t kb_usage_last_change(const struct kb_usage *usage, struct kb_str name_space, struct kb_str name)
{
    struct kb_arena arena = {0};
    int64_t last = last_of(&usage->changes, role_key(&arena, name_space, name));
    kb_arena_done(&arena);
    return last;
}
