/* Building the model. */
#include "facts/rbac_model.h"

#include "facts/world.h"
#include "rbac/covers.h"
#include "rbac/escalation.h"

void kb_rbac_model_take(struct kb_world *world, const struct kb_object *object)
{
    kb_rbac_take(&world->rbac.policy, object);
}

void kb_rbac_model_done(struct kb_rbac_model *model)
{
    kb_rbac_policy_done(&model->policy);
    if (model->stock_loaded) {
        kb_rbac_stock_done(&model->stock);
    }
    kb_map_done(&model->worths);
}

bool kb_rbac_model_whole(const struct kb_world *world)
{
    return kb_world_whole(world, KB_KIND_ROLE) && kb_world_whole(world, KB_KIND_CLUSTER_ROLE) &&
           kb_world_whole(world, KB_KIND_ROLE_BINDING) &&
           kb_world_whole(world, KB_KIND_CLUSTER_ROLE_BINDING);
}

const struct kb_cel_list *kb_text_list(struct kb_arena *arena, const struct kb_str *at, size_t n)
{
    struct kb_cel_val *items = KB_NEW_ARRAY(arena, n, struct kb_cel_val);
    struct kb_cel_list *list = KB_NEW(arena, struct kb_cel_list);
    for (size_t i = 0; i < n; i++) {
        items[i] = kb_cel_string(kb_arena_copy(arena, at[i]));
    }
    *list = (struct kb_cel_list){items, n};
    return list;
}

bool kb_text_list_has(const struct kb_cel_list *list, struct kb_str text)
{
    for (size_t i = 0; i < list->n; i++) {
        if (kb_str_eq(list->items[i].s, text)) {
            return true;
        }
    }
    return false;
}

typedef KB_VEC(struct kb_str) texts;

static const struct kb_cel_list *close_texts(texts *from, struct kb_arena *arena)
{
    const struct kb_cel_list *list = kb_text_list(arena, from->at, from->n);
    KB_VEC_DONE(from);
    return list;
}

static void add_text(texts *to, struct kb_str text)
{
    for (size_t i = 0; i < to->n; i++) {
        if (kb_str_eq(to->at[i], text)) {
            return;
        }
    }
    *KB_VEC_PUSH(to) = text;
}

static void read_permissions(struct kb_rbac_rules rules, bool cluster,
                             const struct kb_rbac_rules *known, struct kb_arena *arena,
                             struct kb_rbac_worth *out)
{
    kb_rbac_permissions found = {0};
    texts all = {0}, named = {0};
    kb_rbac_sensitive(rules, cluster, known, arena, &found);
    for (size_t i = 0; i < found.n; i++) {
        if (found.at[i].name.n == 0) {
            *KB_VEC_PUSH(&all) = found.at[i].text;
        } else {
            add_text(&named, kb_arena_printf(arena, "%.*s %.*s", KB_FMT(found.at[i].text),
                                             KB_FMT(found.at[i].name)));
        }
    }
    out->permissions = close_texts(&all, arena);
    out->named = close_texts(&named, arena);
    KB_VEC_DONE(&found);
}

static bool has_star(struct kb_rbac_words words)
{
    for (size_t i = 0; i < words.n; i++) {
        if (kb_str_eq_c(words.at[i], "*")) {
            return true;
        }
    }
    return false;
}

static void read_resource_words(const struct kb_rbac_rule *rule, texts *subresources)
{
    for (size_t i = 0; i < rule->resources.n; i++) {
        struct kb_str resource = rule->resources.at[i];
        if (kb_str_starts(resource, KB_STR("*/")) && !kb_str_eq_c(resource, "*/*")) {
            add_text(subresources, resource);
        }
    }
}

/* Rules that the reference covers are not looked at. */
static void read_words(struct kb_rbac_rules rules, bool cluster, const struct kb_rbac_rules *known,
                       struct kb_arena *arena, struct kb_rbac_worth *out)
{
    texts wildcards = {0}, subresources = {0}, urls = {0};
    for (size_t i = 0; i < rules.n; i++) {
        const struct kb_rbac_rule *rule = &rules.at[i];
        if (known != NULL && kb_rbac_covers(*known, (struct kb_rbac_rules){rule, 1}, NULL)) {
            continue;
        }
        if (rule->resources.n > 0 && has_star(rule->verbs)) {
            add_text(&wildcards, KB_STR("verbs"));
        }
        if (has_star(rule->resources)) {
            add_text(&wildcards, KB_STR("resources"));
        }
        if (has_star(rule->groups)) {
            add_text(&wildcards, KB_STR("apiGroups"));
        }
        read_resource_words(rule, &subresources);
        for (size_t u = 0; u < rule->urls.n && cluster; u++) {
            add_text(&urls, rule->urls.at[u]);
        }
    }
    out->wildcards = close_texts(&wildcards, arena);
    out->wildcard_subresources = close_texts(&subresources, arena);
    out->urls = close_texts(&urls, arena);
}

static bool covers_admin(const struct kb_rbac_model *model, struct kb_rbac_rules rules)
{
    const struct kb_rbac_role *admin =
        kb_rbac_find_role(&model->stock.kubernetes, KB_STR(""), KB_STR("admin"));
    return admin != NULL && kb_rbac_covers(rules, admin->rules, NULL);
}

static const struct kb_rbac_worth *worth_of(struct kb_world *world, struct kb_rbac_rules rules,
                                            bool cluster, const struct kb_rbac_rules *known)
{
    struct kb_rbac_model *model = &world->rbac;
    struct {
        const void *rules, *known;
        size_t n, cluster;
    } key = {rules.at, known == NULL ? NULL : known->at, rules.n, cluster};
    struct kb_map_entry *entry =
        kb_map_add(&model->worths, (struct kb_str){(const char *)&key, sizeof key}, NULL);
    if (entry->value.ptr == NULL) {
        struct kb_rbac_worth *worth = KB_NEW(&world->arena, struct kb_rbac_worth);
        *worth = (struct kb_rbac_worth){0};
        entry->value.ptr = worth;
        struct kb_rbac_rules everything = {kb_rbac_full_authority.at, 1};
        read_permissions(rules, cluster, known, &world->arena, worth);
        read_words(rules, cluster, known, &world->arena, worth);
        worth->full = known == NULL && kb_rbac_covers(rules, everything, NULL);
        worth->admin = known == NULL && covers_admin(model, rules);
        worth->deletecollection_kinds =
            known == NULL ? (int64_t)kb_rbac_deletecollection_kinds(rules) : 0;
        return worth;
    }
    return entry->value.ptr;
}

/* A stock binding counts for what its role holds beyond the reference, and where the rules of its role
 * are not public, for nothing. */
static void judge(struct kb_world *world, const struct kb_rbac_binding *binding,
                  struct kb_rbac_grant *out)
{
    static const struct kb_rbac_rules none = {NULL, 0};
    struct kb_rbac_model *model = &world->rbac;
    struct kb_rbac_origin_answer role = {.origin = KB_RBAC_OWN};
    struct kb_rbac_rules rules = binding->role == NULL ? none : binding->role->rules;
    *out = (struct kb_rbac_grant){.binding = binding};
    kb_rbac_stock_binding(&model->stock, binding, &world->arena, &out->origin);
    out->managed = out->origin.origin == KB_RBAC_MANAGED;
    const struct kb_rbac_rules *known = NULL;
    if (out->managed && binding->role != NULL) {
        kb_rbac_stock_role(&model->stock, &model->policy, binding->role, &world->arena, &role);
        known = role.reference != NULL ? &role.reference->rules : NULL;
        rules = role.origin == KB_RBAC_MANAGED ? none : rules;
    }
    out->worth = worth_of(world, rules, binding->cluster, known);
}

void kb_rbac_model_close(struct kb_world *world, unsigned minor)
{
    struct kb_rbac_model *model = &world->rbac;
    model->policy.minor = minor;
    kb_rbac_close(&model->policy);
    if (minor != 0 || model->policy.roles.n == 0) {
        kb_rbac_stock_load(&model->stock, minor);
    } else {
        kb_rbac_stock_load_nearest(&model->stock, &model->policy);
    }
    model->stock_loaded = true;
    model->grants =
        KB_NEW_ARRAY(&world->arena, model->policy.bindings.n, struct kb_rbac_grant);
    for (size_t i = 0; i < model->policy.bindings.n; i++) {
        judge(world, model->policy.bindings.at[i], &model->grants[i]);
    }
}
