/* The table of operations. Source: the service models of the AWS SDKs. */
#include "aws/operation.h"

#define MEMBERS(list) .members = (list), .member_count = sizeof(list) / sizeof(list)[0]
#define PAGES(in, out) .token_in = (in), .token_out = (out)

static const struct kb_aws_member ec2_vpcs[] = {
    {"vpcSet", "Vpcs", KB_AWS_LIST},
    {"tagSet", "Tags", KB_AWS_LIST},
    {"cidrBlockAssociationSet", NULL, KB_AWS_LIST},
    {"ipv6CidrBlockAssociationSet", NULL, KB_AWS_LIST},
    {"networkFirewallAssociationSet", "NetworkFirewallAssociations", KB_AWS_LIST},
    {"isDefault", NULL, KB_AWS_BOOL},
};
static const struct kb_aws_member ec2_security_groups[] = {
    {"securityGroupInfo", "SecurityGroups", KB_AWS_LIST},
    {"groupDescription", "Description", KB_AWS_AS_IS},
    {"groups", "UserIdGroupPairs", KB_AWS_LIST},
    {"ipPermissions", NULL, KB_AWS_LIST},
    {"ipPermissionsEgress", NULL, KB_AWS_LIST},
    {"ipRanges", NULL, KB_AWS_LIST},
    {"ipv6Ranges", NULL, KB_AWS_LIST},
    {"prefixListIds", NULL, KB_AWS_LIST},
    {"tagSet", "Tags", KB_AWS_LIST},
    {"fromPort", NULL, KB_AWS_INT},
    {"toPort", NULL, KB_AWS_INT},
};
static const struct kb_aws_member ec2_flow_logs[] = {
    {"flowLogSet", "FlowLogs", KB_AWS_LIST},
    {"tagSet", "Tags", KB_AWS_LIST},
    {"tagFieldSpecificationSet", "TagFieldSpecifications", KB_AWS_LIST},
    {"tagKeySet", "TagKeys", KB_AWS_LIST},
    {"maxAggregationInterval", NULL, KB_AWS_INT},
    {"hiveCompatiblePartitions", NULL, KB_AWS_BOOL},
    {"perHourPartition", NULL, KB_AWS_BOOL},
};
static const struct kb_aws_member eks_times[] = {
    {"createdAt", NULL, KB_AWS_TIME},
    {"modifiedAt", NULL, KB_AWS_TIME},
    {"associatedAt", NULL, KB_AWS_TIME},
};
static const struct kb_aws_member s3_encryption[] = {
    {"Rule", "Rules", KB_AWS_FLAT},
    {"BucketKeyEnabled", NULL, KB_AWS_BOOL},
    {"EncryptionType", NULL, KB_AWS_FLAT},
};
static const struct kb_aws_member s3_lifecycle[] = {
    {"Rule", "Rules", KB_AWS_FLAT},
    {"Transition", "Transitions", KB_AWS_FLAT},
    {"NoncurrentVersionTransition", "NoncurrentVersionTransitions", KB_AWS_FLAT},
    {"Days", NULL, KB_AWS_INT},
    {"NoncurrentDays", NULL, KB_AWS_INT},
    {"NewerNoncurrentVersions", NULL, KB_AWS_INT},
    {"DaysAfterInitiation", NULL, KB_AWS_INT},
    {"ObjectSizeGreaterThan", NULL, KB_AWS_INT},
    {"ObjectSizeLessThan", NULL, KB_AWS_INT},
    {"ExpiredObjectDeleteMarker", NULL, KB_AWS_BOOL},
};
static const struct kb_aws_member s3_lock[] = {
    {"Days", NULL, KB_AWS_INT},
    {"Years", NULL, KB_AWS_INT},
};
static const struct kb_aws_member s3_logging[] = {{"TargetGrants", NULL, KB_AWS_LIST}};
static const struct kb_aws_member s3_policy_status[] = {{"IsPublic", NULL, KB_AWS_BOOL}};
static const struct kb_aws_member s3_public_access[] = {
    {"BlockPublicAcls", NULL, KB_AWS_BOOL},
    {"IgnorePublicAcls", NULL, KB_AWS_BOOL},
    {"BlockPublicPolicy", NULL, KB_AWS_BOOL},
    {"RestrictPublicBuckets", NULL, KB_AWS_BOOL},
};
static const struct kb_aws_member s3_replication[] = {
    {"Rule", "Rules", KB_AWS_FLAT},
    {"Priority", NULL, KB_AWS_INT},
    {"Minutes", NULL, KB_AWS_INT},
};
static const struct kb_aws_member s3_versioning[] = {{"MfaDelete", "MFADelete", KB_AWS_AS_IS}};

static const struct kb_aws_operation operations[] = {
    {"ec2", "DescribeFlowLogs", PAGES("NextToken", "NextToken"), .result = "FlowLogs", .upper = true,
     .action = "ec2:DescribeFlowLogs", MEMBERS(ec2_flow_logs)},
    {"ec2", "DescribeSecurityGroups", PAGES("NextToken", "NextToken"), .result = "SecurityGroups",
     .upper = true, .action = "ec2:DescribeSecurityGroups", MEMBERS(ec2_security_groups)},
    {"ec2", "DescribeVpcs", PAGES("NextToken", "NextToken"), .result = "Vpcs", .upper = true,
     .action = "ec2:DescribeVpcs", MEMBERS(ec2_vpcs)},
    {"eks", "DescribeAccessEntry", "GET", "/clusters/{name}/access-entries/{principalArn}",
     .result = "accessEntry", .action = "eks:DescribeAccessEntry", MEMBERS(eks_times)},
    {"eks", "DescribeCluster", "GET", "/clusters/{name}", .result = "cluster",
     .action = "eks:DescribeCluster", MEMBERS(eks_times)},
    {"eks", "ListAccessEntries", "GET", "/clusters/{name}/access-entries",
     PAGES("nextToken", "nextToken"), .result = "accessEntries", .action = "eks:ListAccessEntries"},
    {"eks", "ListAssociatedAccessPolicies", "GET",
     "/clusters/{name}/access-entries/{principalArn}/access-policies",
     PAGES("nextToken", "nextToken"), .result = "associatedAccessPolicies",
     .action = "eks:ListAssociatedAccessPolicies", MEMBERS(eks_times)},
    {"logs", "DescribeLogGroups", PAGES("nextToken", "nextToken"), .result = "logGroups",
     .action = "logs:DescribeLogGroups", .per_second = 10},
    {"logs", "DescribeLogStreams", PAGES("nextToken", "nextToken"), .result = "logStreams",
     .action = "logs:DescribeLogStreams", .per_second = 10},
    {"logs", "FilterLogEvents", PAGES("nextToken", "nextToken"), .result = "events",
     .action = "logs:FilterLogEvents", .per_second = 5},
    {"logs", "GetLogEvents", PAGES("nextToken", "nextForwardToken"), .token_repeats = true,
     .result = "events", .action = "logs:GetLogEvents", .per_second = 10},
    {"s3", "GetBucketEncryption", "GET", "/{Bucket}?encryption",
     .wrap = "ServerSideEncryptionConfiguration", .result = "ServerSideEncryptionConfiguration",
     .action = "s3:GetEncryptionConfiguration", MEMBERS(s3_encryption)},
    {"s3", "GetBucketLifecycleConfiguration", "GET", "/{Bucket}?lifecycle",
     .action = "s3:GetLifecycleConfiguration", MEMBERS(s3_lifecycle)},
    {"s3", "GetBucketLocation", "GET", "/{Bucket}?location", .wrap = "LocationConstraint",
     .action = "s3:GetBucketLocation"},
    {"s3", "GetBucketLogging", "GET", "/{Bucket}?logging", .action = "s3:GetBucketLogging",
     MEMBERS(s3_logging)},
    {"s3", "GetBucketPolicy", "GET", "/{Bucket}?policy", .wrap = "Policy", .raw = true,
     .result = "Policy", .action = "s3:GetBucketPolicy"},
    {"s3", "GetBucketPolicyStatus", "GET", "/{Bucket}?policyStatus", .wrap = "PolicyStatus",
     .result = "PolicyStatus", .action = "s3:GetBucketPolicyStatus", MEMBERS(s3_policy_status)},
    {"s3", "GetBucketReplication", "GET", "/{Bucket}?replication",
     .wrap = "ReplicationConfiguration", .result = "ReplicationConfiguration",
     .action = "s3:GetReplicationConfiguration", MEMBERS(s3_replication)},
    {"s3", "GetBucketVersioning", "GET", "/{Bucket}?versioning", .action = "s3:GetBucketVersioning",
     MEMBERS(s3_versioning)},
    {"s3", "GetObjectLockConfiguration", "GET", "/{Bucket}?object-lock",
     .wrap = "ObjectLockConfiguration", .result = "ObjectLockConfiguration",
     .action = "s3:GetBucketObjectLockConfiguration", MEMBERS(s3_lock)},
    {"s3", "GetPublicAccessBlock", "GET", "/{Bucket}?publicAccessBlock",
     .wrap = "PublicAccessBlockConfiguration", .result = "PublicAccessBlockConfiguration",
     .action = "s3:GetBucketPublicAccessBlock", MEMBERS(s3_public_access)},
    {"sts", "AssumeRole", .result = "Credentials", .action = "sts:AssumeRole"},
    {"sts", "AssumeRoleWithWebIdentity", .result = "Credentials"},
    {"sts", "GetCallerIdentity", .result = "Arn"},
};
enum { OPERATIONS = sizeof operations / sizeof operations[0] };

const struct kb_aws_operation *kb_aws_operation_find(struct kb_str service, struct kb_str name)
{
    for (size_t i = 0; i < OPERATIONS; i++) {
        if (kb_str_eq_c(service, operations[i].service) && kb_str_eq_c(name, operations[i].name)) {
            return &operations[i];
        }
    }
    return NULL;
}

const struct kb_aws_operation *kb_aws_operations(size_t *n)
{
    *n = OPERATIONS;
    return operations;
}

void kb_aws_cli_name(const struct kb_aws_operation *operation, char out[KB_AWS_CLI_NAME_MAX])
{
    size_t n = 0;
    for (const char *c = operation->name; *c != '\0' && n + 2 < KB_AWS_CLI_NAME_MAX; c++) {
        bool capital = *c >= 'A' && *c <= 'Z';
        if (capital && n > 0) {
            out[n++] = '-';
        }
        out[n++] = capital ? (char)(*c | 0x20) : *c;
    }
    out[n] = '\0';
}
