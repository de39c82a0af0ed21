/*
 * Which API server is talked to, and as whom: kubeconfig, kubectl's connection flags, or the pod's own
 * service account.
 *
 * Rules: client-go tools/clientcmd (client_config.go) for flags over files, rest.InClusterConfig in a
 * pod.
 */
#ifndef KB_KUBE_TARGET_H
#define KB_KUBE_TARGET_H

#include "kube/exec_plugin.h"
#include "net/http.h"

/* kubectl's flags; empty where not given. */
struct kb_kube_flags {
    struct kb_str kubeconfig, context, cluster, user, name_space;
    struct kb_str server, tls_server_name, ca_file, cert_file, key_file, token;
    struct kb_str as_user, as_uid;
    struct kb_kube_texts as_groups, as_extra; /* extra: "KEY=VALUE" */
    bool insecure, disable_compression;
    int64_t timeout_ms; /* --request-timeout; 0: none */
};

/* What the process was started with. */
struct kb_kube_env {
    struct kb_str kubeconfig, home;           /* KUBECONFIG, HOME */
    struct kb_str service_host, service_port; /* KUBERNETES_SERVICE_HOST, _PORT */
    struct kb_str account_dir; /* /var/run/secrets/kubernetes.io/serviceaccount */
    bool terminal;             /* standard input is one */
};
/* Of this process. */
struct kb_kube_env kb_kube_env(void);

struct kb_kube_target {
    struct kb_arena arena;
    struct kb_kubeconfig config;
    struct kb_str where;      /* "context prod of /home/a/.kube/config", "the pod's service account" */
    struct kb_str name_space; /* default namespace; empty: none is set */
    struct kb_kube_cluster cluster;
    struct kb_kube_user user;
    struct kb_http_peer peer; /* with trust and certificates read from their files */
    bool terminal;
    struct kb_exec_native native; /* the caller's; credential NULL: every plugin is run */
};

/*
 * Resolve. KB_ERR_NOT_FOUND where nothing names a cluster at all; any other failure is of something
 * that was named. Files of certificates and keys are read here; token files and plugins only when they
 * are needed. `out` is to be freed in both cases.
 */
KB_RES kb_kube_resolve(const struct kb_kube_flags *flags, const struct kb_kube_env *env,
                       struct kb_kube_target *out, struct kb_err *err);
void kb_kube_target_done(struct kb_kube_target *target);

#endif
