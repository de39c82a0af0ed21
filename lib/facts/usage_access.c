/* Table access.use. */
#include "facts/eks_tables.h"
#include "facts/getters.h"
#include "facts/usage_tables.h"

struct access_row {
    struct kb_str principal, type, username, source;
    enum kb_use use;
    int64_t last_seen;
};

KB_GET(STR, access_row, principal)
KB_GET(STR, access_row, type)
KB_GET(STR, access_row, username)
KB_GET(TIME, access_row, last_seen)

static void get_use(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    kb_put_use(((const struct access_row *)data)->use, out);
}

static const struct kb_column columns[] = {
    {"principal", "string", KB_ALWAYS, get_principal, "ARN of the IAM principal."},
    {"type", "string", KB_ALWAYS, get_type, "Type of the entry, as in access.entry."},
    {"username", "string", KB_ALWAYS, get_username, "Its user name in Kubernetes."},
    {"use", "string", KB_ALWAYS, get_use,
     "\"sole\" where the log shows the principal or the user name, else as in rbac.use."},
    {"last_seen", "timestamp", KB_OPTIONAL, get_last_seen, "When it last sent any request."},
};

const struct kb_table kb_table_access_use = {
    .name = "access.use",
    .doc = "One row an access entry: whether a log shows its principal.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    (void)arena;
    const struct access_row *row = data;
    *out = (struct kb_row_info){.object = row->principal,
                                .subject = row->principal,
                                .evidence = {row->source, KB_STR("access entry"), KB_STR("")},
                                .time_ns = INT64_MIN,
                                .order = row->principal};
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    for (size_t i = 0; i < world->eks.entries.n && world->usage.read; i++) {
        const struct kb_access_entry *entry = world->eks.entries.at[i];
        struct access_row row = {entry->principal, entry->type, entry->username, entry->source,
                                 KB_USE_NOT_KNOWN, INT64_MIN};
        const struct kb_str names[] = {entry->principal, entry->username};
        row.use = kb_usage_of_anybody(world, names, 2, entry->created_ns, &row.last_seen);
        struct kb_row out = {&kb_table_access_use, &ops, &row};
        fn(ctx, &out);
    }
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    struct kb_str usage = kb_usage_missing(world, arena);
    return usage.n > 0 ? usage : kb_facts_access_entry.missing(world, arena);
}

const struct kb_fact_source kb_facts_access_use = {
    .table = &kb_table_access_use,
    .aws = true,
    .rows = rows,
    .missing = missing,
};
