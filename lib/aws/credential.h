/*
 * Whom AWS sees: the chain of places where credentials may come from.
 *
 * Order: the profile of a flag alone; else keys of the environment; web identity of the environment (IRSA);
 * the profile (a role taken over from others, web identity, SSO, keys, a program); a container's endpoint
 * (EKS Pod Identity, ECS); the instance's (IMDSv2). A place that is configured and fails ends the search
 * with its own error: what was meant to run as one role never runs as another. Rules: botocore
 * credentials.py, "AWS SDKs and Tools Reference Guide".
 */
#ifndef KB_AWS_CREDENTIAL_H
#define KB_AWS_CREDENTIAL_H

#include "aws/send.h"

enum {
    KB_AWS_RENEW_EARLY_S = 15 * 60, /* before they expire, from when on it is tried to renew them */
    KB_AWS_RENEW_AGAIN_S = 60       /* between tries that failed: the old ones serve as long as they hold */
};

/* Credentials and where they come from. Zeroed memory is an empty one. */
struct kb_aws_credential {
    struct kb_sigv4_key key;
    char id[160];      /* text of key.access_key_id */
    char source[320];  /* "environment", "role arn:aws:iam::1:role/r through profile dev" */
    int64_t expires_s; /* since 1970; 0: never */
};
void kb_aws_credential_done(struct kb_aws_credential *credential); /* wipes it */

/* Find them once. KB_ERR_NOT_FOUND where nothing is configured anywhere; the message tells where it was
 * looked. `out` is to be freed in both cases. */
KB_RES kb_aws_credential_find(struct kb_aws_sender *sender, struct kb_aws_credential *out,
                              struct kb_err *err);

/* The instance's region; empty where there is no instance, or AWS_EC2_METADATA_DISABLED is set. */
void kb_aws_instance_region(struct kb_aws_sender *sender, char out[64]);

/* Credentials that are kept and renewed in time. Zeroed memory with `sender` set is a valid one. */
struct kb_aws_keeper {
    struct kb_aws_sender *sender; /* outlives it */
    struct kb_aws_credential now;
    int64_t next_try_s;
};

/* For calls: a signer that asks this keeper. */
struct kb_aws_signer kb_aws_keeper_signer(struct kb_aws_keeper *keeper);
void kb_aws_keeper_done(struct kb_aws_keeper *keeper);

#endif
