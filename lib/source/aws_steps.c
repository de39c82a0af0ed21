/* Which calls are made for which settings, in this order. */
#include "source/aws_steps.h"

#define CLUSTER KB_AWS_AREA_CLUSTER
#define ACCESS KB_AWS_AREA_ACCESS
#define NODES KB_AWS_AREA_NODES
#define NETWORK KB_AWS_AREA_NETWORK
#define LOGS KB_AWS_AREA_LOGS
#define BUCKETS KB_AWS_AREA_BUCKETS
#define BACKUP KB_AWS_AREA_BACKUP
#define ACCOUNT KB_AWS_AREA_ACCOUNT
#define KEYS KB_AWS_AREA_KEYS

#define ALONE .of = KB_AWS_ONCE
#define OF_CLUSTER .with = KB_AWS_OF_CLUSTER
#define OF_VPC .of = KB_AWS_VPCS, .param = "vpc-id"
#define OF_BUCKET .of = KB_AWS_BUCKET_NAMES, .param = "Bucket"

const struct kb_aws_step kb_aws_steps[] = {
    {KB_AWS_AREA_ALL, "eks", "DescribeCluster", OF_CLUSTER,
     .tells = {{"cluster.resourcesVpcConfig.vpcId", NULL, KB_AWS_VPCS, false},
               {"cluster.encryptionConfig[].provider.keyArn", NULL, KB_AWS_KEYS, false}}},
    {CLUSTER, "eks", "DescribeClusterVersions", ALONE},
    {CLUSTER, "eks", "ListInsights", OF_CLUSTER},
    {CLUSTER, "eks", "ListUpdates", OF_CLUSTER,
     .tells = {{"updateIds[]", NULL, KB_AWS_UPDATES, false}}},
    {CLUSTER, "eks", "DescribeUpdate", OF_CLUSTER, .of = KB_AWS_UPDATES, .param = "updateId"},
    {CLUSTER | ACCESS, "eks", "ListIdentityProviderConfigs", OF_CLUSTER},
    {CLUSTER | ACCESS, "eks", "ListPodIdentityAssociations", OF_CLUSTER},
    {ACCESS, "eks", "ListAccessEntries", OF_CLUSTER,
     .tells = {{"accessEntries[]", NULL, KB_AWS_ENTRIES, false}}},
    {ACCESS, "eks", "DescribeAccessEntry", OF_CLUSTER, .of = KB_AWS_ENTRIES, .param = "principalArn"},
    {ACCESS, "eks", "ListAssociatedAccessPolicies", OF_CLUSTER, .of = KB_AWS_ENTRIES,
     .param = "principalArn"},
    {CLUSTER | NODES | NETWORK, "eks", "ListNodegroups", OF_CLUSTER,
     .tells = {{"nodegroups[]", NULL, KB_AWS_GROUPS, false}}},
    {CLUSTER | NODES | NETWORK, "eks", "DescribeNodegroup", OF_CLUSTER, .of = KB_AWS_GROUPS,
     .param = "nodegroupName",
     .tells = {{"nodegroup.launchTemplate.id", "version", KB_AWS_TEMPLATES, false}}},
    {NODES | NETWORK, "ec2", "DescribeLaunchTemplateVersions", .of = KB_AWS_TEMPLATES,
     .param = "LaunchTemplateId", .second = "LaunchTemplateVersion", .with = KB_AWS_SECOND_IN_LIST},
    {CLUSTER | NODES, "eks", "ListAddons", OF_CLUSTER,
     .tells = {{"addons[]", NULL, KB_AWS_ADDONS, false}}},
    {CLUSTER | NODES, "eks", "DescribeAddon", OF_CLUSTER, .of = KB_AWS_ADDONS, .param = "addonName"},
    {LOGS, "logs", "DescribeLogGroups", .with = KB_AWS_LIKE_GROUP,
     .tells = {{"logGroups[].kmsKeyId", NULL, KB_AWS_KEYS, false}}},
    {LOGS, "logs", "DescribeMetricFilters", .with = KB_AWS_OF_GROUP},
    {LOGS, "logs", "DescribeSubscriptionFilters", .with = KB_AWS_OF_GROUP},
    {LOGS, "logs", "DescribeResourcePolicies", ALONE},
    {NETWORK, "ec2", "DescribeSubnets", OF_VPC},
    {NETWORK, "ec2", "DescribeRouteTables", OF_VPC},
    {NETWORK, "ec2", "DescribeSecurityGroups", OF_VPC},
    {NETWORK, "ec2", "DescribeNatGateways", OF_VPC},
    {NETWORK, "ec2", "DescribeVpcEndpoints", OF_VPC},
    {NETWORK, "ec2", "DescribeVpcPeeringConnections", ALONE},
    {NETWORK, "ec2", "DescribeTransitGatewayVpcAttachments", OF_VPC},
    {NETWORK, "ec2", "DescribeFlowLogs", ALONE},
    {ACCOUNT, "ec2", "GetEbsEncryptionByDefault", ALONE},
    {ACCOUNT, "ec2", "GetSnapshotBlockPublicAccessState", ALONE},
    {ACCOUNT, "cloudtrail", "DescribeTrails", ALONE,
     .tells = {{"trailList[].TrailARN", NULL, KB_AWS_TRAILS, false}}},
    {ACCOUNT, "cloudtrail", "GetTrailStatus", .of = KB_AWS_TRAILS, .param = "Name"},
    {ACCOUNT, "guardduty", "ListDetectors", ALONE,
     .tells = {{"DetectorIds[]", NULL, KB_AWS_DETECTORS, false}}},
    {ACCOUNT, "guardduty", "GetDetector", .of = KB_AWS_DETECTORS, .param = "DetectorId"},
    {ACCOUNT, "macie2", "GetMacieSession", ALONE},
    {ACCOUNT, "config", "DescribeConfigurationRecorders", ALONE},
    {ACCOUNT, "config", "DescribeConfigurationRecorderStatus", ALONE},
    {BUCKETS, "s3", "GetBucketVersioning", OF_BUCKET},
    {BUCKETS, "s3", "GetBucketPolicy", OF_BUCKET},
    {BUCKETS, "s3", "GetBucketPolicyStatus", OF_BUCKET},
    {BUCKETS, "s3", "GetPublicAccessBlock", OF_BUCKET},
    {BUCKETS, "s3", "GetBucketEncryption", OF_BUCKET,
     .tells = {{"ServerSideEncryptionConfiguration.Rules[].ApplyServerSideEncryptionByDefault"
                ".KMSMasterKeyID", NULL, KB_AWS_KEYS, false}}},
    {BUCKETS, "s3", "GetObjectLockConfiguration", OF_BUCKET},
    {BUCKETS, "s3", "GetBucketReplication", OF_BUCKET},
    {BUCKETS, "s3", "GetBucketLifecycleConfiguration", OF_BUCKET},
    {BUCKETS, "s3", "GetBucketLogging", OF_BUCKET},
    {BACKUP, "backup", "ListBackupPlans", ALONE,
     .tells = {{"BackupPlansList[].BackupPlanId", NULL, KB_AWS_PLANS, false}}},
    {BACKUP, "backup", "GetBackupPlan", .of = KB_AWS_PLANS, .param = "backupPlanId",
     .tells = {{"BackupPlan.Rules[].TargetBackupVaultName", NULL, KB_AWS_VAULTS, false}}},
    {BACKUP, "backup", "ListBackupSelections", .of = KB_AWS_PLANS, .param = "backupPlanId",
     .tells = {{"BackupSelectionsList[].SelectionId", NULL, KB_AWS_SELECTIONS, true}}},
    {BACKUP, "backup", "GetBackupSelection", .of = KB_AWS_SELECTIONS, .param = "backupPlanId",
     .second = "selectionId"},
    {BACKUP, "backup", "DescribeBackupVault", .of = KB_AWS_VAULTS, .param = "backupVaultName",
     .tells = {{"EncryptionKeyArn", NULL, KB_AWS_KEYS, false}}},
    {BACKUP, "backup", "ListProtectedResources", ALONE,
     .tells = {{"Results[].ResourceArn", NULL, KB_AWS_RESOURCES, false}}},
    {BACKUP, "backup", "ListRecoveryPointsByResource", .of = KB_AWS_RESOURCES,
     .param = "resourceArn"},
    {BACKUP, "backup", "ListBackupJobs", ALONE},
    {BACKUP, "backup", "ListRestoreJobs", ALONE},
    {KEYS, "kms", "DescribeKey", .of = KB_AWS_KEYS, .param = "KeyId"},
    {KEYS, "kms", "GetKeyRotationStatus", .of = KB_AWS_KEYS, .param = "KeyId"},
};
const size_t kb_aws_step_count = sizeof kb_aws_steps / sizeof kb_aws_steps[0];
