/* Tables of backups and of the storage under them. */
#ifndef KB_FACTS_BACKUP_TABLES_H
#define KB_FACTS_BACKUP_TABLES_H

#include "facts/world.h"

extern const struct kb_table kb_table_backup_summary, kb_table_backup_tool, kb_table_backup_schedule,
    kb_table_backup_run, kb_table_backup_volume_run, kb_table_backup_location,
    kb_table_backup_repository, kb_table_backup_namespace, kb_table_backup_volume,
    kb_table_backup_annotation, kb_table_backup_kind, kb_table_backup_restore,
    kb_table_backup_deletion, kb_table_backup_database, kb_table_storage_class, kb_table_storage_volume,
    kb_table_storage_snapshot, kb_table_storage_snapshot_class;
extern const struct kb_fact_source kb_facts_backup_summary, kb_facts_backup_tool,
    kb_facts_backup_schedule, kb_facts_backup_run, kb_facts_backup_volume_run,
    kb_facts_backup_location, kb_facts_backup_repository, kb_facts_backup_namespace,
    kb_facts_backup_volume, kb_facts_backup_annotation, kb_facts_backup_kind,
    kb_facts_backup_restore, kb_facts_backup_deletion, kb_facts_backup_database, kb_facts_storage_class,
    kb_facts_storage_volume, kb_facts_storage_snapshot, kb_facts_storage_snapshot_class;

#endif
