/* The table of abilities, and asking rules for them. */
#include "rbac/ability.h"

#include "rbac/authorize.h"
#include "rbac/covers.h"
#include "rbac/escalation.h"

#define RBAC "rbac.authorization.k8s.io"
#define ADMISSION "admissionregistration.k8s.io"

/* Where a right on the resource counts: cluster-scoped kinds through a RoleBinding do not. */
enum reach { IN_CLUSTER, IN_NAMESPACE, ON_ITS_NAMESPACE };

static const struct row {
    enum kb_ability ability;
    enum reach reach;
    const char *group, *resource, *subresource;
    const char *verbs[4];
    const char *account;
} rows[] = {
    {KB_CAN_ESCALATE_CLUSTER_ROLES, IN_CLUSTER, RBAC, "clusterroles", "", {"escalate"}, NULL},
    {KB_CAN_CHANGE_CLUSTER_ROLES, IN_CLUSTER, RBAC, "clusterroles", "", {"update", "patch"}, NULL},
    {KB_CAN_BIND_CLUSTER_ROLES, IN_NAMESPACE, RBAC, "clusterroles", "", {"bind"}, NULL},
    {KB_CAN_WRITE_CLUSTER_BINDINGS, IN_CLUSTER, RBAC, "clusterrolebindings", "", {"create", "update", "patch"}, NULL},
    {KB_CAN_ESCALATE_ROLES, IN_NAMESPACE, RBAC, "roles", "", {"escalate"}, NULL},
    {KB_CAN_CHANGE_ROLES, IN_NAMESPACE, RBAC, "roles", "", {"update", "patch"}, NULL},
    {KB_CAN_BIND_ROLES, IN_NAMESPACE, RBAC, "roles", "", {"bind"}, NULL},
    {KB_CAN_WRITE_BINDINGS, IN_NAMESPACE, RBAC, "rolebindings", "", {"create", "update", "patch"}, NULL},
    {KB_CAN_IMPERSONATE_USERS, IN_CLUSTER, "", "users", "", {"impersonate"}, NULL},
    {KB_CAN_IMPERSONATE_GROUPS, IN_CLUSTER, "", "groups", "", {"impersonate"}, NULL},
    {KB_CAN_IMPERSONATE_ACCOUNTS, IN_NAMESPACE, "", "serviceaccounts", "", {"impersonate"}, NULL},
    {KB_CAN_REQUEST_TOKENS, IN_NAMESPACE, "", "serviceaccounts", "token", {"create"}, NULL},
    {KB_CAN_CREATE_SECRETS, IN_NAMESPACE, "", "secrets", "", {"create"}, NULL},
    {KB_CAN_READ_SECRETS, IN_NAMESPACE, "", "secrets", "", {"get", "list", "watch"}, NULL},
    {KB_CAN_RUN_PODS, IN_NAMESPACE, "", "pods", "", {"create"}, NULL},
    {KB_CAN_RUN_PODS, IN_NAMESPACE, "apps", "deployments", "", {"create"}, NULL},
    {KB_CAN_RUN_PODS, IN_NAMESPACE, "apps", "daemonsets", "", {"create"}, NULL},
    {KB_CAN_RUN_PODS, IN_NAMESPACE, "apps", "statefulsets", "", {"create"}, NULL},
    {KB_CAN_RUN_PODS, IN_NAMESPACE, "apps", "replicasets", "", {"create"}, NULL},
    {KB_CAN_RUN_PODS, IN_NAMESPACE, "", "replicationcontrollers", "", {"create"}, NULL},
    {KB_CAN_RUN_PODS, IN_NAMESPACE, "batch", "jobs", "", {"create"}, NULL},
    {KB_CAN_RUN_PODS, IN_NAMESPACE, "batch", "cronjobs", "", {"create"}, NULL},
    {KB_CAN_RUN_PODS, IN_NAMESPACE, "argoproj.io", "workflows", "", {"create"}, NULL},
    {KB_CAN_RUN_PODS, IN_NAMESPACE, "argoproj.io", "cronworkflows", "", {"create"}, NULL},
    {KB_CAN_RUN_PODS, IN_NAMESPACE, "argoproj.io", "rollouts", "", {"create"}, NULL},
    {KB_CAN_RUN_PODS, IN_NAMESPACE, "tekton.dev", "pipelineruns", "", {"create"}, NULL},
    {KB_CAN_RUN_PODS, IN_NAMESPACE, "tekton.dev", "taskruns", "", {"create"}, NULL},
    {KB_CAN_RUN_PODS, IN_NAMESPACE, "serving.knative.dev", "services", "", {"create"}, NULL},
    {KB_CAN_CHANGE_WORKLOADS, IN_NAMESPACE, "apps", "deployments", "", {"update", "patch"}, NULL},
    {KB_CAN_CHANGE_WORKLOADS, IN_NAMESPACE, "apps", "daemonsets", "", {"update", "patch"}, NULL},
    {KB_CAN_CHANGE_WORKLOADS, IN_NAMESPACE, "apps", "statefulsets", "", {"update", "patch"}, NULL},
    {KB_CAN_CHANGE_WORKLOADS, IN_NAMESPACE, "apps", "replicasets", "", {"update", "patch"}, NULL},
    {KB_CAN_CHANGE_WORKLOADS, IN_NAMESPACE, "batch", "cronjobs", "", {"update", "patch"}, NULL},
    {KB_CAN_CHANGE_PODS, IN_NAMESPACE, "", "pods", "", {"update", "patch"}, NULL},
    {KB_CAN_EXEC, IN_NAMESPACE, "", "pods", "exec", {"create", "get"}, NULL},
    {KB_CAN_EXEC, IN_NAMESPACE, "", "pods", "attach", {"create", "get"}, NULL},
    {KB_CAN_DEBUG, IN_NAMESPACE, "", "pods", "ephemeralcontainers", {"update", "patch"}, NULL},
    {KB_CAN_PROXY_NODES, IN_CLUSTER, "", "nodes", "proxy", {"create", "get"}, NULL},
    {KB_CAN_RELABEL_NAMESPACES, ON_ITS_NAMESPACE, "", "namespaces", "", {"update", "patch"}, NULL},
    {KB_CAN_CREATE_VOLUMES, IN_CLUSTER, "", "persistentvolumes", "", {"create"}, NULL},
    {KB_CAN_CREATE_CLAIMS, IN_NAMESPACE, "", "persistentvolumeclaims", "", {"create"}, NULL},
    {KB_CAN_ANNOTATE_ACCOUNTS, IN_NAMESPACE, "", "serviceaccounts", "", {"update", "patch"}, NULL},
    {KB_CAN_CREATE_ACCOUNTS, IN_NAMESPACE, "", "serviceaccounts", "", {"create"}, NULL},
    {KB_CAN_ALTER_ADMISSION, IN_CLUSTER, ADMISSION, "mutatingwebhookconfigurations", "", {"create", "update", "patch"}, NULL},
    {KB_CAN_ALTER_ADMISSION, IN_CLUSTER, ADMISSION, "mutatingadmissionpolicies", "", {"update", "patch"}, NULL},
    {KB_CAN_WRITE_API_SERVICES, IN_CLUSTER, "apiregistration.k8s.io", "apiservices", "", {"create", "update", "patch"}, NULL},
    {KB_CAN_WRITE_CONFIG_MAPS, IN_NAMESPACE, "", "configmaps", "", {"update", "patch"}, NULL},
    {KB_CAN_OPERATE, IN_NAMESPACE, "kustomize.toolkit.fluxcd.io", "kustomizations", "", {"create", "update", "patch"}, "kustomize-controller"},
    {KB_CAN_OPERATE, IN_NAMESPACE, "helm.toolkit.fluxcd.io", "helmreleases", "", {"create", "update", "patch"}, "helm-controller"},
    {KB_CAN_OPERATE, IN_NAMESPACE, "argoproj.io", "applications", "", {"create", "update", "patch"}, "argocd-application-controller"},
    {KB_CAN_OPERATE, IN_NAMESPACE, "velero.io", "restores", "", {"create"}, "velero"},
    {KB_CAN_TAMPER, IN_CLUSTER, "", "events", "", {"delete", "deletecollection"}, NULL},
    {KB_CAN_TAMPER, IN_CLUSTER, ADMISSION, "validatingwebhookconfigurations", "", {"update", "patch", "delete"}, NULL},
    {KB_CAN_TAMPER, IN_CLUSTER, ADMISSION, "validatingadmissionpolicies", "", {"update", "patch", "delete"}, NULL},
    {KB_CAN_TAMPER, IN_CLUSTER, ADMISSION, "validatingadmissionpolicybindings", "", {"update", "patch", "delete"}, NULL},
    {KB_CAN_TAMPER, IN_CLUSTER, "kyverno.io", "clusterpolicies", "", {"update", "patch", "delete"}, NULL},
    {KB_CAN_TAMPER, IN_CLUSTER, "templates.gatekeeper.sh", "constrainttemplates", "", {"update", "patch", "delete"}, NULL},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

typedef KB_VEC(struct kb_abled) found_list;

static bool allowed(struct kb_rbac_rules rules, const struct kb_rbac_request *request)
{
    bool found = false;
    for (size_t i = 0; i < rules.n && !found; i++) {
        found = kb_rbac_rule_allows(&rules.at[i], request);
    }
    return found;
}

/* "pods/exec" of a row's two words. */
static const char *shown_resource(const struct row *row, struct kb_arena *arena)
{
    return row->subresource[0] == '\0'
               ? row->resource
               : kb_arena_printf(arena, "%s/%s", row->resource, row->subresource).p;
}

static bool had(const found_list *found, size_t from, struct kb_str name)
{
    bool is = false;
    for (size_t i = from; i < found->n && !is; i++) {
        is = kb_str_eq(found->at[i].name, name);
    }
    return is;
}

/* Names for which single rules allow the request; create has none before the object is there. */
static void ask_names(struct kb_rbac_rules rules, struct kb_rbac_request *request,
                      const struct kb_abled *like, size_t from, found_list *found)
{
    bool nameless = kb_str_eq_c(request->verb, "create") && request->subresource.n == 0;
    for (size_t i = 0; i < rules.n && !nameless; i++) {
        const struct kb_rbac_words *names = &rules.at[i].names;
        for (size_t k = 0; k < names->n && k < KB_ABILITY_NAMES_MAX; k++) {
            request->name = names->at[k];
            if (names->at[k].n > 0 && !had(found, from, names->at[k]) &&
                kb_rbac_rule_allows(&rules.at[i], request)) {
                struct kb_abled *to = KB_VEC_PUSH(found);
                *to = *like;
                to->name = names->at[k];
            }
        }
    }
    request->name = KB_STR("");
}

/* Before 1.35 a session needed get alone; its proxy to the kubelet still does. */
static bool verb_counts(const struct row *row, const char *verb, unsigned minor)
{
    enum { CREATE_ONLY_SINCE = 35 };
    return row->ability != KB_CAN_EXEC || strcmp(verb, "get") != 0 || minor < CREATE_ONLY_SINCE;
}

static void ask(struct kb_rbac_rules rules, const struct row *row, unsigned minor,
                struct kb_arena *arena, found_list *found)
{
    size_t from = found->n;
    struct kb_abled like = {.ability = row->ability,
                            .account = row->account,
                            .namespaced = row->reach == IN_NAMESPACE &&
                                          row->ability != KB_CAN_BIND_CLUSTER_ROLES,
                            .name = KB_STR("")};
    struct kb_rbac_request request = {.group = kb_str_c(row->group),
                                      .resource = kb_str_c(row->resource),
                                      .subresource = kb_str_c(row->subresource),
                                      .name = KB_STR("")};
    like.resource = shown_resource(row, arena);
    for (size_t v = 0; v < 4 && row->verbs[v] != NULL; v++) {
        like.verb = row->verbs[v];
        request.verb = kb_str_c(row->verbs[v]);
        if (!verb_counts(row, row->verbs[v], minor)) {
            continue;
        }
        if (allowed(rules, &request)) {
            found->n = from;
            *KB_VEC_PUSH(found) = like;
            return;
        }
        ask_names(rules, &request, &like, from, found);
    }
}

/* Through a RoleBinding a Namespace can be written where it is the binding's own. */
static void ask_own_namespace(struct kb_rbac_rules rules, const struct row *row,
                              struct kb_str name_space, found_list *found)
{
    struct kb_rbac_request request = {.group = kb_str_c(row->group),
                                      .resource = kb_str_c(row->resource),
                                      .subresource = KB_STR(""),
                                      .name = name_space};
    for (size_t v = 0; v < 4 && row->verbs[v] != NULL; v++) {
        request.verb = kb_str_c(row->verbs[v]);
        if (allowed(rules, &request)) {
            *KB_VEC_PUSH(found) = (struct kb_abled){
                row->ability, row->verbs[v], row->resource, NULL, false, name_space};
            return;
        }
    }
}

struct kb_abilities kb_abilities_of(struct kb_rbac_rules rules, bool cluster, struct kb_str name_space,
                                    unsigned minor, struct kb_arena *arena)
{
    found_list found = {0};
    struct kb_rbac_rules everything = {kb_rbac_full_authority.at, 1};
    if (rules.n > 0 && kb_rbac_covers(rules, everything, NULL)) {
        *KB_VEC_PUSH(&found) = (struct kb_abled){KB_CAN_EVERYTHING, "do", "everything", NULL,
                                                      !cluster,          KB_STR("")};
    }
    for (size_t i = 0; i < ROWS && rules.n > 0; i++) {
        if (cluster || rows[i].reach == IN_NAMESPACE) {
            ask(rules, &rows[i], minor, arena, &found);
        } else if (rows[i].reach == ON_ITS_NAMESPACE) {
            ask_own_namespace(rules, &rows[i], name_space, &found);
        }
    }
    struct kb_abled *at = KB_NEW_ARRAY(arena, found.n, struct kb_abled);
    for (size_t i = 0; i < found.n; i++) {
        at[i] = found.at[i];
    }
    struct kb_abilities out = {at, found.n};
    KB_VEC_DONE(&found);
    return out;
}
