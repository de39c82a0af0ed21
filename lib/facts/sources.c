/* Every table that is built from a world. */
#include "facts/aws_tables.h"
#include "facts/backup_tables.h"
#include "facts/cluster_tables.h"
#include "facts/eks_tables.h"
#include "facts/net_tables.h"
#include "facts/rbac_tables.h"
#include "facts/usage_tables.h"

const struct kb_fact_source *const kb_fact_sources[] = {
    &kb_facts_rbac_binding, &kb_facts_rbac_grant,   &kb_facts_rbac_subject,
    &kb_facts_rbac_role,    &kb_facts_rbac_managed, &kb_facts_rbac_path,
    &kb_facts_rbac_use,     &kb_facts_rbac_rule_use, &kb_facts_rbac_role_use,
    &kb_facts_rbac_subject_use, &kb_facts_access_use,
    &kb_facts_access_entry,
    &kb_facts_awsauth_entry, &kb_facts_eks_cluster,   &kb_facts_workload,
    &kb_facts_namespace,    &kb_facts_serviceaccount, &kb_facts_node,
    &kb_facts_webhook,       &kb_facts_net_exposure,  &kb_facts_net_exposed,
    &kb_facts_logs_group, &kb_facts_kms_key, &kb_facts_s3_bucket,
    &kb_facts_aws_account, &kb_facts_ec2_securitygroup, &kb_facts_ec2_securitygroup_rule,
    &kb_facts_ec2_subnet, &kb_facts_ec2_route, &kb_facts_ec2_peering,
    &kb_facts_ec2_vpc, &kb_facts_eks_nodegroup, &kb_facts_eks_addon,
    &kb_facts_net_engine, &kb_facts_net_node, &kb_facts_net_namespace,
    &kb_facts_net_workload, &kb_facts_net_policy, &kb_facts_net_rule,
    &kb_facts_net_flow, &kb_facts_net_endpoint, &kb_facts_net_expectation,
    &kb_facts_net_change, &kb_facts_net_mesh,
    &kb_facts_availability, &kb_facts_platform, &kb_facts_secret,
    &kb_facts_backup_summary, &kb_facts_backup_tool, &kb_facts_backup_schedule,
    &kb_facts_backup_run, &kb_facts_backup_volume_run, &kb_facts_backup_location,
    &kb_facts_backup_repository, &kb_facts_backup_namespace, &kb_facts_backup_volume,
    &kb_facts_backup_annotation, &kb_facts_backup_kind, &kb_facts_backup_restore,
    &kb_facts_backup_deletion, &kb_facts_backup_database, &kb_facts_storage_class,
    &kb_facts_storage_volume, &kb_facts_storage_snapshot, &kb_facts_storage_snapshot_class,
    &kb_facts_cloudtrail_trail, &kb_facts_guardduty_detector, &kb_facts_config_recorder,
    &kb_facts_networkfirewall_firewall, &kb_facts_organizations_policy, &kb_facts_backup_plan,
    &kb_facts_backup_vault, &kb_facts_backup_cluster, &kb_facts_aws_drift,
    &kb_facts_aws_answer, &kb_facts_eks_update, &kb_facts_ec2_nacl,
    &kb_facts_iam_noderole, &kb_facts_kms_copy, &kb_facts_dlm_policy,
    &kb_facts_securityhub_finding,
};
const size_t kb_fact_source_count = sizeof kb_fact_sources / sizeof kb_fact_sources[0];
