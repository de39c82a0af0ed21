/* Attributes of Terraform resources around the cluster, and what AWS calls them. */
#include "source/tfstate.h"

static const struct kb_tfstate_member eks_cluster[] = {
    {"arn", "cluster.arn", KB_TF_COPY},
    {"name", "cluster.name", KB_TF_COPY},
    {"version", "cluster.version", KB_TF_COPY},
    {"status", "cluster.status", KB_TF_COPY},
    {"enabled_cluster_log_types.*", "cluster.logging.clusterLogging.0.types.*", KB_TF_COPY},
    {"true", "cluster.logging.clusterLogging.0.enabled", KB_TF_CONST},
    {"vpc_config.0.subnet_ids.*", "cluster.resourcesVpcConfig.subnetIds.*", KB_TF_COPY},
    {"vpc_config.0.security_group_ids.*",
     "cluster.resourcesVpcConfig.securityGroupIds.*", KB_TF_COPY},
    {"vpc_config.0.cluster_security_group_id",
     "cluster.resourcesVpcConfig.clusterSecurityGroupId", KB_TF_COPY},
    {"vpc_config.0.vpc_id", "cluster.resourcesVpcConfig.vpcId", KB_TF_COPY},
    {"vpc_config.0.endpoint_public_access",
     "cluster.resourcesVpcConfig.endpointPublicAccess", KB_TF_COPY},
    {"vpc_config.0.endpoint_private_access",
     "cluster.resourcesVpcConfig.endpointPrivateAccess", KB_TF_COPY},
    {"vpc_config.0.public_access_cidrs.*",
     "cluster.resourcesVpcConfig.publicAccessCidrs.*", KB_TF_COPY},
    {"encryption_config.*.resources.*", "cluster.encryptionConfig.*.resources.*", KB_TF_COPY},
    {"encryption_config.*.provider.0.key_arn",
     "cluster.encryptionConfig.*.provider.keyArn", KB_TF_COPY},
    {"access_config.0.authentication_mode", "cluster.accessConfig.authenticationMode", KB_TF_COPY},
    {"access_config.0.bootstrap_cluster_creator_admin_permissions",
     "cluster.accessConfig.bootstrapClusterCreatorAdminPermissions", KB_TF_COPY},
    {"upgrade_policy.0.support_type", "cluster.upgradePolicy.supportType", KB_TF_COPY},
    {"deletion_protection", "cluster.deletionProtection", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member eks_node_group[] = {
    {"node_group_name", "nodegroups.0", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member eks_node_group_2[] = {
    {"arn", "nodegroup.nodegroupArn", KB_TF_COPY},
    {"node_group_name", "nodegroup.nodegroupName", KB_TF_COPY},
    {"status", "nodegroup.status", KB_TF_COPY},
    {"ami_type", "nodegroup.amiType", KB_TF_COPY},
    {"release_version", "nodegroup.releaseVersion", KB_TF_COPY},
    {"node_role_arn", "nodegroup.nodeRole", KB_TF_COPY},
    {"subnet_ids.*", "nodegroup.subnets.*", KB_TF_COPY},
    {"remote_access.0.ec2_ssh_key", "nodegroup.remoteAccess.ec2SshKey", KB_TF_COPY},
    {"remote_access.0.source_security_group_ids.*",
     "nodegroup.remoteAccess.sourceSecurityGroups.*", KB_TF_COPY},
    {"launch_template.0.id", "nodegroup.launchTemplate.id", KB_TF_COPY},
    {"launch_template.0.version", "nodegroup.launchTemplate.version", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member eks_addon[] = {
    {"addon_name", "addons.0", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member eks_addon_2[] = {
    {"arn", "addon.addonArn", KB_TF_COPY},
    {"addon_name", "addon.addonName", KB_TF_COPY},
    {"addon_version", "addon.addonVersion", KB_TF_COPY},
    {"service_account_role_arn", "addon.serviceAccountRoleArn", KB_TF_COPY},
    {"pod_identity_association.*.role_arn", "addon.podIdentityAssociations.*", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member cloudwatch_log_group[] = {
    {"name", "logGroups.0.logGroupName", KB_TF_COPY},
    {"arn", "logGroups.0.logGroupArn", KB_TF_COPY},
    {"retention_in_days", "logGroups.0.retentionInDays", KB_TF_POSITIVE},
    {"kms_key_id", "logGroups.0.kmsKeyId", KB_TF_COPY},
    {"log_group_class", "logGroups.0.logGroupClass", KB_TF_COPY},
    {"deletion_protection_enabled", "logGroups.0.deletionProtectionEnabled", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member cloudwatch_log_subscription_filter[] = {
    {"name", "subscriptionFilters.0.filterName", KB_TF_COPY},
    {"log_group_name", "subscriptionFilters.0.logGroupName", KB_TF_COPY},
    {"destination_arn", "subscriptionFilters.0.destinationArn", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member cloudwatch_log_metric_filter[] = {
    {"name", "metricFilters.0.filterName", KB_TF_COPY},
    {"log_group_name", "metricFilters.0.logGroupName", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member cloudwatch_log_resource_policy[] = {
    {"policy_name", "resourcePolicies.0.policyName", KB_TF_COPY},
    {"policy_document", "resourcePolicies.0.policyDocument", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member kms_key[] = {
    {"arn", "KeyMetadata.Arn", KB_TF_COPY},
    {"key_id", "KeyMetadata.KeyId", KB_TF_COPY},
    {"CUSTOMER", "KeyMetadata.KeyManager", KB_TF_CONST},
    {"AWS_KMS", "KeyMetadata.Origin", KB_TF_CONST},
    {"is_enabled", "KeyMetadata.Enabled", KB_TF_COPY},
    {"customer_master_key_spec", "KeyMetadata.KeySpec", KB_TF_COPY},
    {"multi_region", "KeyMetadata.MultiRegion", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member kms_key_2[] = {
    {"arn", "KeyId", KB_TF_COPY},
    {"enable_key_rotation", "KeyRotationEnabled", KB_TF_COPY},
    {"rotation_period_in_days", "RotationPeriodInDays", KB_TF_POSITIVE},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member s3_bucket_versioning[] = {
    {"versioning_configuration.0.status", "Status", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member s3_bucket_policy[] = {
    {"policy", "Policy", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member s3_bucket_public_access_block[] = {
    {"block_public_acls", "PublicAccessBlockConfiguration.BlockPublicAcls", KB_TF_COPY},
    {"ignore_public_acls", "PublicAccessBlockConfiguration.IgnorePublicAcls", KB_TF_COPY},
    {"block_public_policy", "PublicAccessBlockConfiguration.BlockPublicPolicy", KB_TF_COPY},
    {"restrict_public_buckets", "PublicAccessBlockConfiguration.RestrictPublicBuckets", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member s3_bucket_server_side_encryption_configuration[] = {
    {"rule.0.apply_server_side_encryption_by_default.0.sse_algorithm",
     "ServerSideEncryptionConfiguration.Rules.0.ApplyServerSideEncryptionByDefault.SSEAlgorithm", KB_TF_COPY},
    {"rule.0.apply_server_side_encryption_by_default.0.kms_master_key_id",
     "ServerSideEncryptionConfiguration.Rules.0.ApplyServerSideEncryptionByDefault.KMSMasterKeyID", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member s3_bucket_object_lock_configuration[] = {
    {"object_lock_enabled", "ObjectLockConfiguration.ObjectLockEnabled", KB_TF_COPY},
    {"rule.0.default_retention.0.mode",
     "ObjectLockConfiguration.Rule.DefaultRetention.Mode", KB_TF_COPY},
    {"rule.0.default_retention.0.days",
     "ObjectLockConfiguration.Rule.DefaultRetention.Days", KB_TF_POSITIVE},
    {"rule.0.default_retention.0.years",
     "ObjectLockConfiguration.Rule.DefaultRetention.Years", KB_TF_POSITIVE},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member s3_bucket_replication_configuration[] = {
    {"rule.*.status", "ReplicationConfiguration.Rules.*.Status", KB_TF_COPY},
    {"rule.*.destination.0.bucket",
     "ReplicationConfiguration.Rules.*.Destination.Bucket", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member s3_bucket_lifecycle_configuration[] = {
    {"rule.*.status", "Rules.*.Status", KB_TF_COPY},
    {"rule.*.expiration.0.days", "Rules.*.Expiration.Days", KB_TF_POSITIVE},
    {"rule.*.noncurrent_version_expiration.0.noncurrent_days",
     "Rules.*.NoncurrentVersionExpiration.NoncurrentDays", KB_TF_POSITIVE},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member s3_bucket_logging[] = {
    {"target_bucket", "LoggingEnabled.TargetBucket", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member cloudtrail[] = {
    {"arn", "trailList.0.TrailARN", KB_TF_COPY},
    {"name", "trailList.0.Name", KB_TF_COPY},
    {"is_multi_region_trail", "trailList.0.IsMultiRegionTrail", KB_TF_COPY},
    {"enable_log_file_validation", "trailList.0.LogFileValidationEnabled", KB_TF_COPY},
    {"is_organization_trail", "trailList.0.IsOrganizationTrail", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member cloudtrail_2[] = {
    {"enable_logging", "IsLogging", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member backup_vault[] = {
    {"arn", "BackupVaultArn", KB_TF_COPY},
    {"name", "BackupVaultName", KB_TF_COPY},
    {"kms_key_arn", "EncryptionKeyArn", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member backup_plan[] = {
    {"id", "BackupPlanId", KB_TF_COPY},
    {"arn", "BackupPlanArn", KB_TF_COPY},
    {"name", "BackupPlan.BackupPlanName", KB_TF_COPY},
    {"rule.*.rule_name", "BackupPlan.Rules.*.RuleName", KB_TF_COPY},
    {"rule.*.schedule", "BackupPlan.Rules.*.ScheduleExpression", KB_TF_COPY},
    {"rule.*.schedule_expression_timezone",
     "BackupPlan.Rules.*.ScheduleExpressionTimezone", KB_TF_COPY},
    {"rule.*.target_vault_name", "BackupPlan.Rules.*.TargetBackupVaultName", KB_TF_COPY},
    {"rule.*.lifecycle.0.delete_after",
     "BackupPlan.Rules.*.Lifecycle.DeleteAfterDays", KB_TF_POSITIVE},
    {"rule.*.copy_action.*.destination_vault_arn",
     "BackupPlan.Rules.*.CopyActions.*.DestinationBackupVaultArn", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_member backup_selection[] = {
    {"plan_id", "BackupPlanId", KB_TF_COPY},
    {"resources.*", "BackupSelection.Resources.*", KB_TF_COPY},
    {"not_resources.*", "BackupSelection.NotResources.*", KB_TF_COPY},
    {"selection_tag.*.key", "BackupSelection.ListOfTags.*.ConditionKey", KB_TF_COPY},
    {"selection_tag.*.value", "BackupSelection.ListOfTags.*.ConditionValue", KB_TF_COPY},
    {NULL, NULL, KB_TF_COPY},
};

static const struct kb_tfstate_call calls[] = {
    {"aws_eks_cluster", "eks", "describe-cluster", "name", eks_cluster, NULL, NULL},
    {"aws_eks_node_group", "eks", "list-nodegroups", NULL, eks_node_group, NULL, NULL},
    {"aws_eks_node_group", "eks", "describe-nodegroup", "node_group_name",
     eks_node_group_2, NULL, NULL},
    {"aws_eks_addon", "eks", "list-addons", NULL, eks_addon, NULL, NULL},
    {"aws_eks_addon", "eks", "describe-addon", "addon_name", eks_addon_2, NULL, NULL},
    {"aws_cloudwatch_log_group", "logs", "describe-log-groups", NULL,
     cloudwatch_log_group, NULL, NULL},
    {"aws_cloudwatch_log_subscription_filter", "logs", "describe-subscription-filters", NULL,
     cloudwatch_log_subscription_filter, NULL, NULL},
    {"aws_cloudwatch_log_metric_filter", "logs", "describe-metric-filters", NULL,
     cloudwatch_log_metric_filter, NULL, NULL},
    {"aws_cloudwatch_log_resource_policy", "logs", "describe-resource-policies", NULL,
     cloudwatch_log_resource_policy, NULL, NULL},
    {"aws_kms_key", "kms", "describe-key", "arn", kms_key, NULL, NULL},
    {"aws_kms_key", "kms", "get-key-rotation-status", "arn", kms_key_2, NULL, NULL},
    {"aws_s3_bucket_versioning", "s3api", "get-bucket-versioning", "bucket",
     s3_bucket_versioning, NULL, NULL},
    {"aws_s3_bucket_policy", "s3api", "get-bucket-policy", "bucket", s3_bucket_policy, NULL, NULL},
    {"aws_s3_bucket_public_access_block", "s3api", "get-public-access-block", "bucket",
     s3_bucket_public_access_block, NULL, NULL},
    {"aws_s3_bucket_server_side_encryption_configuration", "s3api", "get-bucket-encryption", "bucket",
     s3_bucket_server_side_encryption_configuration, NULL, NULL},
    {"aws_s3_bucket_object_lock_configuration", "s3api", "get-object-lock-configuration", "bucket",
     s3_bucket_object_lock_configuration, NULL, NULL},
    {"aws_s3_bucket_replication_configuration", "s3api", "get-bucket-replication", "bucket",
     s3_bucket_replication_configuration, NULL, NULL},
    {"aws_s3_bucket_lifecycle_configuration", "s3api", "get-bucket-lifecycle-configuration", "bucket",
     s3_bucket_lifecycle_configuration, NULL, NULL},
    {"aws_s3_bucket_logging", "s3api", "get-bucket-logging", "bucket",
     s3_bucket_logging, NULL, NULL},
    {"aws_cloudtrail", "cloudtrail", "describe-trails", NULL, cloudtrail, NULL, NULL},
    {"aws_cloudtrail", "cloudtrail", "get-trail-status", "name", cloudtrail_2, NULL, NULL},
    {"aws_backup_vault", "backup", "describe-backup-vault", "name", backup_vault, NULL, NULL},
    {"aws_backup_plan", "backup", "get-backup-plan", "id", backup_plan, NULL, NULL},
    {"aws_backup_selection", "backup", "get-backup-selection", "id", backup_selection, NULL, NULL},
};
const struct kb_tfstate_map kb_tfstate_settings = {calls, sizeof calls / sizeof calls[0]};
