/* Table namespace. */
#include "facts/cluster_tables.h"
#include "facts/getters.h"

struct namespace_row {
    const struct kb_world *world;
    const struct kb_namespace *at;
    struct kb_str name, enforce, owner, tenant, environment;
};

static void get_labels(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const json_t *labels = ((const struct namespace_row *)data)->at->labels;
    struct kb_cel_map *map = KB_NEW(arena, struct kb_cel_map);
    struct kb_cel_map_entry *entries =
        KB_NEW_ARRAY(arena, json_object_size(labels), struct kb_cel_map_entry);
    const char *key;
    size_t n = 0, key_n;
    json_t *value;
    json_object_keylen_foreach((json_t *)(uintptr_t)labels, key, key_n, value)
    {
        entries[n++] = (struct kb_cel_map_entry){kb_cel_string((struct kb_str){key, key_n}),
                                                 kb_cel_string(kb_json_view(value))};
    }
    *map = (struct kb_cel_map){entries, n};
    *out = kb_cel_map(map);
}

/* Counts of kinds that were not read whole are not known where they would say "none". */
static void count(const struct namespace_row *row, uint64_t n, enum kb_kind_id kind,
                  struct kb_cel_val *out)
{
    *out = n > 0 || kb_world_whole(row->world, kind) ? kb_cel_int((int64_t)n)
                                                     : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

static void get_quotas(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct namespace_row *row = data;
    count(row, row->at->quotas, KB_KIND_RESOURCE_QUOTA, out);
}

static void get_limit_ranges(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct namespace_row *row = data;
    count(row, row->at->limit_ranges, KB_KIND_LIMIT_RANGE, out);
}

KB_GET(STR, namespace_row, name)
KB_GET(STR, namespace_row, enforce)
KB_GET(STR, namespace_row, owner)
KB_GET(STR, namespace_row, tenant)
KB_GET(STR, namespace_row, environment)

static const struct kb_column columns[] = {
    {"name", "string", KB_ALWAYS, get_name, "Name of the namespace."},
    {"labels", "map(string, string)", KB_ALWAYS, get_labels, "Its labels."},
    {"enforce", "string", KB_ALWAYS, get_enforce,
     "Pod Security level that it enforces: \"privileged\", \"baseline\", \"restricted\"; empty where no "
     "label says so."},
    {"owner", "string", KB_ALWAYS, get_owner, "Value of the label settings.ownerLabel, or empty."},
    {"tenant", "string", KB_ALWAYS, get_tenant, "Value of the label settings.tenantLabel, or empty."},
    {"environment", "string", KB_ALWAYS, get_environment,
     "Value of the label settings.environmentLabel, or empty."},
    {"quotas", "int", KB_ALWAYS, get_quotas, "Number of ResourceQuotas in it."},
    {"limit_ranges", "int", KB_ALWAYS, get_limit_ranges, "Number of LimitRanges in it."},
};

const struct kb_table kb_table_namespace = {
    .name = "namespace",
    .doc = "One row a namespace of the cluster.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct namespace_row *row = data;
    kb_cluster_row_info(&row->at->at, "Namespace", arena, out);
    out->name_space = row->name; /* a namespace is in itself, for ownership */
}

static struct kb_str label(const struct kb_world *world, const struct kb_namespace *at,
                           const char *setting)
{
    return kb_namespace_label(at, kb_world_text_setting(world, setting));
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    for (size_t i = 0; i < world->cluster.namespaces.n; i++) {
        const struct kb_namespace *at = world->cluster.namespaces.at[i];
        struct namespace_row row = {
            .world = world,
            .at = at,
            .name = at->at.name,
            .enforce = kb_namespace_label(at, KB_STR("pod-security.kubernetes.io/enforce")),
            .owner = label(world, at, "ownerLabel"),
            .tenant = label(world, at, "tenantLabel"),
            .environment = label(world, at, "environmentLabel"),
        };
        struct kb_row out = {&kb_table_namespace, &ops, &row};
        fn(ctx, &out);
    }
}

static const enum kb_kind_id needs[] = {KB_KIND_NAMESPACE};

const struct kb_fact_source kb_facts_namespace = {
    .table = &kb_table_namespace,
    .needs = needs,
    .need_count = 1,
    .rows = rows,
};
