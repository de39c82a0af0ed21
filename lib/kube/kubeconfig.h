/*
 * kubeconfig files: clusters, users and contexts, merged as kubectl merges them.
 *
 * Rules: kubernetes staging/src/k8s.io/client-go/tools/clientcmd (loader.go) and its api/v1 types. What
 * `kubectl config view --raw --merge` shows is what is here.
 */
#ifndef KB_KUBE_KUBECONFIG_H
#define KB_KUBE_KUBECONFIG_H

#include "data/yaml.h"

enum { KB_KUBECONFIG_FILES_MAX = 64, KB_KUBECONFIG_NAMES_MAX = 10000 };

struct kb_kube_texts {
    const struct kb_str *at;
    size_t n;
};

/* Names of files are resolved against the folder of the kubeconfig that holds them. An empty text is one
 * that is not given. */
struct kb_kube_cluster {
    struct kb_str name, server, tls_server_name, proxy_url;
    struct kb_str ca_file, ca_data; /* data: base64 as written */
    bool insecure, disable_compression;
};

struct kb_kube_pair {
    struct kb_str name, value;
};

/* users[].user.exec: a program that prints a credential. */
struct kb_kube_exec {
    struct kb_str api_version, command, interactive_mode, install_hint;
    struct kb_kube_texts args;
    const struct kb_kube_pair *env;
    size_t env_count;
    bool provide_cluster_info;
};

/* Impersonation, as kubectl's --as flags. */
struct kb_kube_as {
    struct kb_str user, uid;
    struct kb_kube_texts groups;
    const struct kb_kube_pair *extra; /* one entry a value; names repeat */
    size_t extra_count;
};

struct kb_kube_user {
    struct kb_str name;
    struct kb_str cert_file, cert_data, key_file, key_data;
    struct kb_str token, token_file, username, password;
    struct kb_str auth_provider; /* the name of one; they are gone from client-go */
    struct kb_kube_as as;
    const struct kb_kube_exec *exec; /* NULL: none */
};

struct kb_kube_context {
    struct kb_str name, cluster, user, name_space;
};

struct kb_kubeconfig {
    struct kb_arena arena;
    KB_VEC(struct kb_kube_cluster) clusters; /* of equal names the first counts; likewise below */
    KB_VEC(struct kb_kube_user) users;
    KB_VEC(struct kb_kube_context) contexts;
    struct kb_str current_context;
    struct kb_str files; /* those that were read, for messages; empty: none */
};

void kb_kubeconfig_done(struct kb_kubeconfig *config); /* zeroed memory is a valid empty one */

/*
 * Read what kubectl would: `file` alone, where it is not empty, which must exist; else the files of
 * `list` (the value of KUBECONFIG), or `home`/.kube/config; missing and empty ones are passed over.
 * Fails, naming file, line and column, where one cannot be read or is malformed.
 */
KB_RES kb_kubeconfig_load(struct kb_str file, struct kb_str list, struct kb_str home,
                          struct kb_kubeconfig *out, struct kb_err *err);

/* By name; NULL. */
const struct kb_kube_cluster *kb_kubeconfig_cluster(const struct kb_kubeconfig *config,
                                                    struct kb_str name);
const struct kb_kube_user *kb_kubeconfig_user(const struct kb_kubeconfig *config, struct kb_str name);
const struct kb_kube_context *kb_kubeconfig_context(const struct kb_kubeconfig *config,
                                                    struct kb_str name);

/* A whole small file (at most KB_MAX_YAML_BYTES) into the arena. KB_ERR_NOT_FOUND where there is none. */
KB_RES kb_kube_read_file(struct kb_arena *arena, struct kb_str path, struct kb_str *out,
                         struct kb_err *err);

#endif
