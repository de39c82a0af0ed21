/*
 * The ConfigMap kube-system/aws-auth: which IAM principals are which users and groups.
 *
 * Rules: kubernetes-sigs/aws-iam-authenticator pkg/mapper/configmap and pkg/config (keys without regard
 * to case, a bad entry is dropped and told, the others hold).
 */
#ifndef KB_RBAC_AWS_AUTH_H
#define KB_RBAC_AWS_AUTH_H

#include "data/json.h"

enum kb_aws_auth_kind { KB_AWS_AUTH_ROLE, KB_AWS_AUTH_USER, KB_AWS_AUTH_ACCOUNT };

struct kb_aws_auth_entry {
    enum kb_aws_auth_kind kind;
    struct kb_str principal; /* ARN as written, "sso:<permission set>", or the account */
    struct kb_str username;
    const struct kb_str *groups;
    size_t group_count;
    struct kb_str problem; /* why it cannot work as meant; empty */
};

struct kb_aws_auth {
    KB_VEC(struct kb_aws_auth_entry) entries; /* texts in the caller's arena */
    bool malformed;                           /* something in it is no entry */
};

/* Read mapRoles, mapUsers and mapAccounts of `data`. Never fails: what cannot be read is an entry with a
 * problem. */
void kb_aws_auth_read(const json_t *data, struct kb_arena *arena, struct kb_aws_auth *out);
void kb_aws_auth_done(struct kb_aws_auth *auth);

#endif
