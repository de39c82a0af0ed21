/*
 * The identity layer of EKS: the cluster's settings, access entries, and the aws-auth ConfigMap.
 */
#ifndef KB_FACTS_EKS_MODEL_H
#define KB_FACTS_EKS_MODEL_H

#include "base/map.h"
#include "data/answer.h"
#include "data/object.h"
#include "rbac/aws_auth.h"
#include "rbac/policy.h"

struct kb_world;

struct kb_access_policy {
    struct kb_str name;      /* "AmazonEKSViewPolicy" */
    bool cluster;            /* for the whole cluster, or for `namespaces` */
    const struct kb_str *namespaces;
    size_t namespace_count;
    struct kb_rbac_rules rules; /* as published; none where they are not. After closing */
};

struct kb_access_entry {
    struct kb_str principal, type, username, source;
    const struct kb_str *groups;
    size_t group_count;
    const struct kb_access_policy *policies;
    size_t policy_count;
    bool described, policies_read;
    int64_t created_ns; /* INT64_MIN: not told */
};

struct kb_eks_model {
    struct kb_str arn, name, auth_mode, source; /* of the cluster; empty where it was not read */
    bool cluster_read, creator_admin, entries_read;
    bool cluster_declared;       /* as a Terraform state has it */
    unsigned minor, node_minor;  /* by the cluster's settings, by its nodes; 0: not known */
    unsigned server_minor;       /* as the API server itself told; 0: it was not asked */
    struct kb_str problem;       /* why the entries are not whole; empty */
    struct kb_map entry_index;
    KB_VEC(struct kb_access_entry *) entries;
    struct kb_aws_auth aws_auth;
    bool has_aws_auth;
    struct kb_str aws_auth_source, aws_auth_uid, aws_auth_version;
};

/* ConfigMaps (aws-auth alone is looked at) and nodes (their version). */
void kb_eks_model_take(struct kb_world *world, const struct kb_object *object);
void kb_eks_model_answer(struct kb_world *world, const struct kb_aws_answer *answer);
/* Nothing more comes: give access policies their rules. */
void kb_eks_model_close(struct kb_world *world);
void kb_eks_model_done(struct kb_eks_model *model);

/* Minor version of the control plane as it, or AWS, tells; 0: not known. */
unsigned kb_eks_control_plane_minor(const struct kb_eks_model *model);
/* The same, or that of the newest kubelet, which is not newer; 0: not known. */
unsigned kb_eks_minor(const struct kb_eks_model *model);

/* Minor version in "1.34" or "v1.34.2-eks-abc"; 0: it is none. */
unsigned kb_eks_minor_of(struct kb_str version);

#endif
