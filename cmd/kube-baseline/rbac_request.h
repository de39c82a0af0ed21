/* VERB RESOURCE [NAME] of a command line, as the authorizer sees it. */
#ifndef KB_CMD_RBAC_REQUEST_H
#define KB_CMD_RBAC_REQUEST_H

#include "kube-baseline/app.h"
#include "rbac/authorize.h"

/*
 * Read `words`. A resource is "pods", "deploy", "deployments.apps", "pods/exec", "*"; "/metrics" is a
 * path. "secrets/NAME" names an object, as with kubectl, where what follows is no known subresource.
 * `name_space` is left out of requests for what has none; a request for one Namespace is in it. Texts are
 * borrowed or in `arena`.
 */
KB_RES kb_rbac_request_read(const kb_words *words, struct kb_str name_space, struct kb_arena *arena,
                            struct kb_rbac_request *out, struct kb_err *err);

#endif
