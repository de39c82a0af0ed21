/* The credential of a target, as request headers; kept until it is stale. */
#ifndef KB_KUBE_CREDENTIAL_H
#define KB_KUBE_CREDENTIAL_H

#include "kube/exec_plugin.h"
#include "kube/target.h"

struct kb_kube_credential {
    struct kb_arena arena;       /* of the credential itself, replaced when it is renewed */
    struct kb_str authorization; /* "Authorization: Bearer …"; empty: none */
    struct kb_exec_credential exec;
    int64_t renew_s;             /* when it is stale, since 1970; 0: it was never got */
};

enum { KB_KUBE_TOKEN_FILE_S = 60 };

/* Get it where it is stale at `now_s`, or `force`d. *certificate tells that the client's own certificate
 * is another one now. */
KB_RES kb_kube_credential_renew(struct kb_kube_credential *credential,
                                const struct kb_kube_target *target, int64_t now_s, bool force,
                                bool *certificate, struct kb_err *err);
/* The same credential in memory of its own. `to` is empty. */
void kb_kube_credential_copy(struct kb_kube_credential *to, const struct kb_kube_credential *from);
/* Whether getting it again may give another one. */
bool kb_kube_credential_renewable(const struct kb_kube_target *target);
void kb_kube_credential_done(struct kb_kube_credential *credential); /* wipes it */

#endif
