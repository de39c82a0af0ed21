/* Table secret: what there is of Secrets without looking into them. */
#include "facts/cluster_tables.h"
#include "facts/getters.h"

struct secret_row {
    const struct kb_secret *at;
    struct kb_str name, name_space, account, last_used;
    bool token;
};

KB_GET(STR, secret_row, name)
KB_GET(STR, secret_row, name_space)
KB_GET(STR, secret_row, account)
KB_GET(STR, secret_row, last_used)
KB_GET(BOOL, secret_row, token)

static const struct kb_column columns[] = {
    {"name", "string", KB_ALWAYS, get_name, "Name of the Secret."},
    {"namespace", "string", KB_ALWAYS, get_name_space, "Its namespace."},
    {"token", "bool", KB_ALWAYS, get_token,
     "Whether it holds a token of a service account that never expires: by its type, or where that was not "
     "read by its annotation."},
    {"service_account", "string", KB_ALWAYS, get_account, "Whose token it is; empty."},
    {"last_used", "string", KB_ALWAYS, get_last_used,
     "Day on which the API server last saw the token, \"2026-05-01\"; empty: never, or not told."},
};

const struct kb_table kb_table_secret = {
    .name = "secret",
    .doc = "One row a Secret: its metadata. Secrets are not listed in a live cluster; files may have them.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    kb_cluster_row_info(&((const struct secret_row *)data)->at->at, "Secret", arena, out);
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    for (size_t i = 0; i < world->cluster.secrets.n; i++) {
        const struct kb_secret *at = &world->cluster.secrets.at[i];
        struct secret_row row = {
            .at = at,
            .name = at->at.name,
            .name_space = at->at.name_space,
            .account = at->account,
            .last_used = at->last_used,
            .token = at->type.n > 0 ? kb_str_eq_c(at->type, "kubernetes.io/service-account-token")
                                    : at->account.n > 0,
        };
        struct kb_row out = {&kb_table_secret, &ops, &row};
        fn(ctx, &out);
    }
}

static const enum kb_kind_id needs[] = {KB_KIND_SECRET};
const struct kb_fact_source kb_facts_secret = {
    .table = &kb_table_secret, .needs = needs, .need_count = 1, .rows = rows};
