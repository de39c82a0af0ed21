/* audit.event: what the engine needs beside the columns. */
#include "facts/audit_event_info.h"

#include "facts/audit_event_get.h"

/* Kinds that are not the resource's singular in capitals. */
static const struct {
    const char *resource, *kind;
} kinds[] = {
    {"pods", "Pod"},
    {"services", "Service"},
    {"secrets", "Secret"},
    {"configmaps", "ConfigMap"},
    {"namespaces", "Namespace"},
    {"nodes", "Node"},
    {"events", "Event"},
    {"endpoints", "Endpoints"},
    {"endpointslices", "EndpointSlice"},
    {"serviceaccounts", "ServiceAccount"},
    {"persistentvolumes", "PersistentVolume"},
    {"persistentvolumeclaims", "PersistentVolumeClaim"},
    {"replicationcontrollers", "ReplicationController"},
    {"resourcequotas", "ResourceQuota"},
    {"limitranges", "LimitRange"},
    {"podtemplates", "PodTemplate"},
    {"deployments", "Deployment"},
    {"daemonsets", "DaemonSet"},
    {"statefulsets", "StatefulSet"},
    {"replicasets", "ReplicaSet"},
    {"controllerrevisions", "ControllerRevision"},
    {"jobs", "Job"},
    {"cronjobs", "CronJob"},
    {"roles", "Role"},
    {"rolebindings", "RoleBinding"},
    {"clusterroles", "ClusterRole"},
    {"clusterrolebindings", "ClusterRoleBinding"},
    {"networkpolicies", "NetworkPolicy"},
    {"ingresses", "Ingress"},
    {"ingressclasses", "IngressClass"},
    {"storageclasses", "StorageClass"},
    {"volumeattachments", "VolumeAttachment"},
    {"csinodes", "CSINode"},
    {"csidrivers", "CSIDriver"},
    {"leases", "Lease"},
    {"priorityclasses", "PriorityClass"},
    {"poddisruptionbudgets", "PodDisruptionBudget"},
    {"horizontalpodautoscalers", "HorizontalPodAutoscaler"},
    {"customresourcedefinitions", "CustomResourceDefinition"},
    {"apiservices", "APIService"},
    {"validatingwebhookconfigurations", "ValidatingWebhookConfiguration"},
    {"mutatingwebhookconfigurations", "MutatingWebhookConfiguration"},
    {"validatingadmissionpolicies", "ValidatingAdmissionPolicy"},
    {"validatingadmissionpolicybindings", "ValidatingAdmissionPolicyBinding"},
    {"mutatingadmissionpolicies", "MutatingAdmissionPolicy"},
    {"mutatingadmissionpolicybindings", "MutatingAdmissionPolicyBinding"},
    {"certificatesigningrequests", "CertificateSigningRequest"},
    {"tokenreviews", "TokenReview"},
    {"subjectaccessreviews", "SubjectAccessReview"},
    {"selfsubjectaccessreviews", "SelfSubjectAccessReview"},
    {"selfsubjectrulesreviews", "SelfSubjectRulesReview"},
    {"volumesnapshots", "VolumeSnapshot"},
    {"volumesnapshotcontents", "VolumeSnapshotContent"},
    {"volumesnapshotclasses", "VolumeSnapshotClass"},
    {"backups", "Backup"},
    {"restores", "Restore"},
    {"schedules", "Schedule"},
    {"backupstoragelocations", "BackupStorageLocation"},
    {"volumesnapshotlocations", "VolumeSnapshotLocation"},
    {"deletebackuprequests", "DeleteBackupRequest"},
    {"backuprepositories", "BackupRepository"},
    {"podvolumebackups", "PodVolumeBackup"},
    {"podvolumerestores", "PodVolumeRestore"},
    {"datauploads", "DataUpload"},
    {"datadownloads", "DataDownload"},
    {"ciliumnetworkpolicies", "CiliumNetworkPolicy"},
    {"ciliumclusterwidenetworkpolicies", "CiliumClusterwideNetworkPolicy"},
    {"globalnetworkpolicies", "GlobalNetworkPolicy"},
    {"adminnetworkpolicies", "AdminNetworkPolicy"},
    {"gateways", "Gateway"},
    {"httproutes", "HTTPRoute"},
    {"clusterpolicies", "ClusterPolicy"},
    {"policyexceptions", "PolicyException"},
    {"applications", "Application"},
    {"runtimeclasses", "RuntimeClass"},
    {"componentstatuses", "ComponentStatus"},
};

/* Other resources are named as they are. */
static struct kb_str kind_of(struct kb_str resource)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (kb_str_eq_c(resource, kinds[i].resource)) {
            return kb_str_c(kinds[i].kind);
        }
    }
    return resource;
}

/* Kind/namespace/name; "*" stands for the name where many are concerned. */
static struct kb_str object_of(const struct kb_audit_row *row, struct kb_arena *arena)
{
    const struct kb_str slash = KB_STR("/");
    struct kb_str resource;
    struct kb_str in;
    struct kb_str name;
    struct kb_str path;
    (void)kb_audit_text(row, KB_COL_RESOURCE, &resource);
    (void)kb_audit_text(row, KB_COL_NAMESPACE, &in);
    (void)kb_audit_text(row, KB_COL_NAME, &name);
    if (resource.n == 0) {
        (void)kb_audit_text(row, KB_COL_PATH, &path);
        return path;
    }
    /* A namespace as an object is not inside itself. */
    bool cluster = kb_str_eq(resource, KB_STR("namespaces"));
    const struct kb_str parts[] = {kind_of(resource), slash, cluster ? KB_STR("") : in,
                                   in.n > 0 && !cluster ? slash : KB_STR(""),
                                   name.n > 0 ? name : KB_STR("*")};
    return kb_value_concat(arena, parts, sizeof parts / sizeof parts[0]);
}

/* ServiceAccount/namespace/name, the IAM principal's ARN, or User/name. */
static struct kb_str subject_of(const struct kb_audit_row *row, struct kb_arena *arena)
{
    struct kb_str in;
    struct kb_str name;
    struct kb_str arn;
    struct kb_str user;
    (void)kb_audit_text(row, KB_COL_SA_NAMESPACE, &in);
    (void)kb_audit_text(row, KB_COL_SA_NAME, &name);
    if (name.n > 0) {
        const struct kb_str parts[] = {KB_STR("ServiceAccount/"), in, KB_STR("/"), name};
        return kb_value_concat(arena, parts, sizeof parts / sizeof parts[0]);
    }
    if ((kb_audit_text(row, KB_COL_CANONICAL_ARN, &arn) && arn.n > 0) ||
        (kb_audit_text(row, KB_COL_ARN, &arn) && arn.n > 0)) {
        return arn;
    }
    (void)kb_audit_text(row, KB_COL_USER, &user);
    const struct kb_str parts[] = {KB_STR("User/"), user};
    return user.n == 0 ? user : kb_value_concat(arena, parts, 2);
}

struct kb_str kb_audit_locator(const struct kb_audit_origin *origin, struct kb_arena *arena)
{
    struct kb_str place = KB_STR("");
    if (origin->line > 0) {
        place = kb_arena_printf(arena, "line %llu, byte %llu", (unsigned long long)origin->line,
                                (unsigned long long)origin->offset);
    }
    bool stream = origin->stream.n > 0;
    bool event = origin->event_id.n > 0;
    const struct kb_str parts[] = {place,
                                   place.n > 0 && (stream || event) ? KB_STR(", ") : KB_STR(""),
                                   stream ? KB_STR("stream ") : KB_STR(""),
                                   origin->stream,
                                   stream && event ? KB_STR(", ") : KB_STR(""),
                                   event ? KB_STR("event ") : KB_STR(""),
                                   origin->event_id};
    return kb_value_concat(arena, parts, sizeof parts / sizeof parts[0]);
}

struct kb_str kb_audit_order(const struct kb_audit_origin *origin, struct kb_arena *arena)
{
    const struct kb_str parts[] = {
        origin->source,
        kb_arena_printf(arena, ":%016llx", (unsigned long long)origin->sequence),
    };
    return kb_value_concat(arena, parts, sizeof parts / sizeof parts[0]);
}

static int64_t time_of(const struct kb_audit_row *row)
{
    const struct kb_cel_val *time = kb_audit_value(row, KB_COL_TIME);
    int64_t ns;
    if (time->kind != KB_CEL_TIMESTAMP ||
        __builtin_mul_overflow(time->i, INT64_C(1000000000), &ns) ||
        __builtin_add_overflow(ns, (int64_t)time->nanos, &ns)) {
        return INT64_MIN;
    }
    return ns;
}

void kb_audit_row_info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct kb_audit_row *row = data;
    const struct kb_audit_origin *origin = &row->origin;
    *out = (struct kb_row_info){
        .object = object_of(row, arena),
        .subject = subject_of(row, arena),
        .time_ns = time_of(row),
        .evidence = {.source = origin->source, .locator = kb_audit_locator(origin, arena)},
    };
    (void)kb_audit_text(row, KB_COL_NAMESPACE, &out->name_space);
    (void)kb_audit_text(row, KB_COL_AUDIT_ID, &out->evidence.audit_id);
    out->order = kb_audit_order(origin, arena);
}
