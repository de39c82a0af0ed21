#include "kube/target.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "test.h"

#define USERS                                                                                      \
    "users:\n- name: u\n  user: {token: t}\n- name: file\n  user: {tokenFile: dir/token}\n"
#define CONTEXTS                                                                                   \
    "contexts:\n- name: one\n  context: {cluster: a, user: u, namespace: shop}\n"                  \
    "- name: two\n  context: {cluster: b, user: file}\n"
#define CLUSTERS                                                                                   \
    "clusters:\n- name: a\n  cluster: {server: 'https://a.example:6443/', tls-server-name: inner}\n" \
    "- name: b\n  cluster: {server: 'https://b.example', insecure-skip-tls-verify: true}\n"
#define CONFIG "apiVersion: v1\nkind: Config\ncurrent-context: one\n" CLUSTERS CONTEXTS USERS

static char path[64];

static void put(const char *content)
{
    (void)snprintf(path, sizeof path, "/tmp/kubeconfig-test-XXXXXX");
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");
    CHECK(file != NULL && fputs(content, file) >= 0);
    (void)fclose(file);
}

static kb_res resolve(const char *content, struct kb_kube_flags flags, struct kb_kube_target *out,
                      struct kb_err *err)
{
    put(content);
    const struct kb_kube_env env = {.kubeconfig = kb_str_c(path)};
    kb_res res = kb_kube_resolve(&flags, &env, out, err);
    (void)unlink(path);
    return res;
}

KB_TEST(target, current_context_names_cluster_user_and_namespace)
{
    struct kb_kube_target target = {0};
    struct kb_err err = {0};
    OK(resolve(CONFIG, (struct kb_kube_flags){0}, &target, &err), &err);
    EQ_STR(target.peer.url, "https://a.example:6443");
    EQ_STR(target.peer.server_name, "inner");
    EQ_STR(target.user.token, "t");
    EQ_STR(target.name_space, "shop");
    kb_kube_target_done(&target);
}

KB_TEST(target, flags_count_before_the_file)
{
    struct kb_kube_target target = {0};
    struct kb_err err = {0};
    struct kb_kube_flags flags = {.server = KB_STR("https://c.example"),
                                  .user = KB_STR("file"),
                                  .name_space = KB_STR("other")};
    OK(resolve(CONFIG, flags, &target, &err), &err);
    EQ_STR(target.peer.url, "https://c.example");
    EQ_STR(target.peer.server_name, ""); /* that of the file was another server's */
    EQ_STR(target.user.token_file, "/tmp/dir/token");
    EQ_STR(target.name_space, "other");
    kb_kube_target_done(&target);
}

KB_TEST(target, a_token_of_ones_own_is_no_plugins)
{
    static const char exec[] = CLUSTERS CONTEXTS
        "current-context: one\nusers:\n- name: u\n  user:\n    exec: {apiVersion: x, command: y}\n";
    struct kb_kube_target target = {0};
    struct kb_err err = {0};
    OK(resolve(exec, (struct kb_kube_flags){.token = KB_STR("own")}, &target, &err), &err);
    CHECK(target.user.exec == NULL);
    EQ_STR(target.user.token, "own");
    kb_kube_target_done(&target);
}

static void refused(const char *content, struct kb_kube_flags flags, enum kb_code code,
                    const char *says)
{
    struct kb_kube_target target = {0};
    struct kb_err err = {0};
    char shown[1024];
    FAILS(resolve(content, flags, &target, &err), code);
    kb_err_format(&err, shown, sizeof shown);
    kb_test_check(strstr(shown, says) != NULL, __FILE__, __LINE__, "\"%s\" is not in: %s", says, shown);
    kb_kube_target_done(&target);
}

KB_TEST(target, what_is_refused)
{
    const struct kb_kube_flags none = {0};
    refused(CONFIG, (struct kb_kube_flags){.context = KB_STR("no")}, KB_ERR_INVALID, "no");
    refused(CONFIG, (struct kb_kube_flags){.user = KB_STR("no")}, KB_ERR_INVALID, "user \"no\"");
    refused(CONFIG, (struct kb_kube_flags){.cert_file = KB_STR("/x")}, KB_ERR_INVALID, "without its key");
    refused(CONFIG, (struct kb_kube_flags){.as_uid = KB_STR("x")}, KB_ERR_USAGE, "--as");
    refused("clusters: [{name: a}, {name: a}]\n", none, KB_ERR_INVALID, ":1:");
    refused("clusters: {}\n", none, KB_ERR_INVALID, "a list is wanted");
    refused("clusters:\n- name: 7\n", none, KB_ERR_INVALID, ":2:3");
    refused("kind: Pod\n", none, KB_ERR_INVALID, "Pod");
    refused("- a\n", none, KB_ERR_INVALID, "no kubeconfig");
    refused("users: [{name: u, user: {token: 12}}]\n", none, KB_ERR_INVALID, "quotes");
    refused("", none, KB_ERR_NOT_FOUND, "no current context");
    refused("a: [\n", none, KB_ERR_SYNTAX, ":");
}

KB_TEST(target, a_pod_has_its_own_account)
{
    char dir[] = "/tmp/account-test-XXXXXX";
    char file[64];
    struct kb_kube_target target = {0};
    struct kb_err err = {0};
    CHECK(mkdtemp(dir) != NULL);
    (void)snprintf(file, sizeof file, "%s/ca.crt", dir);
    FILE *ca = fopen(file, "w");
    CHECK(ca != NULL && fputs("PEM", ca) >= 0);
    (void)fclose(ca);
    const struct kb_kube_env env = {.service_host = KB_STR("fd00::1"),
                                    .service_port = KB_STR("443"),
                                    .account_dir = kb_str_c(dir)};
    const struct kb_kube_flags none = {0};
    OK(kb_kube_resolve(&none, &env, &target, &err), &err);
    EQ_STR(target.peer.url, "https://[fd00::1]:443");
    EQ_STR(target.peer.ca_pem, "PEM");
    CHECK(kb_str_ends(target.user.token_file, KB_STR("/token")));
    kb_kube_target_done(&target);
    (void)unlink(file);
    (void)rmdir(dir);
}

KB_TEST(target, nothing_named_is_told_apart)
{
    const struct kb_kube_env env = {.home = KB_STR("/nonexistent")};
    const struct kb_kube_flags none = {0}, missing = {.kubeconfig = KB_STR("/nonexistent/config")};
    struct kb_kube_target target = {0};
    struct kb_err err = {0};
    FAILS(kb_kube_resolve(&none, &env, &target, &err), KB_ERR_NOT_FOUND);
    kb_kube_target_done(&target);
    target = (struct kb_kube_target){0};
    FAILS(kb_kube_resolve(&missing, &env, &target, &err), KB_ERR_NOT_FOUND);
    kb_kube_target_done(&target);
}
