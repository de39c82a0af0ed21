/* The table of resources. */
#include "rbac/resources.h"

/* `kubectl api-resources` of Kubernetes 1.34, the resources that exist for RBAC alone (impersonation,
 * signers), and the backup and gateway resources that reviewers ask for. Events stand for both of their
 * groups. */
static const struct kb_rbac_resource resources[] = {
    {"bindings", "", "", "binding", true},
    {"componentstatuses", "", "cs", "componentstatus", false},
    {"configmaps", "", "cm", "configmap", true},
    {"endpoints", "", "ep", "endpoints", true},
    {"events", "", "ev", "event", true},
    {"limitranges", "", "limits", "limitrange", true},
    {"namespaces", "", "ns", "namespace", false},
    {"nodes", "", "no", "node", false},
    {"persistentvolumeclaims", "", "pvc", "persistentvolumeclaim", true},
    {"persistentvolumes", "", "pv", "persistentvolume", false},
    {"pods", "", "po", "pod", true},
    {"podtemplates", "", "", "podtemplate", true},
    {"replicationcontrollers", "", "rc", "replicationcontroller", true},
    {"resourcequotas", "", "quota", "resourcequota", true},
    {"secrets", "", "", "secret", true},
    {"serviceaccounts", "", "sa", "serviceaccount", true},
    {"services", "", "svc", "service", true},
    {"mutatingwebhookconfigurations", "admissionregistration.k8s.io", "", "mutatingwebhookconfiguration", false},
    {"validatingadmissionpolicies", "admissionregistration.k8s.io", "", "validatingadmissionpolicy", false},
    {"validatingadmissionpolicybindings", "admissionregistration.k8s.io", "", "validatingadmissionpolicybinding", false},
    {"validatingwebhookconfigurations", "admissionregistration.k8s.io", "", "validatingwebhookconfiguration", false},
    {"customresourcedefinitions", "apiextensions.k8s.io", "crd", "customresourcedefinition", false},
    {"apiservices", "apiregistration.k8s.io", "", "apiservice", false},
    {"controllerrevisions", "apps", "", "controllerrevision", true},
    {"daemonsets", "apps", "ds", "daemonset", true},
    {"deployments", "apps", "deploy", "deployment", true},
    {"replicasets", "apps", "rs", "replicaset", true},
    {"statefulsets", "apps", "sts", "statefulset", true},
    {"selfsubjectreviews", "authentication.k8s.io", "", "selfsubjectreview", false},
    {"tokenreviews", "authentication.k8s.io", "", "tokenreview", false},
    {"localsubjectaccessreviews", "authorization.k8s.io", "", "localsubjectaccessreview", true},
    {"selfsubjectaccessreviews", "authorization.k8s.io", "", "selfsubjectaccessreview", false},
    {"selfsubjectrulesreviews", "authorization.k8s.io", "", "selfsubjectrulesreview", false},
    {"subjectaccessreviews", "authorization.k8s.io", "", "subjectaccessreview", false},
    {"horizontalpodautoscalers", "autoscaling", "hpa", "horizontalpodautoscaler", true},
    {"cronjobs", "batch", "cj", "cronjob", true},
    {"jobs", "batch", "", "job", true},
    {"certificatesigningrequests", "certificates.k8s.io", "csr", "certificatesigningrequest", false},
    {"leases", "coordination.k8s.io", "", "lease", true},
    {"endpointslices", "discovery.k8s.io", "", "endpointslice", true},
    {"flowschemas", "flowcontrol.apiserver.k8s.io", "", "flowschema", false},
    {"prioritylevelconfigurations", "flowcontrol.apiserver.k8s.io", "", "prioritylevelconfiguration", false},
    {"ingressclasses", "networking.k8s.io", "", "ingressclass", false},
    {"ingresses", "networking.k8s.io", "ing", "ingress", true},
    {"ipaddresses", "networking.k8s.io", "ip", "ipaddress", false},
    {"networkpolicies", "networking.k8s.io", "netpol", "networkpolicy", true},
    {"servicecidrs", "networking.k8s.io", "", "servicecidr", false},
    {"runtimeclasses", "node.k8s.io", "", "runtimeclass", false},
    {"poddisruptionbudgets", "policy", "pdb", "poddisruptionbudget", true},
    {"clusterrolebindings", "rbac.authorization.k8s.io", "", "clusterrolebinding", false},
    {"clusterroles", "rbac.authorization.k8s.io", "", "clusterrole", false},
    {"rolebindings", "rbac.authorization.k8s.io", "", "rolebinding", true},
    {"roles", "rbac.authorization.k8s.io", "", "role", true},
    {"deviceclasses", "resource.k8s.io", "", "deviceclass", false},
    {"resourceclaims", "resource.k8s.io", "", "resourceclaim", true},
    {"resourceclaimtemplates", "resource.k8s.io", "", "resourceclaimtemplate", true},
    {"resourceslices", "resource.k8s.io", "", "resourceslice", false},
    {"priorityclasses", "scheduling.k8s.io", "pc", "priorityclass", false},
    {"csidrivers", "storage.k8s.io", "", "csidriver", false},
    {"csinodes", "storage.k8s.io", "", "csinode", false},
    {"csistoragecapacities", "storage.k8s.io", "", "csistoragecapacity", true},
    {"storageclasses", "storage.k8s.io", "sc", "storageclass", false},
    {"volumeattachments", "storage.k8s.io", "", "volumeattachment", false},
    {"volumeattributesclasses", "storage.k8s.io", "vac", "volumeattributesclass", false},
    {"users", "", "", "user", false},
    {"groups", "", "", "group", false},
    {"signers", "certificates.k8s.io", "", "signer", false},
    {"userextras", "authentication.k8s.io", "", "userextra", false},
    {"uids", "authentication.k8s.io", "", "uid", false},
    {"mutatingadmissionpolicies", "admissionregistration.k8s.io", "", "mutatingadmissionpolicy", false},
    {"mutatingadmissionpolicybindings", "admissionregistration.k8s.io", "", "mutatingadmissionpolicybinding", false},
    {"volumesnapshots", "snapshot.storage.k8s.io", "vs", "volumesnapshot", true},
    {"volumesnapshotcontents", "snapshot.storage.k8s.io", "vsc", "volumesnapshotcontent", false},
    {"volumesnapshotclasses", "snapshot.storage.k8s.io", "vsclass", "volumesnapshotclass", false},
    {"backups", "velero.io", "", "backup", true},
    {"restores", "velero.io", "", "restore", true},
    {"schedules", "velero.io", "", "schedule", true},
    {"backupstoragelocations", "velero.io", "bsl", "backupstoragelocation", true},
    {"deletebackuprequests", "velero.io", "", "deletebackuprequest", true},
    {"gateways", "gateway.networking.k8s.io", "gtw", "gateway", true},
    {"httproutes", "gateway.networking.k8s.io", "", "httproute", true},
};

static bool is_named(const struct kb_rbac_resource *resource, struct kb_str name)
{
    return kb_str_eq_c(name, resource->plural) || kb_str_eq_c(name, resource->singular) ||
           (name.n > 0 && kb_str_eq_c(name, resource->abbreviation));
}

const struct kb_rbac_resource *kb_rbac_resource_find(struct kb_str name, const struct kb_str *group)
{
    for (size_t i = 0; i < sizeof resources / sizeof resources[0]; i++) {
        const struct kb_rbac_resource *at = &resources[i];
        if (is_named(at, name) && (group == NULL || kb_str_eq_c(*group, at->group))) {
            return at;
        }
    }
    return NULL;
}
