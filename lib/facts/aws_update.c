/* Table eks.update. */
#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(id, "string", KB_ALWAYS, "Id of the update.")                                                \
    X(kind, "string", KB_ALWAYS,                                                                   \
      "\"LoggingUpdate\", \"VersionUpdate\", \"EndpointAccessUpdate\" and the like.")              \
    X(status, "string", KB_ALWAYS, "\"Successful\", \"Failed\", \"Cancelled\" or \"InProgress\".") \
    X(age_days, "int", KB_OPTIONAL, "Days since it began.")                                        \
    X(turned_off, "list(string)", KB_ALWAYS, "Log types that it turned off.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(eks_update, "eks.update", "One row a change of the cluster's settings that EKS remembers.");

static const char *const by_column[KB_AWS_COLUMNS_MAX] = {
    [C_kind] = "eks describe-update",
    [C_status] = "eks describe-update",
    [C_turned_off] = "eks describe-update",
};

/* Parameter ClusterLogging: {"clusterLogging":[{"types":[…],"enabled":false}]} as a text. */
static struct kb_cel_val turned_off(const json_t *update, struct kb_arena *arena)
{
    struct kb_aws_names types = {0};
    const json_t *params = kb_aws_get(update, "params");
    for (size_t i = 0; i < json_array_size(params); i++) {
        const json_t *param = json_array_get(params, i);
        KB_AUTO(kb_json_done) json_t *value = NULL;
        if (!kb_aws_is(param, "type", "ClusterLogging")) {
            continue;
        }
        if (kb_failed(kb_json_parse(NULL, kb_aws_text(param, "value"), 0, &value, NULL))) {
            return kb_aws_unknown();
        }
        const json_t *list = kb_aws_get(value, "clusterLogging");
        for (size_t k = 0; k < json_array_size(list); k++) {
            const json_t *entry = json_array_get(list, k);
            const json_t *names = kb_aws_get(entry, "types");
            bool off = json_is_false(kb_aws_get(entry, "enabled"));
            for (size_t m = 0; off && m < json_array_size(names); m++) {
                struct kb_str name = kb_json_view(json_array_get(names, m));
                kb_aws_names_add(&types, arena, kb_arena_copy(arena, name));
            }
        }
    }
    return kb_aws_names_list(&types, arena);
}

static const json_t *described(const struct kb_world *world, struct kb_str id,
                               const struct kb_aws_kept **kept)
{
    KB_AWS_EACH(it, world, "eks describe-update", "update") {
        if (kb_str_eq(kb_aws_text(it.item, "id"), id)) {
            *kept = it.kept;
            return it.item;
        }
    }
    return NULL;
}

static void fill(struct kb_aws_row *row, const struct kb_world *world, const json_t *update,
                 struct kb_arena *arena)
{
    enum { DAY_S = 86400 };
    int64_t at;
    bool dated = kb_aws_moment(update, "createdAt", &at);
    row->values[C_kind] = kb_aws_text_or_unknown(update, "type");
    row->values[C_status] = kb_aws_text_or_unknown(update, "status");
    row->values[C_age_days] =
        dated ? kb_cel_int((world->now_ns / 1000000000 - at) / DAY_S) : kb_cel_absent();
    row->values[C_turned_off] = turned_off(update, arena);
}

/* An update that is listed and not described has a row of which nothing is known. */
static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    KB_AWS_EACH(it, world, "eks list-updates", "updateIds") {
        struct kb_arena arena = {0};
        const struct kb_aws_kept *kept = it.kept;
        struct kb_str id = kb_json_view(it.item);
        const json_t *update = described(world, id, &kept);
        struct kb_aws_row row = kb_aws_row(&kb_table_eks_update, kept);
        row.world = world;
        row.calls = by_column;
        row.object = world->eks.arn.n > 0 ? world->eks.arn : id;
        row.part = id;
        row.values[C_id] = kb_cel_string(id);
        if (update != NULL) {
            fill(&row, world, update, &arena);
        }
        kb_aws_row_give(&row, fn, ctx);
        kb_arena_done(&arena);
    }
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    static const char *const calls[] = {"eks list-updates"};
    return kb_aws_unread(world, calls, 1, arena);
}

const struct kb_fact_source kb_facts_eks_update = {
    .table = &kb_table_eks_update, .aws = true, .rows = rows, .missing = missing};
