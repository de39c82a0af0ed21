/* What is asked of the services that speak JSON 1.0 and 1.1. Source: service models of the AWS SDKs. */
#include "aws/operation_table.h"

static const struct kb_aws_member cloudtrail_members[] = {
    {"LatestCloudWatchLogsDeliveryTime", NULL, KB_AWS_TIME, NULL},
    {"LatestDeliveryTime", NULL, KB_AWS_TIME, NULL},
    {"LatestDigestDeliveryTime", NULL, KB_AWS_TIME, NULL},
    {"LatestNotificationTime", NULL, KB_AWS_TIME, NULL},
    {"StartLoggingTime", NULL, KB_AWS_TIME, NULL},
    {"StopLoggingTime", NULL, KB_AWS_TIME, NULL},
};

static const struct kb_aws_member config_members[] = {
    {"lastStartTime", NULL, KB_AWS_TIME, NULL},
    {"lastStatusChangeTime", NULL, KB_AWS_TIME, NULL},
    {"lastStopTime", NULL, KB_AWS_TIME, NULL},
};

static const struct kb_aws_member kms_members[] = {
    {"CreationDate", NULL, KB_AWS_TIME, NULL},
    {"DeletionDate", NULL, KB_AWS_TIME, NULL},
    {"NextRotationDate", NULL, KB_AWS_TIME, NULL},
    {"OnDemandRotationStartDate", NULL, KB_AWS_TIME, NULL},
    {"ValidTo", NULL, KB_AWS_TIME, NULL},
};

static const struct kb_aws_member firewall_members[] = {
    {"LastModifiedTime", NULL, KB_AWS_TIME, NULL},
};

static const struct kb_aws_operation operations[] = {
    {"cloudtrail", "DescribeTrails", .result = "trailList", .action = "cloudtrail:DescribeTrails"},
    {"cloudtrail", "GetEventSelectors", .result = "TrailARN",
     .action = "cloudtrail:GetEventSelectors"},
    {"cloudtrail", "GetTrailStatus", .result = "IsLogging", .action = "cloudtrail:GetTrailStatus",
     KB_MEMBERS(cloudtrail_members)},
    {"config", "DescribeConfigurationRecorderStatus", .result = "ConfigurationRecordersStatus",
     .action = "config:DescribeConfigurationRecorderStatus", KB_MEMBERS(config_members)},
    {"config", "DescribeConfigurationRecorders", .result = "ConfigurationRecorders",
     .action = "config:DescribeConfigurationRecorders"},
    {"kms", "DescribeKey", .result = "KeyMetadata", .action = "kms:DescribeKey",
     KB_MEMBERS(kms_members)},
    {"kms", "GetKeyRotationStatus", .result = "KeyRotationEnabled",
     .action = "kms:GetKeyRotationStatus", KB_MEMBERS(kms_members)},
    {"logs", "DescribeLogGroups", KB_PAGES("nextToken", "nextToken"), .result = "logGroups",
     .action = "logs:DescribeLogGroups", .per_second = 10},
    {"logs", "DescribeLogStreams", KB_PAGES("nextToken", "nextToken"), .result = "logStreams",
     .action = "logs:DescribeLogStreams", .per_second = 10},
    {"logs", "DescribeMetricFilters", KB_PAGES("nextToken", "nextToken"), .result = "metricFilters",
     .action = "logs:DescribeMetricFilters"},
    {"logs", "DescribeResourcePolicies", KB_PAGES("nextToken", "nextToken"),
     .result = "resourcePolicies", .action = "logs:DescribeResourcePolicies"},
    {"logs", "DescribeSubscriptionFilters", KB_PAGES("nextToken", "nextToken"),
     .result = "subscriptionFilters", .action = "logs:DescribeSubscriptionFilters"},
    {"logs", "FilterLogEvents", KB_PAGES("nextToken", "nextToken"), .result = "events",
     .action = "logs:FilterLogEvents"},
    {"logs", "GetLogEvents", KB_PAGES("nextToken", "nextForwardToken"), .token_repeats = true,
     .result = "events", .action = "logs:GetLogEvents"},
    {"logs", "GetQueryResults", .result = "status", .action = "logs:GetQueryResults"},
    {"logs", "ListTagsForResource", .result = "tags", .action = "logs:ListTagsForResource"},
    {"logs", "StartQuery", .result = "queryId", .action = "logs:StartQuery"},
    {"logs", "StopQuery", .result = "success", .action = "logs:StopQuery"},
    {"network-firewall", "DescribeFirewall", .result = "Firewall",
     .action = "network-firewall:DescribeFirewall"},
    {"network-firewall", "DescribeFirewallPolicy", .result = "FirewallPolicy",
     .action = "network-firewall:DescribeFirewallPolicy", KB_MEMBERS(firewall_members)},
    {"network-firewall", "DescribeLoggingConfiguration", .result = "FirewallArn",
     .action = "network-firewall:DescribeLoggingConfiguration"},
    {"network-firewall", "ListFirewalls", KB_PAGES("NextToken", "NextToken"), .result = "Firewalls",
     .action = "network-firewall:ListFirewalls"},
    {"organizations", "DescribePolicy", .result = "Policy",
     .action = "organizations:DescribePolicy"},
    {"organizations", "ListParents", KB_PAGES("NextToken", "NextToken"), .result = "Parents",
     .action = "organizations:ListParents"},
    {"organizations", "ListPoliciesForTarget", KB_PAGES("NextToken", "NextToken"),
     .result = "Policies", .action = "organizations:ListPoliciesForTarget"},
};

const struct kb_aws_operations kb_aws_operations_json = {operations,
                                                        sizeof operations / sizeof operations[0]};
