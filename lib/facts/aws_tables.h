/* Tables of AWS settings around the cluster. */
#ifndef KB_FACTS_AWS_TABLES_H
#define KB_FACTS_AWS_TABLES_H

#include "facts/world.h"

extern const struct kb_table kb_table_logs_group, kb_table_kms_key, kb_table_s3_bucket,
    kb_table_aws_account;
extern const struct kb_fact_source kb_facts_logs_group, kb_facts_kms_key, kb_facts_s3_bucket,
    kb_facts_aws_account;

#endif
