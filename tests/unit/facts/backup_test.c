/* Backups from objects that are odd, missing or refused. */
#include "facts/backup_tables.h"

#include "data/json.h"
#include "test.h"

static const int64_t NOW_NS = INT64_C(1781598600) * 1000000000; /* 2026-06-16T08:30:00Z */

static struct kb_cel_val no_setting(const void *ctx, const char *name)
{
    (void)ctx;
    (void)name;
    return (struct kb_cel_val){.kind = KB_CEL_NULL};
}

static void begin(struct kb_world *world)
{
    kb_world_init(world, NOW_NS, no_setting, NULL);
    struct kb_object_sink sink = kb_world_sink(world);
    for (size_t i = 0; i < KB_KIND_COUNT; i++) {
        struct kb_list_report report = {.kind = &kb_kinds[i], .state = KB_LIST_COMPLETE,
                                        .source = KB_STR("test"), .reason = KB_STR(""),
                                        .resource_version = KB_STR("")};
        sink.list(sink.ctx, &report);
    }
}

static void refuse(struct kb_world *world, enum kb_kind_id kind)
{
    world->lists[kind].state = KB_LIST_FORBIDDEN;
}

static void give(struct kb_world *world, enum kb_kind_id kind, const char *text)
{
    struct kb_object_sink sink = kb_world_sink(world);
    struct kb_object object;
    struct kb_err err = {0};
    KB_AUTO(kb_json_done) json_t *json = NULL;
    OK(kb_json_parse(NULL, kb_str_c(text), 0, &json, &err), &err);
    OK(kb_object_view(&kb_kinds[kind], json, &object, &err), &err);
    object.source = KB_STR("test");
    sink.object(sink.ctx, &object);
}

struct wanted {
    const struct kb_table *table;
    const char *object, *column;
    struct kb_cel_val value;
    char text[200];
};

static void look(void *ctx, const struct kb_row *row)
{
    struct wanted *w = ctx;
    struct kb_arena arena = {0};
    struct kb_row_info info;
    row->ops->info(row->data, &arena, &info);
    int column = kb_table_column(w->table, kb_str_c(w->column));
    if (kb_str_eq_c(info.object, w->object) && column >= 0) {
        row->ops->get(row->data, (unsigned)column, &arena, &w->value);
        if (w->value.kind == KB_CEL_STRING) {
            (void)snprintf(w->text, sizeof w->text, "%.*s", KB_FMT(w->value.s));
        } else if (w->value.kind == KB_CEL_LIST) {
            (void)snprintf(w->text, sizeof w->text, "%zu", w->value.list->n);
        } else if (w->value.kind == KB_CEL_BOOL) {
            (void)snprintf(w->text, sizeof w->text, "%s", w->value.b ? "true" : "false");
        } else if (w->value.kind == KB_CEL_UNKNOWN) {
            (void)snprintf(w->text, sizeof w->text, "unknown");
        } else if (w->value.kind == KB_CEL_ABSENT) {
            (void)snprintf(w->text, sizeof w->text, "absent");
        } else {
            (void)snprintf(w->text, sizeof w->text, "a value");
        }
    }
    kb_arena_done(&arena);
}

static void is(const struct kb_world *world, const struct kb_fact_source *source, const char *object,
               const char *column, const char *want, int line)
{
    struct wanted w = {.table = source->table, .object = object, .column = column, .text = "no row"};
    source->rows(world, look, &w);
    kb_test_str(kb_str_c(w.text), kb_str_c(want), __FILE__, line);
}
#define IS(source, object, column, want) is(&world, &kb_facts_##source, object, column, want, __LINE__)

#define META(name) "\"metadata\":{\"name\":\"" name "\",\"namespace\":\"velero\",\"creationTimestamp\":\"2026-01-01T00:00:00Z\"}"
#define LOCATION                                                                                   \
    "{" META("default") ",\"spec\":{\"default\":true},\"status\":{\"phase\":\"Available\"}}"
#define SCHEDULE(more, status)                                                                     \
    "{" META("s") ",\"spec\":{\"schedule\":\"0 2 * * *\",\"template\":{" more "}},\"status\":" status "}"
#define ENABLED "{\"phase\":\"Enabled\"}"
#define NAMESPACE "{\"metadata\":{\"name\":\"shop\"}}"
#define CLAIM                                                                                      \
    "{\"metadata\":{\"name\":\"data\",\"namespace\":\"shop\",\"uid\":\"u1\"},\"spec\":{\"volumeName\":"   \
    "\"pv\",\"storageClassName\":\"gp3\"},\"status\":{\"phase\":\"Bound\"}}"

static void usual(struct kb_world *world, const char *schedule)
{
    begin(world);
    give(world, KB_KIND_NAMESPACE, NAMESPACE);
    give(world, KB_KIND_VELERO_LOCATION, LOCATION);
    give(world, KB_KIND_VELERO_SCHEDULE, schedule);
}

KB_TEST(backup, phases_that_are_not_known)
{
    struct kb_world world;
    usual(&world, SCHEDULE("", "{\"phase\":\"Sleeping\"}"));
    give(&world, KB_KIND_VELERO_BACKUP, "{" META("b") ",\"status\":{\"phase\":\"Dreaming\"}}");
    give(&world, KB_KIND_VELERO_BACKUP, "{" META("c") "}");
    kb_world_close(&world);
    IS(backup_schedule, "Schedule/velero/s", "usable", "unknown");
    IS(backup_schedule, "Schedule/velero/s", "phase_known", "false");
    IS(backup_schedule, "Schedule/velero/s", "not_usable", "its phase is not known");
    IS(backup_namespace, "Namespace/shop", "covered", "unknown");
    IS(backup_run, "Backup/velero/b", "phase_known", "false");
    IS(backup_run, "Backup/velero/c", "phase", "");
    IS(backup_run, "Backup/velero/c", "newest", "false");
    kb_world_done(&world);
}

KB_TEST(backup, lists_that_were_refused)
{
    struct kb_world world;
    usual(&world, SCHEDULE("", ENABLED));
    refuse(&world, KB_KIND_VELERO_BACKUP);
    refuse(&world, KB_KIND_VELERO_RESTORE);
    kb_world_close(&world);
    IS(backup_schedule, "Schedule/velero/s", "usable", "true");
    IS(backup_schedule, "Schedule/velero/s", "without_good", "unknown");
    IS(backup_schedule, "Schedule/velero/s", "blocked_by", "unknown");
    IS(backup_namespace, "Namespace/shop", "good_age", "unknown");
    IS(backup_namespace, "Namespace/shop", "tested_age", "unknown");
    kb_world_done(&world);
    begin(&world);
    give(&world, KB_KIND_NAMESPACE, NAMESPACE);
    refuse(&world, KB_KIND_VELERO_SCHEDULE);
    refuse(&world, KB_KIND_DEPLOYMENT);
    kb_world_close(&world);
    IS(backup_namespace, "Namespace/shop", "covered", "unknown");
    IS(backup_summary, "Namespace/velero", "usable_schedules", "unknown");
    IS(backup_summary, "Namespace/velero", "server", "unknown");
    IS(backup_summary, "Namespace/velero", "cluster_scoped", "unknown");
    kb_world_done(&world);
}

KB_TEST(backup, claims_without_volumes)
{
    struct kb_world world;
    usual(&world, SCHEDULE("", ENABLED));
    give(&world, KB_KIND_PERSISTENT_VOLUME_CLAIM, CLAIM);
    give(&world, KB_KIND_VELERO_SNAPSHOT_LOCATION, "{" META("aws") "}");
    kb_world_close(&world);
    IS(backup_volume, "PersistentVolumeClaim/shop/data", "covered", "false");
    kb_world_done(&world);
    usual(&world, SCHEDULE("\"defaultVolumesToFsBackup\":false", ENABLED));
    give(&world, KB_KIND_PERSISTENT_VOLUME_CLAIM, CLAIM);
    kb_world_close(&world);
    IS(backup_volume, "PersistentVolumeClaim/shop/data", "covered", "false");
    IS(backup_volume, "PersistentVolumeClaim/shop/data", "why_not", "its volume is not there");
    kb_world_done(&world);
    usual(&world, SCHEDULE("\"defaultVolumesToFsBackup\":false", ENABLED));
    give(&world, KB_KIND_PERSISTENT_VOLUME_CLAIM, CLAIM);
    refuse(&world, KB_KIND_PERSISTENT_VOLUME);
    kb_world_close(&world);
    IS(backup_volume, "PersistentVolumeClaim/shop/data", "covered", "unknown");
    kb_world_done(&world);
}

KB_TEST(backup, schedules_that_ask_for_what_cannot_be)
{
    static const struct {
        const char *more, *problems, *covered;
    } rows[] = {
        {"\"labelSelector\":{},\"orLabelSelectors\":[{}]", "1", "false"},
        {"\"includedNamespaces\":[\"[\"]", "1", "false"},
        {"\"includedNamespaces\":[\"shop\",\"gone\"]", "1", "true"},
        {"\"includedResources\":[\"pods\"],\"excludedClusterScopedResources\":[\"x\"]", "1", "false"},
        {"\"labelSelector\":{\"matchLabels\":{\"a b\":\"c\"}}", "1", "false"},
        {"\"storageLocation\":\"other\"", "1", "false"},
        {"\"includedNamespaces\":[5,{}]", "0", "false"},
        {"\"ttl\":[],\"hooks\":7,\"resourcePolicy\":\"x\",\"labelSelector\":9", "0", "true"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct kb_world world;
        char text[1000];
        (void)snprintf(text, sizeof text, SCHEDULE("%s", ENABLED), rows[i].more);
        usual(&world, text);
        kb_world_close(&world);
        IS(backup_schedule, "Schedule/velero/s", "problems", rows[i].problems);
        IS(backup_namespace, "Namespace/shop", "covered", rows[i].covered);
        kb_world_done(&world);
    }
}

KB_TEST(backup, a_clock_before_the_objects)
{
    struct kb_world world;
    usual(&world, SCHEDULE("", ENABLED));
    give(&world, KB_KIND_VELERO_BACKUP,
         "{\"metadata\":{\"name\":\"b\",\"namespace\":\"velero\",\"labels\":{\"velero.io/schedule-name\":\"s\"},"
         "\"creationTimestamp\":\"2027-01-01T00:00:00Z\"},\"status\":{\"phase\":\"Completed\","
         "\"startTimestamp\":\"2027-01-01T00:00:00Z\",\"completionTimestamp\":\"2027-01-01T00:05:00Z\"}}");
    kb_world_close(&world);
    IS(backup_schedule, "Schedule/velero/s", "without_good", "unknown");
    IS(backup_namespace, "Namespace/shop", "good_age", "unknown");
    IS(backup_run, "Backup/velero/b", "age", "unknown");
    kb_world_done(&world);
}

KB_TEST(backup, fields_of_another_type)
{
    static const enum kb_kind_id kinds[] = {
        KB_KIND_VELERO_SCHEDULE, KB_KIND_VELERO_BACKUP, KB_KIND_VELERO_LOCATION,
        KB_KIND_VELERO_RESTORE, KB_KIND_VELERO_REPOSITORY, KB_KIND_POD_VOLUME_BACKUP,
        KB_KIND_DATA_UPLOAD, KB_KIND_PERSISTENT_VOLUME_CLAIM, KB_KIND_PERSISTENT_VOLUME,
        KB_KIND_STORAGE_CLASS, KB_KIND_VOLUME_SNAPSHOT, KB_KIND_VOLUME_SNAPSHOT_CONTENT,
        KB_KIND_VOLUME_SNAPSHOT_CLASS, KB_KIND_POD, KB_KIND_DEPLOYMENT, KB_KIND_STATEFUL_SET,
        KB_KIND_DAEMON_SET, KB_KIND_CRON_JOB, KB_KIND_CNPG_CLUSTER, KB_KIND_CNPG_SCHEDULED_BACKUP,
        KB_KIND_K8UP_SCHEDULE, KB_KIND_LONGHORN_RECURRING_JOB, KB_KIND_STASH_CONFIGURATION,
        KB_KIND_KUBESTASH_CONFIGURATION, KB_KIND_KASTEN_POLICY};
    static const char *const texts[] = {
        "{" META("x") ",\"spec\":5,\"status\":\"y\"}",
        "{" META("x") ",\"spec\":{\"template\":[],\"backup\":{\"schedule\":7},\"schedule\":{},\"sessions\":[1],"
        "\"volumes\":[3],\"config\":[],\"actions\":[2],\"task\":\"backup\",\"cron\":9},\"status\":{\"phase\":[],"
        "\"conditions\":[4],\"recentMaintenance\":[5],\"progress\":6},\"parameters\":{\"encrypted\":true}}"};
    struct kb_world world;
    for (size_t t = 0; t < 2; t++) {
        begin(&world);
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
            give(&world, kinds[i], texts[t]);
        }
        kb_world_close(&world);
        IS(backup_schedule, "Schedule/velero/x", "fires", "false");
        IS(backup_volume, "PersistentVolumeClaim/velero/x", "covered", "no row");
        kb_world_done(&world);
    }
}
