/*
 * Partitions of AWS: groups of regions with accounts, ARNs and DNS names of their own.
 *
 * Source: AWS' public partitions.json, as the SDKs carry it.
 */
#ifndef KB_AWS_PARTITION_H
#define KB_AWS_PARTITION_H

#include "base/str.h"

struct kb_aws_partition {
    const char *id;          /* "aws", "aws-cn": second member of ARNs */
    const char *prefixes;    /* of its regions, separated by blanks */
    const char *suffix;      /* "amazonaws.com" */
    const char *dual_suffix; /* of endpoints that speak IPv6 too: "api.aws" */
    const char *home;        /* region of services that have only one */
};

/* The partition of a region. Regions nobody knows yet are those of "aws", as in the SDKs. */
const struct kb_aws_partition *kb_aws_partition_of(struct kb_str region);

/* Letters, digits and '-' only, 63 at most: what may stand in a host's name. */
bool kb_aws_region_valid(struct kb_str region);

#endif
