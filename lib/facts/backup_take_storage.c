/* Taking storage: claims, volumes, classes, snapshots; and what AWS tells of it. */
#include "facts/backup_model.h"

#include <strings.h>

#include "facts/world.h"

static void take_claim(struct kb_world *world, const struct kb_object *object)
{
    struct kb_backup_claim *at = KB_NEW(&world->arena, struct kb_backup_claim);
    const json_t *spec = kb_json_object(object->json, "spec");
    *at = (struct kb_backup_claim){
        .at = kb_backup_named(world, object),
        .volume = kb_backup_text(world, spec, "volumeName"),
        .storage_class = kb_backup_text(world, spec, "storageClassName"),
        .phase = kb_backup_text(world, kb_json_object(object->json, "status"), "phase"),
        .snapshot_class = kb_backup_text(world, kb_object_annotations(object),
                                         "velero.io/csi-volumesnapshot-class"),
        .has_class = json_object_get(spec, "storageClassName") != NULL,
        .excluded = kb_backup_excluded(object),
        .labels = kb_backup_own(world, kb_object_labels(object)),
        .copy_ns = KB_BACKUP_NO_TIME,
        .kept_ns = KB_BACKUP_NO_TIME,
    };
    *KB_VEC_PUSH(&world->backup.claims) = at;
}

/* Sources of a volume that Velero's policies name. */
static const char *const sources[] = {"csi",     "nfs",       "hostPath", "local",
                                      "awsElasticBlockStore", "iscsi",    "fc",
                                      "cephfs",  "rbd",       "glusterfs", NULL};

static struct kb_str source_of(const json_t *spec)
{
    for (size_t i = 0; sources[i] != NULL; i++) {
        if (json_object_get(spec, sources[i]) != NULL) {
            return kb_str_c(sources[i]);
        }
    }
    return KB_STR("");
}

static void take_volume(struct kb_world *world, const struct kb_object *object)
{
    struct kb_backup_pv *at = KB_NEW(&world->arena, struct kb_backup_pv);
    const json_t *spec = kb_json_object(object->json, "spec");
    const json_t *status = kb_json_object(object->json, "status");
    const json_t *claim = kb_json_object(spec, "claimRef"), *csi = kb_json_object(spec, "csi");
    const json_t *nfs = kb_json_object(spec, "nfs");
    *at = (struct kb_backup_pv){
        .at = kb_backup_named(world, object),
        .phase = kb_backup_text(world, status, "phase"),
        .reclaim = kb_backup_text(world, spec, "persistentVolumeReclaimPolicy"),
        .storage_class = kb_backup_text(world, spec, "storageClassName"),
        .type = source_of(spec),
        .driver = kb_backup_text(world, csi, "driver"),
        .handle = csi != NULL ? kb_backup_text(world, csi, "volumeHandle")
                              : kb_backup_text(world, kb_json_object(spec, "awsElasticBlockStore"),
                                               "volumeID"),
        .capacity = kb_backup_text(world, kb_json_object(spec, "capacity"), "storage"),
        .nfs_server = kb_backup_text(world, nfs, "server"),
        .nfs_path = kb_backup_text(world, nfs, "path"),
        .claim_namespace = kb_backup_text(world, claim, "namespace"),
        .claim = kb_backup_text(world, claim, "name"),
        .mode = kb_backup_text(world, spec, "volumeMode"),
        .excluded = kb_backup_excluded(object),
        .since_ns = kb_backup_time(status, "lastPhaseTransitionTime"),
        .attributes = kb_backup_own(world, kb_json_object(csi, "volumeAttributes")),
    };
    if (at->since_ns == KB_BACKUP_NO_TIME) {
        at->since_ns = object->created_ns;
    }
    *KB_VEC_PUSH(&world->backup.volumes) = at;
}

/* Parameters of the EBS driver are read in any case. */
static struct kb_str parameter(struct kb_world *world, const json_t *parameters, const char *name)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)parameters, key, value) {
        if (strcasecmp(key, name) == 0) {
            return kb_arena_copy(&world->arena, kb_json_view(value));
        }
    }
    return KB_STR("");
}

static void take_class(struct kb_world *world, const struct kb_object *object)
{
    struct kb_backup_class *at = KB_NEW(&world->arena, struct kb_backup_class);
    const json_t *parameters = kb_json_object(object->json, "parameters");
    struct kb_str encrypted = parameter(world, parameters, "encrypted");
    *at = (struct kb_backup_class){
        .at = kb_backup_named(world, object),
        .provisioner = kb_backup_text(world, object->json, "provisioner"),
        .reclaim = kb_backup_text(world, object->json, "reclaimPolicy"),
        .kms_key = parameter(world, parameters, "kmsKeyId"),
        .encrypted = encrypted.n == 0                                      ? KB_NOT_KNOWN
                     : encrypted.n == 4 && strncasecmp(encrypted.p, "true", 4) == 0 ? KB_YES
                                                                                    : KB_NO,
    };
    if (at->reclaim.n == 0) {
        at->reclaim = KB_STR("Delete");
    }
    *KB_VEC_PUSH(&world->backup.classes) = at;
}

static void take_snapshot_class(struct kb_world *world, const struct kb_object *object)
{
    struct kb_backup_snapshot_class *at = KB_NEW(&world->arena, struct kb_backup_snapshot_class);
    struct kb_str is_default = kb_backup_text(world, kb_object_annotations(object),
                                              "snapshot.storage.kubernetes.io/is-default-class");
    *at = (struct kb_backup_snapshot_class){
        .at = kb_backup_named(world, object),
        .driver = kb_backup_text(world, object->json, "driver"),
        .deletion = kb_backup_text(world, object->json, "deletionPolicy"),
        .labelled = json_object_get(kb_object_labels(object),
                                    "velero.io/csi-volumesnapshot-class") != NULL,
        .is_default = kb_str_eq_c(is_default, "true"),
    };
    *KB_VEC_PUSH(&world->backup.snapshot_classes) = at;
}

static void take_snapshot(struct kb_world *world, const struct kb_object *object)
{
    struct kb_backup_snapshot *at = KB_NEW(&world->arena, struct kb_backup_snapshot);
    const json_t *spec = kb_json_object(object->json, "spec");
    const json_t *status = kb_json_object(object->json, "status");
    const json_t *of = kb_json_object(spec, "volumeSnapshotRef");
    const json_t *labels = kb_object_labels(object);
    *at = (struct kb_backup_snapshot){
        .at = kb_backup_named(world, object),
        .content = object->kind->id == KB_KIND_VOLUME_SNAPSHOT_CONTENT,
        .by_tool = json_object_get(labels, "velero.io/backup-name") != NULL ||
                   json_object_get(labels, "velero.io/restore-name") != NULL,
        .error = kb_backup_text(world, kb_json_object(status, "error"), "message"),
        .snapshot_namespace = kb_backup_text(world, of, "namespace"),
        .snapshot = kb_backup_text(world, of, "name"),
        .claim = kb_backup_text(world, kb_json_object(spec, "source"), "persistentVolumeClaimName"),
        .class_name = kb_backup_text(world, spec, "volumeSnapshotClassName"),
        .created_ns = object->created_ns,
    };
    (void)kb_json_bool(status, "readyToUse", &at->ready);
    *KB_VEC_PUSH(&world->backup.snapshots) = at;
}

static const struct {
    enum kb_kind_id kind;
    void (*take)(struct kb_world *world, const struct kb_object *object);
} takers[] = {
    {KB_KIND_PERSISTENT_VOLUME_CLAIM, take_claim}, {KB_KIND_PERSISTENT_VOLUME, take_volume},
    {KB_KIND_STORAGE_CLASS, take_class},           {KB_KIND_VOLUME_SNAPSHOT_CLASS, take_snapshot_class},
    {KB_KIND_VOLUME_SNAPSHOT, take_snapshot},      {KB_KIND_VOLUME_SNAPSHOT_CONTENT, take_snapshot},
};

bool kb_backup_take_storage(struct kb_world *world, const struct kb_object *object)
{
    for (size_t i = 0; i < sizeof takers / sizeof takers[0]; i++) {
        if (takers[i].kind == object->kind->id) {
            takers[i].take(world, object);
            return true;
        }
    }
    return false;
}

static void take_bucket(struct kb_world *world, const struct kb_aws_answer *answer)
{
    const json_t *rules = kb_json_dig(answer->json, "ServerSideEncryptionConfiguration", "Rules", NULL);
    const json_t *by = kb_json_object(json_array_get(rules, 0), "ApplyServerSideEncryptionByDefault");
    struct kb_backup_bucket *at = KB_NEW(&world->arena, struct kb_backup_bucket);
    struct kb_str algorithm = kb_backup_text(world, by, "SSEAlgorithm");
    struct kb_str key = kb_backup_text(world, by, "KMSMasterKeyID");
    bool own = kb_str_starts(algorithm, KB_STR("aws:kms")) && key.n > 0 &&
               kb_str_find(key, KB_STR("alias/aws/"), 0) == SIZE_MAX;
    *at = (struct kb_backup_bucket){.name = kb_arena_copy(&world->arena, answer->subject),
                                    .customer_key = own ? KB_YES : KB_NO};
    *KB_VEC_PUSH(&world->backup.buckets) = at;
}

static void take_default(struct kb_world *world, const struct kb_aws_answer *answer)
{
    bool on;
    if (kb_json_bool(answer->json, "EbsEncryptionByDefault", &on)) {
        world->backup.ebs_encrypted = on ? KB_YES : KB_NO;
    }
}

static void take_identities(struct kb_world *world, const struct kb_aws_answer *answer)
{
    const json_t *list = kb_json_array(answer->json, "associations");
    size_t n = json_array_size(list);
    struct kb_str *at = KB_NEW_ARRAY(&world->arena, n + 1, struct kb_str);
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(list, i);
        at[i] = kb_arena_printf(&world->arena, "%.*s/%.*s",
                                KB_FMT(kb_backup_text(world, one, "namespace")),
                                KB_FMT(kb_backup_text(world, one, "serviceAccount")));
    }
    world->backup.pod_identities = (struct kb_velero_names){at, n};
    world->backup.pod_identities_read = list != NULL;
}

static const struct {
    const char *service, *operation;
    void (*take)(struct kb_world *world, const struct kb_aws_answer *answer);
} answers[] = {
    {"s3api", "get-bucket-encryption", take_bucket},
    {"ec2", "get-ebs-encryption-by-default", take_default},
    {"eks", "list-pod-identity-associations", take_identities},
};

void kb_backup_model_answer(struct kb_world *world, const struct kb_aws_answer *answer)
{
    for (size_t i = 0; answer->json != NULL && i < sizeof answers / sizeof answers[0]; i++) {
        if (kb_str_eq_c(answer->service, answers[i].service) &&
            kb_str_eq_c(answer->operation, answers[i].operation)) {
            answers[i].take(world, answer);
        }
    }
}
