/*
 * The cluster's workloads, namespaces, service accounts, nodes and admission webhooks, as small models.
 *
 * A workload is a controller with the template of its pods, or a pod (a ReplicaSet, a Job) that no other
 * workload controls. Pods of a controller are not kept: their template speaks for them.
 */
#ifndef KB_CLUSTER_CLUSTER_H
#define KB_CLUSTER_CLUSTER_H

#include "base/map.h"
#include "cluster/pod.h"
#include "data/object.h"
#include "data/selector.h"

/* What an object is called and where it came from. */
struct kb_named {
    struct kb_str name_space, name, uid, resource_version, source;
};

struct kb_workload {
    const struct kb_kind *kind;
    struct kb_named at;
    const struct kb_podspec *pod;
    const json_t *labels; /* of its pods; owned by the cluster; NULL: none */
    int64_t replicas;     /* that are asked for; -1: it has no such number */
    bool spreads_zones;   /* its pods keep away from each other's zones, or are spread over zones */
};

struct kb_namespace {
    struct kb_named at;
    const json_t *labels; /* owned by the cluster; NULL: none */
    uint64_t quotas, limit_ranges, workloads;
};

struct kb_service_account {
    struct kb_named at;
    enum kb_tri automount; /* KB_NOT_KNOWN: not set, which means yes */
    struct kb_str iam_role; /* ARN that its annotation eks.amazonaws.com/role-arn asks for; empty */
    bool malformed;
};

struct kb_node {
    struct kb_named at;
    struct kb_str kubelet, zone, os;
    struct kb_str external_ip; /* empty: it has none */
    bool cordoned;
};

struct kb_webhook {
    struct kb_named at;        /* of the configuration */
    bool mutating;
    struct kb_str name;        /* of the webhook in it */
    struct kb_str failure_policy; /* "Fail" where none is given */
    struct kb_str target;      /* "service namespace/name", or its URL */
    bool spares_kube_system;   /* a namespaceSelector keeps it from kube-system */
    bool has_ca;
};

/* A PodDisruptionBudget. */
struct kb_budget {
    struct kb_named at;
    struct kb_selector pods;
};

/* A Secret, without its data. */
struct kb_secret {
    struct kb_named at;
    struct kb_str type;      /* empty: not told (metadata alone was read) */
    struct kb_str account;   /* the service account whose token it holds; empty */
    struct kb_str last_used; /* day on which that token was last seen by the API server; empty */
};

struct kb_cluster {
    struct kb_arena arena;
    struct kb_map names, namespace_index, account_index;
    KB_VEC(struct kb_workload) workloads;
    KB_VEC(struct kb_namespace *) namespaces;
    KB_VEC(struct kb_service_account) service_accounts;
    KB_VEC(struct kb_node) nodes;
    KB_VEC(struct kb_webhook) webhooks;
    KB_VEC(struct kb_budget) budgets;
    KB_VEC(struct kb_secret) secrets;
    KB_VEC(struct kb_str) custom_resources, csi_drivers; /* names */
    uint64_t denying_policies; /* bindings of validating admission policies that deny */
    KB_VEC(json_t *) owned;
};

/* Zeroed memory is an empty cluster. */
void kb_cluster_done(struct kb_cluster *cluster);
/* Take an object of a kind that is spoken of above; others are ignored. */
void kb_cluster_take(struct kb_cluster *cluster, const struct kb_object *object);
/* Put everything in order of namespace and name, and count. */
void kb_cluster_close(struct kb_cluster *cluster);

/* NULL: there is none of that name. */
const struct kb_namespace *kb_cluster_namespace(const struct kb_cluster *cluster, struct kb_str name);
/* NULL: there is none of that name. After closing. */
const struct kb_service_account *kb_cluster_account(const struct kb_cluster *cluster,
                                                    struct kb_str name_space, struct kb_str name);
/* Whether a PodDisruptionBudget holds for the workload's pods. */
bool kb_cluster_budgeted(const struct kb_cluster *cluster, const struct kb_workload *workload);
/* A label of a namespace, or empty. */
struct kb_str kb_namespace_label(const struct kb_namespace *name_space, struct kb_str label);

#endif
