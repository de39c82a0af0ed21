/* How the tables of operations are written. Private to lib/aws. */
#ifndef KB_AWS_OPERATION_TABLE_H
#define KB_AWS_OPERATION_TABLE_H

#include "aws/operation.h"

struct kb_aws_operations {
    const struct kb_aws_operation *at;
    size_t n;
};

extern const struct kb_aws_operations kb_aws_operations_ec2, kb_aws_operations_iam, kb_aws_operations_json,
    kb_aws_operations_rest, kb_aws_operations_s3;

#define KB_MEMBERS(list) .members = (list), .member_count = sizeof(list) / sizeof(list)[0]
#define KB_PAGES(in, out) .token_in = (in), .token_out = (out)

#endif
