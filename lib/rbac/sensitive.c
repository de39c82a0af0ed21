/* The table of sensitive resources, and matching it. */
#include "rbac/sensitive.h"

#include "rbac/authorize.h"

enum { GROUPS_MAX = 3, VERBS_MAX = 8 };

static const struct sensitive {
    const char *resource; /* as permissions write it */
    const char *real;     /* as rules write it */
    const char *groups[GROUPS_MAX];
    size_t group_count;
    bool namespaced;
    const char *verbs; /* separated by spaces */
} sensitive[] = {
    {"secrets", "secrets", {""}, 1, true, "get list watch create update patch delete"},
    {"configmaps", "configmaps", {""}, 1, true, "create update patch delete"},
    {"pods", "pods", {""}, 1, true, "get list create update patch delete deletecollection"},
    {"pods/exec", "pods/exec", {""}, 1, true, "create get"},
    {"pods/attach", "pods/attach", {""}, 1, true, "create get"},
    {"pods/portforward", "pods/portforward", {""}, 1, true, "create get"},
    {"pods/proxy", "pods/proxy", {""}, 1, true, "get create update patch delete"},
    {"pods/eviction", "pods/eviction", {""}, 1, true, "create"},
    {"pods/ephemeralcontainers", "pods/ephemeralcontainers", {""}, 1, true, "update patch"},
    {"services", "services", {""}, 1, true, "create update patch"},
    {"services/proxy", "services/proxy", {""}, 1, true, "get create update patch delete"},
    {"services/status", "services/status", {""}, 1, true, "update patch"},
    {"endpoints", "endpoints", {""}, 1, true, "create update patch"},
    {"endpointslices", "endpointslices", {"discovery.k8s.io"}, 1, true, "create update patch"},
    {"serviceaccounts", "serviceaccounts", {""}, 1, true, "create update patch delete impersonate"},
    {"serviceaccounts/token", "serviceaccounts/token", {""}, 1, true, "create"},
    {"namespaces", "namespaces", {""}, 1, false, "create update patch delete"},
    {"nodes", "nodes", {""}, 1, false, "create update patch delete deletecollection"},
    {"nodes/status", "nodes/status", {""}, 1, false, "update patch"},
    {"nodes/proxy", "nodes/proxy", {""}, 1, false, "get create update patch delete"},
    {"nodes/log", "nodes/log", {""}, 1, false, "get"},
    {"nodes/configz", "nodes/configz", {""}, 1, false, "get"},
    {"nodes/pods", "nodes/pods", {""}, 1, false, "get"},
    {"persistentvolumes", "persistentvolumes", {""}, 1, false, "create update patch delete"},
    {"persistentvolumeclaims", "persistentvolumeclaims", {""}, 1, true, "create delete"},
    {"events", "events", {"", "events.k8s.io"}, 2, true, "delete deletecollection"},
    {"roles", "roles", {"rbac.authorization.k8s.io"}, 1, true, "create update patch delete escalate bind"},
    {"clusterroles", "clusterroles", {"rbac.authorization.k8s.io"}, 1, false, "create update patch delete escalate bind"},
    {"rolebindings", "rolebindings", {"rbac.authorization.k8s.io"}, 1, true, "create update patch delete"},
    {"clusterrolebindings", "clusterrolebindings", {"rbac.authorization.k8s.io"}, 1, false, "create update patch delete"},
    {"users", "users", {""}, 1, false, "impersonate"},
    {"groups", "groups", {""}, 1, false, "impersonate"},
    {"uids", "uids", {"authentication.k8s.io"}, 1, false, "impersonate"},
    {"userextras", "userextras", {"authentication.k8s.io"}, 1, false, "impersonate"},
    {"users.authentication.k8s.io", "users", {"authentication.k8s.io"}, 1, false, "impersonate:user-info impersonate:serviceaccount impersonate:arbitrary-node impersonate:associated-node"},
    {"certificatesigningrequests", "certificatesigningrequests", {"certificates.k8s.io"}, 1, false, "create"},
    {"certificatesigningrequests/approval", "certificatesigningrequests/approval", {"certificates.k8s.io"}, 1, false, "update patch"},
    {"certificatesigningrequests/status", "certificatesigningrequests/status", {"certificates.k8s.io"}, 1, false, "update patch"},
    {"signers", "signers", {"certificates.k8s.io"}, 1, false, "approve sign"},
    {"validatingwebhookconfigurations", "validatingwebhookconfigurations", {"admissionregistration.k8s.io"}, 1, false, "create update patch delete"},
    {"mutatingwebhookconfigurations", "mutatingwebhookconfigurations", {"admissionregistration.k8s.io"}, 1, false, "create update patch delete"},
    {"validatingadmissionpolicies", "validatingadmissionpolicies", {"admissionregistration.k8s.io"}, 1, false, "create update patch delete"},
    {"validatingadmissionpolicybindings", "validatingadmissionpolicybindings", {"admissionregistration.k8s.io"}, 1, false, "create update patch delete"},
    {"mutatingadmissionpolicies", "mutatingadmissionpolicies", {"admissionregistration.k8s.io"}, 1, false, "create update patch delete"},
    {"mutatingadmissionpolicybindings", "mutatingadmissionpolicybindings", {"admissionregistration.k8s.io"}, 1, false, "create update patch delete"},
    {"apiservices", "apiservices", {"apiregistration.k8s.io"}, 1, false, "create update patch delete"},
    {"customresourcedefinitions", "customresourcedefinitions", {"apiextensions.k8s.io"}, 1, false, "create update patch delete"},
    {"deployments", "deployments", {"apps"}, 1, true, "create update patch delete"},
    {"daemonsets", "daemonsets", {"apps"}, 1, true, "create update patch delete"},
    {"statefulsets", "statefulsets", {"apps"}, 1, true, "create update patch delete"},
    {"replicasets", "replicasets", {"apps"}, 1, true, "create update patch delete"},
    {"replicationcontrollers", "replicationcontrollers", {""}, 1, true, "create update patch delete"},
    {"jobs", "jobs", {"batch"}, 1, true, "create update patch delete"},
    {"cronjobs", "cronjobs", {"batch"}, 1, true, "create update patch delete"},
    {"rollouts", "rollouts", {"argoproj.io"}, 1, true, "create update patch delete"},
    {"workflows", "workflows", {"argoproj.io"}, 1, true, "create update patch delete"},
    {"knative-services", "services", {"serving.knative.dev"}, 1, true, "create update patch delete"},
    {"networkpolicies", "networkpolicies", {"networking.k8s.io", "crd.projectcalico.org", "projectcalico.org"}, 3, true, "create update patch delete deletecollection"},
    {"ciliumnetworkpolicies", "ciliumnetworkpolicies", {"cilium.io"}, 1, true, "create update patch delete"},
    {"ciliumclusterwidenetworkpolicies", "ciliumclusterwidenetworkpolicies", {"cilium.io"}, 1, false, "create update patch delete"},
    {"globalnetworkpolicies", "globalnetworkpolicies", {"crd.projectcalico.org", "projectcalico.org"}, 2, false, "create update patch delete"},
    {"adminnetworkpolicies", "adminnetworkpolicies", {"policy.networking.k8s.io"}, 1, false, "create update patch delete"},
    {"baselineadminnetworkpolicies", "baselineadminnetworkpolicies", {"policy.networking.k8s.io"}, 1, false, "create update patch delete"},
    {"clusternetworkpolicies", "clusternetworkpolicies", {"networking.k8s.aws", "policy.networking.k8s.io"}, 2, false, "create update patch delete"},
    {"flowschemas", "flowschemas", {"flowcontrol.apiserver.k8s.io"}, 1, false, "create update patch delete"},
    {"prioritylevelconfigurations", "prioritylevelconfigurations", {"flowcontrol.apiserver.k8s.io"}, 1, false, "create update patch delete"},
    {"backups", "backups", {"velero.io"}, 1, true, "create update patch delete deletecollection"},
    {"backupstoragelocations", "backupstoragelocations", {"velero.io"}, 1, true, "create update patch delete deletecollection"},
    {"volumesnapshotlocations", "volumesnapshotlocations", {"velero.io"}, 1, true, "create update patch delete deletecollection"},
    {"schedules", "schedules", {"velero.io"}, 1, true, "create update patch delete deletecollection"},
    {"deletebackuprequests", "deletebackuprequests", {"velero.io"}, 1, true, "create"},
    {"backuprepositories", "backuprepositories", {"velero.io"}, 1, true, "delete deletecollection"},
    {"restores", "restores", {"velero.io"}, 1, true, "create"},
    {"volumesnapshots", "volumesnapshots", {"snapshot.storage.k8s.io"}, 1, true, "delete deletecollection"},
    {"volumesnapshotcontents", "volumesnapshotcontents", {"snapshot.storage.k8s.io"}, 1, false, "delete deletecollection"},
    {"clusterpolicies", "clusterpolicies", {"kyverno.io"}, 1, false, "create update patch delete"},
    {"policies", "policies", {"kyverno.io"}, 1, true, "create update patch delete"},
    {"constrainttemplates", "constrainttemplates", {"templates.gatekeeper.sh"}, 1, false, "create update patch delete"},
};
enum { SENSITIVE = sizeof sensitive / sizeof sensitive[0] };

static bool holds(struct kb_rbac_words words, struct kb_str value)
{
    for (size_t i = 0; i < words.n; i++) {
        if (kb_str_eq(words.at[i], value)) {
            return true;
        }
    }
    return false;
}

static bool holds_or_all(struct kb_rbac_words words, struct kb_str value)
{
    return holds(words, KB_STR("*")) || holds(words, value);
}

static bool in_groups(const struct kb_rbac_rule *rule, const struct sensitive *row)
{
    for (size_t i = 0; i < row->group_count; i++) {
        if (holds_or_all(rule->groups, kb_str_c(row->groups[i]))) {
            return true;
        }
    }
    return false;
}

/* Keys of userextras are subresources: "userextras/scopes". */
static bool names_extra(const struct kb_rbac_rule *rule, const struct sensitive *row)
{
    bool extra = strcmp(row->real, "userextras") == 0;
    for (size_t i = 0; extra && i < rule->resources.n; i++) {
        if (kb_str_starts(rule->resources.at[i], KB_STR("userextras/"))) {
            return true;
        }
    }
    return false;
}

static bool of_resource(const struct kb_rbac_rule *rule, const struct sensitive *row)
{
    struct kb_str real = kb_str_c(row->real);
    size_t slash = kb_str_find(real, KB_STR("/"), 0);
    struct kb_str sub = slash == SIZE_MAX ? KB_STR("") : kb_str_sub(real, slash + 1, real.n);
    return kb_rbac_resource_matches(rule, real, sub) || names_extra(rule, row);
}

static bool allows(const struct kb_rbac_rule *rule, const struct sensitive *row, struct kb_str verb)
{
    return holds_or_all(rule->verbs, verb) && in_groups(rule, row) && of_resource(rule, row);
}

/* Some rule allows it for all names. */
static bool allows_all(struct kb_rbac_rules rules, const struct sensitive *row, struct kb_str verb)
{
    for (size_t i = 0; i < rules.n; i++) {
        if (rules.at[i].names.n == 0 && allows(&rules.at[i], row, verb)) {
            return true;
        }
    }
    return false;
}

static bool allows_name(struct kb_rbac_rules rules, const struct sensitive *row, struct kb_str verb,
                        struct kb_str name)
{
    for (size_t i = 0; i < rules.n; i++) {
        if (holds(rules.at[i].names, name) && allows(&rules.at[i], row, verb)) {
            return true;
        }
    }
    return false;
}

/* Texts of all permissions are made once: controls and tests compare them. */
static struct kb_str text_of(const struct sensitive *row, struct kb_str verb, struct kb_arena *arena)
{
    return kb_arena_printf(arena, "%.*s %s", KB_FMT(verb), row->resource);
}

static void add_named(struct kb_rbac_rules rules, const struct sensitive *row, struct kb_str verb,
                      const struct kb_rbac_rules *known, struct kb_arena *arena,
                      kb_rbac_permissions *out)
{
    for (size_t i = 0; i < rules.n; i++) {
        const struct kb_rbac_rule *rule = &rules.at[i];
        for (size_t n = 0; n < rule->names.n && allows(rule, row, verb); n++) {
            if (known == NULL || !allows_name(*known, row, verb, rule->names.at[n])) {
                *KB_VEC_PUSH(out) =
                    (struct kb_rbac_permission){text_of(row, verb, arena), rule->names.at[n]};
            }
        }
    }
}

static void add_verb(struct kb_rbac_rules rules, const struct sensitive *row, struct kb_str verb,
                     const struct kb_rbac_rules *known, struct kb_arena *arena,
                     kb_rbac_permissions *out)
{
    if (known != NULL && allows_all(*known, row, verb)) {
        return;
    }
    if (allows_all(rules, row, verb)) {
        *KB_VEC_PUSH(out) = (struct kb_rbac_permission){text_of(row, verb, arena), KB_STR("")};
    } else {
        add_named(rules, row, verb, known, arena, out);
    }
}

/* A Namespace is reached by bindings within it too. */
static bool alive(const struct sensitive *row, bool cluster)
{
    return cluster || row->namespaced || strcmp(row->real, "namespaces") == 0;
}

void kb_rbac_sensitive(struct kb_rbac_rules rules, bool cluster, const struct kb_rbac_rules *known,
                       struct kb_arena *arena, kb_rbac_permissions *out)
{
    for (size_t i = 0; i < SENSITIVE; i++) {
        struct kb_str verbs = kb_str_c(sensitive[i].verbs);
        while (verbs.n > 0 && alive(&sensitive[i], cluster)) {
            struct kb_str verb = kb_str_split(verbs, ' ', &verbs);
            add_verb(rules, &sensitive[i], verb, known, arena, out);
        }
    }
}

/* Built-in kinds beside those of the table, for what "*" reaches. */
enum { MANY_KINDS = 100 };

size_t kb_rbac_deletecollection_kinds(struct kb_rbac_rules rules)
{
    struct kb_map kinds = {0};
    size_t count = 0;
    for (size_t i = 0; i < rules.n; i++) {
        const struct kb_rbac_rule *rule = &rules.at[i];
        bool live = holds_or_all(rule->verbs, KB_STR("deletecollection")) && rule->names.n == 0 &&
                    !(rule->groups.n == 1 && kb_str_eq_c(rule->groups.at[0], "extensions"));
        for (size_t r = 0; live && r < rule->resources.n; r++) {
            struct kb_str resource = rule->resources.at[r];
            if (kb_str_eq_c(resource, "*")) {
                count = MANY_KINDS;
            } else if (kb_str_find(resource, KB_STR("/"), 0) == SIZE_MAX) {
                (void)kb_map_add(&kinds, resource, NULL);
            }
        }
    }
    count = count > kinds.n ? count : kinds.n;
    kb_map_done(&kinds);
    return count;
}

bool kb_rbac_is_cluster_scoped(struct kb_str group, struct kb_str resource)
{
    for (size_t i = 0; i < SENSITIVE; i++) {
        if (!sensitive[i].namespaced && kb_str_eq_c(resource, sensitive[i].real)) {
            for (size_t g = 0; g < sensitive[i].group_count; g++) {
                if (kb_str_eq_c(group, sensitive[i].groups[g]) || kb_str_eq_c(group, "*")) {
                    return true;
                }
            }
        }
    }
    return false;
}
