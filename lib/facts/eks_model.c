/* Reading what EKS says of a cluster. */
#include "facts/eks_model.h"

#include "audit/event.h"
#include "facts/aws_json.h"
#include "facts/world.h"
#include "rbac/access_policy.h"

/* "1.34", "v1.34.2-eks-abc": 34. */
unsigned kb_eks_minor_of(struct kb_str version)
{
    uint64_t minor = 0;
    struct kb_str rest = kb_str_starts(version, KB_STR("v")) ? kb_str_sub(version, 1, version.n)
                                                             : version;
    struct kb_str major = kb_str_split(rest, '.', &rest);
    size_t n = 0;
    while (n < rest.n && rest.p[n] >= '0' && rest.p[n] <= '9') {
        n++;
    }
    bool known = kb_str_eq_c(major, "1") && kb_str_u64(kb_str_sub(rest, 0, n), &minor) &&
                 minor < 1000;
    return known ? (unsigned)minor : 0;
}

unsigned kb_eks_control_plane_minor(const struct kb_eks_model *model)
{
    return model->server_minor != 0 ? model->server_minor : model->minor;
}

unsigned kb_eks_minor(const struct kb_eks_model *model)
{
    unsigned told = kb_eks_control_plane_minor(model);
    return told != 0 ? told : model->node_minor;
}

static void take_node(struct kb_eks_model *model, const struct kb_object *object)
{
    struct kb_str version = KB_STR("");
    (void)kb_json_str(kb_json_dig(object->json, "status", "nodeInfo", NULL), "kubeletVersion",
                      &version);
    unsigned minor = kb_eks_minor_of(version);
    model->node_minor = minor > model->node_minor ? minor : model->node_minor;
}

void kb_eks_model_take(struct kb_world *world, const struct kb_object *object)
{
    struct kb_eks_model *model = &world->eks;
    if (object->kind->id == KB_KIND_NODE) {
        take_node(model, object);
        return;
    }
    if (!kb_str_eq_c(object->name_space, KB_AWS_AUTH_NAMESPACE) ||
        !kb_str_eq_c(object->name, KB_AWS_AUTH_NAME) || model->has_aws_auth) {
        return;
    }
    kb_aws_auth_read(kb_json_object(object->json, "data"), &world->arena, &model->aws_auth);
    model->has_aws_auth = true;
    model->aws_auth_source = kb_map_intern(&world->names, object->source);
    model->aws_auth_uid = kb_arena_copy(&world->arena, object->uid);
    model->aws_auth_version = kb_arena_copy(&world->arena, object->resource_version);
}

void kb_eks_model_close(struct kb_world *world)
{
    for (size_t i = 0; i < world->eks.entries.n; i++) {
        struct kb_access_entry *entry = world->eks.entries.at[i];
        struct kb_access_policy *policies =
            KB_NEW_ARRAY(&world->arena, entry->policy_count, struct kb_access_policy);
        for (size_t k = 0; k < entry->policy_count; k++) {
            policies[k] = entry->policies[k];
            policies[k].rules = kb_access_policy_rules(&world->rbac.policy, policies[k].name);
        }
        entry->policies = policies;
    }
}

void kb_eks_model_done(struct kb_eks_model *model)
{
    kb_aws_auth_done(&model->aws_auth);
    kb_map_done(&model->entry_index);
    KB_VEC_DONE(&model->entries);
}

static struct kb_str text(struct kb_world *world, const json_t *object, const char *key)
{
    struct kb_str value = KB_STR("");
    (void)kb_json_str(object, key, &value);
    return kb_arena_copy(&world->arena, value);
}

static const struct kb_str *texts(struct kb_world *world, const json_t *list, size_t *n)
{
    *n = json_array_size(list);
    struct kb_str *at = KB_NEW_ARRAY(&world->arena, *n, struct kb_str);
    for (size_t i = 0; i < *n; i++) {
        at[i] = kb_arena_copy(&world->arena, kb_json_view(json_array_get(list, i)));
    }
    return at;
}

static struct kb_access_entry *entry_of(struct kb_world *world, struct kb_str principal)
{
    struct kb_eks_model *model = &world->eks;
    struct kb_map_entry *at = kb_map_add(&model->entry_index, principal, NULL);
    if (at->value.ptr == NULL) {
        struct kb_access_entry *entry = KB_NEW(&world->arena, struct kb_access_entry);
        *entry = (struct kb_access_entry){.principal = kb_arena_copy(&world->arena, principal)};
        at->value.ptr = entry;
        *KB_VEC_PUSH(&model->entries) = entry;
    }
    return at->value.ptr;
}

static void take_cluster(struct kb_world *world, const struct kb_aws_answer *answer)
{
    struct kb_eks_model *model = &world->eks;
    const json_t *cluster = kb_json_object(answer->json, "cluster");
    const json_t *access = kb_json_object(cluster, "accessConfig");
    struct kb_str arn = kb_aws_text(cluster, "arn");
    bool another = model->cluster_read && model->cluster_declared == answer->declared &&
                   kb_str_cmp(arn, model->arn) > 0;
    if (another || (answer->declared && model->cluster_read && !model->cluster_declared)) {
        return; /* of two clusters the first by name, in whatever order; what is wins over what was applied */
    }
    model->cluster_declared = answer->declared;
    model->arn = text(world, cluster, "arn");
    model->name = text(world, cluster, "name");
    model->auth_mode = text(world, access, "authenticationMode");
    model->minor = kb_eks_minor_of(text(world, cluster, "version"));
    model->source = kb_map_intern(&world->names, answer->source);
    model->cluster_read = model->arn.n > 0;
    (void)kb_json_bool(access, "bootstrapClusterCreatorAdminPermissions", &model->creator_admin);
}

static void take_entries(struct kb_world *world, const struct kb_aws_answer *answer)
{
    const json_t *list = kb_json_array(answer->json, "accessEntries");
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct kb_access_entry *entry = entry_of(world, kb_json_view(json_array_get(list, i)));
        entry->source = kb_map_intern(&world->names, answer->source);
    }
    world->eks.entries_read = true;
}

static void take_entry(struct kb_world *world, const struct kb_aws_answer *answer)
{
    const json_t *json = kb_json_object(answer->json, "accessEntry");
    struct kb_access_entry *entry = entry_of(world, text(world, json, "principalArn"));
    entry->type = text(world, json, "type");
    entry->username = text(world, json, "username");
    entry->created_ns = kb_event_time_ns(text(world, json, "createdAt"));
    entry->groups = texts(world, json_object_get(json, "kubernetesGroups"), &entry->group_count);
    entry->source = kb_map_intern(&world->names, answer->source);
    entry->described = true;
}

static struct kb_access_policy read_policy(struct kb_world *world, const json_t *json)
{
    struct kb_access_policy policy = {.name = text(world, json, "policyArn")};
    const json_t *scope = kb_json_object(json, "accessScope");
    size_t slash = kb_str_find(policy.name, KB_STR("/"), 0);
    policy.name = slash == SIZE_MAX ? policy.name : kb_str_sub(policy.name, slash + 1, policy.name.n);
    policy.cluster = kb_str_eq_c(text(world, scope, "type"), "cluster");
    policy.namespaces =
        texts(world, json_object_get(scope, "namespaces"), &policy.namespace_count);
    return policy;
}

static void take_policies(struct kb_world *world, const struct kb_aws_answer *answer)
{
    const json_t *list = kb_json_array(answer->json, "associatedAccessPolicies");
    struct kb_access_entry *entry = entry_of(world, text(world, answer->json, "principalArn"));
    size_t n = json_array_size(list);
    struct kb_access_policy *policies = KB_NEW_ARRAY(&world->arena, n, struct kb_access_policy);
    for (size_t i = 0; i < n; i++) {
        policies[i] = read_policy(world, json_array_get(list, i));
    }
    entry->policies = policies;
    entry->policy_count = n;
    entry->policies_read = true;
}

static const struct {
    const char *operation;
    void (*take)(struct kb_world *world, const struct kb_aws_answer *answer);
} readers[] = {
    {"describe-cluster", take_cluster},
    {"list-access-entries", take_entries},
    {"describe-access-entry", take_entry},
    {"list-associated-access-policies", take_policies},
};

/* Under authentication mode CONFIG_MAP there are no entries, and the call says so. */
static void take_error(struct kb_world *world, const struct kb_aws_answer *answer)
{
    struct kb_eks_model *model = &world->eks;
    bool none = kb_str_eq_c(answer->operation, "list-access-entries") &&
                kb_str_find(answer->error, KB_STR("authentication mode"), 0) != SIZE_MAX;
    if (none) {
        model->entries_read = true;
    } else if (model->problem.n == 0) {
        model->problem = kb_arena_printf(&world->arena, "eks %.*s: %.*s",
                                         KB_FMT(answer->operation), KB_FMT(answer->error));
    }
}

void kb_eks_model_answer(struct kb_world *world, const struct kb_aws_answer *answer)
{
    if (!kb_str_eq_c(answer->service, "eks")) {
        return;
    }
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        if (kb_str_eq_c(answer->operation, readers[i].operation)) {
            if (answer->error.n > 0) {
                take_error(world, answer);
            }
            if (answer->json != NULL) {
                readers[i].take(world, answer);
            }
        }
    }
}
