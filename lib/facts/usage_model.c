/* From events to use, and from use to what may be said. */
#include "facts/usage_model.h"

#include <limits.h>

#include "data/json_str.h"
#include "data/duration.h"
#include "facts/world.h"
#include "rbac/dead.h"

enum { EXTRAS_MAX = 1 << 16, GROUPS_MAX = 1024 };
static const int64_t default_window_ns = INT64_C(90) * 24 * 3600 * 1000000000;

void kb_usage_model_done(struct kb_usage_model *model)
{
    kb_usage_done(&model->store);
    kb_map_done(&model->extras);
}

/* Who asks the authorizer: the impersonated user, where there is one. */
struct actor_members {
    enum kb_member name, groups, extra;
};
static const struct actor_members as_self = {KB_M_USER_NAME, KB_M_USER_GROUPS, KB_M_USER_EXTRA};
static const struct actor_members as_other = {KB_M_IMP_NAME, KB_M_IMP_GROUPS, KB_M_IMP_EXTRA};

static size_t read_texts(const struct kb_span *list, struct kb_arena *arena, struct kb_str *out,
                         size_t max)
{
    struct kb_span item;
    size_t n = 0;
    struct kb_scan_each each = kb_scan_each(list);
    while (n < max && kb_scan_next(&each, &item)) {
        out[n++] = kb_span_text(&item, arena);
    }
    return n;
}

static unsigned actor_of(struct kb_usage *store, const struct kb_event *event,
                         const struct actor_members *members, struct kb_arena *arena)
{
    bool is_new;
    struct kb_str user = kb_event_str(event, members->name, arena);
    struct kb_str raw = kb_span_raw(&event->at[members->groups]);
    struct kb_str key = kb_arena_printf(arena, "%.*s\n%.*s", KB_FMT(user), KB_FMT(raw));
    unsigned actor = kb_usage_actor_number(store, key, &is_new);
    if (is_new) {
        struct kb_str *groups = KB_NEW_ARRAY(arena, GROUPS_MAX, struct kb_str);
        size_t n = read_texts(&event->at[members->groups], arena, groups, GROUPS_MAX);
        kb_usage_name_actor(store, actor, user, groups, n);
    }
    return actor;
}

/* IAM principals stand in the user's extra, canonicalArn: the role itself, without its session. */
static void see_principal(struct kb_usage_model *model, const struct kb_event *event,
                          int64_t time_ns, struct kb_arena *arena)
{
    enum { ARNS_MAX = 4 };
    struct kb_span value;
    struct kb_str raw = kb_span_raw(&event->at[KB_M_USER_EXTRA]);
    if (raw.n == 0 || kb_str_find(raw, KB_STR("canonicalArn"), 0) == SIZE_MAX ||
        !kb_span_get(&event->at[KB_M_USER_EXTRA], KB_STR("canonicalArn"), &value)) {
        return;
    }
    struct kb_str arns[ARNS_MAX];
    size_t n = read_texts(&value, arena, arns, ARNS_MAX);
    for (size_t i = 0; i < n; i++) {
        kb_usage_saw(&model->store, arns[i], time_ns);
    }
}

static void see_actor(struct kb_usage *store, unsigned number, int64_t time_ns,
                      struct kb_arena *arena)
{
    const struct kb_usage_actor *actor = &store->actors.at[number];
    kb_usage_saw(store, actor->user, time_ns);
    for (size_t i = 0; i < actor->groups.n; i++) {
        kb_usage_saw(store,
                     kb_arena_printf(arena, "group:%.*s", KB_FMT(actor->groups.at[i])), time_ns);
    }
}

/* What the authorizer saw: of a create without subresource the name was not known to it then, though the
 * log has it from the answer. */
static struct kb_rbac_request request_of(const struct kb_event *event, struct kb_arena *arena)
{
    struct kb_rbac_request out = {.verb = kb_event_str(event, KB_M_VERB, arena)};
    if (!kb_event_has(event, KB_M_OBJECT_REF)) {
        struct kb_str rest;
        out.path_request = true;
        out.path = kb_str_split(kb_event_str(event, KB_M_REQUEST_URI, arena), '?', &rest);
        return out;
    }
    out.group = kb_event_str(event, KB_M_REF_GROUP, arena);
    out.resource = kb_event_str(event, KB_M_REF_RESOURCE, arena);
    out.subresource = kb_event_str(event, KB_M_REF_SUBRESOURCE, arena);
    out.name_space = kb_event_str(event, KB_M_REF_NAMESPACE, arena);
    out.name = kb_event_str(event, KB_M_REF_NAME, arena);
    if (kb_str_eq_c(out.verb, "create") && out.subresource.n == 0) {
        out.name = KB_STR("");
    }
    return out;
}

/* Groups that the API server adds to an impersonated user by itself. */
static bool is_added(struct kb_str group)
{
    return kb_str_eq_c(group, "system:authenticated") || kb_str_eq_c(group, "system:unauthenticated") ||
           kb_str_starts(group, KB_STR("system:serviceaccounts"));
}

/* Impersonating is a use of the verb impersonate by the user itself, which has no reason of its own. */
static void add_impersonation(struct kb_usage *store, const struct kb_event *event,
                              int64_t time_ns, struct kb_str audit_id, struct kb_arena *arena)
{
    struct kb_str name_space = KB_STR(""), name = kb_event_str(event, KB_M_IMP_NAME, arena);
    unsigned actor = actor_of(store, event, &as_self, arena);
    bool account = kb_rbac_split_service_account(name, &name_space, &name);
    struct kb_rbac_request request = {.verb = KB_STR("impersonate"),
                                      .resource = account ? KB_STR("serviceaccounts") : KB_STR("users"),
                                      .name_space = name_space,
                                      .name = name};
    if (actor == UINT_MAX) {
        return;
    }
    see_actor(store, actor, time_ns, arena);
    kb_usage_add(store, actor, &request, time_ns, audit_id);
    struct kb_str *groups = KB_NEW_ARRAY(arena, GROUPS_MAX, struct kb_str);
    size_t n = read_texts(&event->at[KB_M_IMP_GROUPS], arena, groups, GROUPS_MAX);
    for (size_t i = 0; i < n; i++) {
        if (is_added(groups[i])) {
            continue;
        }
        struct kb_rbac_request group = {.verb = KB_STR("impersonate"),
                                        .resource = KB_STR("groups"),
                                        .name = groups[i]};
        kb_usage_add(store, actor, &group, time_ns, audit_id);
    }
}

/* A role that was written stands only since then. */
static void see_change(struct kb_usage *store, const struct kb_event *event, int64_t time_ns,
                       struct kb_arena *arena)
{
    static const char *const writes[] = {"create", "update", "patch", "delete", "deletecollection"};
    int64_t code = 0;
    struct kb_str verb = kb_event_str(event, KB_M_VERB, arena);
    struct kb_str resource = kb_event_raw(event, KB_M_REF_RESOURCE);
    bool role = kb_str_eq_c(resource, "roles") || kb_str_eq_c(resource, "clusterroles");
    bool done = role && kb_event_int(event, KB_M_STATUS_CODE, &code) && code / 100 == 2;
    for (size_t i = 0; done && i < sizeof writes / sizeof writes[0]; i++) {
        if (kb_str_eq_c(verb, writes[i])) {
            kb_usage_role_changed(store, kb_event_str(event, KB_M_REF_NAMESPACE, arena),
                                  kb_event_str(event, KB_M_REF_NAME, arena), time_ns);
        }
    }
}

static void take(struct kb_usage_model *model, const struct kb_event *event, int64_t time_ns,
                 struct kb_arena *arena)
{
    struct kb_str decision = KB_STR("");
    bool other = kb_event_has(event, KB_M_IMPERSONATED);
    struct kb_str audit_id = kb_event_str(event, KB_M_AUDIT_ID, arena);
    unsigned actor = actor_of(&model->store, event, other ? &as_other : &as_self, arena);
    see_principal(model, event, time_ns, arena);
    see_change(&model->store, event, time_ns, arena);
    if (actor == UINT_MAX) {
        return;
    }
    see_actor(&model->store, actor, time_ns, arena);
    (void)kb_event_annotation(event, KB_STR("authorization.k8s.io/decision"), arena, &decision);
    if (kb_str_eq_c(decision, "allow")) {
        struct kb_rbac_request request = request_of(event, arena);
        kb_usage_add(&model->store, actor, &request, time_ns, audit_id);
    }
    if (other) {
        add_impersonation(&model->store, event, time_ns, audit_id, arena);
    }
}

void kb_usage_model_event(struct kb_world *world, const struct kb_event *event, int64_t time_ns)
{
    struct kb_arena arena = {0};
    world->usage.cut += event->truncated;
    take(&world->usage, event, time_ns, &arena);
    kb_arena_done(&arena);
}

static int64_t window_ns(const struct kb_world *world)
{
    int64_t window;
    struct kb_cel_val value = world->setting(world->setting_ctx, "usageWindow");
    bool set = value.kind == KB_CEL_STRING && value.s.n > 0 &&
               !kb_failed(kb_duration_parse(value.s, &window, NULL));
    return set ? window : default_window_ns;
}

void kb_usage_model_close(struct kb_world *world, int64_t first_ns, int64_t last_ns,
                          struct kb_str problem)
{
    struct kb_usage_model *model = &world->usage;
    int64_t window = window_ns(world);
    bool any = first_ns != INT64_MIN && last_ns != INT64_MIN;
    model->read = true;
    model->first_ns = first_ns;
    model->last_ns = last_ns;
    model->problem = kb_arena_copy(&world->arena, problem);
    if (model->problem.n == 0 && (!any || last_ns - first_ns < window)) {
        model->problem = kb_arena_printf(
            &world->arena, "the log covers %lld hours; unused is said after %lld (settings.usageWindow)",
            any ? (long long)((last_ns - first_ns) / 3600000000000) : 0LL,
            (long long)(window / 3600000000000));
    }
    if (model->problem.n == 0 && model->cut > 0) {
        model->problem = kb_arena_printf(&world->arena, "%llu requests of the log were cut",
                                         (unsigned long long)model->cut);
    }
    if (model->problem.n == 0 && model->store.full) {
        model->problem = KB_STR("the log holds more kinds of requests than can be told apart");
    }
    kb_usage_attribute(&model->store, &world->rbac.policy);
}

const char *kb_use_name(enum kb_use use)
{
    static const char *const names[] = {"",      "sole",   "redundant", "unused",
                                        "young", "hidden", "dead"};
    return names[use];
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Nothing was seen since `since_ns`: what that means. */
static enum kb_use unseen(const struct kb_world *world, int64_t since_ns)
{
    const struct kb_usage_model *model = &world->usage;
    if (!model->read || model->problem.n > 0) {
        return KB_USE_NOT_KNOWN;
    }
    int64_t from = later(model->first_ns, since_ns);
    return model->last_ns - from < window_ns(world) ? KB_USE_YOUNG : KB_USE_UNUSED;
}

static bool is_hidden(const struct kb_rbac_role *role, size_t rule)
{
    if (rule != SIZE_MAX) {
        return kb_usage_hidden(&role->rules.at[rule]);
    }
    bool hidden = role->rules.n > 0;
    for (size_t i = 0; i < role->rules.n && hidden; i++) {
        hidden = kb_usage_hidden(&role->rules.at[i]);
    }
    return hidden;
}

bool kb_usage_binding_hidden(const struct kb_rbac_binding *binding)
{
    return binding->role != NULL && is_hidden(binding->role, SIZE_MAX);
}

static bool is_dead(const struct kb_rbac_binding *binding, size_t rule)
{
    return binding->role == NULL ||
           (rule != SIZE_MAX &&
            kb_rbac_dead_rule(&binding->role->rules.at[rule], binding->cluster) != NULL);
}

enum kb_use kb_usage_of(const struct kb_world *world, const struct kb_rbac_binding *binding,
                        size_t subject, size_t rule, const struct kb_usage_mark **mark)
{
    const struct kb_usage *store = &world->usage.store;
    const struct kb_usage_mark *found = kb_usage_mark_of(store, binding, subject, rule);
    if (mark != NULL) {
        *mark = found;
    }
    if (found != NULL) {
        return found->sole ? KB_USE_SOLE : KB_USE_REDUNDANT;
    }
    if (is_dead(binding, rule)) {
        return KB_USE_DEAD;
    }
    if (is_hidden(binding->role, rule)) {
        return KB_USE_HIDDEN;
    }
    int64_t changed = kb_usage_last_change(
        store, binding->role_cluster ? KB_STR("") : binding->meta.name_space, binding->role_name);
    return unseen(world, later(binding->meta.created_ns, later(binding->role->meta.created_ns, changed)));
}

enum kb_use kb_usage_of_anybody(const struct kb_world *world, const struct kb_str *names, size_t n,
                                int64_t since_ns, int64_t *last_ns)
{
    *last_ns = INT64_MIN;
    for (size_t i = 0; i < n; i++) {
        *last_ns = later(*last_ns, kb_usage_last_seen(&world->usage.store, names[i]));
    }
    return *last_ns != INT64_MIN ? KB_USE_SOLE : unseen(world, since_ns);
}
