/* The table of EKS's own bindings. */
#include "rbac/stock_eks.h"

#include "rbac/authorize.h"

static const struct kb_rbac_eks_binding bindings[] = {
    {"", "eks:addon-cluster-admin", "cluster-admin", "User/eks:addon-manager"},
    {"", "eks:addon-manager", "eks:addon-manager", "User/eks:addon-manager"},
    {"", "eks:az-poller", "eks:az-poller", NULL},
    {"", "eks:cluster-event-watcher", "eks:cluster-event-watcher", NULL},
    {"", "eks:coredns-autoscaler", "eks:coredns-autoscaler", NULL},
    {"", "eks:fargate-manager", "eks:fargate-manager", NULL},
    {"", "eks:fargate-scheduler", "eks:fargate-scheduler", NULL},
    {"", "eks:kms-storage-migrator", "eks:kms-storage-migrator", NULL},
    {"", "eks:kube-proxy", "system:node-proxier", "ServiceAccount/kube-system/kube-proxy"},
    {"", "eks:kube-proxy-fargate", "system:node-proxier", "Group/system:node-proxier"},
    {"", "eks:kube-proxy-windows", "system:node-proxier", "Group/eks:kube-proxy-windows"},
    {"", "eks:network-policy-controller", "eks:network-policy-controller", NULL},
    {"", "eks:network-webhooks", "eks:network-webhooks", NULL},
    {"", "eks:node-bootstrapper", "eks:node-bootstrapper", "Group/system:bootstrappers,Group/system:nodes"},
    {"", "eks:node-manager", "eks:node-manager", "User/eks:node-manager"},
    {"", "eks:nodewatcher", "eks:nodewatcher", NULL},
    {"", "eks:pod-identity-mutating-webhook", "eks:pod-identity-mutating-webhook", NULL},
    {"", "eks:service-operations", "eks:service-operations", "Group/eks:service-operations"},
    {"", "eks:tagging-controller", "eks:tagging-controller", "ServiceAccount/kube-system/tagging-controller"},
    {"", "vpc-resource-controller-rolebinding", "vpc-resource-controller-role", NULL},
    {"", "aws-node", "aws-node", "ServiceAccount/kube-system/aws-node"},
    {"", "system:coredns", "system:coredns", NULL},
    {"", "eks:certificate-controller", "eks:certificate-controller", NULL},
    {"", "eks:certificate-controller-approver", "eks:certificate-controller-approver", NULL},
    {"", "eks:certificate-controller-signer", "eks:certificate-controller-signer", NULL},
    {"", "eks:cloud-controller-manager", "eks:cloud-controller-manager", NULL},
    {"", "eks:cloud-provider-extraction-migration", "eks:cloud-provider-extraction-migration", NULL},
    {"", "eks:cloudwatch-agent-role", "eks:cloudwatch-agent-role", NULL},
    {"", "eks:k8s-metrics", "eks:k8s-metrics", NULL},
    {"", "eks:podsecuritypolicy:authenticated", "eks:podsecuritypolicy:privileged", "Group/system:authenticated"},
    {"", "eks:podsecuritypolicy:privileged", "eks:podsecuritypolicy:privileged", NULL},
    {"", "eks:authenticator", "eks:authenticator", NULL},
    {"kube-system", "eks-vpc-resource-controller-rolebinding", "eks-vpc-resource-controller-role", NULL},
    {"kube-system", "eks:addon-manager", "eks:addon-manager", NULL},
    {"kube-system", "eks:authenticator", "eks:authenticator", NULL},
    {"kube-system", "eks:az-poller", "eks:az-poller", NULL},
    {"kube-system", "eks:coredns-autoscaler", "eks:coredns-autoscaler", NULL},
    {"kube-system", "eks:fargate-manager", "eks:fargate-manager", NULL},
    {"kube-system", "eks:network-policy-controller", "eks:network-policy-controller", NULL},
    {"kube-system", "eks:node-manager", "eks:node-manager", NULL},
    {"kube-system", "eks:service-operations-configmaps", "eks:service-operations-configmaps", "Group/eks:service-operations"},
};
enum { BINDINGS = sizeof bindings / sizeof bindings[0] };

const struct kb_rbac_eks_binding *kb_rbac_eks_binding(struct kb_str name_space, struct kb_str name)
{
    for (size_t i = 0; i < BINDINGS; i++) {
        if (kb_str_eq_c(name_space, bindings[i].name_space) && kb_str_eq_c(name, bindings[i].name)) {
            return &bindings[i];
        }
    }
    return NULL;
}

bool kb_rbac_eks_role(struct kb_str name_space, struct kb_str name)
{
    for (size_t i = 0; i < BINDINGS; i++) {
        if (kb_str_eq_c(name_space, bindings[i].name_space) && kb_str_eq_c(name, bindings[i].role)) {
            return true;
        }
    }
    return false;
}

static bool is_listed(struct kb_str list, struct kb_str subject)
{
    while (list.n > 0) {
        if (kb_str_eq(kb_str_split(list, ',', &list), subject)) {
            return true;
        }
    }
    return false;
}

static bool only_eks(const struct kb_rbac_subject *subject)
{
    return subject->kind == KB_RBAC_SERVICE_ACCOUNT
               ? kb_str_eq_c(subject->name_space, "kube-system")
               : kb_str_starts(subject->name, KB_STR("eks:"));
}

bool kb_rbac_eks_subjects(const struct kb_rbac_eks_binding *row,
                          const struct kb_rbac_binding *binding)
{
    struct kb_arena arena = {0};
    bool all = true;
    for (size_t i = 0; i < binding->subject_count && all; i++) {
        const struct kb_rbac_subject *subject = &binding->subjects[i];
        all = row->subjects == NULL ? only_eks(subject)
                                    : is_listed(kb_str_c(row->subjects),
                                                kb_rbac_subject_text(subject, &arena));
    }
    kb_arena_done(&arena);
    return all;
}
