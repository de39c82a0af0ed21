/* Tables backup.location and backup.repository. */
#include "facts/backup_rows.h"

static const int64_t MINUTE_NS = INT64_C(60) * 1000000000;

static bool known_phase(const struct kb_backup_location *at)
{
    return at->phase.n == 0 || kb_str_eq_c(at->phase, "Available") ||
           kb_str_eq_c(at->phase, "Unavailable");
}

/* Velero validates every minute where the location does not say. */
static int64_t frequency(const struct kb_backup_location *at)
{
    return at->frequency_ns < 0 ? MINUTE_NS : at->frequency_ns;
}

static enum kb_tri bucket_key(const struct kb_world *world, const struct kb_backup_location *at)
{
    for (size_t i = 0; i < world->backup.buckets.n; i++) {
        if (kb_str_eq(world->backup.buckets.at[i]->name, at->bucket)) {
            return world->backup.buckets.at[i]->customer_key;
        }
    }
    return KB_NOT_KNOWN;
}

static enum kb_tri customer_key(const struct kb_world *world, const struct kb_backup_location *at)
{
    bool own = at->kms_key.n > 0 || kb_str_starts(at->sse, KB_STR("aws:kms"));
    return own ? KB_YES : bucket_key(world, at);
}

static bool has_identity(const struct kb_world *world, const struct kb_backup_server *server)
{
    const struct kb_service_account *account =
        kb_cluster_account(&world->cluster, server->at.name_space, server->service_account);
    bool found = account != NULL && account->iam_role.n > 0;
    for (size_t i = 0; i < world->backup.pod_identities.n && !found; i++) {
        struct kb_str rest, ns = kb_str_split(world->backup.pod_identities.at[i], '/', &rest);
        found = kb_str_eq(ns, server->at.name_space) && kb_str_eq(rest, server->service_account);
    }
    return found;
}

/* Keys of its own; or the server has no role of IAM, so that it must have keys. */
static enum kb_tri static_keys(const struct kb_world *world, const struct kb_backup_location *at)
{
    const struct kb_backup_server *server = world->backup.server;
    if (at->credential.n > 0) {
        return KB_YES;
    }
    if (server == NULL) {
        return KB_NOT_KNOWN;
    }
    if (has_identity(world, server)) {
        return KB_NO;
    }
    bool known = world->backup.pod_identities_read &&
                 kb_world_whole(world, KB_KIND_SERVICE_ACCOUNT);
    return known ? KB_YES : KB_NOT_KNOWN;
}

static struct kb_velero_names users_of(const struct kb_world *world, struct kb_arena *arena,
                                       const struct kb_backup_location *at)
{
    const struct kb_backup_model *m = &world->backup;
    struct kb_str *names = KB_NEW_ARRAY(arena, m->schedules.n + 1, struct kb_str);
    size_t n = 0;
    for (size_t i = 0; i < m->schedules.n; i++) {
        if (m->schedules.at[i]->location == at) {
            names[n++] = m->schedules.at[i]->at.name;
        }
    }
    return (struct kb_velero_names){names, n};
}

static bool tls_verified(const struct kb_backup_location *at)
{
    return !at->skips_tls && !kb_str_starts(at->url, KB_STR("http:"));
}

static struct kb_cel_val foreign(const struct kb_world *world, const struct kb_backup_location *at)
{
    return kb_val_if(at->foreign > 0 || kb_world_whole(world, KB_KIND_VELERO_BACKUP),
                     kb_cel_int((int64_t)at->foreign));
}

static uint64_t defaults(const struct kb_world *world)
{
    uint64_t n = 0;
    for (size_t i = 0; i < world->backup.locations.n; i++) {
        n += world->backup.locations.at[i]->is_default;
    }
    return n;
}

/* Some location that can be counted on lies elsewhere. */
static enum kb_tri any_offsite(const struct kb_world *world)
{
    enum kb_tri found = KB_NO;
    for (size_t i = 0; i < world->backup.locations.n; i++) {
        const struct kb_backup_location *at = world->backup.locations.at[i];
        enum kb_tri here = at->serves == KB_NO ? KB_NO : kb_backup_offsite(world, at);
        here = here == KB_YES ? at->serves : here;
        found = here == KB_YES || (here == KB_NOT_KNOWN && found == KB_NO) ? here : found;
    }
    return found;
}

#define COLUMNS(X)                                                                                 \
    X("object", "string", KB_ALWAYS, kb_cel_string(row->info.object), "\"BackupStorageLocation/namespace/name\".")\
    X("name", "string", KB_ALWAYS, kb_cel_string(at->at.name), "Its name alone.")                  \
    X("namespace", "string", KB_ALWAYS, kb_cel_string(at->at.name_space), "Its namespace.")        \
    X("provider", "string", KB_ALWAYS, kb_cel_string(at->provider), "\"aws\" and others.")         \
    X("bucket", "string", KB_ALWAYS, kb_cel_string(at->bucket), "The bucket.")                     \
    X("prefix", "string", KB_ALWAYS, kb_cel_string(at->prefix), "The prefix in it.")               \
    X("region", "string", KB_ALWAYS, kb_cel_string(at->region), "The region that its config names; empty.")\
    X("phase", "string", KB_ALWAYS, kb_cel_string(at->phase), "\"Available\", \"Unavailable\"; empty before it was looked at.")\
    X("phase_known", "bool", KB_ALWAYS, kb_cel_bool(known_phase(at)), "Whether the phase is one of these.")\
    X("message", "string", KB_ALWAYS, kb_cel_string(at->message), "Why it is not available.")      \
    X("default", "bool", KB_ALWAYS, kb_cel_bool(at->is_default), "Whether it is the default.")     \
    X("read_only", "bool", KB_ALWAYS, kb_cel_bool(at->read_only), "Whether accessMode is ReadOnly.")\
    X("schedules", "list(string)", KB_ALWAYS, kb_val_texts(arena, users_of(world, arena, at)),     \
      "Schedules that write there, usable or not.")                                                \
    X("used", "bool", KB_ALWAYS, kb_cel_bool(at->used), "Whether a schedule that is not paused writes there.")\
    X("validated", "timestamp", KB_OPTIONAL, kb_val_time(at->validated_ns), "When Velero last looked at it.")\
    X("validation_age", "duration", KB_OPTIONAL, kb_val_age(world, at->validated_ns), "Time since then.")\
    X("validation_frequency", "duration", KB_ALWAYS, kb_cel_duration(frequency(at)),               \
      "How often it is to be looked at; 0: never.")                                                \
    X("customer_key", "bool", KB_ALWAYS, kb_val_tri(customer_key(world, at)),                      \
      "Whether objects are encrypted with a KMS key of the customer, by its config or the bucket's default.")\
    X("tls_verified", "bool", KB_ALWAYS, kb_cel_bool(tls_verified(at)),                            \
      "Whether the store is spoken to over TLS with its certificate verified.")                    \
    X("static_keys", "bool", KB_ALWAYS, kb_val_tri(static_keys(world, at)),                        \
      "Whether it is reached with stored keys instead of an IAM role of the service account.")     \
    X("offsite", "bool", KB_ALWAYS, kb_val_tri(kb_backup_offsite(world, at)),                      \
      "Whether it lies in another region than the cluster.")                                       \
    X("any_offsite", "bool", KB_ALWAYS, kb_val_tri(any_offsite(world)),                            \
      "Whether some location that a usable schedule writes to does.")                              \
    X("main", "bool", KB_ALWAYS,                                                                   \
      kb_cel_bool(at->used && (at->is_default || defaults(world) == 0)),                           \
      "Whether it is where backups go that name no location; without a default, each that is used.")\
    X("foreign_backups", "int", KB_ALWAYS, foreign(world, at),                                     \
      "Backups in it that another cluster made.")

static const struct kb_column columns[] = {COLUMNS(KB_BACKUP_COLUMN)};

const struct kb_table kb_table_backup_location = {
    .name = "backup.location",
    .doc = "One row a BackupStorageLocation of Velero.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_arena own = {0}, *arena = &own;
    for (size_t i = 0; i < world->backup.locations.n; i++) {
        const struct kb_backup_location *at = world->backup.locations.at[i];
        struct kb_backup_row made, *row = &made;
        size_t n = 0;
        kb_backup_row_of(&at->at, "BackupStorageLocation", arena, row);
        COLUMNS(KB_BACKUP_VALUE)
        kb_backup_row_give(&kb_table_backup_location, row, fn, ctx);
        kb_arena_reset(&own);
    }
    kb_arena_done(&own);
}

static const enum kb_kind_id needs[] = {KB_KIND_VELERO_LOCATION, KB_KIND_VELERO_SCHEDULE};
const struct kb_fact_source kb_facts_backup_location = {
    .table = &kb_table_backup_location, .needs = needs, .need_count = 2, .rows = rows};

#define REPOSITORY_COLUMNS(X)                                                                      \
    X("object", "string", KB_ALWAYS, kb_cel_string(row->info.object), "\"BackupRepository/namespace/name\".")\
    X("name", "string", KB_ALWAYS, kb_cel_string(at->at.name), "Its name alone.")                  \
    X("phase", "string", KB_ALWAYS, kb_cel_string(at->phase), "\"New\", \"Ready\" or \"NotReady\".")\
    X("message", "string", KB_ALWAYS, kb_cel_string(at->message), "What went wrong.")              \
    X("maintenance_age", "duration", KB_OPTIONAL, kb_val_age(world, at->maintained_ns),            \
      "Time since its last maintenance.")                                                          \
    X("maintenance_frequency", "duration", KB_OPTIONAL, kb_val_aim(at->frequency_ns),              \
      "How often it is to be maintained.")                                                         \
    X("last_result", "string", KB_ALWAYS, kb_cel_string(at->last_result),                          \
      "Result of the last maintenance: \"Succeeded\", \"Failed\"; empty.")

static const struct kb_column repository_columns[] = {REPOSITORY_COLUMNS(KB_BACKUP_COLUMN)};

const struct kb_table kb_table_backup_repository = {
    .name = "backup.repository",
    .doc = "One row a BackupRepository of Velero: where file system backups of a namespace lie.",
    .columns = repository_columns,
    .n = sizeof repository_columns / sizeof repository_columns[0],
};

static void repository_rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_arena own = {0}, *arena = &own;
    for (size_t i = 0; i < world->backup.repositories.n; i++) {
        const struct kb_backup_repository *at = world->backup.repositories.at[i];
        struct kb_backup_row made, *row = &made;
        size_t n = 0;
        kb_backup_row_of(&at->at, "BackupRepository", arena, row);
        REPOSITORY_COLUMNS(KB_BACKUP_VALUE)
        kb_backup_row_give(&kb_table_backup_repository, row, fn, ctx);
        kb_arena_reset(&own);
    }
    kb_arena_done(&own);
}

static const enum kb_kind_id repository_needs[] = {KB_KIND_VELERO_REPOSITORY};
const struct kb_fact_source kb_facts_backup_repository = {.table = &kb_table_backup_repository,
                                                          .needs = repository_needs,
                                                          .need_count = 1,
                                                          .rows = repository_rows};
