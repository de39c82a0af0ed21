/* Reading a PodSpec. */
#include "cluster/pod.h"

#include <stdlib.h>

struct reader {
    struct kb_arena *arena;
    struct kb_podspec *pod;
    const json_t *context; /* the pod's securityContext */
    KB_VEC(struct kb_str) ports;
    KB_VEC(struct kb_str) paths;
    KB_VEC(struct kb_str) capabilities;
    KB_VEC(struct kb_str) images;
};

/* A boolean member: absent and null leave `out` alone. */
static void read_bool(struct reader *r, const json_t *object, const char *key, bool *out)
{
    const json_t *value = json_object_get(object, key);
    if (json_is_boolean(value)) {
        *out = json_is_true(value);
    } else if (value != NULL && !json_is_null(value)) {
        r->pod->malformed = true;
    }
}

static const json_t *list_of(struct reader *r, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (value != NULL && !json_is_array(value) && !json_is_null(value)) {
        r->pod->malformed = true;
    }
    return json_is_array(value) ? value : NULL;
}

/* The container's own setting, or the pod's. */
static const json_t *effective(const struct reader *r, const json_t *context, const char *key)
{
    const json_t *own = json_object_get(context, key);
    return own != NULL && !json_is_null(own) ? own : json_object_get(r->context, key);
}

static void read_user(struct reader *r, const json_t *context)
{
    const json_t *user = effective(r, context, "runAsUser");
    const json_t *non_root = effective(r, context, "runAsNonRoot");
    bool other = json_is_integer(user) && json_integer_value(user) > 0;
    bool root = json_is_integer(user) && json_integer_value(user) == 0;
    if (root || !(other || json_is_true(non_root))) {
        r->pod->may_run_as_root = true;
    }
}

static void read_capabilities(struct reader *r, const json_t *context)
{
    const json_t *capabilities = json_object_get(context, "capabilities");
    const json_t *add = list_of(r, capabilities, "add"), *drop = list_of(r, capabilities, "drop");
    bool dropped = false;
    size_t i;
    json_t *item;
    json_array_foreach(add, i, item) {
        *KB_VEC_PUSH(&r->capabilities) = kb_arena_copy(r->arena, kb_json_view(item));
    }
    json_array_foreach(drop, i, item) {
        struct kb_str name = kb_json_view(item);
        dropped = dropped || kb_str_eq_c(name, "ALL") || kb_str_eq_c(name, "NET_RAW");
    }
    r->pod->keeps_net_raw = r->pod->keeps_net_raw || !dropped;
}

static void read_context(struct reader *r, const json_t *container)
{
    const json_t *context = json_object_get(container, "securityContext");
    bool privileged = false, escalation = true;
    read_bool(r, context, "privileged", &privileged);
    read_bool(r, context, "allowPrivilegeEscalation", &escalation);
    r->pod->privileged = r->pod->privileged || privileged;
    r->pod->may_escalate = r->pod->may_escalate || escalation;
    read_user(r, context);
    read_capabilities(r, context);
}

static void read_env(struct reader *r, const json_t *container)
{
    size_t i;
    json_t *item;
    json_array_foreach(list_of(r, container, "env"), i, item) {
        r->pod->secret_env =
            r->pod->secret_env || kb_json_dig(item, "valueFrom", "secretKeyRef", NULL) != NULL;
    }
    json_array_foreach(list_of(r, container, "envFrom"), i, item) {
        r->pod->secret_env = r->pod->secret_env || json_object_get(item, "secretRef") != NULL;
    }
}

static void read_container(struct reader *r, const json_t *container)
{
    struct kb_str image = KB_STR("");
    size_t i;
    json_t *port;
    if (!json_is_object(container)) {
        r->pod->malformed = true;
        return;
    }
    if (kb_json_str(container, "image", &image)) {
        *KB_VEC_PUSH(&r->images) = kb_arena_copy(r->arena, image);
    }
    json_array_foreach(list_of(r, container, "ports"), i, port) {
        int64_t number = 0;
        if (kb_json_i64(port, "hostPort", &number) && number != 0) {
            *KB_VEC_PUSH(&r->ports) = kb_arena_printf(r->arena, "%lld", (long long)number);
        }
    }
    read_context(r, container);
    read_env(r, container);
}

static void read_volumes(struct reader *r, const json_t *spec)
{
    size_t i;
    json_t *volume;
    json_array_foreach(list_of(r, spec, "volumes"), i, volume) {
        struct kb_str path = KB_STR("");
        if (kb_json_str(kb_json_object(volume, "hostPath"), "path", &path)) {
            *KB_VEC_PUSH(&r->paths) = kb_arena_copy(r->arena, path);
        }
    }
}

static int by_text(const void *a, const void *b)
{
    return kb_str_cmp(*(const struct kb_str *)a, *(const struct kb_str *)b);
}

static struct kb_texts close_texts(struct kb_str *at, size_t n, struct kb_arena *arena)
{
    struct kb_str *kept = KB_NEW_ARRAY(arena, n, struct kb_str);
    size_t count = 0;
    if (n > 1) {
        qsort(at, n, sizeof *at, by_text);
    }
    for (size_t i = 0; i < n; i++) {
        if (count == 0 || !kb_str_eq(kept[count - 1], at[i])) {
            kept[count++] = at[i];
        }
    }
    return (struct kb_texts){kept, count};
}

static void read_account(struct reader *r, const json_t *spec)
{
    struct kb_str name = KB_STR("");
    bool automount = false;
    if (!(kb_json_str(spec, "serviceAccountName", &name) && name.n > 0) &&
        !(kb_json_str(spec, "serviceAccount", &name) && name.n > 0)) {
        name = KB_STR("default");
    }
    r->pod->service_account = kb_arena_copy(r->arena, name);
    r->pod->automount = KB_NOT_KNOWN;
    if (kb_json_bool(spec, "automountServiceAccountToken", &automount)) {
        r->pod->automount = automount ? KB_YES : KB_NO;
    }
}

void kb_podspec_read(const json_t *spec, struct kb_arena *arena, struct kb_podspec *out)
{
    static const char *const lists[] = {"containers", "initContainers", "ephemeralContainers"};
    struct reader r = {.arena = arena, .pod = out,
                       .context = json_object_get(spec, "securityContext")};
    *out = (struct kb_podspec){.malformed = !json_is_object(spec)};
    read_bool(&r, spec, "hostNetwork", &out->host_network);
    read_bool(&r, spec, "hostPID", &out->host_pid);
    read_bool(&r, spec, "hostIPC", &out->host_ipc);
    for (size_t l = 0; l < sizeof lists / sizeof lists[0]; l++) {
        size_t i;
        json_t *container;
        json_array_foreach(list_of(&r, spec, lists[l]), i, container) {
            read_container(&r, container);
        }
    }
    read_volumes(&r, spec);
    read_account(&r, spec);
    out->host_ports = close_texts(r.ports.at, r.ports.n, arena);
    out->host_paths = close_texts(r.paths.at, r.paths.n, arena);
    out->capabilities = close_texts(r.capabilities.at, r.capabilities.n, arena);
    out->images = close_texts(r.images.at, r.images.n, arena);
    KB_VEC_DONE(&r.ports);
    KB_VEC_DONE(&r.paths);
    KB_VEC_DONE(&r.capabilities);
    KB_VEC_DONE(&r.images);
}

bool kb_image_pinned(struct kb_str image)
{
    if (kb_str_find(image, KB_STR("@"), 0) != SIZE_MAX) {
        return true;
    }
    size_t name = 0;
    for (size_t i = 0; i < image.n; i++) {
        name = image.p[i] == '/' ? i + 1 : name;
    }
    size_t colon = kb_str_find(image, KB_STR(":"), name);
    return colon != SIZE_MAX && colon + 1 < image.n &&
           !kb_str_eq_c(kb_str_sub(image, colon + 1, image.n), "latest");
}
