/*
 * Exec credential plugins: a program that prints an ExecCredential.
 *
 * Rules: kubernetes staging/src/k8s.io/client-go/plugin/pkg/client/auth/exec/exec.go,
 * client.authentication.k8s.io v1 and v1beta1.
 */
#ifndef KB_KUBE_EXEC_PLUGIN_H
#define KB_KUBE_EXEC_PLUGIN_H

#include "kube/kubeconfig.h"

struct kb_exec_credential {
    struct kb_str token, cert_pem, key_pem; /* in the caller's arena; a token, a certificate, or both */
    int64_t expires_s;                      /* since 1970; INT64_MAX: it does not say */
};

/* A way to the credential of some plugins without running them. *served is false for plugins it does not know,
 * which are run then; they also are where it fails. The credential's texts are in `arena`. */
struct kb_exec_native {
    kb_res (*credential)(void *ctx, const struct kb_kube_exec *exec, struct kb_arena *arena,
                         struct kb_exec_credential *out, bool *served, struct kb_err *err);
    void *ctx;
};

/* Run the plugin. `cluster` and `ca_pem` are told to it where it asks for them (provideClusterInfo).
 * `terminal`: standard input is one. */
KB_RES kb_exec_plugin_run(const struct kb_kube_exec *exec, const struct kb_kube_cluster *cluster,
                          struct kb_str ca_pem, bool terminal, struct kb_arena *arena,
                          struct kb_exec_credential *out, struct kb_err *err);

#endif
