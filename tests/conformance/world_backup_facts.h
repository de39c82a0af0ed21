/* Facts of a world's answers about backups, held against the tables that are built from its files. */
#ifndef KB_TESTS_CONFORMANCE_WORLD_BACKUP_FACTS_H
#define KB_TESTS_CONFORMANCE_WORLD_BACKUP_FACTS_H

#include "facts/world.h"
#include "rows.h"

/* Compare `facts.backup` with the closed world; disagreements are printed with `dir` before them. */
void kb_world_backup_facts(const char *dir, const json_t *answers, const struct kb_world *world,
                    struct kb_rows_tally *tally);

#endif
