/* Taking namespaces, resource policies, definitions of kinds, and the schedules of other tools. */
#include "facts/backup_model.h"

#include "facts/world.h"

static void take_namespace(struct kb_world *world, const struct kb_object *object)
{
    struct kb_backup_namespace *at = KB_NEW(&world->arena, struct kb_backup_namespace);
    struct kb_str phase = kb_backup_text(world, kb_json_object(object->json, "status"), "phase");
    const json_t *labels = kb_object_labels(object);
    *at = (struct kb_backup_namespace){
        .name = kb_map_intern(&world->names, object->name),
        .exclude_label = kb_backup_text(world, labels, "velero.io/exclude-from-backup"),
        .has_label = json_object_get(labels, "velero.io/exclude-from-backup") != NULL,
        .active = phase.n == 0 || kb_str_eq_c(phase, "Active"),
        .good_ns = KB_BACKUP_NO_TIME,
        .kept_ns = KB_BACKUP_NO_TIME,
        .gap_s = -1,
    };
    *KB_VEC_PUSH(&world->backup.namespaces) = at;
}

static void take_definition(struct kb_world *world, const struct kb_object *object)
{
    *KB_VEC_PUSH(&world->backup.crds) = kb_map_intern(&world->names, object->name);
}

/* A resource policy has one key; what was not read has none with a text. */
static void take_config_map(struct kb_world *world, const struct kb_object *object)
{
    struct kb_backup_policy_map *at = KB_NEW(&world->arena, struct kb_backup_policy_map);
    const char *key;
    json_t *value;
    *at = (struct kb_backup_policy_map){
        .name_space = kb_map_intern(&world->names, object->name_space),
        .name = kb_arena_copy(&world->arena, object->name),
        .text = KB_STR(""),
    };
    json_object_foreach(kb_json_object(object->json, "data"), key, value) {
        if (json_is_string(value)) {
            at->text = kb_arena_copy(&world->arena, kb_json_view(value));
            at->read = true;
        }
    }
    *KB_VEC_PUSH(&world->backup.policies) = at;
}

static struct kb_backup_job *new_job(struct kb_world *world, const struct kb_object *object,
                                     const char *tool, struct kb_str cron)
{
    struct kb_backup_job *at = KB_NEW(&world->arena, struct kb_backup_job);
    *at = (struct kb_backup_job){.at = kb_backup_named(world, object), .tool = tool,
                                 .kind = object->kind->kind, .cron = cron, .target = KB_STR(""),
                                 .offsite = KB_NOT_KNOWN};
    *KB_VEC_PUSH(&world->backup.jobs) = at;
    return at;
}

static void take_cnpg_schedule(struct kb_world *world, const struct kb_object *object)
{
    const json_t *spec = kb_json_object(object->json, "spec");
    struct kb_backup_job *at =
        new_job(world, object, "cnpg", kb_backup_text(world, spec, "schedule"));
    (void)kb_json_bool(spec, "suspend", &at->paused);
    at->target = kb_backup_text(world, kb_json_object(spec, "cluster"), "name");
}

static void take_k8up(struct kb_world *world, const struct kb_object *object)
{
    const json_t *spec = kb_json_object(object->json, "spec");
    const json_t *effective =
        kb_json_array(kb_json_object(object->json, "status"), "effectiveSchedules");
    struct kb_str cron = kb_backup_text(world, kb_json_object(spec, "backup"), "schedule");
    for (size_t i = 0; i < json_array_size(effective); i++) {
        const json_t *one = json_array_get(effective, i);
        if (kb_str_eq_c(kb_backup_text(world, one, "jobType"), "backup")) {
            cron = kb_backup_text(world, one, "generatedSchedule");
        }
    }
    if (cron.n > 0) {
        struct kb_backup_job *at = new_job(world, object, "k8up", cron);
        at->checks = kb_json_dig(spec, "check", "schedule", NULL) != NULL;
    }
}

static void take_longhorn(struct kb_world *world, const struct kb_object *object)
{
    const json_t *spec = kb_json_object(object->json, "spec");
    struct kb_str task = kb_backup_text(world, spec, "task");
    if (kb_str_starts(task, KB_STR("backup"))) { /* a snapshot lies on the same disks */
        (void)new_job(world, object, "longhorn", kb_backup_text(world, spec, "cron"));
    }
}

static void take_stash(struct kb_world *world, const struct kb_object *object)
{
    const json_t *spec = kb_json_object(object->json, "spec");
    struct kb_backup_job *at =
        new_job(world, object, "stash", kb_backup_text(world, spec, "schedule"));
    (void)kb_json_bool(spec, "paused", &at->paused);
}

static void take_kubestash(struct kb_world *world, const struct kb_object *object)
{
    const json_t *spec = kb_json_object(object->json, "spec");
    const json_t *sessions = kb_json_array(spec, "sessions");
    for (size_t i = 0; i < json_array_size(sessions); i++) {
        const json_t *session = json_array_get(sessions, i);
        const json_t *scheduler = kb_json_object(session, "scheduler");
        struct kb_backup_job *at =
            new_job(world, object, "kubestash", kb_backup_text(world, scheduler, "schedule"));
        const json_t *repository = json_array_get(kb_json_array(session, "repositories"), 0);
        bool suspended = false;
        (void)kb_json_bool(spec, "paused", &at->paused);
        (void)kb_json_bool(scheduler, "suspend", &suspended);
        at->paused = at->paused || suspended;
        at->checks = kb_json_object(repository, "backupVerifier") != NULL;
    }
}

static bool has_action(const json_t *actions, const char *name)
{
    bool found = false;
    for (size_t i = 0; i < json_array_size(actions) && !found; i++) {
        struct kb_str action = KB_STR("");
        (void)kb_json_str(json_array_get(actions, i), "action", &action);
        found = kb_str_eq_c(action, name);
    }
    return found;
}

static void take_kasten(struct kb_world *world, const struct kb_object *object)
{
    const json_t *spec = kb_json_object(object->json, "spec");
    const json_t *actions = kb_json_array(spec, "actions");
    if (!has_action(actions, "backup")) {
        return;
    }
    struct kb_backup_job *at =
        new_job(world, object, "kasten", kb_backup_text(world, spec, "frequency"));
    at->offsite = has_action(actions, "export") ? KB_NOT_KNOWN : KB_NO;
    (void)kb_json_bool(spec, "paused", &at->paused);
}

static void take_database(struct kb_world *world, const struct kb_object *object)
{
    struct kb_backup_database *at = KB_NEW(&world->arena, struct kb_backup_database);
    const json_t *backup = kb_json_dig(object->json, "spec", "backup", NULL);
    const json_t *status = kb_json_object(object->json, "status");
    const json_t *conditions = kb_json_array(status, "conditions");
    *at = (struct kb_backup_database){
        .at = kb_backup_named(world, object),
        .retention = kb_backup_text(world, backup, "retentionPolicy"),
        .configured = backup != NULL,
        .last_good_ns = kb_backup_time(status, "lastSuccessfulBackup"),
        .created_ns = object->created_ns,
        .archiving = KB_STR(""),
        .archiving_message = KB_STR(""),
    };
    for (size_t i = 0; i < json_array_size(conditions); i++) {
        const json_t *one = json_array_get(conditions, i);
        if (kb_str_eq_c(kb_backup_text(world, one, "type"), "ContinuousArchiving")) {
            at->archiving = kb_backup_text(world, one, "status");
            at->archiving_message = kb_backup_text(world, one, "message");
        }
    }
    *KB_VEC_PUSH(&world->backup.databases) = at;
}

static const struct {
    enum kb_kind_id kind;
    void (*take)(struct kb_world *world, const struct kb_object *object);
} takers[] = {
    {KB_KIND_NAMESPACE, take_namespace},
    {KB_KIND_CUSTOM_RESOURCE_DEFINITION, take_definition},
    {KB_KIND_CONFIG_MAP, take_config_map},
    {KB_KIND_CNPG_SCHEDULED_BACKUP, take_cnpg_schedule},
    {KB_KIND_CNPG_CLUSTER, take_database},
    {KB_KIND_K8UP_SCHEDULE, take_k8up},
    {KB_KIND_LONGHORN_RECURRING_JOB, take_longhorn},
    {KB_KIND_STASH_CONFIGURATION, take_stash},
    {KB_KIND_KUBESTASH_CONFIGURATION, take_kubestash},
    {KB_KIND_KASTEN_POLICY, take_kasten},
};

bool kb_backup_take_other(struct kb_world *world, const struct kb_object *object)
{
    for (size_t i = 0; i < sizeof takers / sizeof takers[0]; i++) {
        if (takers[i].kind == object->kind->id) {
            takers[i].take(world, object);
            return true;
        }
    }
    return false;
}
