/* The table of partitions. */
#include "aws/partition.h"

/* The longest prefixes first. */
static const struct kb_aws_partition partitions[] = {
    {"aws-cn", "cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "cn-northwest-1"},
    {"aws-eusc", "eusc-", "amazonaws.eu", "api.amazonwebservices.eu", "eusc-de-east-1"},
    {"aws-iso", "us-iso-", "c2s.ic.gov", "api.aws.ic.gov", "us-iso-east-1"},
    {"aws-iso-b", "us-isob-", "sc2s.sgov.gov", "api.aws.scloud", "us-isob-east-1"},
    {"aws-iso-e", "eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "eu-isoe-west-1"},
    {"aws-iso-f", "us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov", "us-isof-south-1"},
    {"aws-us-gov", "us-gov-", "amazonaws.com", "api.aws", "us-gov-west-1"},
    {"aws", "us- eu- ap- sa- ca- me- af- il- mx-", "amazonaws.com", "api.aws", "us-east-1"},
};
enum { PARTITIONS = sizeof partitions / sizeof partitions[0], REGION_MAX = 63 };

static bool begins_with_one(struct kb_str region, const char *prefixes)
{
    struct kb_str rest = kb_str_c(prefixes);
    bool found = false;
    while (rest.p != NULL && !found) {
        found = kb_str_starts(region, kb_str_split(rest, ' ', &rest));
    }
    return found;
}

const struct kb_aws_partition *kb_aws_partition_of(struct kb_str region)
{
    for (size_t i = 0; i < PARTITIONS; i++) {
        if (begins_with_one(region, partitions[i].prefixes)) {
            return &partitions[i];
        }
    }
    return &partitions[PARTITIONS - 1];
}

bool kb_aws_region_valid(struct kb_str region)
{
    bool ok = region.n > 0 && region.n <= REGION_MAX && region.p[0] != '-';
    for (size_t i = 0; i < region.n && ok; i++) {
        char c = region.p[i];
        ok = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '-';
    }
    return ok;
}
