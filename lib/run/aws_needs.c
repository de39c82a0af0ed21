/* From tables to areas. */
#include "run/aws_needs.h"

#include "facts/table.h"

#define A(area) KB_AWS_AREA_##area

/* By the beginning of a table's name. Keys are those that other settings name. */
static const struct need {
    const char *prefix;
    unsigned areas;
} needs[] = {
    {"access.", A(CLUSTER) | A(ACCESS)},
    {"aws.", A(CLUSTER) | A(ACCOUNT)},
    {"awsauth.", A(CLUSTER) | A(ACCESS)},
    {"backup.", A(CLUSTER) | A(BACKUP) | A(BUCKETS) | A(KEYS)},
    {"cloudtrail.", A(ACCOUNT)},
    {"config.", A(ACCOUNT)},
    {"dlm.", A(VOLUMES)},
    {"ec2.", A(NETWORK) | A(NODES)},
    {"eks.", A(CLUSTER) | A(ACCESS) | A(NODES) | A(LOGS) | A(NETWORK) | A(KEYS)},
    {"guardduty.", A(ACCOUNT)},
    {"iam.", A(ROLES)},
    {"kms.", A(KEYS) | A(CLUSTER) | A(LOGS) | A(BUCKETS) | A(BACKUP)},
    {"logs.", A(LOGS) | A(KEYS)},
    {"net.", A(NETWORK) | A(NODES)},
    {"netpol.", A(NODES)},
    {"networkfirewall.", A(NETWORK)},
    {"organizations.", A(ACCOUNT)},
    {"rbac.", A(CLUSTER) | A(ACCESS)},
    {"s3.", A(BUCKETS) | A(KEYS)},
    {"securityhub.", A(FINDINGS)},
    {"storage.", A(VOLUMES) | A(ACCOUNT)},
};

unsigned kb_aws_needs(const struct kb_plan *plan)
{
    unsigned areas = 0;
    for (size_t i = 0; i < kb_table_count; i++) {
        for (size_t k = 0; k < sizeof needs / sizeof needs[0]; k++) {
            bool begins = kb_str_starts(kb_str_c(kb_tables[i]->name), kb_str_c(needs[k].prefix));
            areas |= begins && kb_plan_reads(plan, kb_tables[i]) ? needs[k].areas : 0;
        }
    }
    return areas;
}
