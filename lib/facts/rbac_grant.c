/* Table rbac.grant. */
#include "facts/getters.h"
#include "facts/rbac_tables.h"
#include "rbac/dead.h"

struct grant_row {
    const struct kb_world *world;
    const struct kb_rbac_binding *binding;
    const struct kb_rbac_subject *subject; /* NULL: it has none */
    const struct kb_rbac_rule *rule;
    struct kb_str dead;
    bool managed;
    unsigned part;
};

static struct kb_cel_val words(struct kb_rbac_words list, struct kb_arena *arena)
{
    return kb_cel_list(kb_text_list(arena, list.at, list.n));
}

static void get_binding(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct grant_row *row = data;
    *out = kb_cel_string(
        kb_rbac_object_name(&row->binding->meta, "RoleBinding", row->binding->cluster, arena));
}

static void get_subject(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct grant_row *row = data;
    *out = kb_cel_string(row->subject == NULL ? KB_STR("")
                                              : kb_rbac_subject_text(row->subject, arena));
}

static void get_role(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    *out = kb_cel_string(((const struct grant_row *)data)->binding->role_name);
}

static void get_scope(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    bool cluster = ((const struct grant_row *)data)->binding->cluster;
    *out = kb_cel_string(cluster ? KB_STR("cluster") : KB_STR("namespace"));
}

static void get_namespace(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    *out = kb_cel_string(((const struct grant_row *)data)->binding->meta.name_space);
}

#define WORDS(name, member)                                                                        \
    static void get_##name(const void *data, struct kb_arena *arena, struct kb_cel_val *out)       \
    {                                                                                              \
        *out = words(((const struct grant_row *)data)->rule->member, arena);                       \
    }
WORDS(verbs, verbs)
WORDS(api_groups, groups)
WORDS(resources, resources)
WORDS(resource_names, names)
WORDS(urls, urls)
KB_GET(STR, grant_row, dead)
KB_GET(BOOL, grant_row, managed)

static const struct kb_column columns[] = {
    {"binding", "string", KB_ALWAYS, get_binding, "The binding, as in rbac.binding."},
    {"subject", "string", KB_ALWAYS, get_subject, "Its subject, as in rbac.binding."},
    {"role", "string", KB_ALWAYS, get_role, "Name of the role."},
    {"scope", "string", KB_ALWAYS, get_scope, "\"cluster\" or \"namespace\"."},
    {"namespace", "string", KB_ALWAYS, get_namespace, "Namespace of the binding; mostly empty."},
    {"verbs", "list(string)", KB_ALWAYS, get_verbs, "Verbs of the rule, as written."},
    {"api_groups", "list(string)", KB_ALWAYS, get_api_groups, "apiGroups of the rule; \"\" is the core group."},
    {"resources", "list(string)", KB_ALWAYS, get_resources, "Resources of the rule."},
    {"resource_names", "list(string)", KB_ALWAYS, get_resource_names, "resourceNames of the rule."},
    {"urls", "list(string)", KB_ALWAYS, get_urls, "nonResourceURLs of the rule."},
    {"dead", "string", KB_ALWAYS, get_dead,
     "Why the rule, or a part of it, can never match a request; empty where it can."},
    {"managed", "bool", KB_ALWAYS, get_managed, "Whether the binding is stock, as in rbac.binding."},
};

const struct kb_table kb_table_rbac_grant = {
    .name = "rbac.grant",
    .doc = "One row a rule that a subject holds through a binding.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

/* Of a malformed binding or role nothing is known but what it is called. */
static void get(const void *data, unsigned column, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct grant_row *row = data;
    bool whole = row->binding->meta.problem == NULL && row->binding->role->meta.problem == NULL;
    if (column == 0 || whole) {
        columns[column].get(data, arena, out);
    } else {
        *out = (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
    }
}

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct grant_row *row = data;
    struct kb_str object =
        kb_rbac_object_name(&row->binding->meta, "RoleBinding", row->binding->cluster, arena);
    kb_rbac_row_info(&row->binding->meta, object, row->subject, row->part, arena, out);
}

static void give_rules(const struct kb_world *world, const struct kb_rbac_grant *grant,
                       const struct kb_rbac_subject *subject, unsigned *part, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    const struct kb_rbac_binding *binding = grant->binding;
    for (size_t i = 0; i < binding->role->rules.n; i++) {
        const struct kb_rbac_rule *rule = &binding->role->rules.at[i];
        struct grant_row row = {world, binding, subject, rule,
                                kb_str_c(kb_rbac_dead_rule(rule, binding->cluster)),
                                grant->managed, (*part)++};
        struct kb_row out = {&kb_table_rbac_grant, &ops, &row};
        fn(ctx, &out);
    }
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    for (size_t i = 0; i < world->rbac.policy.bindings.n; i++) {
        const struct kb_rbac_grant *grant = &world->rbac.grants[i];
        unsigned part = 0;
        for (size_t s = 0; grant->binding->role != NULL && s < grant->binding->subject_count; s++) {
            give_rules(world, grant, &grant->binding->subjects[s], &part, fn, ctx);
        }
    }
}

const struct kb_fact_source kb_facts_rbac_grant = {
    .table = &kb_table_rbac_grant,
    .needs = kb_rbac_kinds,
    .need_count = KB_RBAC_KINDS,
    .rows = rows,
};
