/* Roles and bindings from their JSON. */
#include "rbac/keys.h"
#include "rbac/policy.h"

#include <stdlib.h>

uint32_t kb_rbac_verb_bit(struct kb_str verb)
{
    static const char *const verbs[] = {
        "get",  "list",     "watch", "create",   "update",      "patch", "delete",
        "bind", "escalate", "use",   "approve",  "impersonate", "sign",  "deletecollection",
        "post", "put",      "head",  "options",  "proxy",
    };
    if (kb_str_eq_c(verb, "*")) {
        return UINT32_MAX;
    }
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (kb_str_eq_c(verb, verbs[i])) {
            return UINT32_C(1) << i;
        }
    }
    return 0;
}

/* Null and a missing member are the empty list, as everywhere in Kubernetes. */
static struct kb_rbac_words read_words(struct kb_rbac_policy *policy, const json_t *rule,
                                       const char *member, const char **problem)
{
    const json_t *list = json_object_get(rule, member);
    size_t n = json_array_size(list), kept = 0;
    if (list != NULL && !json_is_array(list) && !json_is_null(list)) {
        *problem = "a rule holds something else than lists";
    }
    struct kb_str *at = KB_NEW_ARRAY(&policy->arena, n, struct kb_str);
    for (size_t i = 0; i < n; i++) {
        const json_t *item = json_array_get(list, i);
        if (!json_is_string(item)) {
            *problem = "a rule's list holds something else than texts";
            continue;
        }
        at[kept++] = kb_rbac_intern(policy, kb_json_view(item));
    }
    return (struct kb_rbac_words){at, kept};
}

static struct kb_rbac_rule read_rule(struct kb_rbac_policy *policy, const json_t *json,
                                     const char **problem)
{
    if (!json_is_object(json)) {
        *problem = "a rule is no object";
    }
    struct kb_rbac_rule rule = {
        .verbs = read_words(policy, json, "verbs", problem),
        .groups = read_words(policy, json, "apiGroups", problem),
        .resources = read_words(policy, json, "resources", problem),
        .names = read_words(policy, json, "resourceNames", problem),
        .urls = read_words(policy, json, "nonResourceURLs", problem),
    };
    for (size_t i = 0; i < rule.verbs.n; i++) {
        rule.verb_bits |= kb_rbac_verb_bit(rule.verbs.at[i]);
    }
    return rule;
}

static struct kb_rbac_rules read_rules(struct kb_rbac_policy *policy, const json_t *json,
                                       const char **problem)
{
    size_t n = json_array_size(json);
    struct kb_rbac_rule *rules = KB_NEW_ARRAY(&policy->arena, n, struct kb_rbac_rule);
    for (size_t i = 0; i < n; i++) {
        rules[i] = read_rule(policy, json_array_get(json, i), problem);
    }
    return (struct kb_rbac_rules){rules, n};
}

/* Equal lists of many roles are read once. */
struct kb_rbac_rules kb_rbac_read_rules(struct kb_rbac_policy *policy, const json_t *json,
                                        const char **problem)
{
    struct list {
        struct kb_rbac_rules rules;
        const char *problem;
    } *list;
    const char *ignored = NULL;
    problem = problem == NULL ? &ignored : problem;
    if (json != NULL && !json_is_array(json) && !json_is_null(json)) {
        *problem = "rules is no list";
    }
    if (json_array_size(json) == 0) {
        return (struct kb_rbac_rules){NULL, 0};
    }
    char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
    struct kb_map_entry *entry = kb_map_add(&policy->rule_lists, kb_str_c(text), NULL);
    free(text);
    if (entry->value.ptr == NULL) {
        list = KB_NEW(&policy->arena, struct list);
        *list = (struct list){{NULL, 0}, NULL};
        entry->value.ptr = list;
        list->rules = read_rules(policy, json, &list->problem);
    }
    list = entry->value.ptr;
    *problem = list->problem != NULL ? list->problem : *problem;
    return list->rules;
}

static const json_t *own(struct kb_rbac_policy *policy, const json_t *json)
{
    if (json == NULL) {
        return NULL;
    }
    json_t *kept = json_deep_copy(json);
    *KB_VEC_PUSH(&policy->owned) = kept;
    return kept;
}

static struct kb_rbac_meta read_meta(struct kb_rbac_policy *policy, const struct kb_object *object)
{
    return (struct kb_rbac_meta){
        .name_space = kb_rbac_intern(policy, object->name_space),
        .name = kb_rbac_intern(policy, object->name),
        .uid = kb_arena_copy(&policy->arena, object->uid),
        .resource_version = kb_arena_copy(&policy->arena, object->resource_version),
        .source = kb_rbac_intern(policy, object->source),
        .created_ns = object->created_ns,
        .labels = own(policy, kb_object_labels(object)),
        .annotations = own(policy, kb_object_annotations(object)),
    };
}

static void take_role(struct kb_rbac_policy *policy, const struct kb_object *object, bool cluster)
{
    struct kb_rbac_role *role = KB_NEW(&policy->arena, struct kb_rbac_role);
    *role = (struct kb_rbac_role){.meta = read_meta(policy, object), .cluster = cluster};
    const json_t *rules = json_object_get(object->json, "rules");
    role->rules = kb_rbac_read_rules(policy, rules, &role->meta.problem);
    role->aggregation = own(policy, kb_json_object(object->json, "aggregationRule"));
    *KB_VEC_PUSH(&policy->roles) = role;
}

static enum kb_rbac_subject_kind subject_kind(struct kb_str kind)
{
    for (int i = KB_RBAC_USER; i < KB_RBAC_OTHER; i++) {
        if (kb_str_eq_c(kind, kb_rbac_subject_kind_name((enum kb_rbac_subject_kind)i))) {
            return (enum kb_rbac_subject_kind)i;
        }
    }
    return KB_RBAC_OTHER;
}

static struct kb_rbac_subject read_subject(struct kb_rbac_policy *policy, const json_t *json,
                                           const struct kb_rbac_binding *binding,
                                           const char **problem)
{
    struct kb_str kind = KB_STR(""), name = KB_STR(""), name_space = KB_STR("");
    if (!kb_json_str(json, "kind", &kind) || !kb_json_str(json, "name", &name)) {
        *problem = "a subject without kind or name";
    }
    struct kb_rbac_subject subject = {.kind = subject_kind(kind)};
    if (subject.kind == KB_RBAC_OTHER) {
        *problem = "a subject of an unknown kind";
    }
    if (subject.kind == KB_RBAC_SERVICE_ACCOUNT &&
        !(kb_json_str(json, "namespace", &name_space) && name_space.n > 0)) {
        name_space = binding->cluster ? KB_STR("") : binding->meta.name_space;
    }
    subject.name = kb_rbac_intern(policy, name);
    subject.name_space = kb_rbac_intern(policy, name_space);
    return subject;
}

static void read_subjects(struct kb_rbac_policy *policy, const json_t *list,
                          struct kb_rbac_binding *binding)
{
    size_t n = json_array_size(list);
    if (list != NULL && !json_is_array(list) && !json_is_null(list)) {
        binding->meta.problem = "subjects is no list";
    }
    struct kb_rbac_subject *subjects = KB_NEW_ARRAY(&policy->arena, n, struct kb_rbac_subject);
    for (size_t i = 0; i < n; i++) {
        subjects[i] = read_subject(policy, json_array_get(list, i), binding, &binding->meta.problem);
    }
    binding->subjects = subjects;
    binding->subject_count = n;
}

static void take_binding(struct kb_rbac_policy *policy, const struct kb_object *object,
                         bool cluster)
{
    struct kb_rbac_binding *binding = KB_NEW(&policy->arena, struct kb_rbac_binding);
    const json_t *ref = kb_json_object(object->json, "roleRef");
    struct kb_str kind = KB_STR(""), name = KB_STR("");
    *binding = (struct kb_rbac_binding){.meta = read_meta(policy, object), .cluster = cluster};
    bool named = kb_json_str(ref, "kind", &kind) && kb_json_str(ref, "name", &name);
    binding->role_cluster = kb_str_eq_c(kind, "ClusterRole");
    if (!named || !(binding->role_cluster || (!cluster && kb_str_eq_c(kind, "Role")))) {
        binding->meta.problem = "roleRef names no role";
    }
    binding->role_name = kb_rbac_intern(policy, name);
    read_subjects(policy, json_object_get(object->json, "subjects"), binding);
    *KB_VEC_PUSH(&policy->bindings) = binding;
}

void kb_rbac_take(struct kb_rbac_policy *policy, const struct kb_object *object)
{
    enum kb_kind_id kind = object->kind->id;
    if (kind == KB_KIND_ROLE || kind == KB_KIND_CLUSTER_ROLE) {
        take_role(policy, object, kind == KB_KIND_CLUSTER_ROLE);
    } else if (kind == KB_KIND_ROLE_BINDING || kind == KB_KIND_CLUSTER_ROLE_BINDING) {
        take_binding(policy, object, kind == KB_KIND_CLUSTER_ROLE_BINDING);
    }
}
