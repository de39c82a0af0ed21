/* Taking pods and their templates: volumes, and the annotations that decide about them; Velero's server. */
#include "facts/backup_model.h"

#include "data/duration.h"
#include "data/semver.h"
#include "facts/world.h"

/* Images whose data needs a word with the database before it is copied: the last part of the name. */
static bool is_database(struct kb_str image)
{
    static const char *const names[] = {"postgres", "postgresql", "mysql",     "mariadb", "mongo",
                                        "mongodb",  "redis",      "cassandra", "elasticsearch",
                                        "opensearch", "kafka",    "etcd",      "clickhouse-server",
                                        "rabbitmq"};
    struct kb_str rest, name = kb_str_split(image, '@', &rest);
    size_t slash;
    while ((slash = kb_str_find(name, KB_STR("/"), 0)) != SIZE_MAX) {
        name = kb_str_sub(name, slash + 1, name.n);
    }
    name = kb_str_split(name, ':', &rest);
    bool found = false;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !found; i++) {
        found = kb_str_eq_c(name, names[i]);
    }
    return found;
}

static bool mounts(const json_t *spec, const char *key, const char *list, struct kb_str volume)
{
    const json_t *containers = kb_json_array(spec, key);
    bool found = false;
    for (size_t i = 0; i < json_array_size(containers) && !found; i++) {
        const json_t *mounted = kb_json_array(json_array_get(containers, i), list);
        for (size_t k = 0; k < json_array_size(mounted) && !found; k++) {
            struct kb_str name = KB_STR("");
            (void)kb_json_str(json_array_get(mounted, k), "name", &name);
            found = kb_str_eq(name, volume);
        }
    }
    return found;
}

static bool has_database(const json_t *spec)
{
    const json_t *containers = kb_json_array(spec, "containers");
    bool found = false;
    for (size_t i = 0; i < json_array_size(containers) && !found; i++) {
        struct kb_str image = KB_STR("");
        (void)kb_json_str(json_array_get(containers, i), "image", &image);
        found = is_database(image);
    }
    return found;
}

static void add_volume(struct kb_world *world, const json_t *spec, struct kb_str name,
                       struct kb_str claim, struct kb_backup_pod_volume *out)
{
    bool block = mounts(spec, "containers", "volumeDevices", name);
    *out = (struct kb_backup_pod_volume){
        .name = kb_arena_copy(&world->arena, name),
        .claim = kb_arena_copy(&world->arena, claim),
        .mounted = mounts(spec, "containers", "volumeMounts", name) ||
                   mounts(spec, "initContainers", "volumeMounts", name),
        .block = block,
    };
}

/* Volumes of the pod, then those that a StatefulSet's claims bring. */
static void read_volumes(struct kb_world *world, const json_t *spec, const json_t *templates,
                         struct kb_backup_pod *at)
{
    const json_t *volumes = kb_json_array(spec, "volumes");
    size_t n = json_array_size(volumes), all = n + json_array_size(templates);
    struct kb_backup_pod_volume *out =
        KB_NEW_ARRAY(&world->arena, all + 1, struct kb_backup_pod_volume);
    for (size_t i = 0; i < all; i++) {
        const json_t *volume = i < n ? json_array_get(volumes, i)
                                     : kb_json_object(json_array_get(templates, i - n), "metadata");
        struct kb_str name = KB_STR(""), claim = KB_STR("");
        (void)kb_json_str(volume, "name", &name);
        (void)kb_json_str(kb_json_object(volume, "persistentVolumeClaim"), "claimName", &claim);
        if (json_object_get(volume, "ephemeral") != NULL && i < n) {
            claim = kb_arena_printf(&world->arena, "%.*s-%.*s", KB_FMT(at->at.name), KB_FMT(name));
        }
        add_volume(world, spec, name, claim, &out[i]);
    }
    at->volumes = out;
    at->volume_count = all;
}

static bool has_claims(const struct kb_backup_pod *at)
{
    bool found = at->listed.n + at->left_out.n > 0;
    for (size_t i = 0; i < at->volume_count && !found; i++) {
        found = at->volumes[i].claim.n > 0;
    }
    return found;
}

static void read_pod(struct kb_world *world, const json_t *metadata, const json_t *spec,
                     const json_t *templates, struct kb_backup_pod *at)
{
    const json_t *annotations = kb_json_object(metadata, "annotations");
    struct kb_str excluded = KB_STR("");
    (void)kb_json_str(kb_json_object(metadata, "labels"), "velero.io/exclude-from-backup", &excluded);
    at->excluded = kb_str_eq_c(excluded, "true");
    at->listed = kb_backup_text(world, annotations, "backup.velero.io/backup-volumes");
    at->left_out = kb_backup_text(world, annotations, "backup.velero.io/backup-volumes-excludes");
    at->own_hooks = json_object_get(annotations, "pre.hook.backup.velero.io/command") != NULL;
    at->database = has_database(spec);
    read_volumes(world, spec, templates, at);
}

static void take_pod(struct kb_world *world, const struct kb_object *object)
{
    struct kb_backup_pod *at = KB_NEW(&world->arena, struct kb_backup_pod);
    const json_t *metadata = kb_json_object(object->json, "metadata");
    struct kb_str phase = kb_backup_text(world, kb_json_object(object->json, "status"), "phase");
    const json_t *owners = kb_json_array(metadata, "ownerReferences");
    at->at = kb_backup_named(world, object);
    at->kind = KB_STR("Pod");
    at->running = kb_str_eq_c(phase, "Running");
    for (size_t i = 0; i < json_array_size(owners); i++) {
        bool controller = false;
        (void)kb_json_bool(json_array_get(owners, i), "controller", &controller);
        at->controlled = at->controlled || controller;
    }
    read_pod(world, metadata, kb_json_object(object->json, "spec"), NULL, at);
    if (has_claims(at)) {
        at->labels = kb_backup_own(world, kb_object_labels(object));
        *KB_VEC_PUSH(&world->backup.pods) = at;
    }
}

static void take_controller(struct kb_world *world, const struct kb_object *object)
{
    struct kb_backup_pod *at = KB_NEW(&world->arena, struct kb_backup_pod);
    const json_t *spec = kb_json_object(object->json, "spec");
    const json_t *template = object->kind->id == KB_KIND_CRON_JOB
                                 ? kb_json_dig(spec, "jobTemplate", "spec", "template", NULL)
                                 : kb_json_object(spec, "template");
    const json_t *templates = kb_json_array(spec, "volumeClaimTemplates");
    at->at = kb_backup_named(world, object);
    at->kind = kb_str_c(object->kind->kind);
    read_pod(world, kb_json_object(template, "metadata"), kb_json_object(template, "spec"),
             templates, at);
    if (has_claims(at) || json_array_size(templates) > 0) {
        at->labels = kb_backup_own(world, kb_object_labels(object));
        *KB_VEC_PUSH(&world->backup.pods) = at;
    }
}

/* "registry/velero/velero:v1.18.0@sha256:…": name and tag; false where it is not Velero's own. */
static bool is_velero(struct kb_str image, struct kb_str *tag)
{
    struct kb_str rest;
    struct kb_str name = kb_str_split(image, '@', &rest);
    size_t slash;
    while ((slash = kb_str_find(name, KB_STR("/"), 0)) != SIZE_MAX) {
        name = kb_str_sub(name, slash + 1, name.n);
    }
    name = kb_str_split(name, ':', &rest);
    *tag = rest;
    return kb_str_eq_c(name, "velero");
}

static void read_version(struct kb_str tag, struct kb_backup_server *at)
{
    struct kb_semver version;
    if (!kb_failed(kb_semver_parse(tag, true, &version, NULL)) && version.major < 1000 &&
        version.minor < 1000 && version.patch < 1000) {
        at->major = (unsigned)version.major;
        at->minor = (unsigned)version.minor;
        at->patch = (unsigned)version.patch;
    }
}

/* "--flag=value", "--flag value", or "--flag" alone ("true"); false where it is not given. */
static bool flag(const json_t *args, const char *name, struct kb_str *out)
{
    bool found = false;
    for (size_t i = 0; i < json_array_size(args); i++) {
        struct kb_str value, key = kb_str_split(kb_json_view(json_array_get(args, i)), '=', &value);
        if (kb_str_starts(key, KB_STR("--")) && kb_str_eq_c(kb_str_sub(key, 2, key.n), name)) {
            struct kb_str next = kb_json_view(json_array_get(args, i + 1));
            bool own = value.p != NULL || next.n == 0 || kb_str_starts(next, KB_STR("-"));
            *out = value.p != NULL ? value : own ? KB_STR("true") : next;
            found = true;
        }
    }
    return found;
}

static bool flag_is_on(const json_t *args, const char *name)
{
    struct kb_str value = KB_STR("");
    return flag(args, name, &value) && kb_str_eq_c(value, "true");
}

static struct kb_str flag_text(struct kb_world *world, const json_t *args, const char *name)
{
    struct kb_str value = KB_STR("");
    (void)flag(args, name, &value);
    return kb_arena_copy(&world->arena, value);
}

/* Whether the word is one of the list that commas divide. */
static bool in_words(struct kb_str list, const char *word)
{
    bool found = false;
    while (list.n > 0 && !found) {
        found = kb_str_eq_c(kb_str_trim(kb_str_split(list, ',', &list)), word);
    }
    return found;
}

static const int64_t DAY_NS = INT64_C(86400) * 1000000000;

static void read_flags(struct kb_world *world, const json_t *args, struct kb_backup_server *at)
{
    struct kb_str ttl = flag_text(world, args, "default-backup-ttl");
    at->features = flag_text(world, args, "features");
    at->disabled = flag_text(world, args, "disable-controllers");
    at->default_location = flag_text(world, args, "default-backup-storage-location");
    at->restore_only = flag_is_on(args, "restore-only");
    at->fs_default = flag_is_on(args, "default-volumes-to-fs-backup");
    at->move_data = flag_is_on(args, "default-snapshot-move-data");
    at->csi = in_words(at->features, "EnableCSI");
    if (ttl.n == 0 || kb_failed(kb_duration_parse(ttl, &at->default_ttl_ns, NULL))) {
        at->default_ttl_ns = 30 * DAY_NS;
    }
}

static bool says_server(const json_t *container)
{
    const char *const keys[] = {"command", "args"};
    bool server = false, agent = false;
    for (size_t k = 0; k < 2; k++) {
        const json_t *list = kb_json_array(container, keys[k]);
        for (size_t i = 0; i < json_array_size(list); i++) {
            struct kb_str word = kb_json_view(json_array_get(list, i));
            server = server || kb_str_eq_c(word, "server");
            agent = agent || kb_str_eq_c(word, "node-agent") || kb_str_eq_c(word, "restic");
        }
    }
    return server && !agent;
}

static void take_server(struct kb_world *world, const struct kb_object *object)
{
    const json_t *spec = kb_json_object(object->json, "spec");
    const json_t *pod = kb_json_dig(spec, "template", "spec", NULL);
    const json_t *containers = kb_json_array(pod, "containers");
    const json_t *status = kb_json_object(object->json, "status");
    for (size_t i = 0; i < json_array_size(containers); i++) {
        const json_t *container = json_array_get(containers, i);
        struct kb_str tag, image = kb_backup_text(world, container, "image");
        if (!is_velero(image, &tag) || !says_server(container)) {
            continue;
        }
        struct kb_backup_server *at = KB_NEW(&world->arena, struct kb_backup_server);
        *at = (struct kb_backup_server){.at = kb_backup_named(world, object), .image = image,
                                        .version = tag, .wanted = 1};
        at->service_account = kb_backup_text(world, pod, "serviceAccountName");
        (void)kb_json_i64(spec, "replicas", &at->wanted);
        (void)kb_json_i64(status, "availableReplicas", &at->available);
        read_version(tag, at);
        read_flags(world, kb_json_array(container, "args"), at);
        *KB_VEC_PUSH(&world->backup.servers) = at;
    }
}

static void take_agent(struct kb_world *world, const struct kb_object *object)
{
    const json_t *status = kb_json_object(object->json, "status");
    const json_t *containers =
        kb_json_dig(object->json, "spec", "template", "spec", "containers", NULL);
    struct kb_str tag, image = KB_STR("");
    (void)kb_json_str(json_array_get(containers, 0), "image", &image);
    if (is_velero(image, &tag)) {
        struct kb_backup_agent *at = KB_NEW(&world->arena, struct kb_backup_agent);
        at->at = kb_backup_named(world, object);
        (void)kb_json_i64(status, "desiredNumberScheduled", &at->wanted);
        (void)kb_json_i64(status, "numberReady", &at->ready);
        *KB_VEC_PUSH(&world->backup.agents) = at;
    }
}

bool kb_backup_take_pod(struct kb_world *world, const struct kb_object *object)
{
    switch ((int)object->kind->id) {
    case KB_KIND_POD:
        take_pod(world, object);
        return true;
    case KB_KIND_DEPLOYMENT:
        take_server(world, object);
        take_controller(world, object);
        return true;
    case KB_KIND_DAEMON_SET:
        take_agent(world, object);
        take_controller(world, object);
        return true;
    case KB_KIND_STATEFUL_SET:
    case KB_KIND_CRON_JOB:
        take_controller(world, object);
        return true;
    default:
        return false;
    }
}
