/* Table rbac.role_use. */
#include "facts/getters.h"
#include "facts/usage_tables.h"

struct role_row {
    const struct kb_rbac_role *role;
    struct kb_str name, name_space;
    uint64_t bound, requests;
    int64_t last_used;
    enum kb_use use;
    bool managed; /* every binding that names it is stock */
};

static void get_role(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct role_row *row = data;
    *out = kb_cel_string(kb_rbac_object_name(&row->role->meta, "Role", row->role->cluster, arena));
}

static void get_use(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    kb_put_use(((const struct role_row *)data)->use, out);
}

KB_GET(STR, role_row, name)
KB_GET(STR, role_row, name_space)
KB_GET(INT, role_row, bound)
KB_GET(INT, role_row, requests)
KB_GET(TIME, role_row, last_used)
KB_GET(BOOL, role_row, managed)

static const struct kb_column columns[] = {
    {"role", "string", KB_ALWAYS, get_role, "\"ClusterRole/name\" or \"Role/namespace/name\"."},
    {"name", "string", KB_ALWAYS, get_name, "Its name alone, without kind and namespace."},
    {"namespace", "string", KB_ALWAYS, get_name_space, "Its namespace; empty for a ClusterRole."},
    {"bound", "int", KB_ALWAYS, get_bound, "Number of bindings that name it."},
    {"managed", "bool", KB_ALWAYS, get_managed, "Whether all of these are stock."},
    {"use", "string", KB_ALWAYS, get_use,
     "The best use of any of its bindings, in the words of rbac.use; \"dead\" where it has none."},
    {"requests", "int", KB_ALWAYS, get_requests, "How many requests stood on it."},
    {"last_used", "timestamp", KB_OPTIONAL, get_last_used, "When a request last stood on it."},
};

const struct kb_table kb_table_rbac_role_use = {
    .name = "rbac.role_use",
    .doc = "One row a Role or ClusterRole: what a log shows of the use of its bindings.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct role_row *row = data;
    kb_rbac_row_info(&row->role->meta,
                     kb_rbac_object_name(&row->role->meta, "Role", row->role->cluster, arena), NULL, 0,
                     arena, out);
}

/* The order in which words win: what was seen before what cannot be said before what was not seen. */
static int rank(enum kb_use use)
{
    static const int ranks[] = {[KB_USE_SOLE] = 6,   [KB_USE_REDUNDANT] = 5, [KB_USE_NOT_KNOWN] = 4,
                                [KB_USE_YOUNG] = 3,  [KB_USE_HIDDEN] = 2,    [KB_USE_UNUSED] = 1,
                                [KB_USE_DEAD] = 0};
    return ranks[use];
}

static void add_binding(const struct kb_world *world, const struct kb_rbac_grant *grant,
                        struct role_row *row)
{
    row->bound++;
    row->managed = row->managed && grant->managed;
    for (size_t s = 0; s < grant->binding->subject_count; s++) {
        const struct kb_usage_mark *mark;
        enum kb_use use = kb_usage_of(world, grant->binding, s, SIZE_MAX, &mark);
        row->use = rank(use) > rank(row->use) ? use : row->use;
        if (mark != NULL) {
            row->requests += mark->count;
            row->last_used = mark->last_ns > row->last_used ? mark->last_ns : row->last_used;
        }
    }
}

/* Rows by the role's place in the policy; bindings come in another order. */
static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    const struct kb_rbac_policy *policy = &world->rbac.policy;
    struct kb_map by_role = {0};
    struct kb_arena arena = {0};
    struct role_row *all = KB_NEW_ARRAY(&arena, policy->roles.n, struct role_row);
    for (size_t i = 0; i < policy->roles.n; i++) {
        const struct kb_rbac_role *role = policy->roles.at[i];
        all[i] = (struct role_row){.role = role,
                                   .name = role->meta.name,
                                   .name_space = role->meta.name_space,
                                   .last_used = KB_ROW_NO_TIME,
                                   .use = KB_USE_DEAD,
                                   .managed = true};
        kb_map_set(&by_role, (struct kb_str){(const char *)&role, sizeof role}, &all[i]);
    }
    for (size_t i = 0; i < policy->bindings.n; i++) {
        const struct kb_rbac_role *role = policy->bindings.at[i]->role;
        if (role != NULL) {
            add_binding(world, &world->rbac.grants[i],
                        kb_map_get(&by_role, (struct kb_str){(const char *)&role, sizeof role}));
        }
    }
    for (size_t i = 0; i < policy->roles.n && world->usage.read; i++) {
        struct kb_row out = {&kb_table_rbac_role_use, &ops, &all[i]};
        fn(ctx, &out);
    }
    kb_map_done(&by_role);
    kb_arena_done(&arena);
}

const struct kb_fact_source kb_facts_rbac_role_use = {
    .table = &kb_table_rbac_role_use,
    .needs = kb_rbac_kinds,
    .need_count = KB_RBAC_KINDS,
    .rows = rows,
    .missing = kb_usage_missing,
};
