/* The protocol of exec plugins: environment in, JSON out. */
#include "kube/exec_plugin.h"

#include <unistd.h>

#include "data/base64.h"
#include "data/json.h"
#include "data/time.h"
#include "net/child.h"

enum { TIMEOUT_MS = 60000, INTERACTIVE_TIMEOUT_MS = 600000, INFO_MAX = 1 << 20 };

static const char *const api_versions[] = {"client.authentication.k8s.io/v1",
                                           "client.authentication.k8s.io/v1beta1"};

static KB_RES check(const struct kb_kube_exec *exec, struct kb_err *err)
{
    bool known = kb_str_eq_c(exec->api_version, api_versions[0]) ||
                 kb_str_eq_c(exec->api_version, api_versions[1]);
    KB_ENSURE(exec->command.n > 0, err, KB_ERR_INVALID, "exec: no command is given");
    KB_ENSURE(known, err, KB_ERR_UNSUPPORTED,
              "exec: apiVersion \"%.*s\" of %.*s is neither %s nor v1beta1",
              KB_FMT(exec->api_version), KB_FMT(exec->command), api_versions[0]);
    bool v1 = kb_str_eq_c(exec->api_version, api_versions[0]);
    KB_ENSURE(!v1 || exec->interactive_mode.n > 0, err, KB_ERR_INVALID,
              "exec: interactiveMode of %.*s is not given, which v1 wants", KB_FMT(exec->command));
    return KB_SUCCESS;
}

static KB_RES interactive(const struct kb_kube_exec *exec, bool terminal, bool *out,
                          struct kb_err *err)
{
    bool always = kb_str_eq_c(exec->interactive_mode, "Always");
    bool never = kb_str_eq_c(exec->interactive_mode, "Never");
    bool known = always || never || exec->interactive_mode.n == 0 ||
                 kb_str_eq_c(exec->interactive_mode, "IfAvailable");
    KB_ENSURE(known, err, KB_ERR_INVALID, "exec: unknown interactiveMode \"%.*s\"",
              KB_FMT(exec->interactive_mode));
    KB_ENSURE(!always || terminal, err, KB_ERR_INVALID,
              "exec: %.*s wants a terminal (interactiveMode: Always), and there is none",
              KB_FMT(exec->command));
    *out = terminal && !never;
    return KB_SUCCESS;
}

static void write_cluster(struct kb_jsonw *w, const struct kb_kube_cluster *cluster,
                          struct kb_str ca_pem)
{
    struct kb_buf ca;
    kb_jsonw_member_object(w, "cluster");
    kb_jsonw_member_str(w, "server", cluster->server);
    if (cluster->tls_server_name.n > 0) {
        kb_jsonw_member_str(w, "tls-server-name", cluster->tls_server_name);
    }
    if (cluster->insecure) {
        kb_jsonw_member_bool(w, "insecure-skip-tls-verify", true);
    }
    if (ca_pem.n > 0) {
        kb_buf_init(&ca, INFO_MAX);
        kb_base64_encode(ca_pem, 0, &ca);
        kb_jsonw_member_str(w, "certificate-authority-data", kb_buf_view(&ca));
        kb_buf_done(&ca);
    }
    if (cluster->proxy_url.n > 0) {
        kb_jsonw_member_str(w, "proxy-url", cluster->proxy_url);
    }
    kb_jsonw_end(w);
}

/* "KUBERNETES_EXEC_INFO={…}". */
static KB_RES info_of(const struct kb_kube_exec *exec, const struct kb_kube_cluster *cluster,
                      struct kb_str ca_pem, bool is_interactive, struct kb_arena *arena,
                      const char **out, struct kb_err *err)
{
    struct kb_buf text;
    struct kb_jsonw w;
    kb_buf_init(&text, INFO_MAX);
    kb_jsonw_init(&w, kb_sink_of(&text), false);
    kb_jsonw_object(&w);
    kb_jsonw_member_c(&w, "kind", "ExecCredential");
    kb_jsonw_member_str(&w, "apiVersion", exec->api_version);
    kb_jsonw_member_object(&w, "spec");
    if (exec->provide_cluster_info) {
        write_cluster(&w, cluster, ca_pem);
    }
    kb_jsonw_member_bool(&w, "interactive", is_interactive);
    kb_jsonw_end(&w);
    kb_jsonw_end(&w);
    kb_res res = kb_jsonw_finish(&w, err);
    *out = kb_arena_printf(arena, "KUBERNETES_EXEC_INFO=%.*s", KB_FMT(kb_buf_view(&text))).p;
    kb_buf_done(&text);
    return res;
}

static bool overridden(const struct kb_kube_exec *exec, const char *entry)
{
    struct kb_str name = kb_str_split(kb_str_c(entry), '=', &(struct kb_str){0});
    bool found = kb_str_eq_c(name, "KUBERNETES_EXEC_INFO");
    for (size_t i = 0; i < exec->env_count && !found; i++) {
        found = kb_str_eq(name, exec->env[i].name);
    }
    return found;
}

/* This program's own environment, with that of the plugin over it. */
static const char *const *environment(const struct kb_kube_exec *exec, const char *info,
                                      struct kb_arena *arena)
{
    size_t n = 0, used = 0;
    for (char **e = environ; *e != NULL; e++) {
        n++;
    }
    const char **env = KB_NEW_ARRAY(arena, n + exec->env_count + 2, const char *);
    for (char **e = environ; *e != NULL; e++) {
        if (!overridden(exec, *e)) {
            env[used++] = *e;
        }
    }
    for (size_t i = 0; i < exec->env_count; i++) {
        env[used++] = kb_arena_printf(arena, "%.*s=%.*s", KB_FMT(exec->env[i].name),
                                      KB_FMT(exec->env[i].value)).p;
    }
    env[used] = info;
    return env;
}

static const char *const *arguments(const struct kb_kube_exec *exec, struct kb_arena *arena)
{
    const char **argv = KB_NEW_ARRAY(arena, exec->args.n + 2, const char *);
    argv[0] = kb_arena_copy(arena, exec->command).p;
    for (size_t i = 0; i < exec->args.n; i++) {
        argv[i + 1] = kb_arena_copy(arena, exec->args.at[i]).p;
    }
    return argv;
}

static KB_RES read_status(const struct kb_kube_exec *exec, const json_t *json, struct kb_arena *arena,
                          struct kb_exec_credential *out, struct kb_err *err)
{
    struct kb_str version = {0}, text = {0};
    const json_t *status = kb_json_object(json, "status");
    *out = (struct kb_exec_credential){.expires_s = INT64_MAX};
    (void)kb_json_str(json, "apiVersion", &version);
    KB_ENSURE(kb_str_eq(version, exec->api_version), err, KB_ERR_INVALID,
              "%.*s answered with apiVersion \"%.*s\", not %.*s", KB_FMT(exec->command),
              KB_FMT(version), KB_FMT(exec->api_version));
    KB_ENSURE(status != NULL, err, KB_ERR_INVALID, "%.*s answered without a status",
              KB_FMT(exec->command));
    (void)kb_json_str(status, "token", &out->token);
    (void)kb_json_str(status, "clientCertificateData", &out->cert_pem);
    (void)kb_json_str(status, "clientKeyData", &out->key_pem);
    KB_ENSURE((out->cert_pem.n > 0) == (out->key_pem.n > 0), err, KB_ERR_INVALID,
              "%.*s gave a certificate without its key, or a key without its certificate",
              KB_FMT(exec->command));
    KB_ENSURE(out->token.n > 0 || out->cert_pem.n > 0, err, KB_ERR_INVALID,
              "%.*s gave neither a token nor a certificate", KB_FMT(exec->command));
    if (kb_json_str(status, "expirationTimestamp", &text)) {
        struct kb_time at;
        KB_TRY_CTX(err, kb_time_parse(text, KB_TIME_META, &at, err), "expirationTimestamp");
        out->expires_s = at.s;
    }
    out->token = kb_arena_copy(arena, out->token);
    out->cert_pem = kb_arena_copy(arena, out->cert_pem);
    out->key_pem = kb_arena_copy(arena, out->key_pem);
    return KB_SUCCESS;
}

KB_RES kb_exec_plugin_run(const struct kb_kube_exec *exec, const struct kb_kube_cluster *cluster,
                          struct kb_str ca_pem, bool terminal, struct kb_arena *arena,
                          struct kb_exec_credential *out, struct kb_err *err)
{
    const char *info;
    struct kb_buf text;
    struct kb_child child = {.timeout_ms = TIMEOUT_MS};
    KB_AUTO(kb_json_done) json_t *json = NULL;
    KB_TRY(check(exec, err));
    KB_TRY(interactive(exec, terminal, &child.interactive, err));
    KB_TRY(info_of(exec, cluster, ca_pem, child.interactive, arena, &info, err));
    child.timeout_ms = child.interactive ? INTERACTIVE_TIMEOUT_MS : TIMEOUT_MS;
    child.argv = arguments(exec, arena);
    child.env = environment(exec, info, arena);
    kb_buf_init(&text, KB_CHILD_OUTPUT_MAX);
    kb_res res = kb_child_run(&child, &text, err);
    if (res.code == KB_ERR_NOT_FOUND && exec->install_hint.n > 0) {
        kb_err_context(err, "%.*s", KB_FMT(exec->install_hint));
    }
    if (!kb_failed(res)) {
        res = kb_json_parse(child.argv[0], kb_buf_view(&text), 0, &json, err);
    }
    if (!kb_failed(res)) {
        res = read_status(exec, json, arena, out, err);
    }
    kb_buf_done(&text);
    return res;
}
