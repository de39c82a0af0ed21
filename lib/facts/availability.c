/* Table availability: how workloads that are to be there always are kept there. */
#include <stdlib.h>

#include "facts/cluster_tables.h"
#include "facts/getters.h"

enum { MOST_ZONES = 16 };

struct availability_row {
    const struct kb_world *world;
    const struct kb_workload *workload;
    struct kb_str kind, name, name_space;
    struct kb_str zones[MOST_ZONES];
    size_t zone_count;
    int64_t replicas;
    bool budget, spreads, webhook;
};

KB_GET(STR, availability_row, kind)
KB_GET(STR, availability_row, name)
KB_GET(STR, availability_row, name_space)
KB_GET(BOOL, availability_row, spreads)
KB_GET(BOOL, availability_row, webhook)

static void get_object(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct kb_workload *workload = ((const struct availability_row *)data)->workload;
    *out = kb_cel_string(kb_cluster_object(&workload->at, workload->kind->kind, arena));
}

static void get_replicas(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    *out = kb_cel_int(((const struct availability_row *)data)->replicas);
}

static void get_budget(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct availability_row *row = data;
    *out = row->budget || kb_world_whole(row->world, KB_KIND_POD_DISRUPTION_BUDGET)
               ? kb_cel_bool(row->budget)
               : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

static void get_zones(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct availability_row *row = data;
    bool known = kb_world_whole(row->world, KB_KIND_POD) && kb_world_whole(row->world, KB_KIND_NODE);
    *out = known ? kb_cel_list(kb_text_list(arena, row->zones, row->zone_count))
                 : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

static const struct kb_column columns[] = {
    {"object", "string", KB_ALWAYS, get_object, "\"Kind/namespace/name\"."},
    {"kind", "string", KB_ALWAYS, get_kind, "\"Deployment\" or \"StatefulSet\"."},
    {"name", "string", KB_ALWAYS, get_name, "Its name alone."},
    {"namespace", "string", KB_ALWAYS, get_name_space, "Its namespace."},
    {"replicas", "int", KB_ALWAYS, get_replicas, "Pods that are asked for (1 where nothing is said)."},
    {"budget", "bool", KB_ALWAYS, get_budget, "Whether a PodDisruptionBudget holds for its pods."},
    {"spreads_zones", "bool", KB_ALWAYS, get_spreads,
     "Whether its template spreads pods over zones: by topologySpreadConstraints or podAntiAffinity, required "
     "or preferred."},
    {"zones", "list(string)", KB_ALWAYS, get_zones, "Availability zones in which its pods run."},
    {"webhook", "bool", KB_ALWAYS, get_webhook, "Whether it answers an admission webhook."},
};

const struct kb_table kb_table_availability = {
    .name = "availability",
    .doc = "One row a Deployment or StatefulSet that asks for pods.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct kb_workload *workload = ((const struct availability_row *)data)->workload;
    kb_cluster_row_info(&workload->at, workload->kind->kind, arena, out);
}

static bool answers(const struct kb_world *world, const struct kb_webhook *webhook,
                    const struct kb_workload *workload)
{
    const struct kb_exposure_part *service = kb_webhook_service(world, webhook);
    return service != NULL && kb_str_eq(service->at.name_space, workload->at.name_space) &&
           kb_exposure_selects(&service->service.selector, workload);
}

static bool answers_any(const struct kb_world *world, const struct kb_workload *workload)
{
    for (size_t i = 0; i < world->cluster.webhooks.n; i++) {
        if (answers(world, &world->cluster.webhooks.at[i], workload)) {
            return true;
        }
    }
    return false;
}

static struct kb_str zone_of(const struct kb_cluster *cluster, struct kb_str node)
{
    for (size_t i = 0; i < cluster->nodes.n; i++) {
        if (kb_str_eq(cluster->nodes.at[i].at.name, node)) {
            return cluster->nodes.at[i].zone;
        }
    }
    return KB_STR("");
}

static int by_text(const void *a, const void *b)
{
    return kb_str_cmp(*(const struct kb_str *)a, *(const struct kb_str *)b);
}

static void put_zones(const struct kb_world *world, struct availability_row *row)
{
    struct kb_net_made_by by = kb_net_made_begin(world->network, row->workload);
    for (const struct kb_net_pod *pod; (pod = kb_net_made_next(&by)) != NULL;) {
        struct kb_str zone = zone_of(&world->cluster, pod->node);
        bool known = zone.n == 0 || row->zone_count == MOST_ZONES;
        for (size_t k = 0; k < row->zone_count; k++) {
            known = known || kb_str_eq(row->zones[k], zone);
        }
        if (!known) {
            row->zones[row->zone_count++] = zone;
        }
    }
    if (row->zone_count > 1) {
        qsort(row->zones, row->zone_count, sizeof row->zones[0], by_text);
    }
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    for (size_t i = 0; i < world->cluster.workloads.n; i++) {
        const struct kb_workload *workload = &world->cluster.workloads.at[i];
        bool meant = workload->kind->id == KB_KIND_DEPLOYMENT ||
                     workload->kind->id == KB_KIND_STATEFUL_SET;
        if (!meant || workload->replicas == 0) {
            continue;
        }
        struct availability_row row = {
            .world = world,
            .workload = workload,
            .kind = kb_str_c(workload->kind->kind),
            .name = workload->at.name,
            .name_space = workload->at.name_space,
            .replicas = workload->replicas,
            .budget = kb_cluster_budgeted(&world->cluster, workload),
            .spreads = workload->spreads_zones,
            .webhook = answers_any(world, workload),
        };
        put_zones(world, &row);
        struct kb_row out = {&kb_table_availability, &ops, &row};
        fn(ctx, &out);
    }
}

static const enum kb_kind_id needs[] = {
    KB_KIND_DEPLOYMENT,       KB_KIND_STATEFUL_SET,       KB_KIND_POD,
    KB_KIND_NODE,             KB_KIND_POD_DISRUPTION_BUDGET, KB_KIND_SERVICE,
    KB_KIND_VALIDATING_WEBHOOK, KB_KIND_MUTATING_WEBHOOK};
const struct kb_fact_source kb_facts_availability = {
    .table = &kb_table_availability,
    .needs = needs,
    .need_count = sizeof needs / sizeof needs[0],
    .rows = rows,
};
