/* Table rbac.subject. */
#include "facts/getters.h"
#include "facts/rbac_tables.h"

struct subject_row {
    const struct kb_world *world;
    const struct kb_rbac_holder *holder;
    uint64_t bindings;
    bool cluster_admin;
    bool managed; /* every binding that names it is stock */
};

static void get_subject(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct subject_row *row = data;
    *out = kb_cel_string(kb_rbac_subject_text(&row->holder->subject, arena));
}

static void get_kind(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct subject_row *row = data;
    *out = kb_cel_string(kb_str_c(kb_rbac_subject_kind_name(row->holder->subject.kind)));
}

static void get_name(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    *out = kb_cel_string(((const struct subject_row *)data)->holder->subject.name);
}

static void get_namespace(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    *out = kb_cel_string(((const struct subject_row *)data)->holder->subject.name_space);
}

static void get_exists(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct subject_row *row = data;
    *out = kb_rbac_subject_exists(row->world, &row->holder->subject);
}

/* Places are in order: a role or namespace that repeats without a gap is listed once. */
static void get_roles(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct subject_row *row = data;
    struct kb_map seen = {0};
    struct kb_str *names = KB_NEW_ARRAY(arena, row->holder->places.n, struct kb_str);
    size_t n = 0;
    for (size_t i = 0; i < row->holder->places.n; i++) {
        const struct kb_rbac_binding *binding = row->holder->places.at[i].binding;
        struct kb_str role =
            kb_arena_printf(arena, "%sRole/%.*s", binding->role_cluster ? "Cluster" : "",
                            KB_FMT(binding->role_name));
        bool is_new;
        (void)kb_map_add(&seen, role, &is_new);
        if (is_new) {
            names[n++] = role;
        }
    }
    *out = kb_cel_list(kb_text_list(arena, names, n));
    kb_map_done(&seen);
}

static void get_admin_namespaces(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct subject_row *row = data;
    struct kb_str *names = KB_NEW_ARRAY(arena, row->holder->places.n, struct kb_str);
    size_t n = 0;
    for (size_t i = 0; i < row->holder->places.n; i++) {
        const struct kb_rbac_binding *binding = row->holder->places.at[i].binding;
        struct kb_str name = binding->meta.name_space;
        bool admin = !binding->cluster && row->world->rbac.grants[binding->number].worth->admin;
        if (admin && (n == 0 || !kb_str_eq(names[n - 1], name))) {
            names[n++] = name;
        }
    }
    *out = kb_cel_list(kb_text_list(arena, names, n));
}

KB_GET(INT, subject_row, bindings)
KB_GET(BOOL, subject_row, cluster_admin)
KB_GET(BOOL, subject_row, managed)

static const struct kb_column columns[] = {
    {"subject", "string", KB_ALWAYS, get_subject,
     "\"User/name\", \"Group/name\" or \"ServiceAccount/namespace/name\"."},
    {"kind", "string", KB_ALWAYS, get_kind, "\"User\", \"Group\" or \"ServiceAccount\"."},
    {"name", "string", KB_ALWAYS, get_name, "Its name alone, without kind and namespace."},
    {"namespace", "string", KB_ALWAYS, get_namespace, "Namespace of a service account."},
    {"exists", "bool", KB_ALWAYS, get_exists,
     "Whether the service account exists; unknown where not all were read."},
    {"bindings", "int", KB_ALWAYS, get_bindings, "Number of places in bindings that name it."},
    {"roles", "list(string)", KB_ALWAYS, get_roles,
     "Roles that it holds: \"ClusterRole/name\", \"Role/name\"."},
    {"admin_namespaces", "list(string)", KB_ALWAYS, get_admin_namespaces,
     "Namespaces in which a RoleBinding gives it all that the role admin holds."},
    {"cluster_admin", "bool", KB_ALWAYS, get_cluster_admin,
     "Whether a ClusterRoleBinding gives it every verb on every resource."},
    {"managed", "bool", KB_ALWAYS, get_managed, "Whether all bindings that name it are stock."},
};

const struct kb_table kb_table_rbac_subject = {
    .name = "rbac.subject",
    .doc = "One row a user, group or service account that some binding names.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct subject_row *row = data;
    struct kb_str text = kb_rbac_subject_text(&row->holder->subject, arena);
    const struct kb_rbac_meta *first = &row->holder->places.at[0].binding->meta;
    kb_rbac_row_info(first, text, &row->holder->subject, 0, arena, out);
    out->name_space = row->holder->subject.name_space;
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    for (size_t i = 0; i < world->rbac.policy.holders.n; i++) {
        const struct kb_rbac_holder *holder = world->rbac.policy.holders.at[i];
        struct subject_row row = {world, holder, holder->places.n, false, true};
        for (size_t p = 0; p < holder->places.n; p++) {
            const struct kb_rbac_binding *binding = holder->places.at[p].binding;
            const struct kb_rbac_grant *grant = &world->rbac.grants[binding->number];
            row.managed = row.managed && grant->managed;
            row.cluster_admin = row.cluster_admin || (binding->cluster && grant->worth->full);
        }
        struct kb_row out = {&kb_table_rbac_subject, &ops, &row};
        fn(ctx, &out);
    }
}

const struct kb_fact_source kb_facts_rbac_subject = {
    .table = &kb_table_rbac_subject,
    .needs = kb_rbac_kinds,
    .need_count = KB_RBAC_KINDS,
    .rows = rows,
};
