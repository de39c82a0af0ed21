/* A subject as people write it on the command line. */
#ifndef KB_CMD_RBAC_SUBJECT_H
#define KB_CMD_RBAC_SUBJECT_H

#include "rbac/authorize.h"

/* "User/alice", "Group/devs", "ServiceAccount/ns/name", "sa/ns/name", a service account's user name, or
 * any other text: a user. Texts are borrowed. */
KB_RES kb_rbac_subject_read(struct kb_str word, struct kb_rbac_subject *out, struct kb_err *err);

/* The user name it has in requests; empty for a group. In `arena`. */
struct kb_str kb_rbac_subject_user(const struct kb_rbac_subject *subject, struct kb_arena *arena);

#endif
