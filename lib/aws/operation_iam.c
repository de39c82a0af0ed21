/* What is asked of IAM. Source: service models of the AWS SDKs. */
#include "aws/operation_table.h"

static const struct kb_aws_member members[] = {
    {"AttachedPolicies", NULL, KB_AWS_LIST, NULL},
    {"AttachmentCount", NULL, KB_AWS_INT, NULL},
    {"Document", NULL, KB_AWS_POLICY, NULL},
    {"IsAttachable", NULL, KB_AWS_BOOL, NULL},
    {"IsDefaultVersion", NULL, KB_AWS_BOOL, NULL},
    {"IsTruncated", NULL, KB_AWS_LEFT_OUT, NULL},
    {"PermissionsBoundaryUsageCount", NULL, KB_AWS_INT, NULL},
    {"PolicyDocument", NULL, KB_AWS_POLICY, NULL},
    {"PolicyNames", NULL, KB_AWS_LIST, NULL},
    {"Tags", NULL, KB_AWS_LIST, NULL},
};

static const struct kb_aws_operation operations[] = {
    {"iam", "GetPolicy", .result = "Policy", .action = "iam:GetPolicy", KB_MEMBERS(members)},
    {"iam", "GetPolicyVersion", .result = "PolicyVersion", .action = "iam:GetPolicyVersion",
     KB_MEMBERS(members)},
    {"iam", "GetRolePolicy", .result = "PolicyDocument", .action = "iam:GetRolePolicy",
     KB_MEMBERS(members)},
    {"iam", "ListAttachedRolePolicies", KB_PAGES("Marker", "Marker"), .result = "AttachedPolicies",
     .action = "iam:ListAttachedRolePolicies", KB_MEMBERS(members)},
    {"iam", "ListRolePolicies", KB_PAGES("Marker", "Marker"), .result = "PolicyNames",
     .action = "iam:ListRolePolicies", KB_MEMBERS(members)},
};

const struct kb_aws_operations kb_aws_operations_iam = {operations,
                                                        sizeof operations / sizeof operations[0]};
