/* Tables access.entry, awsauth.entry, eks.cluster. */
#ifndef KB_FACTS_EKS_TABLES_H
#define KB_FACTS_EKS_TABLES_H

#include "facts/world.h"

extern const struct kb_table kb_table_access_entry, kb_table_awsauth_entry, kb_table_eks_cluster;
extern const struct kb_fact_source kb_facts_access_entry, kb_facts_awsauth_entry,
    kb_facts_eks_cluster;

#endif
