/*
 * The bearer token of an EKS cluster: a presigned GetCallerIdentity, which the cluster's authenticator sends
 * to STS to learn who asks.
 *
 * Rules: aws-iam-authenticator pkg/token/token.go, which verifies it; awscli customizations/eks/get_token.py.
 */
#ifndef KB_AWS_EKS_TOKEN_H
#define KB_AWS_EKS_TOKEN_H

#include "aws/sigv4.h"

enum {
    KB_EKS_TOKEN_MAX = 4096,       /* bytes; the verifier refuses longer ones */
    KB_EKS_TOKEN_EXPIRES_S = 60,   /* as awscli asks for */
    KB_EKS_TOKEN_EXPIRES_MAX_S = 900,
    KB_EKS_TOKEN_USABLE_S = 14 * 60 /* it holds for 15 minutes from its date, whatever it asks for */
};

struct kb_eks_token_request {
    struct kb_str cluster;   /* its name; that of the id for local clusters on Outposts */
    struct kb_str host;      /* of STS: "sts.eu-central-1.amazonaws.com" */
    struct kb_str region;
    int64_t time_s;          /* since 1970 */
    int64_t expires_s;       /* 0: KB_EKS_TOKEN_EXPIRES_S */
};

/* *out takes the token. KB_ERR_LIMIT where a long session token makes it longer than verifiers take. */
KB_RES kb_eks_token(const struct kb_eks_token_request *request, const struct kb_sigv4_key *key,
                    struct kb_aws_secret *out, struct kb_err *err);

#endif
