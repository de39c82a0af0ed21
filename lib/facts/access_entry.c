/* Table access.entry. */
#include "facts/eks_tables.h"
#include "rbac/access_policy.h"
#include "facts/getters.h"

struct entry_row {
    const struct kb_world *world;
    const struct kb_access_entry *entry;
    struct kb_str principal, type, username;
    bool iam_user, aws_owned;
};

static struct kb_cel_val unknown(void)
{
    return (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

/* Names of the policies that `want` takes; unknown where the policies were not read. */
static void list_policies(const struct entry_row *row, bool (*want)(const struct kb_access_policy *),
                          struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct kb_access_entry *entry = row->entry;
    struct kb_str *names = KB_NEW_ARRAY(arena, entry->policy_count, struct kb_str);
    size_t n = 0;
    for (size_t i = 0; i < entry->policy_count; i++) {
        if (want(&entry->policies[i])) {
            names[n++] = entry->policies[i].name;
        }
    }
    *out = entry->policies_read ? kb_cel_list(kb_text_list(arena, names, n)) : unknown();
}

static bool any_policy(const struct kb_access_policy *policy)
{
    (void)policy;
    return true;
}

static bool cluster_policy(const struct kb_access_policy *policy)
{
    return policy->cluster;
}

static bool unknown_policy(const struct kb_access_policy *policy)
{
    return !kb_access_policy_known(policy->name);
}

#define POLICIES(name, want)                                                                       \
    static void get_##name(const void *data, struct kb_arena *arena, struct kb_cel_val *out)       \
    {                                                                                              \
        list_policies(data, want, arena, out);                                                     \
    }
POLICIES(policies, any_policy)
POLICIES(cluster_policies, cluster_policy)
POLICIES(unknown_policies, unknown_policy)

static void get_groups(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct kb_access_entry *entry = ((const struct entry_row *)data)->entry;
    *out = entry->described ? kb_cel_list(kb_text_list(arena, entry->groups, entry->group_count))
                            : unknown();
}

/* Groups of EKS and Kubernetes are bound by name where they are used. */
static bool is_orphan(const struct kb_world *world, struct kb_str group)
{
    struct kb_rbac_subject subject = {.kind = KB_RBAC_GROUP, .name = group};
    return !kb_str_starts(group, KB_STR("eks:")) && !kb_str_starts(group, KB_STR("system:")) &&
           kb_rbac_find_holder(&world->rbac.policy, &subject) == NULL;
}

static void get_orphan_groups(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct entry_row *row = data;
    const struct kb_access_entry *entry = row->entry;
    struct kb_str *names = KB_NEW_ARRAY(arena, entry->group_count, struct kb_str);
    size_t n = 0;
    for (size_t i = 0; i < entry->group_count; i++) {
        if (is_orphan(row->world, entry->groups[i])) {
            names[n++] = entry->groups[i];
        }
    }
    bool known = entry->described && (n == 0 || kb_rbac_model_whole(row->world));
    *out = known ? kb_cel_list(kb_text_list(arena, names, n)) : unknown();
}

KB_GET(STR, entry_row, principal)
KB_GET(STR, entry_row, type)
KB_GET(STR, entry_row, username)
KB_GET(BOOL, entry_row, iam_user)
KB_GET(BOOL, entry_row, aws_owned)

static const struct kb_column columns[] = {
    {"principal", "string", KB_ALWAYS, get_principal, "ARN of the IAM principal."},
    {"type", "string", KB_ALWAYS, get_type,
     "\"STANDARD\", or the kind of node: \"EC2_LINUX\" …; empty where it was not read."},
    {"username", "string", KB_ALWAYS, get_username, "Its user name in Kubernetes."},
    {"groups", "list(string)", KB_ALWAYS, get_groups, "Its groups in Kubernetes."},
    {"orphan_groups", "list(string)", KB_ALWAYS, get_orphan_groups,
     "Those of its groups that no binding names."},
    {"policies", "list(string)", KB_ALWAYS, get_policies,
     "Names of its access policies, such as \"AmazonEKSViewPolicy\"."},
    {"cluster_policies", "list(string)", KB_ALWAYS, get_cluster_policies,
     "Those that hold for the whole cluster."},
    {"unknown_policies", "list(string)", KB_ALWAYS, get_unknown_policies,
     "Those whose rules AWS does not publish."},
    {"iam_user", "bool", KB_ALWAYS, get_iam_user, "Whether the principal is an IAM user."},
    {"aws_owned", "bool", KB_ALWAYS, get_aws_owned,
     "Whether the principal is a service-linked role of AWS."},
};

const struct kb_table kb_table_access_entry = {
    .name = "access.entry",
    .doc = "One row an access entry of the EKS cluster: an IAM principal that may reach Kubernetes.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    (void)arena;
    const struct entry_row *row = data;
    *out = (struct kb_row_info){
        .object = row->principal,
        .subject = row->principal,
        .evidence = {.source = row->entry->source, .locator = KB_STR("eks access entry")},
        .time_ns = INT64_MIN,
        .order = row->principal,
    };
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    /* Which entries there are, only the list says: without it a description may be of one that is gone. */
    for (size_t i = 0; i < world->eks.entries.n && world->eks.entries_read; i++) {
        const struct kb_access_entry *entry = world->eks.entries.at[i];
        struct entry_row row = {
            .world = world,
            .entry = entry,
            .principal = entry->principal,
            .type = entry->type,
            .username = entry->username,
            .iam_user = kb_str_find(entry->principal, KB_STR(":user/"), 0) != SIZE_MAX,
            .aws_owned =
                kb_str_find(entry->principal, KB_STR(":role/aws-service-role/"), 0) != SIZE_MAX,
        };
        struct kb_row out = {&kb_table_access_entry, &ops, &row};
        fn(ctx, &out);
    }
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    (void)arena;
    return world->eks.problem.n > 0 ? world->eks.problem
           : world->eks.entries_read
               ? KB_STR("")
               : KB_STR("access entries were not read (aws eks list-access-entries)");
}

const struct kb_fact_source kb_facts_access_entry = {
    .table = &kb_table_access_entry,
    .aws = true,
    .rows = rows,
    .missing = missing,
};
