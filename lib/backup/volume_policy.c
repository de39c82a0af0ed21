/* Reading and matching resource policies. */
#include "backup/volume_policy.h"

#include "data/json.h"
#include "data/yaml.h"

enum { POLICIES_MAX = 1000 };

struct policy {
    const struct kb_yaml_node *conditions; /* NULL: none */
    enum kb_volume_action action;
};

struct kb_resource_policy {
    struct policy *at;
    size_t n;
    struct kb_velero_policy types;
    bool has_types;
};

static const struct {
    const char *name;
    enum kb_volume_action action;
} actions[] = {
    {"skip", KB_VOLUME_ACTION_SKIP},
    {"snapshot", KB_VOLUME_ACTION_SNAPSHOT},
    {"fs-backup", KB_VOLUME_ACTION_FS_BACKUP},
    {"custom", KB_VOLUME_ACTION_CUSTOM},
};

static bool in_list(const struct kb_yaml_node *list, struct kb_str text)
{
    bool found = false;
    for (size_t i = 0; list != NULL && list->kind == KB_YAML_SEQ && i < list->n && !found; i++) {
        found = kb_str_eq(list->items[i]->text, text);
    }
    return found;
}

/* "10Gi,100Gi"; either end may be left out. */
static bool has_capacity(const struct kb_yaml_node *node, const struct kb_policy_volume *volume)
{
    struct kb_quantity capacity, low, high;
    struct kb_str upper;
    struct kb_str lower = kb_str_trim(kb_str_split(node->text, ',', &upper));
    upper = kb_str_trim(upper);
    if (kb_failed(kb_quantity_parse(volume->capacity, &capacity, NULL))) {
        return false;
    }
    bool above = lower.n == 0 || (!kb_failed(kb_quantity_parse(lower, &low, NULL)) &&
                                  kb_quantity_cmp(&capacity, &low) >= 0);
    bool below = upper.n == 0 || (!kb_failed(kb_quantity_parse(upper, &high, NULL)) &&
                                  (kb_quantity_sign(&high) == 0 ||
                                   kb_quantity_cmp(&capacity, &high) <= 0));
    return above && below;
}

static bool has_class(const struct kb_yaml_node *node, const struct kb_policy_volume *volume)
{
    return in_list(node, volume->storage_class);
}

static bool has_phase(const struct kb_yaml_node *node, const struct kb_policy_volume *volume)
{
    return in_list(node, volume->phase);
}

static bool has_type(const struct kb_yaml_node *node, const struct kb_policy_volume *volume)
{
    return in_list(node, volume->type);
}

static bool same_or_unset(const struct kb_yaml_node *node, struct kb_str text)
{
    return node == NULL || node->text.n == 0 || kb_str_eq(node->text, text);
}

static bool has_nfs(const struct kb_yaml_node *node, const struct kb_policy_volume *volume)
{
    return kb_str_eq_c(volume->type, "nfs") &&
           same_or_unset(kb_yaml_get(node, "server"), volume->nfs_server) &&
           same_or_unset(kb_yaml_get(node, "path"), volume->nfs_path);
}

/* Every pair of the map is in the object. */
static bool has_pairs(const struct kb_yaml_node *map, const json_t *object)
{
    bool all = true;
    for (size_t i = 0; map != NULL && map->kind == KB_YAML_MAP && i < map->n && all; i++) {
        const json_t *value =
            json_object_getn(object, map->pairs[i].key->text.p, map->pairs[i].key->text.n);
        all = json_is_string(value) && kb_str_eq(kb_json_view(value), map->pairs[i].value->text);
    }
    return all;
}

static bool has_csi(const struct kb_yaml_node *node, const struct kb_policy_volume *volume)
{
    return kb_str_eq_c(volume->type, "csi") &&
           same_or_unset(kb_yaml_get(node, "driver"), volume->driver) &&
           has_pairs(kb_yaml_get(node, "volumeAttributes"), volume->attributes);
}

static bool has_labels(const struct kb_yaml_node *node, const struct kb_policy_volume *volume)
{
    return has_pairs(node, volume->labels);
}

static const struct {
    const char *name;
    enum kb_yaml_kind kind;
    bool (*holds)(const struct kb_yaml_node *node, const struct kb_policy_volume *volume);
} conditions[] = {
    {"capacity", KB_YAML_SCALAR, has_capacity}, {"storageClass", KB_YAML_SEQ, has_class},
    {"nfs", KB_YAML_MAP, has_nfs},              {"csi", KB_YAML_MAP, has_csi},
    {"volumeTypes", KB_YAML_SEQ, has_type},     {"pvcLabels", KB_YAML_MAP, has_labels},
    {"pvcPhase", KB_YAML_SEQ, has_phase},
};
enum { CONDITIONS = sizeof conditions / sizeof conditions[0] };

static int condition_of(struct kb_str name)
{
    for (int i = 0; i < CONDITIONS; i++) {
        if (kb_str_eq_c(name, conditions[i].name)) {
            return i;
        }
    }
    return -1;
}

static KB_RES read_conditions(const struct kb_yaml_node *node, struct policy *out,
                              struct kb_err *err)
{
    if (node == NULL || kb_yaml_null(node)) {
        return KB_SUCCESS;
    }
    if (node->kind != KB_YAML_MAP) {
        return kb_yaml_fail(node, err, KB_ERR_INVALID, "conditions must be a map");
    }
    for (size_t i = 0; i < node->n; i++) {
        int which = condition_of(node->pairs[i].key->text);
        bool fits = which >= 0 && (kb_yaml_null(node->pairs[i].value) ||
                                   node->pairs[i].value->kind == conditions[which].kind);
        if (!fits) {
            return kb_yaml_fail(node->pairs[i].key, err, KB_ERR_INVALID, "%s condition %.*s",
                                which < 0 ? "unknown" : "malformed",
                                KB_FMT(node->pairs[i].key->text));
        }
    }
    out->conditions = node;
    return KB_SUCCESS;
}

static KB_RES read_policy(const struct kb_yaml_node *node, struct policy *out, struct kb_err *err)
{
    const struct kb_yaml_node *type = kb_yaml_get(kb_yaml_get(node, "action"), "type");
    bool known = false;
    for (size_t i = 0; type != NULL && i < sizeof actions / sizeof actions[0] && !known; i++) {
        known = kb_str_eq_c(type->text, actions[i].name);
        out->action = actions[i].action;
    }
    if (!known) {
        return kb_yaml_fail(node, err, KB_ERR_INVALID, "invalid action type %.*s",
                            type == NULL ? 0 : (int)type->text.n, type == NULL ? "" : type->text.p);
    }
    return read_conditions(kb_yaml_get(node, "conditions"), out, err);
}

static void read_types(const struct kb_yaml_node *node, struct kb_arena *arena,
                       struct kb_resource_policy *out)
{
    for (int i = KB_VELERO_INCLUDED_CLUSTER; i < KB_VELERO_LISTS; i++) {
        const struct kb_yaml_node *list =
            kb_yaml_get(node, kb_velero_list_name((enum kb_velero_list)i));
        size_t n = list != NULL && list->kind == KB_YAML_SEQ ? list->n : 0;
        struct kb_str *at = KB_NEW_ARRAY(arena, n + 1, struct kb_str);
        for (size_t k = 0; k < n; k++) {
            at[k] = list->items[k]->text;
        }
        out->types.lists[i] = (struct kb_velero_names){at, n};
    }
    out->has_types = node != NULL;
}

KB_RES kb_resource_policy_read(struct kb_str text, struct kb_arena *arena,
                               const struct kb_resource_policy **out, struct kb_err *err)
{
    const struct kb_yaml_node *root;
    struct kb_resource_policy *policy = KB_NEW(arena, struct kb_resource_policy);
    KB_TRY(kb_yaml_parse(arena, NULL, text, &root, err));
    const struct kb_yaml_node *version = kb_yaml_get(root, "version");
    const struct kb_yaml_node *list = kb_yaml_get(root, "volumePolicies");
    KB_ENSURE(version != NULL && kb_str_eq_c(version->text, "v1"), err, KB_ERR_INVALID,
              "incompatible version, or none");
    size_t n = list != NULL && list->kind == KB_YAML_SEQ ? list->n : 0;
    KB_ENSURE(n <= POLICIES_MAX, err, KB_ERR_LIMIT, "more than %d volume policies", POLICIES_MAX);
    policy->at = KB_NEW_ARRAY(arena, n + 1, struct policy);
    for (; policy->n < n; policy->n++) {
        KB_TRY(read_policy(list->items[policy->n], &policy->at[policy->n], err));
    }
    read_types(kb_yaml_get(root, "includeExcludePolicy"), arena, policy);
    *out = policy;
    return KB_SUCCESS;
}

static bool matches(const struct policy *policy, const struct kb_policy_volume *volume)
{
    const struct kb_yaml_node *node = policy->conditions;
    bool all = true;
    for (size_t i = 0; node != NULL && i < node->n && all; i++) {
        const struct kb_yaml_node *value = node->pairs[i].value;
        all = kb_yaml_null(value) || conditions[condition_of(node->pairs[i].key->text)].holds(value, volume);
    }
    return all;
}

enum kb_volume_action kb_resource_policy_action(const struct kb_resource_policy *policy,
                                                const struct kb_policy_volume *volume)
{
    for (size_t i = 0; policy != NULL && i < policy->n; i++) {
        if (matches(&policy->at[i], volume)) {
            return policy->at[i].action;
        }
    }
    return KB_VOLUME_ACTION_NONE;
}

const struct kb_velero_policy *kb_resource_policy_types(const struct kb_resource_policy *policy)
{
    return policy != NULL && policy->has_types ? &policy->types : NULL;
}
