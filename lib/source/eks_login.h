/*
 * Logging in to EKS clusters without the AWS CLI: kubeconfigs whose plugin is `aws eks get-token` or
 * `aws-iam-authenticator token` get their token from here.
 *
 * Arguments that are not known mean that the plugin is run. Rules: awscli customizations/eks/get_token.py,
 * aws-iam-authenticator cmd/aws-iam-authenticator/token.go.
 */
#ifndef KB_SOURCE_EKS_LOGIN_H
#define KB_SOURCE_EKS_LOGIN_H

#include "kube/exec_plugin.h"

/* What a plugin's command line asks for. */
struct kb_eks_login_request {
    struct kb_str cluster, region, profile, role_arn, session;
};
/* False: not one of the two, or with arguments that are not known. */
bool kb_eks_login_parse(const struct kb_kube_exec *exec, struct kb_eks_login_request *out);

/* For kb_kube_target.native. It keeps nothing, and serves any number of threads. */
struct kb_exec_native kb_eks_login_native(void);

#endif
