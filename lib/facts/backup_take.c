/* Taking Velero's objects. */
#include "facts/backup_model.h"

#include "data/duration.h"
#include "data/time.h"
#include "facts/world.h"

struct kb_str kb_backup_text(struct kb_world *world, const json_t *object, const char *key)
{
    struct kb_str value = KB_STR("");
    (void)kb_json_str(object, key, &value);
    return kb_arena_copy(&world->arena, value);
}

/* For texts that many objects have: one copy of each. */
static struct kb_str word(struct kb_world *world, const json_t *object, const char *key)
{
    struct kb_str value = KB_STR("");
    (void)kb_json_str(object, key, &value);
    return value.n == 0 ? KB_STR("") : kb_map_intern(&world->names, value);
}

/* Equal lists are kept once: all runs of a schedule have its lists. The key is what the texts are interned as. */
struct kb_velero_names kb_backup_texts(struct kb_world *world, const json_t *list)
{
    static const struct kb_str none;
    size_t n = json_array_size(list);
    if (n == 0) {
        return (struct kb_velero_names){&none, 0};
    }
    struct kb_str *at = kb_alloc(n * sizeof *at);
    for (size_t i = 0; i < n; i++) {
        at[i] = kb_map_intern(&world->names, kb_json_view(json_array_get(list, i)));
    }
    struct kb_map_entry *kept = kb_map_add(
        &world->backup.lists, (struct kb_str){(const char *)(const void *)at, n * sizeof *at}, NULL);
    if (kept->value.ptr == NULL) {
        struct kb_str *copy = KB_NEW_ARRAY(&world->arena, n, struct kb_str);
        memcpy(copy, at, n * sizeof *at);
        kept->value.ptr = copy;
    }
    kb_free(at);
    return (struct kb_velero_names){kept->value.ptr, n};
}

int64_t kb_backup_time(const json_t *object, const char *key)
{
    struct kb_time time, epoch = {0};
    struct kb_str text = KB_STR("");
    int64_t ns;
    bool known = kb_json_str(object, key, &text) &&
                 !kb_failed(kb_time_parse(text, KB_TIME_META, &time, NULL)) &&
                 kb_time_diff(time, epoch, &ns);
    return known ? ns : KB_BACKUP_NO_TIME;
}

int64_t kb_backup_duration(const json_t *object, const char *key, int64_t otherwise)
{
    struct kb_str text = KB_STR("");
    int64_t ns;
    bool known = kb_json_str(object, key, &text) && !kb_failed(kb_duration_parse(text, &ns, NULL));
    return known ? ns : otherwise;
}

struct kb_named kb_backup_named(struct kb_world *world, const struct kb_object *object)
{
    return (struct kb_named){
        .name_space = kb_map_intern(&world->names, object->name_space),
        .name = kb_arena_copy(&world->arena, object->name),
        .uid = kb_arena_copy(&world->arena, object->uid),
        .resource_version = kb_arena_copy(&world->arena, object->resource_version),
        .source = kb_map_intern(&world->names, object->source),
    };
}

const json_t *kb_backup_own(struct kb_world *world, const json_t *json)
{
    if (json == NULL) {
        return NULL;
    }
    *KB_VEC_PUSH(&world->backup.owned) = json_incref((json_t *)(uintptr_t)json);
    return json;
}

bool kb_backup_excluded(const struct kb_object *object)
{
    struct kb_str value = KB_STR("");
    return kb_json_str(kb_object_labels(object), "velero.io/exclude-from-backup", &value) &&
           kb_str_eq_c(value, "true");
}

static enum kb_tri switch_of(const json_t *object, const char *key)
{
    bool value;
    return kb_json_bool(object, key, &value) ? (value ? KB_YES : KB_NO) : KB_NOT_KNOWN;
}

static void read_selectors(struct kb_world *world, const json_t *spec, struct kb_backup_spec *out)
{
    const json_t *one = kb_json_object(spec, "labelSelector");
    const json_t *any = kb_json_array(spec, "orLabelSelectors");
    size_t n = json_array_size(any) + (one != NULL);
    struct kb_selector *at = KB_NEW_ARRAY(&world->arena, n + 1, struct kb_selector);
    for (size_t i = 0; i < n; i++) {
        const json_t *json = one != NULL && i == 0 ? one : json_array_get(any, i - (one != NULL));
        bool bad = kb_failed(kb_selector_from_json(json, &world->arena, &at[i], NULL));
        out->bad_selector = out->bad_selector || bad;
    }
    out->selectors = at;
    out->selector_count = n;
    out->both_selectors = one != NULL && json_array_size(any) > 0;
}

void kb_backup_read_spec(struct kb_world *world, const json_t *spec, struct kb_backup_spec *out)
{
    enum kb_tri cluster = switch_of(spec, "includeClusterResources");
    *out = (struct kb_backup_spec){.fs_default = switch_of(spec, "defaultVolumesToFsBackup"),
                                   .snapshots = switch_of(spec, "snapshotVolumes"),
                                   .move_data = switch_of(spec, "snapshotMoveData")};
    for (int i = 0; i < KB_VELERO_LISTS; i++) {
        out->lists.lists[i] =
            kb_backup_texts(world, kb_json_array(spec, kb_velero_list_name((enum kb_velero_list)i)));
    }
    out->lists.cluster_resources = cluster == KB_NOT_KNOWN ? KB_VELERO_UNSET
                                   : cluster == KB_YES     ? KB_VELERO_TRUE
                                                           : KB_VELERO_FALSE;
    if (out->fs_default == KB_NOT_KNOWN) {
        out->fs_default = switch_of(spec, "defaultVolumesToRestic");
    }
    out->ttl_ns = kb_backup_duration(spec, "ttl", 0);
    out->item_timeout_ns = kb_backup_duration(spec, "itemOperationTimeout", 0);
    out->location = word(world, spec, "storageLocation");
    out->policy = word(world, kb_json_object(spec, "resourcePolicy"), "name");
    out->snapshot_locations = kb_backup_texts(world, kb_json_array(spec, "volumeSnapshotLocations"));
    out->hooks = json_array_size(kb_json_dig(spec, "hooks", "resources", NULL)) > 0;
    read_selectors(world, spec, out);
}

static void take_schedule(struct kb_world *world, const struct kb_object *object)
{
    struct kb_backup_schedule *at = KB_NEW(&world->arena, struct kb_backup_schedule);
    const json_t *spec = kb_json_object(object->json, "spec");
    const json_t *status = kb_json_object(object->json, "status");
    *at = (struct kb_backup_schedule){
        .at = kb_backup_named(world, object),
        .cron = kb_backup_text(world, spec, "schedule"),
        .phase = kb_backup_text(world, status, "phase"),
        .errors = kb_backup_texts(world, kb_json_array(status, "validationErrors")),
        .created_ns = object->created_ns,
        .last_backup_ns = kb_backup_time(status, "lastBackup"),
        .last_skipped_ns = kb_backup_time(status, "lastSkipped"),
        .annotations = kb_backup_own(world, kb_object_annotations(object)),
    };
    (void)kb_json_bool(spec, "paused", &at->paused);
    (void)kb_json_bool(spec, "useOwnerReferencesInBackup", &at->owner_references);
    kb_backup_read_spec(world, kb_json_object(spec, "template"), &at->spec);
    *KB_VEC_PUSH(&world->backup.schedules) = at;
}

static int64_t number(const json_t *object, const char *key)
{
    int64_t value = 0;
    (void)kb_json_i64(object, key, &value);
    return value;
}

static void read_counts(const json_t *status, struct kb_backup_run *at)
{
    const json_t *progress = kb_json_object(status, "progress");
    at->errors = number(status, "errors");
    at->warnings = number(status, "warnings");
    at->has_items = progress != NULL;
    at->items = number(progress, "itemsBackedUp");
    at->items_total = number(progress, "totalItems");
    at->hooks_failed = number(kb_json_object(status, "hookStatus"), "hooksFailed");
    at->operations_failed = number(status, "backupItemOperationsFailed");
    at->snapshots =
        number(status, "volumeSnapshotsAttempted") + number(status, "csiVolumeSnapshotsAttempted");
    at->snapshots_done =
        number(status, "volumeSnapshotsCompleted") + number(status, "csiVolumeSnapshotsCompleted");
}

static void take_run(struct kb_world *world, const struct kb_object *object)
{
    struct kb_backup_run *at = KB_NEW(&world->arena, struct kb_backup_run);
    const json_t *status = kb_json_object(object->json, "status");
    const json_t *labels = kb_object_labels(object);
    *at = (struct kb_backup_run){
        .at = kb_backup_named(world, object),
        .schedule = word(world, labels, "velero.io/schedule-name"),
        .phase = word(world, status, "phase"),
        .failure = word(world, status, "failureReason"),
        .gc_failure = word(world, labels, "velero.io/gc-failure"),
        .source_version = word(world, kb_object_annotations(object),
                                         "velero.io/source-cluster-k8s-gitversion"),
        .problems = kb_backup_texts(world, kb_json_array(status, "validationErrors")),
        .created_ns = object->created_ns,
        .started_ns = kb_backup_time(status, "startTimestamp"),
        .completed_ns = kb_backup_time(status, "completionTimestamp"),
        .expires_ns = kb_backup_time(status, "expiration"),
        .usual_items = -1,
        .expected_snapshots = -1,
    };
    kb_backup_read_spec(world, kb_json_object(object->json, "spec"), &at->spec);
    at->location = at->spec.location;
    read_counts(status, at);
    *KB_VEC_PUSH(&world->backup.runs) = at;
}

static void take_location(struct kb_world *world, const struct kb_object *object)
{
    struct kb_backup_location *at = KB_NEW(&world->arena, struct kb_backup_location);
    const json_t *spec = kb_json_object(object->json, "spec");
    const json_t *status = kb_json_object(object->json, "status");
    const json_t *config = kb_json_object(spec, "config");
    const json_t *store = kb_json_object(spec, "objectStorage");
    *at = (struct kb_backup_location){
        .at = kb_backup_named(world, object),
        .provider = kb_backup_text(world, spec, "provider"),
        .phase = kb_backup_text(world, status, "phase"),
        .message = kb_backup_text(world, status, "message"),
        .bucket = kb_backup_text(world, store, "bucket"),
        .prefix = kb_backup_text(world, store, "prefix"),
        .region = kb_backup_text(world, config, "region"),
        .kms_key = kb_backup_text(world, config, "kmsKeyId"),
        .sse = kb_backup_text(world, config, "serverSideEncryption"),
        .url = kb_backup_text(world, config, "s3Url"),
        .credential = kb_backup_text(world, kb_json_object(spec, "credential"), "name"),
        .read_only = kb_str_eq_c(kb_backup_text(world, spec, "accessMode"), "ReadOnly"),
        .skips_tls = kb_str_eq_c(kb_backup_text(world, config, "insecureSkipTLSVerify"), "true"),
        .validated_ns = kb_backup_time(status, "lastValidationTime"),
        .frequency_ns = kb_backup_duration(spec, "validationFrequency", -1),
    };
    (void)kb_json_bool(spec, "default", &at->is_default);
    *KB_VEC_PUSH(&world->backup.locations) = at;
}

static void take_restore(struct kb_world *world, const struct kb_object *object)
{
    struct kb_backup_restore *at = KB_NEW(&world->arena, struct kb_backup_restore);
    const json_t *spec = kb_json_object(object->json, "spec");
    const json_t *status = kb_json_object(object->json, "status");
    const json_t *mapping = kb_json_object(spec, "namespaceMapping");
    *at = (struct kb_backup_restore){
        .at = kb_backup_named(world, object),
        .phase = kb_backup_text(world, status, "phase"),
        .backup = kb_backup_text(world, spec, "backupName"),
        .schedule = kb_backup_text(world, spec, "scheduleName"),
        .created_ns = object->created_ns,
        .started_ns = kb_backup_time(status, "startTimestamp"),
        .completed_ns = kb_backup_time(status, "completionTimestamp"),
        .errors = number(status, "errors"),
        .warnings = number(status, "warnings"),
        .items = number(kb_json_object(status, "progress"), "itemsRestored"),
        .operations = number(status, "restoreItemOperationsCompleted"),
        .namespaces = kb_backup_texts(world, kb_json_array(spec, "includedNamespaces")),
        .mapping = json_object_size(mapping) > 0 ? kb_backup_own(world, mapping) : NULL,
    };
    *KB_VEC_PUSH(&world->backup.restores) = at;
}

static void read_volume_run(struct kb_world *world, const struct kb_object *object,
                            struct kb_backup_volume_run *at)
{
    const json_t *spec = kb_json_object(object->json, "spec");
    const json_t *status = kb_json_object(object->json, "status");
    const json_t *labels = kb_object_labels(object);
    const json_t *progress = kb_json_object(status, "progress");
    at->at = kb_backup_named(world, object);
    at->backup = word(world, labels, "velero.io/backup-name");
    at->claim_uid = word(world, labels, "velero.io/pvc-uid");
    at->phase = word(world, status, "phase");
    at->message = word(world, status, "message");
    at->started_ns = kb_backup_time(status, "startTimestamp");
    at->completed_ns = kb_backup_time(status, "completionTimestamp");
    at->bytes = number(progress, "bytesDone");
    at->total = number(progress, "totalBytes");
    at->claim_namespace = word(world, spec, "sourceNamespace");
    at->claim = word(world, spec, "sourcePVC");
    at->volume = word(world, spec, "volume");
    at->pod = word(world, kb_json_object(spec, "pod"), "name");
    if (!at->upload) {
        at->claim_namespace = word(world, kb_json_object(spec, "pod"), "namespace");
    }
}

static void take_volume_run(struct kb_world *world, const struct kb_object *object)
{
    struct kb_backup_volume_run *at = KB_NEW(&world->arena, struct kb_backup_volume_run);
    at->upload = object->kind->id == KB_KIND_DATA_UPLOAD;
    read_volume_run(world, object, at);
    *KB_VEC_PUSH(&world->backup.volume_runs) = at;
}

static void take_repository(struct kb_world *world, const struct kb_object *object)
{
    struct kb_backup_repository *at = KB_NEW(&world->arena, struct kb_backup_repository);
    const json_t *status = kb_json_object(object->json, "status");
    const json_t *recent = kb_json_array(status, "recentMaintenance");
    int64_t newest = KB_BACKUP_NO_TIME;
    *at = (struct kb_backup_repository){
        .at = kb_backup_named(world, object),
        .phase = kb_backup_text(world, status, "phase"),
        .message = kb_backup_text(world, status, "message"),
        .maintained_ns = kb_backup_time(status, "lastMaintenanceTime"),
        .frequency_ns = kb_backup_duration(kb_json_object(object->json, "spec"),
                                           "maintenanceFrequency", 0),
        .last_result = KB_STR(""),
    };
    for (size_t i = 0; i < json_array_size(recent); i++) {
        const json_t *run = json_array_get(recent, i);
        int64_t ns = kb_backup_time(run, "startTimestamp");
        if (ns >= newest) {
            newest = ns;
            at->last_result = kb_backup_text(world, run, "result");
        }
    }
    *KB_VEC_PUSH(&world->backup.repositories) = at;
}

static void take_deletion(struct kb_world *world, const struct kb_object *object)
{
    struct kb_backup_deletion *at = KB_NEW(&world->arena, struct kb_backup_deletion);
    const json_t *status = kb_json_object(object->json, "status");
    *at = (struct kb_backup_deletion){
        .at = kb_backup_named(world, object),
        .backup = kb_backup_text(world, kb_json_object(object->json, "spec"), "backupName"),
        .phase = kb_backup_text(world, status, "phase"),
        .errors = kb_backup_texts(world, kb_json_array(status, "errors")),
        .created_ns = object->created_ns,
    };
    *KB_VEC_PUSH(&world->backup.deletions) = at;
}

static void take_snapshot_location(struct kb_world *world, const struct kb_object *object)
{
    struct kb_named *at = KB_NEW(&world->arena, struct kb_named);
    *at = kb_backup_named(world, object);
    *KB_VEC_PUSH(&world->backup.snapshot_locations) = at;
}

static const struct {
    enum kb_kind_id kind;
    void (*take)(struct kb_world *world, const struct kb_object *object);
} takers[] = {
    {KB_KIND_VELERO_SCHEDULE, take_schedule},
    {KB_KIND_VELERO_BACKUP, take_run},
    {KB_KIND_VELERO_LOCATION, take_location},
    {KB_KIND_VELERO_RESTORE, take_restore},
    {KB_KIND_VELERO_REPOSITORY, take_repository},
    {KB_KIND_VELERO_SNAPSHOT_LOCATION, take_snapshot_location},
    {KB_KIND_VELERO_DELETE_REQUEST, take_deletion},
    {KB_KIND_POD_VOLUME_BACKUP, take_volume_run},
    {KB_KIND_DATA_UPLOAD, take_volume_run},
};

static size_t kept(const struct kb_backup_model *model)
{
    return model->runs.n + model->volume_runs.n + model->pods.n + model->claims.n +
           model->volumes.n + model->snapshots.n + model->crds.n;
}

void kb_backup_model_take(struct kb_world *world, const struct kb_object *object)
{
    if (kept(&world->backup) >= KB_BACKUP_OBJECTS_MAX) {
        world->backup.dropped++;
        return;
    }
    for (size_t i = 0; i < sizeof takers / sizeof takers[0]; i++) {
        if (takers[i].kind == object->kind->id) {
            takers[i].take(world, object);
            return;
        }
    }
    if (!kb_backup_take_storage(world, object) && !kb_backup_take_pod(world, object)) {
        (void)kb_backup_take_other(world, object);
    }
}
