/* Table rbac.role. */
#include "facts/getters.h"
#include "facts/rbac_tables.h"
#include "rbac/aggregate.h"

struct role_row {
    const struct kb_world *world;
    const struct kb_rbac_role *role;
    struct kb_rbac_origin_answer origin;
    kb_rbac_permissions permissions;
    uint64_t bound;
    struct kb_str name, name_space, problem;
};

static void get_role(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct role_row *row = data;
    *out = kb_cel_string(
        kb_rbac_object_name(&row->role->meta, "Role", row->role->cluster, arena));
}

static void get_permissions(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct role_row *row = data;
    struct kb_str *texts = KB_NEW_ARRAY(arena, row->permissions.n, struct kb_str);
    size_t n = 0;
    for (size_t i = 0; i < row->permissions.n; i++) {
        if (row->permissions.at[i].name.n == 0) {
            texts[n++] = row->permissions.at[i].text;
        }
    }
    *out = kb_cel_list(kb_text_list(arena, texts, n));
}

static void get_aggregates_to(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct role_row *row = data;
    const struct kb_rbac_policy *policy = &row->world->rbac.policy;
    struct kb_str *names = KB_NEW_ARRAY(arena, policy->roles.n, struct kb_str);
    size_t n = 0;
    for (size_t i = 0; i < policy->roles.n; i++) {
        const struct kb_rbac_role *into = policy->roles.at[i];
        if (into->aggregation != NULL && kb_rbac_aggregates(into, row->role)) {
            names[n++] = into->meta.name;
        }
    }
    *out = kb_cel_list(kb_text_list(arena, names, n));
}

static void get_bound(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct role_row *row = data;
    bool whole = kb_world_whole(row->world, KB_KIND_ROLE_BINDING) &&
                 kb_world_whole(row->world, KB_KIND_CLUSTER_ROLE_BINDING);
    *out = row->bound > 0 || whole ? kb_cel_int((int64_t)row->bound)
                                   : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

static void get_managed(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct role_row *row = data;
    *out = kb_rbac_origin_known(row->world, row->role, &row->origin)
               ? kb_cel_bool(row->origin.origin == KB_RBAC_MANAGED)
               : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

KB_GET(STR, role_row, name)
KB_GET(STR, role_row, name_space)
KB_GET(STR, role_row, problem)

static const struct kb_column columns[] = {
    {"role", "string", KB_ALWAYS, get_role, "\"ClusterRole/name\" or \"Role/namespace/name\"."},
    {"name", "string", KB_ALWAYS, get_name, "Its name alone, without kind and namespace."},
    {"namespace", "string", KB_ALWAYS, get_name_space, "Its namespace; empty for a ClusterRole."},
    {"bound", "int", KB_ALWAYS, get_bound, "Number of bindings that name it."},
    {"permissions", "list(string)", KB_ALWAYS, get_permissions,
     "What it allows of the catalogue of sensitive permissions, as in rbac.binding."},
    {"aggregates_to", "list(string)", KB_ALWAYS, get_aggregates_to,
     "ClusterRoles that its labels add its rules to: \"view\", \"edit\", \"admin\" and others."},
    {"managed", "bool", KB_ALWAYS, get_managed,
     "Whether it is one of Kubernetes or EKS, with no more rules than the reference has."},
    {"problem", "string", KB_ALWAYS, get_problem, "What is malformed in it; mostly empty."},
};

const struct kb_table kb_table_rbac_role = {
    .name = "rbac.role",
    .doc = "One row a Role or ClusterRole, bound or not.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

/* Of a malformed role nothing is known but what it is called. */
static void get(const void *data, unsigned column, struct kb_arena *arena, struct kb_cel_val *out)
{
    enum { NAMES = 4 }; /* role, name, namespace, bound */
    const struct role_row *row = data;
    if (column < NAMES || columns[column].get == get_problem || row->problem.n == 0) {
        columns[column].get(data, arena, out);
    } else {
        *out = (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
    }
}

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct role_row *row = data;
    struct kb_str object =
        kb_rbac_object_name(&row->role->meta, "Role", row->role->cluster, arena);
    kb_rbac_row_info(&row->role->meta, object, NULL, 0, arena, out);
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    const struct kb_rbac_model *model = &world->rbac;
    for (size_t i = 0; i < model->policy.roles.n; i++) {
        struct kb_arena arena = {0};
        const struct kb_rbac_role *role = model->policy.roles.at[i];
        struct role_row row = {.world = world, .role = role, .bound = role->bound,
                               .name = role->meta.name, .name_space = role->meta.name_space,
                               .problem = kb_str_c(role->meta.problem)};
        kb_rbac_stock_role(&model->stock, &model->policy, role, &arena, &row.origin);
        kb_rbac_sensitive(role->rules, role->cluster, NULL, &arena, &row.permissions);
        struct kb_row out = {&kb_table_rbac_role, &ops, &row};
        fn(ctx, &out);
        KB_VEC_DONE(&row.permissions);
        kb_arena_done(&arena);
    }
}

const struct kb_fact_source kb_facts_rbac_role = {
    .table = &kb_table_rbac_role,
    .needs = kb_rbac_kinds,
    .need_count = KB_RBAC_KINDS,
    .rows = rows,
};
