/*
 * The cluster's network, as facts need it: the policy engine's world, who enforces policies, workloads
 * as groups of pods, and what the controller of the VPC CNI has resolved.
 *
 * Who enforces is told from objects: the DaemonSet kube-system/aws-node with its agent and environment, the
 * ConfigMap kube-system/amazon-vpc-cni, NodeClasses and nodes of Auto Mode, DaemonSets of other engines. The
 * setting networkEngine says it instead.
 */
#ifndef KB_FACTS_NET_MODEL_H
#define KB_FACTS_NET_MODEL_H

#include "cluster/cluster.h"
#include "data/answer.h"
#include "network/rules.h"

struct kb_world;

#define KB_NET_ENGINES(X)                                                                          \
    X(KB_NET_ENGINE_UNKNOWN, "unknown") /* what would tell was not read, or tells nothing */       \
    X(KB_NET_ENGINE_NONE, "none")                                                                  \
    X(KB_NET_ENGINE_VPC_CNI, "vpc-cni")                                                            \
    X(KB_NET_ENGINE_AUTO, "auto-mode")                                                             \
    X(KB_NET_ENGINE_CALICO, "calico")                                                              \
    X(KB_NET_ENGINE_CILIUM, "cilium")                                                              \
    X(KB_NET_ENGINE_OTHER, "other")
#define KB_FIRST(sym, text) sym,
enum kb_net_engine { KB_NET_ENGINES(KB_FIRST) KB_NET_ENGINE_COUNT };
#undef KB_FIRST
const char *kb_net_engine_name(enum kb_net_engine engine);

/* The DaemonSet kube-system/aws-node. */
struct kb_net_aws_node {
    bool found, agent, enforces;       /* has the agent's container; with --enable-network-policy=true */
    bool event_logs, cloudwatch_logs;  /* --enable-policy-event-logs, --enable-cloudwatch-logs */
    struct kb_named at;
    struct kb_str version;             /* of the image of aws-node: "1.18.5"; empty: not told */
    struct kb_str mode, group_mode;    /* NETWORK_POLICY_, POD_SECURITY_GROUP_ENFORCING_MODE; empty */
    int64_t desired, ready, updated;
};

/* One pod of aws-node. */
struct kb_net_agent {
    struct kb_str node, revision;
    bool ready, enforces;
    int64_t restarts;
};

/* Another engine's DaemonSet. */
struct kb_net_other_engine {
    enum kb_net_engine engine;
    struct kb_named at;
    int64_t desired, ready;
};

/* A policy of Calico or Cilium, or one of a node class or a group of pods: named only. */
struct kb_net_named {
    const struct kb_kind *kind;
    struct kb_named at;
    bool invalid;               /* a SecurityGroupPolicy without selector or group: it is ignored */
    struct kb_str policy, logs; /* of a NodeClass: spec.networkPolicy, spec.networkPolicyEventLogs */
};

/* A block that a PolicyEndpoint names, with the ports. */
struct kb_net_resolved {
    uint32_t block; /* in `blocks` */
    kb_net_ports ports;
    uint8_t direction;
};

struct kb_net_endpoint {
    struct kb_named at;
    struct kb_str policy;         /* "namespace/name" that it is of */
    size_t pod_first, pod_end;    /* in endpoint_pods */
    size_t entry_first, entry_end; /* in resolved */
    uint32_t next;                /* another of the same policy; UINT32_MAX */
    bool told;                    /* its policy is there */
};

#define KB_NET_MTLS_MODES(X)                                                                       \
    X(KB_NET_MTLS_UNSET, "UNSET")                                                                  \
    X(KB_NET_MTLS_DISABLE, "DISABLE")                                                              \
    X(KB_NET_MTLS_PERMISSIVE, "PERMISSIVE")                                                        \
    X(KB_NET_MTLS_STRICT, "STRICT")
#define KB_FIRST(sym, text) sym,
enum kb_net_mtls { KB_NET_MTLS_MODES(KB_FIRST) };
#undef KB_FIRST

/* A PeerAuthentication of Istio. */
struct kb_net_peer_auth {
    struct kb_named at;
    int64_t created_ns;
    enum kb_net_mtls mode;
    struct kb_net_labels selector; /* none: of the namespace, or of the mesh */
    struct kb_net_port_mtls {
        struct kb_str port;
        enum kb_net_mtls mode;
    } *ports;
    size_t port_count;
};

/* Pods that one controller has made, or one pod that none has. */
struct kb_net_group {
    struct kb_str kind, name, name_space, object; /* "Deployment/shop/web" */
    const struct kb_net_pod *pod;    /* the first live one */
    uint32_t pods;                   /* live ones */
    const uint32_t *classes;         /* theirs, each once */
    size_t class_count;
    bool host_network, standalone;   /* a pod without any owner */
    bool unenforced;                 /* some pod is on a node that is not served */
    bool excluded;                   /* of settings.excludedNamespaces */
    uint32_t number;                 /* the order in which it was found */
    uint32_t workload;               /* 1 + its place in the cluster's workloads; 0: it was not read */
};

/* One of the pods that something made. */
struct kb_net_made {
    uint32_t pod, next; /* in net.pods; 1 + in `made`, 0: the last */
};

struct kb_net_model {
    struct kb_net_world net;
    struct kb_map names, owners, group_index, blocks, policy_endpoints, sources;
    struct kb_map made_index; /* "Kind/namespace/name" of what makes pods: 1 + the first in `made` */
    KB_VEC(struct kb_net_made) made;
    struct kb_arena arena;
    struct kb_net_aws_node aws_node;
    KB_VEC(struct kb_net_agent) agents;
    KB_VEC(struct kb_net_other_engine) others;
    KB_VEC(struct kb_net_peer_auth) peer_auths;
    KB_VEC(struct kb_net_named) foreign, group_policies, node_classes;
    KB_VEC(struct kb_net_endpoint) endpoints;
    KB_VEC(struct kb_str) endpoint_pods;
    KB_VEC(struct kb_net_resolved) resolved;
    KB_VEC(struct kb_net_group) groups; /* by namespace, then name and kind, once closed */
    size_t system_first, system_end; /* the groups of kube-system */
    KB_VEC(uint32_t) resolvers;      /* groups that resolve names, as Kubernetes labels them */
    struct kb_map node_answers, node_addresses; /* see net_nodes.c */
    uint32_t *pod_groups;            /* by pod: its place in groups; UINT32_MAX: a finished pod */
    KB_VEC(struct kb_ip) api_servers;   /* endpoints of default/kubernetes */
    bool crd_seen[KB_KIND_COUNT];
    bool has_config_map, controller_on; /* kube-system/amazon-vpc-cni */
    enum kb_tri addon_on, addon_healthy; /* the add-on's settings, where AWS told them */
    struct kb_str addon_status;
    size_t auto_nodes;
    enum kb_net_engine engine;
    const char *forced;              /* the profile that the setting names, or NULL */
    struct kb_str dns_address;       /* of the Service kube-system/kube-dns; empty */
    bool lost;                       /* too much of PolicyEndpoints for the memory: they are not compared */
};

/* Any object; what is of no kind that matters is ignored. */
void kb_net_model_take(struct kb_world *world, const struct kb_object *object);
void kb_net_model_answer(struct kb_world *world, const struct kb_aws_answer *answer);
/* Nothing more comes: tell the engine, join pods with workloads, evaluate policies. */
void kb_net_model_close(struct kb_world *world);
/* The live pods of a workload, in the order of net.pods: begin, then next until NULL. A Deployment's are those
 * of ReplicaSets with its name, a dash and one more word, a CronJob's those of such Jobs. */
struct kb_net_made_by {
    const struct kb_net_model *model;
    const struct kb_net_pod *alone;
    uint32_t next;
};
struct kb_net_made_by kb_net_made_begin(const struct kb_net_model *model,
                                        const struct kb_workload *workload);
const struct kb_net_pod *kb_net_made_next(struct kb_net_made_by *by);
struct kb_net_model *kb_net_model_new(void);
void kb_net_model_free(struct kb_net_model *model);

/* The model, closed, as it would be were these NetworkPolicies (a JSON array of objects) there too, each in the
 * place of the one of its name. What else it knows is borrowed from `base`, which must outlive it. Groups stand in
 * the same order; numbers of port sets are its own. Freed with kb_net_trial_free(). */
struct kb_net_model *kb_net_trial_new(const struct kb_net_model *base, const json_t *policies);
void kb_net_trial_free(struct kb_net_model *trial);

#endif
