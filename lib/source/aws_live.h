/*
 * AWS settings from AWS itself: the same answers as files of the AWS CLI give (source/aws_files.h).
 *
 * Which calls are made is a table (aws_steps.c): each belongs to an area, and tells names that further calls
 * ask about. A call that fails is an answer with its error, in the AWS CLI's words.
 */
#ifndef KB_SOURCE_AWS_LIVE_H
#define KB_SOURCE_AWS_LIVE_H

#include "aws/call.h"
#include "data/answer.h"

/* What there is to know, so that no more is asked than is judged. */
enum kb_aws_area {
    KB_AWS_AREA_CLUSTER = 1 << 0, /* the EKS cluster's own settings, updates, insights */
    KB_AWS_AREA_ACCESS = 1 << 1,  /* access entries, policies, pod identities */
    KB_AWS_AREA_NODES = 1 << 2,   /* node groups, add-ons, launch templates */
    KB_AWS_AREA_NETWORK = 1 << 3, /* the cluster's VPC */
    KB_AWS_AREA_LOGS = 1 << 4,    /* its log group */
    KB_AWS_AREA_KEYS = 1 << 5,    /* KMS keys that the other areas name */
    KB_AWS_AREA_BUCKETS = 1 << 6, /* buckets of backups */
    KB_AWS_AREA_BACKUP = 1 << 7,  /* AWS Backup */
    KB_AWS_AREA_ACCOUNT = 1 << 8, /* trails, detectors, recorders, defaults of EBS */
    KB_AWS_AREA_ROLES = 1 << 9,   /* IAM roles of nodes */
    KB_AWS_AREA_VOLUMES = 1 << 10, /* EBS: volumes, snapshots, lifecycle policies */
    KB_AWS_AREA_FINDINGS = 1 << 11, /* Security Hub */
    KB_AWS_AREA_ALL = (1 << 12) - 1
};

enum { KB_AWS_LIVE_NAMES = 2000 }; /* of one kind that are asked about */

/* So an error begins of what no call was made about, since another one was not answered. */
#define KB_AWS_NOT_ASKED "not all was asked about"

struct kb_aws_live_options {
    struct kb_aws_client *client; /* NULL: AWS is not asked */
    struct kb_str cluster;        /* its name; empty: only who asks is read */
    unsigned areas;               /* of kb_aws_area */
    const struct kb_str *buckets; /* of backups, as objects name them */
    size_t bucket_count;
};

/* Who asks, as STS says. The ARN, in the arena; empty where STS refuses to tell or cannot be reached,
 * which is an answer with an error. Fails where there are no credentials. */
KB_RES kb_aws_live_identity(struct kb_aws_client *client, const struct kb_aws_sink *sink,
                            struct kb_arena *arena, struct kb_str *arn, struct kb_err *err);

/* Make the calls of the areas. Fails where there is no such cluster; all else is told to the sink. */
KB_RES kb_aws_live_read(const struct kb_aws_live_options *options, const struct kb_aws_sink *sink,
                        struct kb_err *err);

/* The steps, for listings of what must be allowed: operation `index` of the areas; false at the end. */
bool kb_aws_live_operation(size_t index, unsigned *areas, const struct kb_aws_operation **out);

#endif
