/*
 * Cluster objects from a live API server.
 *
 * Every kind of the table is listed once, in its order. Secrets are not; of ConfigMaps only aws-auth is
 * read, by name.
 */
#ifndef KB_SOURCE_CLUSTER_H
#define KB_SOURCE_CLUSTER_H

#include "data/object.h"
#include "kube/target.h"

struct kb_cluster_options {
    const struct kb_kube_flags *flags;
    unsigned page;  /* objects asked for at once; 0: KB_KUBE_PAGE */
    const struct kb_kind_set *kinds; /* NULL: all */
};

/* What was talked to. Texts are in the caller's arena; empty where the server does not tell. */
struct kb_cluster_identity {
    struct kb_str where;   /* "context prod of /home/a/.kube/config" */
    struct kb_str server;  /* URL */
    struct kb_str version; /* "v1.34.2" */
    struct kb_str user;    /* as whom */
    struct kb_str name_space; /* the default one of the kubeconfig */
};

/* Read. Fails where no cluster is named (KB_ERR_NOT_FOUND), or it cannot be talked to at all; what
 * becomes of each kind is told to the sink. */
KB_RES kb_cluster_read(const struct kb_cluster_options *options, const struct kb_object_sink *sink,
                       struct kb_arena *arena, struct kb_cluster_identity *out, struct kb_err *err);

#endif
