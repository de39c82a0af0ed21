/* Three YAML lists inside texts. */
#include "rbac/aws_auth.h"

#include <strings.h>

#include "data/yaml.h"

static bool same_key(struct kb_str key, const char *wanted)
{
    return key.n == strlen(wanted) && strncasecmp(key.p, wanted, key.n) == 0;
}

static const struct kb_yaml_node *member(const struct kb_yaml_node *map, const char *key)
{
    for (size_t i = 0; map->kind == KB_YAML_MAP && i < map->n; i++) {
        if (same_key(map->pairs[i].key->text, key)) {
            return map->pairs[i].value;
        }
    }
    return NULL;
}

static struct kb_str scalar(const struct kb_yaml_node *node)
{
    return node != NULL && node->kind == KB_YAML_SCALAR ? node->text : KB_STR("");
}

static void add_problem(struct kb_aws_auth *out, enum kb_aws_auth_kind kind, struct kb_str principal,
                        struct kb_str problem)
{
    *KB_VEC_PUSH(&out->entries) =
        (struct kb_aws_auth_entry){.kind = kind, .principal = principal, .problem = problem};
    out->malformed = true;
}

static void read_groups(const struct kb_yaml_node *list, struct kb_arena *arena,
                        struct kb_aws_auth_entry *entry)
{
    size_t n = list != NULL && list->kind == KB_YAML_SEQ ? list->n : 0;
    struct kb_str *groups = KB_NEW_ARRAY(arena, n, struct kb_str);
    for (size_t i = 0; i < n; i++) {
        groups[i] = scalar(list->items[i]);
        if (kb_str_find(groups[i], KB_STR(" - "), 0) != SIZE_MAX) {
            entry->problem = kb_arena_printf(arena, "the group \"%.*s\" is several in one line",
                                             KB_FMT(groups[i]));
        }
    }
    entry->groups = groups;
    entry->group_count = n;
}

/* "arn:aws:iam::ACCOUNT:role/NAME": a path before the name never matches. */
static bool has_path(struct kb_str arn)
{
    size_t role = kb_str_find(arn, KB_STR(":role/"), 0);
    return role != SIZE_MAX && kb_str_find(arn, KB_STR("/"), role + strlen(":role/")) != SIZE_MAX;
}

static struct kb_str known_template(struct kb_str rest)
{
    static const char *const templates[] = {"{{AccountID}}", "{{SessionName}}",
                                            "{{SessionNameRaw}}", "{{EC2PrivateDNSName}}",
                                            "{{AccessKeyID}}"};
    for (size_t i = 0; i < sizeof templates / sizeof templates[0]; i++) {
        if (kb_str_starts(rest, kb_str_c(templates[i]))) {
            return kb_str_c(templates[i]);
        }
    }
    return KB_STR("");
}

static bool templates_known(struct kb_str username)
{
    size_t at = kb_str_find(username, KB_STR("{{"), 0);
    while (at != SIZE_MAX) {
        struct kb_str known = known_template(kb_str_sub(username, at, username.n));
        if (known.n == 0) {
            return false;
        }
        at = kb_str_find(username, KB_STR("{{"), at + known.n);
    }
    return true;
}

static void check_entry(struct kb_aws_auth_entry *entry)
{
    if (entry->kind == KB_AWS_AUTH_ROLE && has_path(entry->principal)) {
        entry->problem = KB_STR("the role's ARN has a path, and so matches nobody");
    } else if (!templates_known(entry->username)) {
        entry->problem = KB_STR("the user name has a template that is not known");
    }
}

static void read_mapping(const struct kb_yaml_node *node, enum kb_aws_auth_kind kind,
                         struct kb_arena *arena, struct kb_aws_auth *out)
{
    const char *arn_key = kind == KB_AWS_AUTH_ROLE ? "rolearn" : "userarn";
    const struct kb_yaml_node *sso = member(node, "sso");
    struct kb_str arn = scalar(member(node, arn_key));
    if (node->kind != KB_YAML_MAP || (arn.n == 0 && sso == NULL)) {
        add_problem(out, kind, KB_STR(""), KB_STR("an entry without an ARN"));
        return;
    }
    struct kb_aws_auth_entry entry = {
        .kind = kind,
        .principal = arn.n > 0 ? arn
                               : kb_arena_printf(arena, "sso:%.*s",
                                                 KB_FMT(scalar(member(sso, "permissionSetName")))),
        .username = scalar(member(node, "username")),
    };
    check_entry(&entry);
    read_groups(member(node, "groups"), arena, &entry);
    out->malformed = out->malformed || entry.problem.n > 0;
    *KB_VEC_PUSH(&out->entries) = entry;
}

static void read_account(const struct kb_yaml_node *node, struct kb_aws_auth *out)
{
    *KB_VEC_PUSH(&out->entries) =
        (struct kb_aws_auth_entry){.kind = KB_AWS_AUTH_ACCOUNT, .principal = scalar(node)};
}

static void read_list(const json_t *data, const char *key, enum kb_aws_auth_kind kind,
                      struct kb_arena *arena, struct kb_aws_auth *out)
{
    struct kb_str text = KB_STR("");
    struct kb_err err = {0};
    struct kb_yaml_docs docs = {0};
    const json_t *value = json_object_get(data, key);
    if (value != NULL && !json_is_string(value) && !json_is_null(value)) {
        add_problem(out, kind, kb_str_c(key), KB_STR("it is no text, which the API server refuses"));
    }
    if (!kb_json_str(data, key, &text) || kb_str_trim(text).n == 0) {
        return;
    }
    kb_res res = kb_yaml_parse_all(arena, NULL, kb_arena_copy(arena, text), &docs, &err);
    bool list = !kb_failed(res) && docs.n == 1 && docs.at[0]->kind == KB_YAML_SEQ;
    if (!list && !(!kb_failed(res) && docs.n == 0)) {
        add_problem(out, kind, kb_str_c(key),
                    kb_failed(res) ? kb_arena_copy(arena, kb_str_c(err.msg)) : KB_STR("it is no list"));
    }
    for (size_t i = 0; list && i < docs.at[0]->n; i++) {
        const struct kb_yaml_node *item = docs.at[0]->items[i];
        if (kind == KB_AWS_AUTH_ACCOUNT) {
            read_account(item, out);
        } else {
            read_mapping(item, kind, arena, out);
        }
    }
}

void kb_aws_auth_read(const json_t *data, struct kb_arena *arena, struct kb_aws_auth *out)
{
    *out = (struct kb_aws_auth){0};
    read_list(data, "mapRoles", KB_AWS_AUTH_ROLE, arena, out);
    read_list(data, "mapUsers", KB_AWS_AUTH_USER, arena, out);
    read_list(data, "mapAccounts", KB_AWS_AUTH_ACCOUNT, arena, out);
}

void kb_aws_auth_done(struct kb_aws_auth *auth)
{
    KB_VEC_DONE(&auth->entries);
}
