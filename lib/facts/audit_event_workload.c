/* audit.event: pods and what has a pod template. */
#include "facts/audit_event_body.h"

#define TEMPLATE "spec/template/spec"
static const struct {
    const char *group, *resource, *path;
} workloads[] = {
    {"", "pods", "spec"},
    {"apps", "deployments", TEMPLATE},
    {"apps", "daemonsets", TEMPLATE},
    {"apps", "statefulsets", TEMPLATE},
    {"apps", "replicasets", TEMPLATE},
    {"extensions", "deployments", TEMPLATE},
    {"extensions", "daemonsets", TEMPLATE},
    {"extensions", "replicasets", TEMPLATE},
    {"batch", "jobs", TEMPLATE},
    {"batch", "cronjobs", "spec/jobTemplate/spec/template/spec"},
    {"", "replicationcontrollers", TEMPLATE},
};

static enum kb_find workload(const struct kb_audit_row *row, const char **path)
{
    struct kb_str group;
    struct kb_str resource;
    struct kb_str subresource;
    bool known = kb_audit_text(row, KB_COL_API_GROUP, &group);
    known = kb_audit_text(row, KB_COL_RESOURCE, &resource) && known;
    known = kb_audit_text(row, KB_COL_SUBRESOURCE, &subresource) && known;
    if (!known) {
        return KB_FIND_UNSEEN;
    }
    bool containers = kb_str_eq(resource, KB_STR("pods")) &&
                      kb_str_eq(subresource, KB_STR("ephemeralcontainers"));
    if (subresource.n > 0 && !containers) {
        return KB_FIND_NO;
    }
    for (size_t i = 0; i < sizeof workloads / sizeof workloads[0]; i++) {
        if (kb_str_eq_c(resource, workloads[i].resource) &&
            kb_str_eq_c(group, workloads[i].group)) {
            *path = workloads[i].path;
            return KB_FIND_YES;
        }
    }
    return KB_FIND_NO;
}

KB_AUDIT_GET(is_workload)
{
    const char *path;
    enum kb_find found = workload(data, &path);
    *out = found == KB_FIND_UNSEEN ? kb_audit_unknown(arena, KB_COL_IS_WORKLOAD, KB_CUT_OFF)
                                   : kb_cel_bool(found == KB_FIND_YES);
}

enum kb_find kb_audit_workload(const struct kb_audit_row *row, const char **path)
{
    const struct kb_cel_val *writes = kb_audit_value(row, KB_COL_WRITES);
    enum kb_find found = workload(row, path);
    if (found == KB_FIND_NO || (writes->kind == KB_CEL_BOOL && !writes->b)) {
        return KB_FIND_NO;
    }
    return writes->kind == KB_CEL_BOOL ? found : KB_FIND_UNSEEN;
}

#define FLAG(id, sym, field)                                                                       \
    KB_AUDIT_GET(id)                                                                               \
    {                                                                                              \
        const char *path;                                                                          \
        enum kb_find concerned = kb_audit_workload(data, &path);                                   \
        if (concerned == KB_FIND_UNSEEN) {                                                         \
            *out = kb_audit_unknown(arena, KB_COL_##sym, KB_CUT_OFF);                              \
        } else if (concerned == KB_FIND_NO) {                                                      \
            *out = kb_cel_bool(false);                                                             \
        } else {                                                                                   \
            const struct kb_pod_seen *pod = kb_audit_pod(data, path);                              \
            *out = pod->field || pod->whole                                                        \
                       ? kb_cel_bool(pod->field)                                                   \
                       : kb_audit_not_shown(kb_audit_body(data), arena, KB_COL_##sym);             \
        }                                                                                          \
    }

FLAG(privileged, PRIVILEGED, privileged)
FLAG(host_network, HOST_NETWORK, host_network)
FLAG(host_pid, HOST_PID, host_pid)
FLAG(host_ipc, HOST_IPC, host_ipc)
FLAG(run_as_root, RUN_AS_ROOT, run_as_root)

#define LIST(id, sym, field)                                                                       \
    KB_AUDIT_GET(id)                                                                               \
    {                                                                                              \
        const char *path;                                                                          \
        enum kb_find concerned = kb_audit_workload(data, &path);                                   \
        if (concerned == KB_FIND_UNSEEN) {                                                         \
            *out = kb_audit_unknown(arena, KB_COL_##sym, KB_CUT_OFF);                              \
        } else if (concerned == KB_FIND_NO) {                                                      \
            *out = kb_values_list(&(struct kb_values){0}, arena);                                  \
        } else {                                                                                   \
            const struct kb_pod_seen *pod = kb_audit_pod(data, path);                              \
            *out = pod->whole ? kb_value_strs(&pod->field, arena)                                  \
                              : kb_audit_not_shown(kb_audit_body(data), arena, KB_COL_##sym);      \
        }                                                                                          \
    }

LIST(host_paths, HOST_PATHS, host_paths)
LIST(capabilities, CAPABILITIES, capabilities)
LIST(images, IMAGES, images)
LIST(container_names, CONTAINER_NAMES, names)

KB_AUDIT_GET(service_account)
{
    const char *path;
    enum kb_find concerned = kb_audit_workload(data, &path);
    if (concerned != KB_FIND_YES) {
        *out = concerned == KB_FIND_NO
                   ? kb_cel_string(KB_STR(""))
                   : kb_audit_unknown(arena, KB_COL_SERVICE_ACCOUNT, KB_CUT_OFF);
        return;
    }
    const struct kb_pod_seen *pod = kb_audit_pod(data, path);
    if (pod->has_service_account) {
        *out = kb_cel_string(pod->service_account);
    } else {
        *out = pod->whole ? kb_cel_string(KB_STR(""))
                          : kb_audit_not_shown(kb_audit_body(data), arena, KB_COL_SERVICE_ACCOUNT);
    }
}

KB_AUDIT_GET(patched_images)
{
    const struct kb_audit_row *row = data;
    const char *path;
    struct kb_str verb;
    struct kb_body body;
    struct kb_pod_seen pod = {.whole = true};
    enum kb_find concerned = kb_audit_workload(row, &path);
    if (concerned == KB_FIND_UNSEEN) {
        *out = kb_audit_unknown(arena, KB_COL_PATCHED_IMAGES, KB_CUT_OFF);
        return;
    }
    if (concerned == KB_FIND_NO || !kb_audit_text(row, KB_COL_VERB, &verb) ||
        !kb_str_eq(verb, KB_STR("patch"))) {
        *out = kb_values_list(&(struct kb_values){0}, arena);
        return;
    }
    kb_body_patch(row->event, arena, &body);
    for (size_t i = 0; i < body.n; i++) {
        kb_pod_read(&body.docs[i], path, true, arena, &pod);
    }
    bool seen = kb_event_has(row->event, KB_M_REQUEST_OBJECT) && pod.whole;
    *out = seen ? kb_value_strs(&pod.placed, arena)
                : kb_audit_not_shown(&body, arena, KB_COL_PATCHED_IMAGES);
}
