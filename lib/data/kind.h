/*
 * The kinds of Kubernetes objects that are read, and how each is read.
 *
 * One line of KB_KINDS is one kind: everything that lists, reads files, writes snapshots or states
 * coverage walks this table. An object of another kind is counted and kept out.
 */
#ifndef KB_DATA_KIND_H
#define KB_DATA_KIND_H

#include <stdbool.h>

#include "base/str.h"

/* How the objects of a kind are asked for. */
enum kb_kind_read {
    KB_READ_FULL,     /* whole objects, listed */
    KB_READ_METADATA, /* PartialObjectMetadata only: data never enters memory */
    KB_READ_ON_REQUEST, /* metadata, and only where the user asked for it: Secrets */
};

/* symbol, group, version, plural, kind, namespaced, read */
#define KB_KINDS(X)                                                                                \
    X(NAMESPACE, "", "v1", "namespaces", "Namespace", false, FULL)                                 \
    X(SERVICE_ACCOUNT, "", "v1", "serviceaccounts", "ServiceAccount", true, FULL)                  \
    X(CLUSTER_ROLE, "rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", false, FULL) \
    X(CLUSTER_ROLE_BINDING, "rbac.authorization.k8s.io", "v1", "clusterrolebindings",              \
      "ClusterRoleBinding", false, FULL)                                                           \
    X(ROLE, "rbac.authorization.k8s.io", "v1", "roles", "Role", true, FULL)                        \
    X(ROLE_BINDING, "rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", true, FULL)  \
    X(NODE, "", "v1", "nodes", "Node", false, FULL)                                                \
    X(POD, "", "v1", "pods", "Pod", true, FULL)                                                    \
    X(DEPLOYMENT, "apps", "v1", "deployments", "Deployment", true, FULL)                           \
    X(DAEMON_SET, "apps", "v1", "daemonsets", "DaemonSet", true, FULL)                             \
    X(STATEFUL_SET, "apps", "v1", "statefulsets", "StatefulSet", true, FULL)                       \
    X(REPLICA_SET, "apps", "v1", "replicasets", "ReplicaSet", true, FULL)                          \
    X(JOB, "batch", "v1", "jobs", "Job", true, FULL)                                               \
    X(CRON_JOB, "batch", "v1", "cronjobs", "CronJob", true, FULL)                                  \
    X(SERVICE, "", "v1", "services", "Service", true, FULL)                                        \
    X(ENDPOINT_SLICE, "discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true, FULL)     \
    X(POD_DISRUPTION_BUDGET, "policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", true,  \
      FULL)                                                                                        \
    X(RESOURCE_QUOTA, "", "v1", "resourcequotas", "ResourceQuota", true, FULL)                     \
    X(LIMIT_RANGE, "", "v1", "limitranges", "LimitRange", true, FULL)                              \
    X(VALIDATING_WEBHOOK, "admissionregistration.k8s.io", "v1",                                    \
      "validatingwebhookconfigurations", "ValidatingWebhookConfiguration", false, FULL)            \
    X(MUTATING_WEBHOOK, "admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations",     \
      "MutatingWebhookConfiguration", false, FULL)                                                 \
    X(VALIDATING_POLICY_BINDING, "admissionregistration.k8s.io", "v1",                             \
      "validatingadmissionpolicybindings", "ValidatingAdmissionPolicyBinding", false, FULL)        \
    X(NETWORK_POLICY, "networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", true, FULL)   \
    X(INGRESS, "networking.k8s.io", "v1", "ingresses", "Ingress", true, FULL)                      \
    X(INGRESS_CLASS, "networking.k8s.io", "v1", "ingressclasses", "IngressClass", false, FULL)     \
    X(INGRESS_CLASS_PARAMS, "elbv2.k8s.aws", "v1beta1", "ingressclassparams",                      \
      "IngressClassParams", false, FULL)                                                           \
    X(EKS_INGRESS_CLASS_PARAMS, "eks.amazonaws.com", "v1", "ingressclassparams",                   \
      "IngressClassParams", false, FULL)                                                           \
    X(TARGET_GROUP_BINDING, "elbv2.k8s.aws", "v1beta1", "targetgroupbindings",                     \
      "TargetGroupBinding", true, FULL)                                                            \
    X(GATEWAY, "gateway.networking.k8s.io", "v1", "gateways", "Gateway", true, FULL)               \
    X(GATEWAY_CLASS, "gateway.networking.k8s.io", "v1", "gatewayclasses",                          \
      "GatewayClass", false, FULL)                                                                 \
    X(HTTP_ROUTE, "gateway.networking.k8s.io", "v1", "httproutes", "HTTPRoute", true, FULL)        \
    X(LOAD_BALANCER_CONFIGURATION, "gateway.k8s.aws", "v1beta1", "loadbalancerconfigurations",     \
      "LoadBalancerConfiguration", true, FULL)                                                     \
    X(ADMIN_NETWORK_POLICY, "policy.networking.k8s.io", "v1alpha1", "adminnetworkpolicies",        \
      "AdminNetworkPolicy", false, FULL)                                                           \
    X(BASELINE_ADMIN_NETWORK_POLICY, "policy.networking.k8s.io", "v1alpha1", "baselineadminnetworkpolicies",\
      "BaselineAdminNetworkPolicy", false, FULL)                                                   \
    X(CLUSTER_NETWORK_POLICY, "policy.networking.k8s.io", "v1alpha2", "clusternetworkpolicies",    \
      "ClusterNetworkPolicy", false, FULL)                                                         \
    X(AWS_CLUSTER_NETWORK_POLICY, "networking.k8s.aws", "v1alpha1", "clusternetworkpolicies",      \
      "ClusterNetworkPolicy", false, FULL)                                                         \
    X(AWS_APPLICATION_NETWORK_POLICY, "networking.k8s.aws", "v1alpha1", "applicationnetworkpolicies",\
      "ApplicationNetworkPolicy", true, FULL)                                                      \
    X(POLICY_ENDPOINT, "networking.k8s.aws", "v1alpha1", "policyendpoints",                        \
      "PolicyEndpoint", true, FULL)                                                                \
    X(CLUSTER_POLICY_ENDPOINT, "networking.k8s.aws", "v1alpha1", "clusterpolicyendpoints",         \
      "ClusterPolicyEndpoint", false, FULL)                                                        \
    X(SECURITY_GROUP_POLICY, "vpcresources.k8s.aws", "v1beta1", "securitygrouppolicies",           \
      "SecurityGroupPolicy", true, FULL)                                                           \
    X(NODE_CLASS, "eks.amazonaws.com", "v1", "nodeclasses", "NodeClass", false, FULL)              \
    X(CALICO_NETWORK_POLICY, "crd.projectcalico.org", "v1", "networkpolicies",                     \
      "NetworkPolicy", true, FULL)                                                                 \
    X(CALICO_GLOBAL_NETWORK_POLICY, "crd.projectcalico.org", "v1", "globalnetworkpolicies",        \
      "GlobalNetworkPolicy", false, FULL)                                                          \
    X(CILIUM_NETWORK_POLICY, "cilium.io", "v2", "ciliumnetworkpolicies",                           \
      "CiliumNetworkPolicy", true, FULL)                                                           \
    X(CILIUM_CLUSTERWIDE_NETWORK_POLICY, "cilium.io", "v2", "ciliumclusterwidenetworkpolicies",    \
      "CiliumClusterwideNetworkPolicy", false, FULL)                                               \
    X(PEER_AUTHENTICATION, "security.istio.io", "v1beta1", "peerauthentications",                  \
      "PeerAuthentication", true, FULL)                                                            \
    X(PERSISTENT_VOLUME, "", "v1", "persistentvolumes", "PersistentVolume", false, FULL)           \
    X(PERSISTENT_VOLUME_CLAIM, "", "v1", "persistentvolumeclaims",                                 \
      "PersistentVolumeClaim", true, FULL)                                                         \
    X(STORAGE_CLASS, "storage.k8s.io", "v1", "storageclasses", "StorageClass", false, FULL)        \
    X(CSI_DRIVER, "storage.k8s.io", "v1", "csidrivers", "CSIDriver", false, FULL)                  \
    X(VOLUME_SNAPSHOT, "snapshot.storage.k8s.io", "v1", "volumesnapshots",                         \
      "VolumeSnapshot", true, FULL)                                                                \
    X(VOLUME_SNAPSHOT_CONTENT, "snapshot.storage.k8s.io", "v1", "volumesnapshotcontents",          \
      "VolumeSnapshotContent", false, FULL)                                                        \
    X(VOLUME_SNAPSHOT_CLASS, "snapshot.storage.k8s.io", "v1", "volumesnapshotclasses",             \
      "VolumeSnapshotClass", false, FULL)                                                          \
    X(VELERO_BACKUP, "velero.io", "v1", "backups", "Backup", true, FULL)                           \
    X(VELERO_SCHEDULE, "velero.io", "v1", "schedules", "Schedule", true, FULL)                     \
    X(VELERO_RESTORE, "velero.io", "v1", "restores", "Restore", true, FULL)                        \
    X(VELERO_LOCATION, "velero.io", "v1", "backupstoragelocations",                                \
      "BackupStorageLocation", true, FULL)                                                         \
    X(VELERO_SNAPSHOT_LOCATION, "velero.io", "v1", "volumesnapshotlocations",                      \
      "VolumeSnapshotLocation", true, FULL)                                                        \
    X(VELERO_REPOSITORY, "velero.io", "v1", "backuprepositories", "BackupRepository", true, FULL)  \
    X(VELERO_DELETE_REQUEST, "velero.io", "v1", "deletebackuprequests",                            \
      "DeleteBackupRequest", true, FULL)                                                           \
    X(POD_VOLUME_BACKUP, "velero.io", "v1", "podvolumebackups", "PodVolumeBackup", true, FULL)     \
    X(POD_VOLUME_RESTORE, "velero.io", "v1", "podvolumerestores", "PodVolumeRestore", true, FULL)  \
    X(DATA_UPLOAD, "velero.io", "v2alpha1", "datauploads", "DataUpload", true, FULL)               \
    X(DATA_DOWNLOAD, "velero.io", "v2alpha1", "datadownloads", "DataDownload", true, FULL)         \
    X(CNPG_CLUSTER, "postgresql.cnpg.io", "v1", "clusters", "Cluster", true, FULL)                 \
    X(CNPG_BACKUP, "postgresql.cnpg.io", "v1", "backups", "Backup", true, FULL)                    \
    X(CNPG_SCHEDULED_BACKUP, "postgresql.cnpg.io", "v1", "scheduledbackups",                       \
      "ScheduledBackup", true, FULL)                                                               \
    X(K8UP_SCHEDULE, "k8up.io", "v1", "schedules", "Schedule", true, FULL)                         \
    X(K8UP_BACKUP, "k8up.io", "v1", "backups", "Backup", true, FULL)                               \
    X(LONGHORN_RECURRING_JOB, "longhorn.io", "v1beta2", "recurringjobs",                           \
      "RecurringJob", true, FULL)                                                                  \
    X(LONGHORN_VOLUME, "longhorn.io", "v1beta2", "volumes", "Volume", true, FULL)                  \
    X(LONGHORN_BACKUP, "longhorn.io", "v1beta2", "backups", "Backup", true, FULL)                  \
    X(KASTEN_POLICY, "config.kio.kasten.io", "v1alpha1", "policies", "Policy", true, FULL)         \
    X(KASTEN_RESTORE_POINT, "apps.kio.kasten.io", "v1alpha1", "restorepoints",                     \
      "RestorePoint", true, FULL)                                                                  \
    X(STASH_CONFIGURATION, "stash.appscode.com", "v1beta1", "backupconfigurations",                \
      "BackupConfiguration", true, FULL)                                                           \
    X(STASH_SESSION, "stash.appscode.com", "v1beta1", "backupsessions",                            \
      "BackupSession", true, FULL)                                                                 \
    X(KUBESTASH_CONFIGURATION, "core.kubestash.com", "v1alpha1", "backupconfigurations",           \
      "BackupConfiguration", true, FULL)                                                           \
    X(KUBESTASH_SESSION, "core.kubestash.com", "v1alpha1", "backupsessions",                       \
      "BackupSession", true, FULL)                                                                 \
    X(CUSTOM_RESOURCE_DEFINITION, "apiextensions.k8s.io", "v1", "customresourcedefinitions",       \
      "CustomResourceDefinition", false, METADATA)                                                 \
    X(CONFIG_MAP, "", "v1", "configmaps", "ConfigMap", true, METADATA)                             \
    X(SECRET, "", "v1", "secrets", "Secret", true, ON_REQUEST)

#define KB_KIND_ENUM(sym, group, version, plural, kind, namespaced, read) KB_KIND_##sym,
enum kb_kind_id { KB_KINDS(KB_KIND_ENUM) KB_KIND_COUNT };
#undef KB_KIND_ENUM

/* Some of the kinds. */
struct kb_kind_set {
    bool has[KB_KIND_COUNT];
};

struct kb_kind {
    enum kb_kind_id id;
    const char *group;   /* "" for the core group */
    const char *version; /* the one that is asked for; objects of any version are taken */
    const char *plural, *kind;
    bool namespaced;
    enum kb_kind_read read;
};

extern const struct kb_kind kb_kinds[KB_KIND_COUNT];

/* By apiVersion ("v1", "apps/v1": the version does not matter) and kind; NULL. */
const struct kb_kind *kb_kind_find(struct kb_str api_version, struct kb_str kind);
/* By the kind of a list ("PodList", its apiVersion), or NULL. */
const struct kb_kind *kb_kind_find_list(struct kb_str api_version, struct kb_str list_kind);
/* By the name people and files use: "pods", "roles.rbac.authorization.k8s.io"; NULL. */
const struct kb_kind *kb_kind_find_resource(struct kb_str resource);

/* ConfigMaps that are read whole although their kind is read as metadata: those that decide who is who,
 * and whether network policies count. */
struct kb_known_config_map {
    const char *name_space, *name;
};
extern const struct kb_known_config_map kb_known_config_maps[];
extern const size_t kb_known_config_map_count;
bool kb_config_map_is_known(struct kb_str name_space, struct kb_str name);
/* Whether a ConfigMap's value is a resource policy of Velero, which is kept wherever it is found. */
bool kb_text_is_resource_policy(struct kb_str text);

#define KB_AWS_AUTH_NAMESPACE "kube-system"
#define KB_AWS_AUTH_NAME "aws-auth"

#endif
