/* Table awsauth.entry. */
#include "facts/eks_tables.h"
#include "facts/getters.h"

struct awsauth_row {
    const struct kb_world *world;
    const struct kb_aws_auth_entry *entry;
    struct kb_str kind, principal, username, problem;
    bool spoofable;
    unsigned part;
};

static void get_groups(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct kb_aws_auth_entry *entry = ((const struct awsauth_row *)data)->entry;
    *out = kb_cel_list(kb_text_list(arena, entry->groups, entry->group_count));
}

KB_GET(STR, awsauth_row, kind)
KB_GET(STR, awsauth_row, principal)
KB_GET(STR, awsauth_row, username)
KB_GET(STR, awsauth_row, problem)
KB_GET(BOOL, awsauth_row, spoofable)

static const struct kb_column columns[] = {
    {"kind", "string", KB_ALWAYS, get_kind, "\"role\", \"user\" or \"account\"."},
    {"principal", "string", KB_ALWAYS, get_principal,
     "ARN as written, \"sso:<permission set>\", or the account."},
    {"username", "string", KB_ALWAYS, get_username, "User name in Kubernetes, with its templates."},
    {"groups", "list(string)", KB_ALWAYS, get_groups, "Groups in Kubernetes."},
    {"spoofable", "bool", KB_ALWAYS, get_spoofable,
     "Whether whoever assumes the role chooses the whole user name (a session name alone)."},
    {"problem", "string", KB_ALWAYS, get_problem,
     "Why the entry cannot work as it is meant; mostly empty."},
};

const struct kb_table kb_table_awsauth_entry = {
    .name = "awsauth.entry",
    .doc = "One row an entry of the ConfigMap kube-system/aws-auth.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct awsauth_row *row = data;
    const struct kb_eks_model *eks = &row->world->eks;
    struct kb_world_place place = {eks->aws_auth_source, eks->aws_auth_uid, eks->aws_auth_version};
    *out = (struct kb_row_info){
        .object = KB_STR("ConfigMap/kube-system/aws-auth"),
        .name_space = KB_STR("kube-system"),
        .evidence = kb_world_evidence(&place, arena),
        .time_ns = INT64_MIN,
        .order = kb_arena_printf(arena, "%08u", row->part),
    };
}

/* "{{SessionName}}" and nothing before it. */
static bool is_spoofable(struct kb_str username)
{
    return kb_str_starts(username, KB_STR("{{SessionName"));
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    static const char *const kinds[] = {"role", "user", "account"};
    for (size_t i = 0; i < world->eks.aws_auth.entries.n; i++) {
        const struct kb_aws_auth_entry *entry = &world->eks.aws_auth.entries.at[i];
        struct awsauth_row row = {world,           entry,
                                  kb_str_c(kinds[entry->kind]), entry->principal,
                                  entry->username, entry->problem,
                                  is_spoofable(entry->username), (unsigned)i};
        struct kb_row out = {&kb_table_awsauth_entry, &ops, &row};
        fn(ctx, &out);
    }
}

static const enum kb_kind_id needs[] = {KB_KIND_CONFIG_MAP};

const struct kb_fact_source kb_facts_awsauth_entry = {
    .table = &kb_table_awsauth_entry,
    .needs = needs,
    .need_count = 1,
    .rows = rows,
};
