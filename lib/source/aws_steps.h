/* The calls for AWS settings, as a table. Private to lib/source. */
#ifndef KB_SOURCE_AWS_STEPS_H
#define KB_SOURCE_AWS_STEPS_H

#include "source/aws_live.h"

/* Kinds of names, which answers tell and later calls ask about. */
enum kb_aws_step_names {
    KB_AWS_ONCE, /* no name: one call */
    KB_AWS_VPCS, KB_AWS_KEYS, KB_AWS_UPDATES, KB_AWS_ENTRIES, KB_AWS_GROUPS, KB_AWS_TEMPLATES,
    KB_AWS_ADDONS, KB_AWS_TRAILS, KB_AWS_DETECTORS, KB_AWS_BUCKET_NAMES, KB_AWS_PLANS,
    KB_AWS_SELECTIONS, KB_AWS_VAULTS, KB_AWS_RESOURCES, KB_AWS_ACCOUNTS, KB_AWS_FIREWALLS,
    KB_AWS_FIREWALL_POLICIES, KB_AWS_TARGETS, KB_AWS_UNITS, KB_AWS_SCPS, KB_AWS_COPY_VAULTS,
    KB_AWS_LIFECYCLES, KB_AWS_ROLES, KB_AWS_ROLE_POLICIES, KB_AWS_POLICIES, KB_AWS_POLICY_VERSIONS,
    KB_AWS_NAME_KINDS
};

/* What else is asked with. */
enum kb_aws_with {
    KB_AWS_BARE,
    KB_AWS_OF_CLUSTER, KB_AWS_OF_GROUP, KB_AWS_LIKE_GROUP,
    KB_AWS_IN_LIST,       /* `param` takes a list of one */
    KB_AWS_BY_ARN,        /* `param` takes what follows the last colon of the ARN */
    KB_AWS_SECOND_IN_LIST /* `second` does */
};

/* What a text becomes as a name. */
enum kb_aws_telling {
    KB_AWS_TEXT,
    KB_AWS_JOINED,      /* the name that was asked about, a slash, and the text */
    KB_AWS_ACCOUNT_OF,  /* the account of an ARN */
    KB_AWS_BELOW_A_ROOT, /* the text, but for roots of an organization, which have no parents */
    KB_AWS_LAST_PART,   /* what follows the last slash: a role of its ARN */
    KB_AWS_NODE_ROLE,   /* likewise, where the `type` beside it is one of nodes */
    KB_AWS_ELSEWHERE    /* an ARN of the cluster's account, in another region */
};

/* Texts at `path` of the answer are names of kind `to`: "cluster.vpcId", "trailList[].TrailARN". With `second`
 * the name is the text, a slash, and the text beside it. */
struct kb_aws_tells {
    const char *path, *second;
    enum kb_aws_step_names to;
    enum kb_aws_telling as;
};

enum { KB_AWS_TELLS_MAX = 7 };

struct kb_aws_step {
    unsigned areas; /* any of them */
    const char *service, *operation;
    enum kb_aws_step_names of;
    enum kb_aws_with with;
    const char *param;   /* takes the name; "vpc-id": as EC2's filter */
    const char *second;  /* takes what follows the name's last slash, where names are pairs */
    const char *more;    /* further parameters, as JSON; NULL: none */
    struct kb_aws_tells tells[KB_AWS_TELLS_MAX];
};

extern const struct kb_aws_step kb_aws_steps[];
extern const size_t kb_aws_step_count;

#endif
