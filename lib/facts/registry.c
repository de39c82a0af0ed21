/* Every fact table there is, in the order of `baseline columns`. */
#include "facts/audit_event.h"
#include "facts/audit_gap.h"
#include "facts/audit_level.h"
#include "facts/audit_source.h"
#include "facts/audit_stream.h"
#include "facts/authenticator_event.h"
#include "facts/aws_tables.h"
#include "facts/backup_tables.h"
#include "facts/cluster_tables.h"
#include "facts/eks_tables.h"
#include "facts/net_tables.h"
#include "facts/rbac_tables.h"
#include "facts/usage_tables.h"

const struct kb_table *const kb_tables[] = {
    &kb_table_audit_event, &kb_table_audit_stream, &kb_table_audit_gap,
    &kb_table_audit_level, &kb_table_audit_source, &kb_table_authenticator_event,
    &kb_table_rbac_binding, &kb_table_rbac_grant, &kb_table_rbac_subject,
    &kb_table_rbac_role, &kb_table_rbac_managed, &kb_table_rbac_path, &kb_table_rbac_use, &kb_table_rbac_rule_use,
    &kb_table_rbac_role_use, &kb_table_rbac_subject_use, &kb_table_access_use,
    &kb_table_access_entry,
    &kb_table_awsauth_entry, &kb_table_eks_cluster, &kb_table_workload,
    &kb_table_namespace, &kb_table_serviceaccount, &kb_table_node, &kb_table_webhook,
    &kb_table_availability, &kb_table_platform, &kb_table_secret,
    &kb_table_net_exposure, &kb_table_net_exposed,
    &kb_table_logs_group, &kb_table_kms_key, &kb_table_s3_bucket,
    &kb_table_aws_account, &kb_table_ec2_securitygroup, &kb_table_ec2_securitygroup_rule,
    &kb_table_ec2_subnet, &kb_table_ec2_route, &kb_table_ec2_peering,
    &kb_table_ec2_vpc, &kb_table_eks_nodegroup, &kb_table_eks_addon,
    &kb_table_net_engine, &kb_table_net_node, &kb_table_net_namespace,
    &kb_table_net_workload, &kb_table_net_policy, &kb_table_net_rule,
    &kb_table_net_flow, &kb_table_net_endpoint, &kb_table_net_expectation,
    &kb_table_net_change, &kb_table_net_mesh,
    &kb_table_backup_summary, &kb_table_backup_tool, &kb_table_backup_schedule,
    &kb_table_backup_run, &kb_table_backup_volume_run, &kb_table_backup_location,
    &kb_table_backup_repository, &kb_table_backup_namespace, &kb_table_backup_volume,
    &kb_table_backup_annotation, &kb_table_backup_kind, &kb_table_backup_restore,
    &kb_table_backup_deletion, &kb_table_backup_database, &kb_table_storage_class,
    &kb_table_storage_volume, &kb_table_storage_snapshot, &kb_table_storage_snapshot_class,
    &kb_table_cloudtrail_trail, &kb_table_guardduty_detector, &kb_table_config_recorder,
    &kb_table_networkfirewall_firewall, &kb_table_organizations_policy, &kb_table_backup_plan,
    &kb_table_backup_vault, &kb_table_backup_cluster, &kb_table_aws_drift,
    &kb_table_aws_answer, &kb_table_eks_update, &kb_table_ec2_nacl,
    &kb_table_iam_noderole, &kb_table_kms_copy, &kb_table_dlm_policy,
    &kb_table_securityhub_finding,
};
const size_t kb_table_count = sizeof kb_tables / sizeof kb_tables[0];
