/*
 * What an API server says of itself, and of who asks: version, API groups, identity.
 */
#ifndef KB_KUBE_SERVER_H
#define KB_KUBE_SERVER_H

#include "base/map.h"
#include "kube/client.h"

struct kb_kube_server {
    struct kb_str version; /* "v1.34.2-eks-abc"; empty: it does not say */
    struct kb_str user;    /* as the server knows the caller; empty: it does not say (before 1.28) */
    struct kb_kube_texts groups;
    struct kb_map api_groups; /* names of the groups that are served */
    bool api_groups_read;
};
void kb_kube_server_done(struct kb_kube_server *server);

/* Ask. Fails where the server cannot be reached, is no API server, or does not accept the credential;
 * what it merely does not tell stays empty. Texts are in `arena`. */
KB_RES kb_kube_greet(struct kb_kube_client *client, struct kb_arena *arena,
                     struct kb_kube_server *out, struct kb_err *err);

#endif
