/* What is asked of S3 about a bucket, and about the account. Source: service models of the AWS SDKs. */
#include "aws/operation_table.h"

static const struct kb_aws_member get_bucket_encryption[] = {
    {"ApplyServerSideEncryptionByDefault", NULL, KB_AWS_OBJECT, NULL},
    {"BlockedEncryptionTypes", NULL, KB_AWS_OBJECT, NULL},
    {"BucketKeyEnabled", NULL, KB_AWS_BOOL, NULL},
    {"EncryptionType", NULL, KB_AWS_FLAT, NULL},
    {"Rule", "Rules", KB_AWS_FLAT, NULL},
};

static const struct kb_aws_member get_bucket_lifecycle_configuration[] = {
    {"Tag", "Tags", KB_AWS_FLAT, "And"},
    {"AbortIncompleteMultipartUpload", NULL, KB_AWS_OBJECT, NULL},
    {"And", NULL, KB_AWS_OBJECT, NULL},
    {"Days", NULL, KB_AWS_INT, NULL},
    {"DaysAfterInitiation", NULL, KB_AWS_INT, NULL},
    {"Expiration", NULL, KB_AWS_OBJECT, NULL},
    {"ExpiredObjectDeleteMarker", NULL, KB_AWS_BOOL, NULL},
    {"Filter", NULL, KB_AWS_OBJECT, NULL},
    {"NewerNoncurrentVersions", NULL, KB_AWS_INT, NULL},
    {"NoncurrentDays", NULL, KB_AWS_INT, NULL},
    {"NoncurrentVersionExpiration", NULL, KB_AWS_OBJECT, NULL},
    {"NoncurrentVersionTransition", "NoncurrentVersionTransitions", KB_AWS_FLAT, NULL},
    {"ObjectSizeGreaterThan", NULL, KB_AWS_INT, NULL},
    {"ObjectSizeLessThan", NULL, KB_AWS_INT, NULL},
    {"Rule", "Rules", KB_AWS_FLAT, NULL},
    {"Tag", NULL, KB_AWS_OBJECT, NULL},
    {"Transition", "Transitions", KB_AWS_FLAT, NULL},
};

static const struct kb_aws_member get_bucket_logging[] = {
    {"Grantee", NULL, KB_AWS_OBJECT, NULL},
    {"LoggingEnabled", NULL, KB_AWS_OBJECT, NULL},
    {"PartitionedPrefix", NULL, KB_AWS_OBJECT, NULL},
    {"SimplePrefix", NULL, KB_AWS_OBJECT, NULL},
    {"TargetGrants", NULL, KB_AWS_LIST, NULL},
    {"TargetObjectKeyFormat", NULL, KB_AWS_OBJECT, NULL},
};

static const struct kb_aws_member get_bucket_policy_status[] = {
    {"IsPublic", NULL, KB_AWS_BOOL, NULL},
};

static const struct kb_aws_member get_bucket_replication[] = {
    {"Tag", "Tags", KB_AWS_FLAT, "Or"},
    {"Tag", "Tags", KB_AWS_FLAT, "And"},
    {"AccessControlTranslation", NULL, KB_AWS_OBJECT, NULL},
    {"And", NULL, KB_AWS_OBJECT, NULL},
    {"DeleteMarkerReplication", NULL, KB_AWS_OBJECT, NULL},
    {"Destination", NULL, KB_AWS_OBJECT, NULL},
    {"EncryptionConfiguration", NULL, KB_AWS_OBJECT, NULL},
    {"EventThreshold", NULL, KB_AWS_OBJECT, NULL},
    {"ExistingObjectReplication", NULL, KB_AWS_OBJECT, NULL},
    {"Filter", NULL, KB_AWS_OBJECT, NULL},
    {"Metrics", NULL, KB_AWS_OBJECT, NULL},
    {"Minutes", NULL, KB_AWS_INT, NULL},
    {"Not", NULL, KB_AWS_OBJECT, NULL},
    {"Or", NULL, KB_AWS_OBJECT, NULL},
    {"Prefix", "Prefixes", KB_AWS_FLAT, "Or"},
    {"Priority", NULL, KB_AWS_INT, NULL},
    {"ReplicaModifications", NULL, KB_AWS_OBJECT, NULL},
    {"ReplicationTime", NULL, KB_AWS_OBJECT, NULL},
    {"Rule", "Rules", KB_AWS_FLAT, NULL},
    {"SourceSelectionCriteria", NULL, KB_AWS_OBJECT, NULL},
    {"SseKmsEncryptedObjects", NULL, KB_AWS_OBJECT, NULL},
    {"Tag", NULL, KB_AWS_OBJECT, NULL},
    {"Time", NULL, KB_AWS_OBJECT, NULL},
    {"UseSourceMultiRegionKey", NULL, KB_AWS_OBJECT, NULL},
};

static const struct kb_aws_member get_bucket_versioning[] = {
    {"MfaDelete", "MFADelete", KB_AWS_AS_IS, NULL},
};

static const struct kb_aws_member get_object_lock_configuration[] = {
    {"Days", NULL, KB_AWS_INT, NULL},
    {"DefaultEventHold", NULL, KB_AWS_OBJECT, NULL},
    {"DefaultRetention", NULL, KB_AWS_OBJECT, NULL},
    {"Rule", NULL, KB_AWS_OBJECT, NULL},
    {"Years", NULL, KB_AWS_INT, NULL},
};

static const struct kb_aws_member get_public_access_block[] = {
    {"BlockPublicAcls", NULL, KB_AWS_BOOL, NULL},
    {"BlockPublicPolicy", NULL, KB_AWS_BOOL, NULL},
    {"IgnorePublicAcls", NULL, KB_AWS_BOOL, NULL},
    {"RestrictPublicBuckets", NULL, KB_AWS_BOOL, NULL},
};

static const struct kb_aws_operation operations[] = {
    {"s3", "GetBucketEncryption", "GET", "/{Bucket}?encryption",
     .wrap = "ServerSideEncryptionConfiguration", .result = "ServerSideEncryptionConfiguration",
     .action = "s3:GetEncryptionConfiguration", KB_MEMBERS(get_bucket_encryption)},
    {"s3", "GetBucketLifecycleConfiguration", "GET", "/{Bucket}?lifecycle", .root = "LifecycleConfiguration",
     .action = "s3:GetLifecycleConfiguration", KB_MEMBERS(get_bucket_lifecycle_configuration)},
    {"s3", "GetBucketLocation", "GET", "/{Bucket}?location", .wrap = "LocationConstraint",
     .action = "s3:GetBucketLocation"},
    {"s3", "GetBucketLogging", "GET", "/{Bucket}?logging", .root = "BucketLoggingStatus",
     .action = "s3:GetBucketLogging",
     KB_MEMBERS(get_bucket_logging)},
    {"s3", "GetBucketPolicy", "GET", "/{Bucket}?policy", .wrap = "Policy", .raw = true,
     .result = "Policy", .action = "s3:GetBucketPolicy"},
    {"s3", "GetBucketPolicyStatus", "GET", "/{Bucket}?policyStatus", .wrap = "PolicyStatus",
     .result = "PolicyStatus", .action = "s3:GetBucketPolicyStatus",
     KB_MEMBERS(get_bucket_policy_status)},
    {"s3", "GetBucketReplication", "GET", "/{Bucket}?replication",
     .wrap = "ReplicationConfiguration", .result = "ReplicationConfiguration",
     .action = "s3:GetReplicationConfiguration", KB_MEMBERS(get_bucket_replication)},
    {"s3", "GetBucketVersioning", "GET", "/{Bucket}?versioning", .root = "VersioningConfiguration",
     .action = "s3:GetBucketVersioning",
     KB_MEMBERS(get_bucket_versioning)},
    {"s3", "GetObjectLockConfiguration", "GET", "/{Bucket}?object-lock",
     .wrap = "ObjectLockConfiguration", .result = "ObjectLockConfiguration",
     .action = "s3:GetBucketObjectLockConfiguration", KB_MEMBERS(get_object_lock_configuration)},
    {"s3", "GetPublicAccessBlock", "GET", "/{Bucket}?publicAccessBlock",
     .wrap = "PublicAccessBlockConfiguration", .result = "PublicAccessBlockConfiguration",
     .action = "s3:GetBucketPublicAccessBlock", KB_MEMBERS(get_public_access_block)},
    {"s3control", "GetPublicAccessBlock", "GET", "/v20180820/configuration/publicAccessBlock",
     .wrap = "PublicAccessBlockConfiguration", .result = "PublicAccessBlockConfiguration",
     .action = "s3:GetAccountPublicAccessBlock", KB_MEMBERS(get_public_access_block)},
};

const struct kb_aws_operations kb_aws_operations_s3 = {operations,
                                                        sizeof operations / sizeof operations[0]};
