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
    X(CUSTOM_RESOURCE_DEFINITION, "apiextensions.k8s.io", "v1", "customresourcedefinitions",       \
      "CustomResourceDefinition", false, METADATA)                                                 \
    X(CONFIG_MAP, "", "v1", "configmaps", "ConfigMap", true, METADATA)                             \
    X(SECRET, "", "v1", "secrets", "Secret", true, ON_REQUEST)

#define KB_KIND_ENUM(sym, group, version, plural, kind, namespaced, read) KB_KIND_##sym,
enum kb_kind_id { KB_KINDS(KB_KIND_ENUM) KB_KIND_COUNT };
#undef KB_KIND_ENUM

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

/* The one object that is read whole although its kind is read as metadata: who maps IAM principals. */
#define KB_AWS_AUTH_NAMESPACE "kube-system"
#define KB_AWS_AUTH_NAME "aws-auth"

#endif
