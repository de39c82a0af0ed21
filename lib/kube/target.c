/* Flags over kubeconfig over the pod's own account. */
#include "kube/target.h"

#include <stdlib.h>
#include <unistd.h>

#include "data/base64.h"

enum { PEM_MAX = 1 << 20 };

struct kb_kube_env kb_kube_env(void)
{
    return (struct kb_kube_env){
        .kubeconfig = kb_str_c(getenv("KUBECONFIG")),
        .home = kb_str_c(getenv("HOME")),
        .service_host = kb_str_c(getenv("KUBERNETES_SERVICE_HOST")),
        .service_port = kb_str_c(getenv("KUBERNETES_SERVICE_PORT")),
        .account_dir = KB_STR("/var/run/secrets/kubernetes.io/serviceaccount"),
        .terminal = isatty(STDIN_FILENO) != 0,
    };
}

void kb_kube_target_done(struct kb_kube_target *target)
{
    kb_kubeconfig_done(&target->config);
    kb_arena_done(&target->arena);
}

static void take_over(struct kb_str *out, struct kb_str flag)
{
    if (flag.n > 0) {
        *out = flag;
    }
}

/* The context's cluster and user, as far as flags do not name others. */
static KB_RES pick(const struct kb_kube_flags *flags, struct kb_kube_target *out, struct kb_err *err)
{
    const struct kb_kubeconfig *config = &out->config;
    struct kb_str name = flags->context.n > 0 ? flags->context : config->current_context;
    const struct kb_kube_context *context = kb_kubeconfig_context(config, name);
    struct kb_kube_context chosen = context != NULL ? *context : (struct kb_kube_context){0};
    struct kb_str files = config->files.n > 0 ? config->files : KB_STR("a kubeconfig: none was found");
    KB_ENSURE(context != NULL || name.n == 0, err, KB_ERR_INVALID,
              "context \"%.*s\" does not exist in %.*s (see kubectl config get-contexts)", KB_FMT(name),
              KB_FMT(files));
    take_over(&chosen.cluster, flags->cluster);
    take_over(&chosen.user, flags->user);
    const struct kb_kube_cluster *cluster = kb_kubeconfig_cluster(config, chosen.cluster);
    const struct kb_kube_user *user = kb_kubeconfig_user(config, chosen.user);
    KB_ENSURE(cluster != NULL || chosen.cluster.n == 0, err, KB_ERR_INVALID,
              "cluster \"%.*s\" does not exist in %.*s (an EKS cluster by its name in AWS: --eks-cluster)",
              KB_FMT(chosen.cluster), KB_FMT(files));
    KB_ENSURE(user != NULL || chosen.user.n == 0, err, KB_ERR_INVALID,
              "user \"%.*s\" does not exist in %.*s", KB_FMT(chosen.user), KB_FMT(files));
    out->cluster = cluster != NULL ? *cluster : out->cluster;
    out->user = user != NULL ? *user : out->user;
    out->name_space = chosen.name_space;
    out->where = name.n > 0 ? kb_arena_printf(&out->arena, "context %.*s of %.*s", KB_FMT(name),
                                              KB_FMT(files))
                            : KB_STR("the command line");
    return KB_SUCCESS;
}

/* A server of one's own does not have the certificate's name of the file; a CA of one's own is not
 * skipped; and who skips does not want the file's CA (clientcmd getCluster). */
static void override_cluster(const struct kb_kube_flags *flags, struct kb_kube_cluster *cluster)
{
    take_over(&cluster->server, flags->server);
    if (flags->server.n > 0 || flags->tls_server_name.n > 0) {
        cluster->tls_server_name = flags->tls_server_name;
    }
    if (flags->ca_file.n > 0) {
        cluster->ca_file = flags->ca_file;
        cluster->ca_data = KB_STR("");
        cluster->insecure = flags->insecure;
    } else if (flags->insecure) {
        cluster->insecure = true;
        cluster->ca_file = cluster->ca_data = KB_STR("");
    }
    cluster->disable_compression |= flags->disable_compression;
}

static KB_RES read_extra(const struct kb_kube_flags *flags, struct kb_kube_target *out,
                         struct kb_err *err)
{
    size_t n = flags->as_extra.n;
    struct kb_kube_pair *pairs = KB_NEW_ARRAY(&out->arena, n, struct kb_kube_pair);
    for (size_t i = 0; i < n; i++) {
        pairs[i].name = kb_str_split(flags->as_extra.at[i], '=', &pairs[i].value);
        KB_ENSURE(pairs[i].value.p != NULL, err, KB_ERR_USAGE,
                  "--as-user-extra: \"%.*s\" is not KEY=VALUE", KB_FMT(flags->as_extra.at[i]));
    }
    if (n > 0) {
        out->user.as.extra = pairs;
        out->user.as.extra_count = n;
    }
    return KB_SUCCESS;
}

static KB_RES override_user(const struct kb_kube_flags *flags, struct kb_kube_target *out,
                            struct kb_err *err)
{
    struct kb_kube_user *user = &out->user;
    if (flags->cert_file.n > 0) {
        user->cert_file = flags->cert_file;
        user->cert_data = KB_STR("");
    }
    if (flags->key_file.n > 0) {
        user->key_file = flags->key_file;
        user->key_data = KB_STR("");
    }
    if (flags->token.n > 0) {
        user->token = flags->token;
        user->token_file = KB_STR("");
        user->exec = NULL;
        user->auth_provider = KB_STR("");
    }
    take_over(&user->as.user, flags->as_user);
    take_over(&user->as.uid, flags->as_uid);
    if (flags->as_groups.n > 0) {
        user->as.groups = flags->as_groups;
    }
    KB_TRY(read_extra(flags, out, err));
    bool as_more = user->as.uid.n > 0 || user->as.groups.n > 0 || user->as.extra_count > 0;
    KB_ENSURE(user->as.user.n > 0 || !as_more, err, KB_ERR_USAGE,
              "impersonating a group, uid or extra value needs a user as well: --as");
    return KB_SUCCESS;
}

/* PEM from base64 in the kubeconfig, or from a file. */
static KB_RES read_pem(struct kb_arena *arena, const char *what, struct kb_str data,
                       struct kb_str file, struct kb_str *out, struct kb_err *err)
{
    struct kb_buf pem;
    if (data.n == 0) {
        return file.n > 0 ? kb_kube_read_file(arena, file, out, err) : KB_SUCCESS;
    }
    kb_buf_init(&pem, PEM_MAX);
    bool ok = kb_base64_decode(data, KB_BASE64_LINES, &pem, NULL) && !pem.full;
    *out = kb_arena_copy(arena, kb_buf_view(&pem));
    kb_buf_done(&pem);
    KB_ENSURE(ok, err, KB_ERR_INVALID, "%s is no base64 text, or over %d bytes", what, PEM_MAX);
    return KB_SUCCESS;
}

static KB_RES check_user(const struct kb_kube_user *user, struct kb_err *err)
{
    bool cert = user->cert_file.n + user->cert_data.n > 0;
    bool key = user->key_file.n + user->key_data.n > 0;
    KB_ENSURE(cert == key, err, KB_ERR_INVALID, "user %.*s: a client %s without its %s",
              KB_FMT(user->name), cert ? "certificate" : "key", cert ? "key" : "certificate");
    KB_ENSURE(user->auth_provider.n == 0, err, KB_ERR_UNSUPPORTED,
              "user %.*s: auth-provider %.*s is not supported; use an exec plugin (for EKS: aws eks "
              "update-kubeconfig)",
              KB_FMT(user->name), KB_FMT(user->auth_provider));
    return KB_SUCCESS;
}

static struct kb_str server_url(struct kb_arena *arena, struct kb_str server)
{
    struct kb_str url = kb_str_find(server, KB_STR("://"), 0) == SIZE_MAX
                            ? kb_arena_printf(arena, "http://%.*s", KB_FMT(server))
                            : server;
    while (url.n > 0 && url.p[url.n - 1] == '/') {
        url.n--;
    }
    return url;
}

static KB_RES fill_peer(const struct kb_kube_flags *flags, struct kb_kube_target *out,
                        struct kb_err *err)
{
    const struct kb_kube_cluster *cluster = &out->cluster;
    const struct kb_kube_user *user = &out->user;
    struct kb_http_peer *peer = &out->peer;
    KB_ENSURE(!cluster->insecure || cluster->ca_file.n + cluster->ca_data.n == 0, err, KB_ERR_INVALID,
              "cluster %.*s: certificate-authority and insecure-skip-tls-verify cannot both be set",
              KB_FMT(cluster->name));
    KB_TRY(check_user(user, err));
    KB_TRY(read_pem(&out->arena, "certificate-authority-data", cluster->ca_data, cluster->ca_file,
                    &peer->ca_pem, err));
    KB_TRY(read_pem(&out->arena, "client-certificate-data", user->cert_data, user->cert_file,
                    &peer->cert_pem, err));
    KB_TRY(read_pem(&out->arena, "client-key-data", user->key_data, user->key_file, &peer->key_pem,
                    err));
    peer->url = server_url(&out->arena, cluster->server);
    peer->server_name = cluster->tls_server_name;
    peer->proxy_url = cluster->proxy_url;
    peer->insecure = cluster->insecure;
    peer->plain = cluster->disable_compression;
    peer->timeout_ms = flags->timeout_ms;
    return KB_SUCCESS;
}

static bool in_pod(const struct kb_kube_env *env)
{
    return env->service_host.n > 0 && env->service_port.n > 0;
}

static KB_RES fill_in_pod(const struct kb_kube_env *env, struct kb_kube_target *out,
                          struct kb_err *err)
{
    struct kb_arena *arena = &out->arena;
    bool v6 = kb_str_find(env->service_host, KB_STR(":"), 0) != SIZE_MAX;
    out->where = KB_STR("the pod's service account");
    out->cluster.name = KB_STR("in-cluster");
    out->cluster.server = kb_arena_printf(arena, "https://%s%.*s%s:%.*s", v6 ? "[" : "",
                                          KB_FMT(env->service_host), v6 ? "]" : "",
                                          KB_FMT(env->service_port));
    out->cluster.ca_file = kb_arena_printf(arena, "%.*s/ca.crt", KB_FMT(env->account_dir));
    out->user.name = KB_STR("in-cluster");
    out->user.token_file = kb_arena_printf(arena, "%.*s/token", KB_FMT(env->account_dir));
    struct kb_str file = kb_arena_printf(arena, "%.*s/namespace", KB_FMT(env->account_dir));
    kb_res res = kb_kube_read_file(arena, file, &out->name_space, err);
    out->name_space = kb_str_trim(out->name_space);
    return res.code == KB_ERR_NOT_FOUND ? KB_SUCCESS : res;
}

KB_RES kb_kube_resolve(const struct kb_kube_flags *flags, const struct kb_kube_env *env,
                       struct kb_kube_target *out, struct kb_err *err)
{
    out->terminal = env->terminal;
    KB_TRY(kb_kubeconfig_load(flags->kubeconfig, env->kubeconfig, env->home, &out->config, err));
    KB_TRY(pick(flags, out, err));
    if (out->cluster.server.n == 0 && flags->server.n == 0) {
        KB_ENSURE(in_pod(env) || out->config.files.n == 0, err, KB_ERR_NOT_FOUND,
                  "no current context in %.*s names a server, and this is not a pod",
                  KB_FMT(out->config.files));
        KB_ENSURE(in_pod(env), err, KB_ERR_NOT_FOUND,
                  "there is no kubeconfig (KUBECONFIG, ~/.kube/config), and this is not a pod");
        KB_TRY(fill_in_pod(env, out, err));
    }
    override_cluster(flags, &out->cluster);
    KB_TRY(override_user(flags, out, err));
    take_over(&out->name_space, flags->name_space);
    return fill_peer(flags, out, err);
}
