/* Budgets, Secrets without data, and what the cluster has of the names that matter. */
#include "cluster/more.h"

static struct kb_str text(struct kb_cluster *cluster, const json_t *object, const char *key)
{
    struct kb_str value = KB_STR("");
    (void)kb_json_str(object, key, &value);
    return kb_map_intern(&cluster->names, value);
}

/* A selector that cannot be read selects nothing: the budget then protects nobody. */
void kb_cluster_take_budget(struct kb_cluster *cluster, const struct kb_object *object)
{
    struct kb_budget budget = {.at = kb_cluster_named(cluster, object)};
    const json_t *selector = kb_json_dig(object->json, "spec", "selector", NULL);
    if (kb_failed(kb_selector_from_json(selector, &cluster->arena, &budget.pods, NULL))) {
        budget.pods = (struct kb_selector){.nothing = true};
    }
    *KB_VEC_PUSH(&cluster->budgets) = budget;
}

bool kb_cluster_budgeted(const struct kb_cluster *cluster, const struct kb_workload *workload)
{
    for (size_t i = 0; i < cluster->budgets.n; i++) {
        const struct kb_budget *budget = &cluster->budgets.at[i];
        if (kb_str_eq(budget->at.name_space, workload->at.name_space) &&
            kb_selector_matches(&budget->pods, workload->labels)) {
            return true;
        }
    }
    return false;
}

void kb_cluster_take_secret(struct kb_cluster *cluster, const struct kb_object *object)
{
    *KB_VEC_PUSH(&cluster->secrets) = (struct kb_secret){
        .at = kb_cluster_named(cluster, object),
        .type = text(cluster, object->json, "type"),
        .account =
            text(cluster, kb_object_annotations(object), "kubernetes.io/service-account.name"),
        .last_used = text(cluster, kb_object_labels(object), "kubernetes.io/legacy-token-last-used"),
    };
}

void kb_cluster_take_custom_resource(struct kb_cluster *cluster, const struct kb_object *object)
{
    *KB_VEC_PUSH(&cluster->custom_resources) = kb_map_intern(&cluster->names, object->name);
}

void kb_cluster_take_csi_driver(struct kb_cluster *cluster, const struct kb_object *object)
{
    *KB_VEC_PUSH(&cluster->csi_drivers) = kb_map_intern(&cluster->names, object->name);
}

void kb_cluster_take_policy_binding(struct kb_cluster *cluster, const struct kb_object *object)
{
    size_t i;
    json_t *action;
    json_array_foreach(kb_json_dig(object->json, "spec", "validationActions", NULL), i, action) {
        cluster->denying_policies += kb_str_eq_c(kb_json_view(action), "Deny");
    }
}

static bool is_zone(const json_t *term)
{
    struct kb_str key = KB_STR("");
    (void)kb_json_str(term, "topologyKey", &key);
    return kb_str_eq_c(key, "topology.kubernetes.io/zone") ||
           kb_str_eq_c(key, "failure-domain.beta.kubernetes.io/zone");
}

bool kb_pod_spreads_zones(const json_t *spec)
{
    static const char *const lists[] = {"requiredDuringSchedulingIgnoredDuringExecution",
                                        "preferredDuringSchedulingIgnoredDuringExecution"};
    const json_t *apart = kb_json_dig(spec, "affinity", "podAntiAffinity", NULL);
    size_t i;
    json_t *item;
    json_array_foreach(kb_json_array(spec, "topologySpreadConstraints"), i, item) {
        if (is_zone(item)) {
            return true;
        }
    }
    for (size_t l = 0; l < sizeof lists / sizeof lists[0]; l++) {
        json_array_foreach(kb_json_array(apart, lists[l]), i, item) {
            if (is_zone(item) || is_zone(kb_json_object(item, "podAffinityTerm"))) {
                return true;
            }
        }
    }
    return false;
}
