/* What EKS access policies answer to a request, beside RBAC. */
#ifndef KB_CMD_RBAC_ACCESS_H
#define KB_CMD_RBAC_ACCESS_H

#include "kube-baseline/rbac_view.h"

enum kb_access_answer { KB_ACCESS_NO, KB_ACCESS_YES, KB_ACCESS_NOT_KNOWN };

/* Whether a policy of an access entry that gives the request's user name allows it; NOT_KNOWN where the rules
 * of one that could are not published. `reason`, in the view's arena: as EKS writes it into the audit log, but
 * for the session's id, which no request has yet. */
enum kb_access_answer kb_rbac_access_answer(struct kb_rbac_view *view,
                                            const struct kb_rbac_request *request, struct kb_str *reason);

#endif
