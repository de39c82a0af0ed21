/* The table of services, and the few rules their hosts follow. */
#include "aws/service.h"

#include <stdio.h>

#include "aws/partition.h"

static const struct kb_aws_service services[] = {
    {"backup", "backup", "backup", "backup", "backup", NULL, NULL,
     KB_AWS_REST_JSON, .plain_in_gov = false},
    {"cloudtrail", "cloudtrail", "cloudtrail", "cloudtrail", "cloudtrail",
     "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101", NULL, KB_AWS_JSON, .plain_in_gov = true},
    {"config", "configservice", "config_service", "config", "config", "StarlingDoveService", NULL,
     KB_AWS_JSON, .plain_in_gov = true},
    {"dlm", "dlm", "dlm", "dlm", "dlm", NULL, NULL, KB_AWS_REST_JSON, .plain_in_gov = true},
    {"ec2", "ec2", "ec2", "ec2", "ec2", NULL, "2016-11-15", KB_AWS_EC2, .plain_in_gov = true},
    {"eks", "eks", "eks", "eks", "eks", NULL, NULL, KB_AWS_REST_JSON, .plain_in_gov = true},
    {"guardduty", "guardduty", "guardduty", "guardduty", "guardduty", NULL, NULL, KB_AWS_REST_JSON,
     .plain_in_gov = true},
    {"iam", "iam", "iam", "iam", "iam", NULL, "2010-05-08", KB_AWS_QUERY, .global = true},
    {"kms", "kms", "kms", "kms", "kms", "TrentService", NULL, KB_AWS_JSON, .plain_in_gov = false},
    {"logs", "logs", "cloudwatch_logs", "logs", "logs", "Logs_20140328", NULL,
     KB_AWS_JSON, .plain_in_gov = true},
    {"macie2", "macie2", "macie2", "macie2", "macie2", NULL, NULL,
     KB_AWS_REST_JSON, .plain_in_gov = false},
    {"network-firewall", "network-firewall", "network_firewall", "network-firewall",
     "network-firewall", "NetworkFirewall_20201112", "1.0", KB_AWS_JSON, .plain_in_gov = false},
    {"organizations", "organizations", "organizations", "organizations", "organizations",
     "AWSOrganizationsV20161128", NULL, KB_AWS_JSON, .plain_in_gov = true, .global = true},
    {"s3", "s3api", "s3", "s3", "s3", NULL, NULL, KB_AWS_REST_XML, .in_host = "Bucket"},
    {"s3control", "s3control", "s3_control", "s3-control", "s3", NULL, NULL, KB_AWS_REST_XML,
     .in_host = "AccountId", .header = "x-amz-account-id"},
    {"securityhub", "securityhub", "securityhub", "securityhub", "securityhub", NULL, NULL,
     KB_AWS_REST_JSON, .plain_in_gov = false},
    {"sso", "sso", "sso", "portal.sso", "awsssoportal", NULL, NULL,
     KB_AWS_REST_JSON, .plain_in_gov = true},
    {"sts", "sts", "sts", "sts", "sts", NULL, "2011-06-15", KB_AWS_QUERY, .plain_in_gov = true},
};

const struct kb_aws_service *kb_aws_service_find(struct kb_str id)
{
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        if (kb_str_eq_c(id, services[i].id)) {
            return &services[i];
        }
    }
    return NULL;
}

struct kb_str kb_aws_service_region(const struct kb_aws_service *service, struct kb_str region)
{
    const struct kb_aws_partition *partition = kb_aws_partition_of(region);
    bool china = strcmp(partition->id, "aws-cn") == 0 && strcmp(service->id, "iam") == 0;
    return !service->global ? region : china ? KB_STR("cn-north-1") : kb_str_c(partition->home);
}

/* S3 marks both in the first part, and stays on the partition's first suffix. */
static int s3_host(const struct kb_aws_service *service, const struct kb_aws_place *place,
                   const struct kb_aws_partition *partition, char *out)
{
    return snprintf(out, KB_AWS_HOST_MAX, "%s%s%s.%.*s.%s", service->host,
                    place->fips ? "-fips" : "", place->dualstack ? ".dualstack" : "",
                    KB_FMT(place->region), partition->suffix);
}

static int common_host(const struct kb_aws_service *service, const struct kb_aws_place *place,
                       const struct kb_aws_partition *partition, char *out)
{
    bool gov = strcmp(partition->id, "aws-us-gov") == 0;
    bool eks = strcmp(service->id, "eks") == 0 && strcmp(partition->id, "aws") == 0;
    const char *suffix = place->dualstack ? partition->dual_suffix : partition->suffix;
    bool plain = gov && service->plain_in_gov && (!place->dualstack || service->global);
    bool fips = place->fips && !plain;
    if (fips && eks && !place->dualstack) {
        return snprintf(out, KB_AWS_HOST_MAX, "fips.eks.%.*s.%s", KB_FMT(place->region), suffix);
    }
    return snprintf(out, KB_AWS_HOST_MAX, "%s%s.%.*s.%s", service->host, fips ? "-fips" : "",
                    KB_FMT(place->region), suffix);
}

static bool is_one_of(const char *id, const char *first, const char *second)
{
    return strcmp(id, first) == 0 || strcmp(id, second) == 0;
}

/* IAM's hosts follow no rule but its own: "aws" has one without a region, and so has FIPS in most others. */
static int iam_host(const struct kb_aws_place *place, const struct kb_aws_partition *partition,
                    char *out)
{
    const char *id = partition->id, *fips = place->fips ? "-fips" : "";
    bool aws = strcmp(id, "aws") == 0, global = aws || is_one_of(id, "aws-cn", "aws-eusc");
    bool bare = aws || (place->fips && !is_one_of(id, "aws-iso", "aws-iso-b"));
    if (strcmp(id, "aws-us-gov") == 0) {
        return snprintf(out, KB_AWS_HOST_MAX, "iam.us-gov.%s",
                        place->dualstack ? partition->dual_suffix : partition->suffix);
    }
    if (place->dualstack) {
        return snprintf(out, KB_AWS_HOST_MAX, "iam%s%s.%s", fips,
                        global && (aws || !place->fips) ? ".global" : "", partition->dual_suffix);
    }
    return bare ? snprintf(out, KB_AWS_HOST_MAX, "iam%s.%s", fips, partition->suffix)
                : snprintf(out, KB_AWS_HOST_MAX, "iam%s.%.*s.%s", fips, KB_FMT(place->region),
                           partition->suffix);
}

KB_RES kb_aws_host(const struct kb_aws_service *service, const struct kb_aws_place *asked,
                   char out[KB_AWS_HOST_MAX], struct kb_err *err)
{
    const struct kb_aws_partition *partition = kb_aws_partition_of(asked->region);
    const struct kb_aws_place there = {kb_aws_service_region(service, asked->region), asked->fips,
                                       asked->dualstack};
    const struct kb_aws_place *place = &there;
    bool s3 = service->protocol == KB_AWS_REST_XML;
    bool china = strcmp(partition->id, "aws-cn") == 0;
    KB_ENSURE(kb_aws_region_valid(asked->region), err, KB_ERR_INVALID,
              "\"%.*s\" is not the name of a region", KB_FMT(asked->region));
    KB_ENSURE(!(s3 && china && place->fips), err, KB_ERR_UNSUPPORTED,
              "S3 has no FIPS endpoints in partition aws-cn");
    bool iam = strcmp(service->id, "iam") == 0;
    int n = s3    ? s3_host(service, place, partition, out)
            : iam ? iam_host(place, partition, out)
                  : common_host(service, place, partition, out);
    KB_ENSURE(n > 0 && n < KB_AWS_HOST_MAX, err, KB_ERR_LIMIT, "the host's name is too long");
    return KB_SUCCESS;
}
