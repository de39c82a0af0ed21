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
#define ROLES KB_AWS_AREA_ROLES
#define VOLUMES KB_AWS_AREA_VOLUMES
#define FINDINGS KB_AWS_AREA_FINDINGS

#define ALONE .of = KB_AWS_ONCE
#define OF_CLUSTER .with = KB_AWS_OF_CLUSTER
#define OF_VPC .of = KB_AWS_VPCS, .param = "vpc-id"
#define OF_FIREWALL .of = KB_AWS_FIREWALLS, .param = "FirewallArn"
#define OF_BUCKET .of = KB_AWS_BUCKET_NAMES, .param = "Bucket"

#define OF_COPY_VAULT .of = KB_AWS_COPY_VAULTS, .param = "backupVaultName", .with = KB_AWS_BY_ARN
#define OF_ROLE .of = KB_AWS_ROLES, .param = "RoleName"

/* Suppressed and resolved ones do not count, nor do those of other resources. */
#define EQUALS(value) "{\"Comparison\":\"EQUALS\",\"Value\":\"" value "\"}"
#define OPEN_FINDINGS                                                                              \
    "{\"MaxResults\":100,\"Filters\":{"                                                            \
    "\"RecordState\":[" EQUALS("ACTIVE") "],"                                                      \
    "\"WorkflowStatus\":[" EQUALS("NEW") "," EQUALS("NOTIFIED") "],"                               \
    "\"SeverityLabel\":[" EQUALS("CRITICAL") "," EQUALS("HIGH") "],"                               \
    "\"ResourceType\":[" EQUALS("AwsEksCluster") "," EQUALS("AwsBackupBackupPlan") ","             \
    EQUALS("AwsBackupBackupVault") "," EQUALS("AwsBackupRecoveryPoint") "]}}"

const struct kb_aws_step kb_aws_steps[] = {
    {KB_AWS_AREA_ALL, "eks", "DescribeCluster", OF_CLUSTER,
     .tells = {{"cluster.resourcesVpcConfig.vpcId", NULL, KB_AWS_VPCS, KB_AWS_TEXT},
               {"cluster.encryptionConfig[].provider.keyArn", NULL, KB_AWS_KEYS, KB_AWS_TEXT},
               {"cluster.arn", NULL, KB_AWS_RESOURCES, KB_AWS_TEXT},
               {"cluster.arn", NULL, KB_AWS_ACCOUNTS, KB_AWS_ACCOUNT_OF},
               {"cluster.arn", NULL, KB_AWS_TARGETS, KB_AWS_ACCOUNT_OF},
               {"cluster.arn", NULL, KB_AWS_UNITS, KB_AWS_ACCOUNT_OF},
               {"cluster.computeConfig.nodeRoleArn", NULL, KB_AWS_ROLES, KB_AWS_LAST_PART}}},
    {CLUSTER, "eks", "DescribeClusterVersions", ALONE},
    {CLUSTER, "eks", "ListInsights", OF_CLUSTER},
    {CLUSTER, "eks", "ListCapabilities", OF_CLUSTER},
    {CLUSTER, "eks", "ListUpdates", OF_CLUSTER,
     .tells = {{"updateIds[]", NULL, KB_AWS_UPDATES, KB_AWS_TEXT}}},
    {CLUSTER, "eks", "DescribeUpdate", OF_CLUSTER, .of = KB_AWS_UPDATES, .param = "updateId"},
    {CLUSTER | ACCESS, "eks", "ListIdentityProviderConfigs", OF_CLUSTER},
    {CLUSTER | ACCESS, "eks", "ListPodIdentityAssociations", OF_CLUSTER},
    {ACCESS | ROLES, "eks", "ListAccessEntries", OF_CLUSTER,
     .tells = {{"accessEntries[]", NULL, KB_AWS_ENTRIES, KB_AWS_TEXT}}},
    {ACCESS | ROLES, "eks", "DescribeAccessEntry", OF_CLUSTER, .of = KB_AWS_ENTRIES,
     .param = "principalArn",
     .tells = {{"accessEntry.principalArn", NULL, KB_AWS_ROLES, KB_AWS_NODE_ROLE}}},
    {ACCESS, "eks", "ListAssociatedAccessPolicies", OF_CLUSTER, .of = KB_AWS_ENTRIES,
     .param = "principalArn"},
    {CLUSTER | NODES | NETWORK | ROLES, "eks", "ListNodegroups", OF_CLUSTER,
     .tells = {{"nodegroups[]", NULL, KB_AWS_GROUPS, KB_AWS_TEXT}}},
    {CLUSTER | NODES | NETWORK | ROLES, "eks", "DescribeNodegroup", OF_CLUSTER, .of = KB_AWS_GROUPS,
     .param = "nodegroupName",
     .tells = {{"nodegroup.nodeRole", NULL, KB_AWS_ROLES, KB_AWS_LAST_PART},
               {"nodegroup.launchTemplate.id", "version", KB_AWS_TEMPLATES, KB_AWS_TEXT}}},
    {NODES | NETWORK, "ec2", "DescribeLaunchTemplateVersions", .of = KB_AWS_TEMPLATES,
     .param = "LaunchTemplateId", .second = "LaunchTemplateVersion", .with = KB_AWS_SECOND_IN_LIST},
    {CLUSTER | NODES, "eks", "ListAddons", OF_CLUSTER,
     .tells = {{"addons[]", NULL, KB_AWS_ADDONS, KB_AWS_TEXT}}},
    {CLUSTER | NODES, "eks", "DescribeAddon", OF_CLUSTER, .of = KB_AWS_ADDONS, .param = "addonName"},
    {CLUSTER | NODES, "eks", "DescribeAddonVersions", .of = KB_AWS_ADDONS, .param = "addonName"},
    {ROLES, "iam", "ListAttachedRolePolicies", OF_ROLE,
     .tells = {{"AttachedPolicies[].PolicyArn", NULL, KB_AWS_POLICIES, KB_AWS_TEXT}}},
    {ROLES, "iam", "ListRolePolicies", OF_ROLE,
     .tells = {{"PolicyNames[]", NULL, KB_AWS_ROLE_POLICIES, KB_AWS_JOINED}}},
    {ROLES, "iam", "GetRolePolicy", .of = KB_AWS_ROLE_POLICIES, .param = "RoleName",
     .second = "PolicyName"},
    {ROLES, "iam", "GetPolicy", .of = KB_AWS_POLICIES, .param = "PolicyArn",
     .tells = {{"Policy.Arn", "DefaultVersionId", KB_AWS_POLICY_VERSIONS, KB_AWS_TEXT}}},
    {ROLES, "iam", "GetPolicyVersion", .of = KB_AWS_POLICY_VERSIONS, .param = "PolicyArn",
     .second = "VersionId"},
    {LOGS, "logs", "DescribeLogGroups", .with = KB_AWS_LIKE_GROUP,
     .tells = {{"logGroups[].kmsKeyId", NULL, KB_AWS_KEYS, KB_AWS_TEXT}}},
    {LOGS, "logs", "DescribeMetricFilters", .with = KB_AWS_OF_GROUP},
    {LOGS, "logs", "DescribeSubscriptionFilters", .with = KB_AWS_OF_GROUP},
    {LOGS, "logs", "DescribeResourcePolicies", ALONE},
    {NETWORK, "ec2", "DescribeSubnets", OF_VPC},
    {NETWORK, "ec2", "DescribeRouteTables", OF_VPC},
    {NETWORK, "ec2", "DescribeSecurityGroups", OF_VPC},
    {NETWORK, "ec2", "DescribeNetworkAcls", OF_VPC},
    {NETWORK, "ec2", "DescribeNatGateways", OF_VPC},
    {NETWORK, "ec2", "DescribeVpcEndpoints", OF_VPC},
    {NETWORK, "ec2", "DescribeVpcPeeringConnections", ALONE},
    {NETWORK, "ec2", "DescribeTransitGatewayVpcAttachments", OF_VPC},
    {NETWORK, "ec2", "DescribeFlowLogs", ALONE},
    {NETWORK, "network-firewall", "ListFirewalls", .of = KB_AWS_VPCS, .param = "VpcIds",
     .with = KB_AWS_IN_LIST, .tells = {{"Firewalls[].FirewallArn", NULL, KB_AWS_FIREWALLS, KB_AWS_TEXT}}},
    {NETWORK, "network-firewall", "DescribeFirewall", OF_FIREWALL,
     .tells = {{"Firewall.FirewallPolicyArn", NULL, KB_AWS_FIREWALL_POLICIES, KB_AWS_TEXT}}},
    {NETWORK, "network-firewall", "DescribeLoggingConfiguration", OF_FIREWALL},
    {NETWORK, "network-firewall", "DescribeFirewallPolicy", .of = KB_AWS_FIREWALL_POLICIES,
     .param = "FirewallPolicyArn"},
    {VOLUMES, "ec2", "DescribeVolumes", ALONE},
    {VOLUMES, "ec2", "DescribeSnapshots", ALONE, .more = "{\"Owner\":[\"self\"]}"},
    {VOLUMES, "dlm", "GetLifecyclePolicies", ALONE,
     .tells = {{"Policies[].PolicyId", NULL, KB_AWS_LIFECYCLES, KB_AWS_TEXT}}},
    {VOLUMES, "dlm", "GetLifecyclePolicy", .of = KB_AWS_LIFECYCLES, .param = "policyId"},
    {FINDINGS, "securityhub", "GetFindings", ALONE, .more = OPEN_FINDINGS},
    {ACCOUNT, "ec2", "GetEbsEncryptionByDefault", ALONE},
    {ACCOUNT, "ec2", "GetSnapshotBlockPublicAccessState", ALONE},
    {ACCOUNT, "cloudtrail", "DescribeTrails", ALONE,
     .tells = {{"trailList[].TrailARN", NULL, KB_AWS_TRAILS, KB_AWS_TEXT}}},
    {ACCOUNT, "cloudtrail", "GetTrailStatus", .of = KB_AWS_TRAILS, .param = "Name"},
    {ACCOUNT, "cloudtrail", "GetEventSelectors", .of = KB_AWS_TRAILS, .param = "TrailName"},
    {ACCOUNT, "guardduty", "ListDetectors", ALONE,
     .tells = {{"DetectorIds[]", NULL, KB_AWS_DETECTORS, KB_AWS_TEXT}}},
    {ACCOUNT, "guardduty", "GetDetector", .of = KB_AWS_DETECTORS, .param = "DetectorId"},
    {ACCOUNT, "guardduty", "ListCoverage", .of = KB_AWS_DETECTORS, .param = "DetectorId",
     .more = "{\"filterCriteria\":{\"filterCriterion\":[{\"criterionKey\":\"RESOURCE_TYPE\","
             "\"filterCondition\":{\"equals\":[\"EKS\"]}}]}}"},
    {ACCOUNT, "macie2", "GetMacieSession", ALONE},
    {ACCOUNT, "config", "DescribeConfigurationRecorders", ALONE},
    {ACCOUNT, "config", "DescribeConfigurationRecorderStatus", ALONE},
    {ACCOUNT, "organizations", "ListParents", .of = KB_AWS_UNITS, .param = "ChildId",
     .tells = {{"Parents[].Id", NULL, KB_AWS_TARGETS, KB_AWS_TEXT},
               {"Parents[].Id", NULL, KB_AWS_UNITS, KB_AWS_BELOW_A_ROOT}}},
    {ACCOUNT, "organizations", "ListPoliciesForTarget", .of = KB_AWS_TARGETS, .param = "TargetId",
     .more = "{\"Filter\":\"SERVICE_CONTROL_POLICY\"}",
     .tells = {{"Policies[].Id", NULL, KB_AWS_SCPS, KB_AWS_TEXT}}},
    {ACCOUNT, "organizations", "DescribePolicy", .of = KB_AWS_SCPS, .param = "PolicyId"},
    {BUCKETS, "s3control", "GetPublicAccessBlock", .of = KB_AWS_ACCOUNTS, .param = "AccountId"},
    {BUCKETS, "s3", "GetBucketVersioning", OF_BUCKET},
    {BUCKETS, "s3", "GetBucketPolicy", OF_BUCKET},
    {BUCKETS, "s3", "GetBucketPolicyStatus", OF_BUCKET},
    {BUCKETS, "s3", "GetPublicAccessBlock", OF_BUCKET},
    {BUCKETS, "s3", "GetBucketEncryption", OF_BUCKET,
     .tells = {{"ServerSideEncryptionConfiguration.Rules[].ApplyServerSideEncryptionByDefault"
                ".KMSMasterKeyID", NULL, KB_AWS_KEYS, KB_AWS_TEXT}}},
    {BUCKETS, "s3", "GetObjectLockConfiguration", OF_BUCKET},
    {BUCKETS, "s3", "GetBucketReplication", OF_BUCKET,
     .tells = {{"ReplicationConfiguration.Rules[].Destination.EncryptionConfiguration"
                ".ReplicaKmsKeyID", NULL, KB_AWS_KEYS, KB_AWS_TEXT}}},
    {BUCKETS, "s3", "GetBucketLifecycleConfiguration", OF_BUCKET},
    {BUCKETS, "s3", "GetBucketLogging", OF_BUCKET},
    {BACKUP, "backup", "ListBackupPlans", ALONE,
     .tells = {{"BackupPlansList[].BackupPlanId", NULL, KB_AWS_PLANS, KB_AWS_TEXT}}},
    {BACKUP, "backup", "GetBackupPlan", .of = KB_AWS_PLANS, .param = "backupPlanId",
     .tells = {{"BackupPlan.Rules[].TargetBackupVaultName", NULL, KB_AWS_VAULTS, KB_AWS_TEXT},
               {"BackupPlan.Rules[].CopyActions[].DestinationBackupVaultArn", NULL,
                KB_AWS_COPY_VAULTS, KB_AWS_ELSEWHERE}}},
    {BACKUP, "backup", "ListBackupSelections", .of = KB_AWS_PLANS, .param = "backupPlanId",
     .tells = {{"BackupSelectionsList[].SelectionId", NULL, KB_AWS_SELECTIONS, KB_AWS_JOINED}}},
    {BACKUP, "backup", "GetBackupSelection", .of = KB_AWS_SELECTIONS, .param = "backupPlanId",
     .second = "selectionId"},
    {BACKUP, "backup", "DescribeBackupVault", .of = KB_AWS_VAULTS, .param = "backupVaultName",
     .tells = {{"EncryptionKeyArn", NULL, KB_AWS_KEYS, KB_AWS_TEXT}}},
    {BACKUP, "backup", "GetBackupVaultAccessPolicy", .of = KB_AWS_VAULTS,
     .param = "backupVaultName"},
    {BACKUP, "backup", "DescribeBackupVault", OF_COPY_VAULT,
     .tells = {{"EncryptionKeyArn", NULL, KB_AWS_KEYS, KB_AWS_TEXT}}},
    {BACKUP, "backup", "GetBackupVaultAccessPolicy", OF_COPY_VAULT},
    {BACKUP, "backup", "ListRecoveryPointsByResource", .of = KB_AWS_RESOURCES,
     .param = "resourceArn"},
    {BACKUP, "backup", "ListBackupJobs", ALONE},
    {BACKUP, "backup", "ListRestoreJobs", ALONE},
    {KEYS, "kms", "DescribeKey", .of = KB_AWS_KEYS, .param = "KeyId"},
    {KEYS, "kms", "GetKeyRotationStatus", .of = KB_AWS_KEYS, .param = "KeyId"},
};
const size_t kb_aws_step_count = sizeof kb_aws_steps / sizeof kb_aws_steps[0];
