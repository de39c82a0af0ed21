/* Table rbac.managed. */
#include "facts/getters.h"
#include "facts/rbac_tables.h"

struct managed_row {
    const struct kb_rbac_meta *meta;
    struct kb_str object, name, name_space, differs;
    bool drift, unsure;
};

KB_GET(STR, managed_row, object)
KB_GET(STR, managed_row, name)
KB_GET(STR, managed_row, name_space)
KB_GET(STR, managed_row, differs)
KB_GET(BOOL, managed_row, drift)

static const struct kb_column columns[] = {
    {"object", "string", KB_ALWAYS, get_object, "The role or binding."},
    {"name", "string", KB_ALWAYS, get_name, "Its name alone, without kind and namespace."},
    {"namespace", "string", KB_ALWAYS, get_name_space, "Its namespace; mostly empty."},
    {"drift", "bool", KB_ALWAYS, get_drift,
     "Whether it differs from the reference of the cluster's Kubernetes version, or is not there."},
    {"differs", "string", KB_ALWAYS, get_differs, "How it differs; empty where it does not."},
};

const struct kb_table kb_table_rbac_managed = {
    .name = "rbac.managed",
    .doc = "One row a role or binding that Kubernetes or EKS makes, or that claims to be one.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

/* A malformed object cannot be compared, nor one without what it gathers. */
static void get(const void *data, unsigned column, struct kb_arena *arena, struct kb_cel_val *out)
{
    enum { NAMES = 3 }; /* object, name, namespace */
    const struct managed_row *row = data;
    if (column < NAMES || (row->meta->problem == NULL && !row->unsure)) {
        columns[column].get(data, arena, out);
    } else {
        *out = (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
    }
}

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct managed_row *row = data;
    kb_rbac_row_info(row->meta, row->object, NULL, 0, arena, out);
}

static void give(const struct kb_rbac_meta *meta, struct kb_str object,
                 const struct kb_rbac_origin_answer *origin, bool unsure, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    struct managed_row row = {meta, object, meta->name, meta->name_space, origin->differs,
                              origin->origin == KB_RBAC_DRIFT, unsure};
    struct kb_row out = {&kb_table_rbac_managed, &ops, &row};
    if (origin->origin != KB_RBAC_OWN || meta->problem != NULL) {
        fn(ctx, &out);
    }
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    const struct kb_rbac_model *model = &world->rbac;
    struct kb_arena arena = {0};
    for (size_t i = 0; i < model->policy.roles.n; i++) {
        const struct kb_rbac_role *role = model->policy.roles.at[i];
        struct kb_rbac_origin_answer origin;
        kb_rbac_stock_role(&model->stock, &model->policy, role, &arena, &origin);
        give(&role->meta, kb_rbac_object_name(&role->meta, "Role", role->cluster, &arena), &origin,
             !kb_rbac_origin_known(world, role, &origin), fn, ctx);
        kb_arena_reset(&arena);
    }
    for (size_t i = 0; i < model->policy.bindings.n; i++) {
        const struct kb_rbac_grant *grant = &model->grants[i];
        const struct kb_rbac_meta *meta = &grant->binding->meta;
        give(meta, kb_rbac_object_name(meta, "RoleBinding", grant->binding->cluster, &arena),
             &grant->origin, false, fn, ctx);
        kb_arena_reset(&arena);
    }
    kb_arena_done(&arena);
}

const struct kb_fact_source kb_facts_rbac_managed = {
    .table = &kb_table_rbac_managed,
    .needs = kb_rbac_kinds,
    .need_count = KB_RBAC_KINDS,
    .rows = rows,
};
