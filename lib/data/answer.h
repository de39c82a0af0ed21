/*
 * An answer of an AWS API on its way from a source (the AWS CLI's files, live calls, a Terraform state) to
 * what judges.
 */
#ifndef KB_DATA_ANSWER_H
#define KB_DATA_ANSWER_H

#include "data/json.h"

struct kb_aws_answer {
    struct kb_str service;   /* as the AWS CLI names it: "eks" */
    struct kb_str operation; /* likewise: "describe-cluster" */
    struct kb_str subject;   /* what was asked about, where the source tells it (an ARN, a name); empty */
    const json_t *json;      /* the answer, all pages as one; NULL where the call failed. Borrowed */
    struct kb_str error;     /* AWS's text of the failure; empty */
    struct kb_str source;    /* display name of the file, or "eks:DescribeCluster, request <id>" */
    int64_t taken_ns;        /* when it was got, since 1970: a file's time of change; 0: not told */
    bool declared;           /* as Terraform's state has it: what was applied last, not what is */
};

struct kb_aws_sink {
    void *ctx;
    void (*answer)(void *ctx, const struct kb_aws_answer *answer);
};

/* Whether the failure says that there is no such setting, which is knowledge, and not that it was not
 * told. One row of a table each operation and code. */
bool kb_aws_says_none(const struct kb_aws_answer *answer);

#endif
