/* Table rbac.use. */
#include "facts/getters.h"
#include "facts/usage_tables.h"

struct use_row {
    const struct kb_world *world;
    const struct kb_rbac_grant *grant;
    const struct kb_rbac_binding *binding;
    unsigned subject;
    enum kb_use use;
    const struct kb_usage_mark *mark; /* NULL: nothing was seen */
};

struct kb_str kb_usage_missing(const struct kb_world *world, struct kb_arena *arena)
{
    (void)arena;
    return world->usage.read ? world->usage.problem
                             : KB_STR("no audit log was read beside the objects: name one with --logs");
}

void kb_put_use(enum kb_use use, struct kb_cel_val *out)
{
    *out = use == KB_USE_NOT_KNOWN ? (struct kb_cel_val){.kind = KB_CEL_UNKNOWN}
                                   : kb_cel_string(kb_str_c(kb_use_name(use)));
}

static void get_binding(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct use_row *row = data;
    *out = kb_cel_string(
        kb_rbac_object_name(&row->binding->meta, "RoleBinding", row->binding->cluster, arena));
}

static void get_subject(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct use_row *row = data;
    *out = kb_cel_string(kb_rbac_subject_text(&row->binding->subjects[row->subject], arena));
}

static void get_role(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct use_row *row = data;
    *out = kb_cel_string(kb_arena_printf(arena, "%sRole/%.*s",
                                         row->binding->role_cluster ? "Cluster" : "",
                                         KB_FMT(row->binding->role_name)));
}

static void get_scope(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    *out = kb_cel_string(((const struct use_row *)data)->binding->cluster ? KB_STR("cluster")
                                                                          : KB_STR("namespace"));
}

static void get_managed(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    *out = kb_cel_bool(((const struct use_row *)data)->grant->managed);
}

static void get_use(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    kb_put_use(((const struct use_row *)data)->use, out);
}

static void get_last_used(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct use_row *row = data;
    kb_put_time(row->mark == NULL ? KB_ROW_NO_TIME : row->mark->last_ns, out);
}

static void get_requests(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct use_row *row = data;
    kb_put_int(row->mark == NULL ? 0 : row->mark->count, out);
}

static void get_namespaces(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct use_row *row = data;
    *out = kb_cel_list(row->mark == NULL
                           ? kb_text_list(arena, NULL, 0)
                           : kb_text_list(arena, row->mark->namespaces.at, row->mark->namespaces.n));
}

static void get_cluster_wide(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct use_row *row = data;
    bool seen = row->mark != NULL && row->mark->cluster_wide;
    *out = seen || kb_usage_missing(row->world, arena).n == 0
               ? kb_cel_bool(seen)
               : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

static const struct kb_column columns[] = {
    {"binding", "string", KB_ALWAYS, get_binding, "The binding, as in rbac.binding."},
    {"subject", "string", KB_ALWAYS, get_subject, "Its subject, as in rbac.binding."},
    {"role", "string", KB_ALWAYS, get_role, "\"ClusterRole/name\" or \"Role/name\"."},
    {"scope", "string", KB_ALWAYS, get_scope, "\"cluster\" or \"namespace\"."},
    {"managed", "bool", KB_ALWAYS, get_managed, "Whether the binding is stock, as in rbac.binding."},
    {"use", "string", KB_ALWAYS, get_use, KB_USE_DOC},
    {"last_used", "timestamp", KB_OPTIONAL, get_last_used, "When a request last stood on it."},
    {"requests", "int", KB_ALWAYS, get_requests, "How many requests stood on it."},
    {"namespaces", "list(string)", KB_ALWAYS, get_namespaces,
     "Namespaces of those requests, at most 16."},
    {"cluster_wide", "bool", KB_ALWAYS, get_cluster_wide,
     "Whether some of them were for something that is in no single namespace; unknown where none was seen "
     "and the log does not show everything."},
};

const struct kb_table kb_table_rbac_use = {
    .name = "rbac.use",
    .doc = "One row a subject of a binding: what a log shows of its use.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct use_row *row = data;
    struct kb_str object =
        kb_rbac_object_name(&row->binding->meta, "RoleBinding", row->binding->cluster, arena);
    kb_rbac_row_info(&row->binding->meta, object, &row->binding->subjects[row->subject], row->subject,
                     arena, out);
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    for (size_t i = 0; i < world->rbac.policy.bindings.n && world->usage.read; i++) {
        const struct kb_rbac_grant *grant = &world->rbac.grants[i];
        for (unsigned s = 0; s < grant->binding->subject_count; s++) {
            struct use_row row = {.world = world, .grant = grant, .binding = grant->binding, .subject = s};
            row.use = kb_usage_of(world, grant->binding, s, SIZE_MAX, &row.mark);
            struct kb_row out = {&kb_table_rbac_use, &ops, &row};
            fn(ctx, &out);
        }
    }
}

const struct kb_fact_source kb_facts_rbac_use = {
    .table = &kb_table_rbac_use,
    .needs = kb_rbac_kinds,
    .need_count = KB_RBAC_KINDS,
    .rows = rows,
    .missing = kb_usage_missing,
};
