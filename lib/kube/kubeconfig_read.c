/* Clusters, users and contexts of a YAML tree: one table of fields for each. */
#include "kube/kubeconfig_read.h"

enum field_type { TEXT, PATH, FLAG };

struct field {
    const char *key;
    enum field_type type;
    size_t offset;
};

#define AT(type, member) offsetof(struct type, member)

static const struct field cluster_fields[] = {
    {"server", TEXT, AT(kb_kube_cluster, server)},
    {"tls-server-name", TEXT, AT(kb_kube_cluster, tls_server_name)},
    {"proxy-url", TEXT, AT(kb_kube_cluster, proxy_url)},
    {"certificate-authority", PATH, AT(kb_kube_cluster, ca_file)},
    {"certificate-authority-data", TEXT, AT(kb_kube_cluster, ca_data)},
    {"insecure-skip-tls-verify", FLAG, AT(kb_kube_cluster, insecure)},
    {"disable-compression", FLAG, AT(kb_kube_cluster, disable_compression)},
    {NULL, TEXT, 0},
};
static const struct field user_fields[] = {
    {"client-certificate", PATH, AT(kb_kube_user, cert_file)},
    {"client-certificate-data", TEXT, AT(kb_kube_user, cert_data)},
    {"client-key", PATH, AT(kb_kube_user, key_file)},
    {"client-key-data", TEXT, AT(kb_kube_user, key_data)},
    {"token", TEXT, AT(kb_kube_user, token)},
    {"tokenFile", PATH, AT(kb_kube_user, token_file)},
    {"username", TEXT, AT(kb_kube_user, username)},
    {"password", TEXT, AT(kb_kube_user, password)},
    {"as", TEXT, AT(kb_kube_user, as.user)},
    {"as-uid", TEXT, AT(kb_kube_user, as.uid)},
    {NULL, TEXT, 0},
};
static const struct field context_fields[] = {
    {"cluster", TEXT, AT(kb_kube_context, cluster)},
    {"user", TEXT, AT(kb_kube_context, user)},
    {"namespace", TEXT, AT(kb_kube_context, name_space)},
    {NULL, TEXT, 0},
};
static const struct field exec_fields[] = {
    {"apiVersion", TEXT, AT(kb_kube_exec, api_version)},
    {"command", TEXT, AT(kb_kube_exec, command)},
    {"interactiveMode", TEXT, AT(kb_kube_exec, interactive_mode)},
    {"installHint", TEXT, AT(kb_kube_exec, install_hint)},
    {"provideClusterInfo", FLAG, AT(kb_kube_exec, provide_cluster_info)},
    {NULL, TEXT, 0},
};

/* Against the folder of the file that the node came from. */
static struct kb_str resolve(struct kb_arena *arena, const struct kb_yaml_node *node,
                             struct kb_str path)
{
    const char *slash = node->file == NULL ? NULL : strrchr(node->file, '/');
    if (path.n == 0 || path.p[0] == '/' || slash == NULL) {
        return path;
    }
    return kb_arena_printf(arena, "%.*s/%.*s", (int)(slash - node->file), node->file, KB_FMT(path));
}

static KB_RES read_field(struct kb_arena *arena, const struct field *field,
                         const struct kb_yaml_node *node, char *out, struct kb_err *err)
{
    if (kb_yaml_null(node)) {
        return KB_SUCCESS;
    }
    if (field->type == FLAG) {
        bool *flag = (bool *)(void *)(out + field->offset);
        return kb_yaml_bool(node, flag) ? KB_SUCCESS
                                        : kb_yaml_fail(node, err, KB_ERR_INVALID,
                                                       "%s: true or false is wanted, not %s",
                                                       field->key, kb_yaml_type_name(node));
    }
    struct kb_str *text = (struct kb_str *)(void *)(out + field->offset);
    if (!kb_yaml_text(node, text)) {
        return kb_yaml_fail(node, err, KB_ERR_INVALID, "%s: a text is wanted, not %s (put it in quotes)",
                            field->key, kb_yaml_type_name(node));
    }
    if (field->type == PATH) {
        *text = resolve(arena, node, *text);
    }
    return KB_SUCCESS;
}

static KB_RES read_fields(struct kb_arena *arena, const struct field *fields,
                          const struct kb_yaml_node *map, void *out, struct kb_err *err)
{
    for (; fields->key != NULL; fields++) {
        const struct kb_yaml_node *node = kb_yaml_get(map, fields->key);
        if (node != NULL) {
            KB_TRY(read_field(arena, fields, node, out, err));
        }
    }
    return KB_SUCCESS;
}

static KB_RES read_texts(struct kb_arena *arena, const struct kb_yaml_node *list,
                         struct kb_kube_texts *out, struct kb_err *err)
{
    if (list == NULL || kb_yaml_null(list)) {
        return KB_SUCCESS;
    }
    if (list->kind != KB_YAML_SEQ) {
        return kb_yaml_fail(list, err, KB_ERR_INVALID, "a list of texts is wanted, not %s",
                            kb_yaml_type_name(list));
    }
    struct kb_str *at = KB_NEW_ARRAY(arena, list->n, struct kb_str);
    for (size_t i = 0; i < list->n; i++) {
        if (!kb_yaml_text(list->items[i], &at[i])) {
            return kb_yaml_fail(list->items[i], err, KB_ERR_INVALID,
                                "a text is wanted, not %s (put it in quotes)",
                                kb_yaml_type_name(list->items[i]));
        }
    }
    *out = (struct kb_kube_texts){at, list->n};
    return KB_SUCCESS;
}

static KB_RES read_env(struct kb_arena *arena, const struct kb_yaml_node *list,
                       struct kb_kube_exec *out, struct kb_err *err)
{
    static const struct field fields[] = {{"name", TEXT, AT(kb_kube_pair, name)},
                                          {"value", TEXT, AT(kb_kube_pair, value)},
                                          {NULL, TEXT, 0}};
    if (list == NULL || list->kind != KB_YAML_SEQ) {
        return KB_SUCCESS;
    }
    struct kb_kube_pair *at = KB_NEW_ARRAY(arena, list->n, struct kb_kube_pair);
    for (size_t i = 0; i < list->n; i++) {
        KB_TRY(read_fields(arena, fields, list->items[i], &at[i], err));
    }
    out->env = at;
    out->env_count = list->n;
    return KB_SUCCESS;
}

/* A command with a slash is a file beside the kubeconfig; any other is looked for in PATH. */
static KB_RES read_exec(struct kb_arena *arena, const struct kb_yaml_node *map,
                        struct kb_kube_user *user, struct kb_err *err)
{
    if (map == NULL || map->kind != KB_YAML_MAP) {
        return KB_SUCCESS;
    }
    struct kb_kube_exec *exec = KB_NEW(arena, struct kb_kube_exec);
    KB_TRY(read_fields(arena, exec_fields, map, exec, err));
    KB_TRY(read_texts(arena, kb_yaml_get(map, "args"), &exec->args, err));
    KB_TRY(read_env(arena, kb_yaml_get(map, "env"), exec, err));
    if (kb_str_find(exec->command, KB_STR("/"), 0) != SIZE_MAX) {
        exec->command = resolve(arena, map, exec->command);
    }
    user->exec = exec;
    return KB_SUCCESS;
}

static KB_RES read_extra(struct kb_arena *arena, const struct kb_yaml_node *map,
                         struct kb_kube_as *as, struct kb_err *err)
{
    size_t n = 0;
    for (size_t i = 0; map != NULL && map->kind == KB_YAML_MAP && i < map->n; i++) {
        n += map->pairs[i].value->kind == KB_YAML_SEQ ? map->pairs[i].value->n : 0;
    }
    struct kb_kube_pair *at = KB_NEW_ARRAY(arena, n, struct kb_kube_pair);
    as->extra = at;
    for (size_t i = 0; n > 0 && i < map->n; i++) {
        struct kb_kube_texts values = {0};
        KB_TRY(read_texts(arena, map->pairs[i].value, &values, err));
        for (size_t k = 0; k < values.n; k++) {
            at[as->extra_count++] = (struct kb_kube_pair){map->pairs[i].key->text, values.at[k]};
        }
    }
    return KB_SUCCESS;
}

static KB_RES read_cluster(struct kb_kubeconfig *config, struct kb_str name,
                           const struct kb_yaml_node *map, struct kb_err *err)
{
    if (kb_kubeconfig_cluster(config, name) != NULL) {
        return KB_SUCCESS;
    }
    struct kb_kube_cluster *cluster = KB_VEC_PUSH(&config->clusters);
    cluster->name = name;
    return read_fields(&config->arena, cluster_fields, map, cluster, err);
}

static KB_RES read_user(struct kb_kubeconfig *config, struct kb_str name,
                        const struct kb_yaml_node *map, struct kb_err *err)
{
    if (kb_kubeconfig_user(config, name) != NULL) {
        return KB_SUCCESS;
    }
    struct kb_kube_user *user = KB_VEC_PUSH(&config->users);
    user->name = name;
    (void)kb_yaml_text(kb_yaml_get(kb_yaml_get(map, "auth-provider"), "name"), &user->auth_provider);
    KB_TRY(read_fields(&config->arena, user_fields, map, user, err));
    KB_TRY(read_texts(&config->arena, kb_yaml_get(map, "as-groups"), &user->as.groups, err));
    KB_TRY(read_extra(&config->arena, kb_yaml_get(map, "as-user-extra"), &user->as, err));
    return read_exec(&config->arena, kb_yaml_get(map, "exec"), user, err);
}

static KB_RES read_context(struct kb_kubeconfig *config, struct kb_str name,
                           const struct kb_yaml_node *map, struct kb_err *err)
{
    if (kb_kubeconfig_context(config, name) != NULL) {
        return KB_SUCCESS;
    }
    struct kb_kube_context *context = KB_VEC_PUSH(&config->contexts);
    context->name = name;
    return read_fields(&config->arena, context_fields, map, context, err);
}

/* A list of {name, <member>: {…}}: names are unique in one file. */
static KB_RES read_named(struct kb_kubeconfig *config, const struct kb_yaml_node *root,
                         const char *list_key, const char *member,
                         kb_res (*read)(struct kb_kubeconfig *, struct kb_str,
                                        const struct kb_yaml_node *, struct kb_err *),
                         struct kb_err *err)
{
    const struct kb_yaml_node *list = kb_yaml_get(root, list_key);
    if (list == NULL || kb_yaml_null(list)) {
        return KB_SUCCESS;
    }
    if (list->kind != KB_YAML_SEQ) {
        return kb_yaml_fail(list, err, KB_ERR_INVALID, "%s: a list is wanted, not %s", list_key,
                            kb_yaml_type_name(list));
    }
    KB_ENSURE(list->n <= KB_KUBECONFIG_NAMES_MAX, err, KB_ERR_LIMIT, "more than %d %s",
              KB_KUBECONFIG_NAMES_MAX, list_key);
    for (size_t i = 0; i < list->n; i++) {
        struct kb_str name;
        if (!kb_yaml_text(kb_yaml_get(list->items[i], "name"), &name)) {
            return kb_yaml_fail(list->items[i], err, KB_ERR_INVALID, "an entry of %s without a name",
                                list_key);
        }
        for (size_t k = 0; k < i; k++) {
            struct kb_str other = {0};
            (void)kb_yaml_text(kb_yaml_get(list->items[k], "name"), &other);
            if (kb_str_eq(other, name)) {
                return kb_yaml_fail(list->items[i], err, KB_ERR_INVALID,
                                    "%s: the name \"%.*s\" stands twice", list_key, KB_FMT(name));
            }
        }
        KB_TRY(read(config, name, kb_yaml_get(list->items[i], member), err));
    }
    return KB_SUCCESS;
}

KB_RES kb_kubeconfig_read(const struct kb_yaml_node *root, struct kb_kubeconfig *config,
                          struct kb_err *err)
{
    struct kb_str kind = {0};
    if (root->kind != KB_YAML_MAP) {
        return kb_yaml_fail(root, err, KB_ERR_INVALID, "no kubeconfig: a map is wanted, not %s",
                            kb_yaml_type_name(root));
    }
    if (kb_yaml_text(kb_yaml_get(root, "kind"), &kind) && kind.n > 0 &&
        !kb_str_eq_c(kind, "Config")) {
        return kb_yaml_fail(root, err, KB_ERR_INVALID, "no kubeconfig: its kind is %.*s, not Config",
                            KB_FMT(kind));
    }
    KB_TRY(read_named(config, root, "clusters", "cluster", read_cluster, err));
    KB_TRY(read_named(config, root, "users", "user", read_user, err));
    KB_TRY(read_named(config, root, "contexts", "context", read_context, err));
    if (config->current_context.n == 0) {
        (void)kb_yaml_text(kb_yaml_get(root, "current-context"), &config->current_context);
    }
    return KB_SUCCESS;
}
