/*
 * Names of namespaces as Velero checks and expands them.
 * Source of the rules: vmware-tanzu/velero v1.18.3 pkg/util/wildcard and pkg/util/collections.
 */
#ifndef KB_BACKUP_VELERO_NAMES_H
#define KB_BACKUP_VELERO_NAMES_H

#include "base/err.h"
#include "base/mem.h"

/* Has the name a character that makes it a pattern of namespaces: * ? [ */
bool kb_velero_is_pattern(struct kb_str name);
/* Velero's check of a pattern of namespaces. KB_ERR_INVALID with its message. It takes patterns that do not
 * compile, which then fail when the backup runs. */
KB_RES kb_velero_check_pattern(struct kb_str pattern, struct kb_err *err);

#endif
