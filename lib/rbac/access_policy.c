/* The table of published access policies. */
#include "rbac/access_policy.h"

#include "rbac/keys.h"

/* Lists are separated by spaces; "core" is the core group. Source: the EKS user guide, "Review access
 * policy permissions" (awsdocs/amazon-eks-user-guide, access-policy-reference). */
static const struct row {
    const char *policy, *verbs, *groups, *resources, *urls;
} rows[] = {
    {"AmazonEKSAdminPolicy", "create delete deletecollection patch update", "apps",
     "daemonsets deployments deployments/rollback deployments/scale "
     "replicasets replicasets/scale statefulsets statefulsets/scale", ""},
    {"AmazonEKSAdminPolicy", "get list watch", "apps",
     "controllerrevisions daemonsets daemonsets/status deployments "
     "deployments/scale deployments/status replicasets replicasets/scale "
     "replicasets/status statefulsets statefulsets/scale statefulsets/status", ""},
    {"AmazonEKSAdminPolicy", "create", "authorization.k8s.io",
     "localsubjectaccessreviews", ""},
    {"AmazonEKSAdminPolicy", "create delete deletecollection patch update", "autoscaling",
     "horizontalpodautoscalers", ""},
    {"AmazonEKSAdminPolicy", "get list watch", "autoscaling",
     "horizontalpodautoscalers horizontalpodautoscalers/status", ""},
    {"AmazonEKSAdminPolicy", "create delete deletecollection patch update", "batch",
     "cronjobs jobs", ""},
    {"AmazonEKSAdminPolicy", "get list watch", "batch",
     "cronjobs cronjobs/status jobs jobs/status", ""},
    {"AmazonEKSAdminPolicy", "get list watch", "discovery.k8s.io",
     "endpointslices", ""},
    {"AmazonEKSAdminPolicy", "create delete deletecollection patch update", "extensions",
     "daemonsets deployments deployments/rollback deployments/scale "
     "ingresses networkpolicies replicasets replicasets/scale "
     "replicationcontrollers/scale", ""},
    {"AmazonEKSAdminPolicy", "get list watch", "extensions",
     "daemonsets daemonsets/status deployments deployments/scale "
     "deployments/status ingresses ingresses/status networkpolicies "
     "replicasets replicasets/scale replicasets/status "
     "replicationcontrollers/scale", ""},
    {"AmazonEKSAdminPolicy", "get list watch", "networking.k8s.io",
     "ingresses ingresses/status networkpolicies", ""},
    {"AmazonEKSAdminPolicy", "create delete deletecollection patch update", "networking.k8s.io",
     "ingresses networkpolicies", ""},
    {"AmazonEKSAdminPolicy", "create delete deletecollection patch update", "policy",
     "poddisruptionbudgets", ""},
    {"AmazonEKSAdminPolicy", "get list watch", "policy",
     "poddisruptionbudgets poddisruptionbudgets/status", ""},
    {"AmazonEKSAdminPolicy", "create delete deletecollection get list patch update watch", "rbac.authorization.k8s.io",
     "rolebindings roles", ""},
    {"AmazonEKSAdminPolicy", "get list watch", "core",
     "configmaps endpoints persistentvolumeclaims "
     "persistentvolumeclaims/status pods replicationcontrollers "
     "replicationcontrollers/scale serviceaccounts services services/status", ""},
    {"AmazonEKSAdminPolicy", "get list watch", "core",
     "pods/attach pods/exec pods/portforward pods/proxy secrets "
     "services/proxy", ""},
    {"AmazonEKSAdminPolicy", "create delete deletecollection patch update", "core",
     "configmaps events persistentvolumeclaims replicationcontrollers "
     "replicationcontrollers/scale secrets serviceaccounts services "
     "services/proxy", ""},
    {"AmazonEKSAdminPolicy", "create delete deletecollection patch update", "core",
     "pods pods/attach pods/exec pods/portforward pods/proxy", ""},
    {"AmazonEKSAdminPolicy", "impersonate", "core",
     "serviceaccounts", ""},
    {"AmazonEKSAdminPolicy", "get list watch", "core",
     "bindings events limitranges namespaces/status pods/log pods/status "
     "replicationcontrollers/status resourcequotas resourcequotas/status", ""},
    {"AmazonEKSAdminPolicy", "get list watch", "core",
     "namespaces", ""},
    {"AmazonEKSClusterAdminPolicy", "*", "*",
     "*", ""},
    {"AmazonEKSClusterAdminPolicy", "*", "",
     "", "*"},
    {"AmazonEKSAdminViewPolicy", "get list watch", "*",
     "*", ""},
    {"AmazonEKSEditPolicy", "create delete deletecollection patch update", "apps",
     "daemonsets deployments deployments/rollback deployments/scale "
     "replicasets replicasets/scale statefulsets statefulsets/scale", ""},
    {"AmazonEKSEditPolicy", "get list watch", "apps",
     "controllerrevisions daemonsets daemonsets/status deployments "
     "deployments/scale deployments/status replicasets replicasets/scale "
     "replicasets/status statefulsets statefulsets/scale statefulsets/status", ""},
    {"AmazonEKSEditPolicy", "get list watch", "autoscaling",
     "horizontalpodautoscalers horizontalpodautoscalers/status", ""},
    {"AmazonEKSEditPolicy", "create delete deletecollection patch update", "autoscaling",
     "horizontalpodautoscalers", ""},
    {"AmazonEKSEditPolicy", "create delete deletecollection patch update", "batch",
     "cronjobs jobs", ""},
    {"AmazonEKSEditPolicy", "get list watch", "batch",
     "cronjobs cronjobs/status jobs jobs/status", ""},
    {"AmazonEKSEditPolicy", "get list watch", "discovery.k8s.io",
     "endpointslices", ""},
    {"AmazonEKSEditPolicy", "create delete deletecollection patch update", "extensions",
     "daemonsets deployments deployments/rollback deployments/scale "
     "ingresses networkpolicies replicasets replicasets/scale "
     "replicationcontrollers/scale", ""},
    {"AmazonEKSEditPolicy", "get list watch", "extensions",
     "daemonsets daemonsets/status deployments deployments/scale "
     "deployments/status ingresses ingresses/status networkpolicies "
     "replicasets replicasets/scale replicasets/status "
     "replicationcontrollers/scale", ""},
    {"AmazonEKSEditPolicy", "create delete deletecollection patch update", "networking.k8s.io",
     "ingresses networkpolicies", ""},
    {"AmazonEKSEditPolicy", "get list watch", "networking.k8s.io",
     "ingresses ingresses/status networkpolicies", ""},
    {"AmazonEKSEditPolicy", "create delete deletecollection patch update", "policy",
     "poddisruptionbudgets", ""},
    {"AmazonEKSEditPolicy", "get list watch", "policy",
     "poddisruptionbudgets poddisruptionbudgets/status", ""},
    {"AmazonEKSEditPolicy", "get list watch", "core",
     "namespaces", ""},
    {"AmazonEKSEditPolicy", "get list watch", "core",
     "pods/attach pods/exec pods/portforward pods/proxy secrets "
     "services/proxy", ""},
    {"AmazonEKSEditPolicy", "impersonate", "core",
     "serviceaccounts", ""},
    {"AmazonEKSEditPolicy", "create delete deletecollection patch update", "core",
     "pods pods/attach pods/exec pods/portforward pods/proxy", ""},
    {"AmazonEKSEditPolicy", "create delete deletecollection patch update", "core",
     "configmaps events persistentvolumeclaims replicationcontrollers "
     "replicationcontrollers/scale secrets serviceaccounts services "
     "services/proxy", ""},
    {"AmazonEKSEditPolicy", "get list watch", "core",
     "configmaps endpoints persistentvolumeclaims "
     "persistentvolumeclaims/status pods replicationcontrollers "
     "replicationcontrollers/scale serviceaccounts services services/status", ""},
    {"AmazonEKSEditPolicy", "get list watch", "core",
     "bindings events limitranges namespaces/status pods/log pods/status "
     "replicationcontrollers/status resourcequotas resourcequotas/status", ""},
    {"AmazonEKSViewPolicy", "get list watch", "apps",
     "controllerrevisions daemonsets daemonsets/status deployments "
     "deployments/scale deployments/status replicasets replicasets/scale "
     "replicasets/status statefulsets statefulsets/scale statefulsets/status", ""},
    {"AmazonEKSViewPolicy", "get list watch", "autoscaling",
     "horizontalpodautoscalers horizontalpodautoscalers/status", ""},
    {"AmazonEKSViewPolicy", "get list watch", "batch",
     "cronjobs cronjobs/status jobs jobs/status", ""},
    {"AmazonEKSViewPolicy", "get list watch", "discovery.k8s.io",
     "endpointslices", ""},
    {"AmazonEKSViewPolicy", "get list watch", "extensions",
     "daemonsets daemonsets/status deployments deployments/scale "
     "deployments/status ingresses ingresses/status networkpolicies "
     "replicasets replicasets/scale replicasets/status "
     "replicationcontrollers/scale", ""},
    {"AmazonEKSViewPolicy", "get list watch", "networking.k8s.io",
     "ingresses ingresses/status networkpolicies", ""},
    {"AmazonEKSViewPolicy", "get list watch", "policy",
     "poddisruptionbudgets poddisruptionbudgets/status", ""},
    {"AmazonEKSViewPolicy", "get list watch", "core",
     "configmaps endpoints persistentvolumeclaims "
     "persistentvolumeclaims/status pods replicationcontrollers "
     "replicationcontrollers/scale serviceaccounts services services/status", ""},
    {"AmazonEKSViewPolicy", "get list watch", "core",
     "bindings events limitranges namespaces/status pods/log pods/status "
     "replicationcontrollers/status resourcequotas resourcequotas/status", ""},
    {"AmazonEKSViewPolicy", "get list watch", "core",
     "namespaces", ""},
    {"AmazonEKSHybridPolicy", "list", "*",
     "nodes", ""},
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static struct kb_rbac_words words(struct kb_rbac_policy *policy, const char *list)
{
    struct kb_str rest = kb_str_c(list);
    struct kb_str *at = KB_NEW_ARRAY(&policy->arena, rest.n / 2 + 1, struct kb_str);
    size_t n = 0;
    while (rest.n > 0) {
        struct kb_str word = kb_str_split(rest, ' ', &rest);
        at[n++] = kb_rbac_intern(policy, kb_str_eq_c(word, "core") ? KB_STR("") : word);
    }
    return (struct kb_rbac_words){at, n};
}

static struct kb_rbac_rule rule_of(struct kb_rbac_policy *policy, const struct row *row)
{
    struct kb_rbac_rule rule = {
        .verbs = words(policy, row->verbs),
        .groups = words(policy, row->groups),
        .resources = words(policy, row->resources),
        .urls = words(policy, row->urls),
    };
    for (size_t i = 0; i < rule.verbs.n; i++) {
        rule.verb_bits |= kb_rbac_verb_bit(rule.verbs.at[i]);
    }
    return rule;
}

bool kb_access_policy_known(struct kb_str name)
{
    bool known = false;
    for (size_t i = 0; i < ROWS && !known; i++) {
        known = kb_str_eq_c(name, rows[i].policy);
    }
    return known;
}

struct kb_rbac_rules kb_access_policy_rules(struct kb_rbac_policy *policy, struct kb_str name)
{
    struct kb_rbac_rule *at = KB_NEW_ARRAY(&policy->arena, ROWS, struct kb_rbac_rule);
    size_t n = 0;
    for (size_t i = 0; i < ROWS; i++) {
        if (kb_str_eq_c(name, rows[i].policy)) {
            at[n++] = rule_of(policy, &rows[i]);
        }
    }
    return (struct kb_rbac_rules){at, n};
}
