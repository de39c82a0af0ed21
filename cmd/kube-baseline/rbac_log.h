/* Audit logs beside the `rbac` commands: what of the grants was used. */
#ifndef KB_CMD_RBAC_LOG_H
#define KB_CMD_RBAC_LOG_H

#include "kube-baseline/rbac_view.h"

/* Read the logs that --logs names into the view's world, and attribute their requests to its grants. With
 * `names`, names of objects are told apart. Exit status: CLEAN, or that of a failure. */
int kb_rbac_log_read(struct kb_rbac_view *view, bool names);

#endif
