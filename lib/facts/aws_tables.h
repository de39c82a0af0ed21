/* Tables of AWS settings around the cluster. */
#ifndef KB_FACTS_AWS_TABLES_H
#define KB_FACTS_AWS_TABLES_H

#include "facts/world.h"

extern const struct kb_table kb_table_logs_group, kb_table_kms_key, kb_table_s3_bucket,
    kb_table_aws_account,
    kb_table_ec2_securitygroup,
    kb_table_ec2_securitygroup_rule,
    kb_table_ec2_subnet,
    kb_table_ec2_route,
    kb_table_ec2_peering,
    kb_table_ec2_vpc,
    kb_table_eks_nodegroup,
    kb_table_eks_addon,
    kb_table_cloudtrail_trail,
    kb_table_guardduty_detector,
    kb_table_config_recorder,
    kb_table_networkfirewall_firewall,
    kb_table_organizations_policy,
    kb_table_backup_plan,
    kb_table_backup_vault,
    kb_table_backup_cluster,
    kb_table_aws_drift,
    kb_table_aws_answer,
    kb_table_eks_update,
    kb_table_ec2_nacl;
extern const struct kb_fact_source kb_facts_logs_group, kb_facts_kms_key, kb_facts_s3_bucket,
    kb_facts_aws_account,
    kb_facts_ec2_securitygroup,
    kb_facts_ec2_securitygroup_rule,
    kb_facts_ec2_subnet,
    kb_facts_ec2_route,
    kb_facts_ec2_peering,
    kb_facts_ec2_vpc,
    kb_facts_eks_nodegroup,
    kb_facts_eks_addon,
    kb_facts_cloudtrail_trail,
    kb_facts_guardduty_detector,
    kb_facts_config_recorder,
    kb_facts_networkfirewall_firewall,
    kb_facts_organizations_policy,
    kb_facts_backup_plan,
    kb_facts_backup_vault,
    kb_facts_backup_cluster,
    kb_facts_aws_drift,
    kb_facts_aws_answer,
    kb_facts_eks_update,
    kb_facts_ec2_nacl;

#endif
