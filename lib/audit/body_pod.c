/* Pod specs. */
#include "audit/body_pod.h"

#include "data/json_str.h"

/* runAsUser and runAsNonRoot of a securityContext. */
struct identity {
    bool has_user, has_non_root;
    int64_t user;
    bool non_root;
};

static bool get_true(const struct kb_span *object, const char *key, bool *whole)
{
    struct kb_span value;
    *whole = kb_span_get(object, kb_str_c(key), &value) && *whole;
    return kb_span_true(&value);
}

static struct identity identity_of(const struct kb_span *context, bool *whole)
{
    struct identity out = {0};
    struct kb_span value;
    *whole = kb_span_get(context, KB_STR("runAsUser"), &value) && *whole;
    out.has_user = kb_span_int(&value, &out.user);
    *whole = kb_span_get(context, KB_STR("runAsNonRoot"), &value) && *whole;
    out.has_non_root = (value.kind == KB_SPAN_TRUE || value.kind == KB_SPAN_FALSE) && !value.cut;
    out.non_root = value.kind == KB_SPAN_TRUE;
    return out;
}

/* `pod` is NULL where the pod's values are not known: then only the container's own user
 * decides. */
static bool is_root(struct identity own, const struct identity *known_pod)
{
    if (known_pod == NULL) {
        return own.has_user && own.user == 0;
    }
    struct identity pod = *known_pod;
    if (own.has_user || pod.has_user) {
        return (own.has_user ? own.user : pod.user) == 0;
    }
    bool has = own.has_non_root || pod.has_non_root;
    return has && !(own.has_non_root ? own.non_root : pod.non_root);
}

static struct kb_str upper(struct kb_str text, struct kb_arena *arena)
{
    char *to = kb_arena_alloc(arena, text.n);
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        to[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    return (struct kb_str){to, text.n};
}

static void read_capabilities(const struct kb_span *context, struct kb_arena *arena,
                              struct kb_pod_seen *out)
{
    struct kb_span added;
    struct kb_span item;
    out->whole = kb_span_dig(context, "capabilities/add", &added) && out->whole;
    struct kb_scan_each each = kb_scan_each(&added);
    while (kb_scan_next(&each, &item)) {
        kb_strs_add(&out->capabilities, arena, upper(kb_span_text(&item, arena), arena));
    }
    out->whole = out->whole && each.status == KB_SCAN_OK;
}

static void read_container(const struct kb_span *container, const struct identity *pod,
                           struct kb_arena *arena, struct kb_pod_seen *out)
{
    struct kb_span name;
    struct kb_span image;
    struct kb_span context;
    struct kb_span patch;
    bool whole = kb_span_get(container, KB_STR("name"), &name);
    whole = kb_span_get(container, KB_STR("image"), &image) && whole;
    whole = kb_span_get(container, KB_STR("securityContext"), &context) && whole;
    (void)kb_span_get(container, KB_STR("$patch"), &patch);
    out->whole = out->whole && whole;
    if (kb_span_is(&patch, KB_STR("delete"))) {
        return;
    }
    if (name.kind == KB_SPAN_STRING && !name.cut) {
        kb_strs_add(&out->names, arena, kb_span_text(&name, arena));
    }
    if (image.kind == KB_SPAN_STRING && !image.cut) {
        kb_strs_add(&out->images, arena, kb_span_text(&image, arena));
        kb_strs_add(&out->placed, arena, kb_span_text(&name, arena));
    }
    out->privileged |= get_true(&context, "privileged", &out->whole);
    out->run_as_root |= is_root(identity_of(&context, &out->whole), pod);
    read_capabilities(&context, arena, out);
}

static void read_containers(const struct kb_span *spec, const struct identity *pod,
                            struct kb_arena *arena, struct kb_pod_seen *out)
{
    static const char *const lists[] = {"containers", "initContainers", "ephemeralContainers"};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        struct kb_span list;
        struct kb_span item;
        out->whole = kb_span_get(spec, kb_str_c(lists[i]), &list) && out->whole;
        struct kb_scan_each each = kb_scan_each(&list);
        while (kb_scan_next(&each, &item)) {
            read_container(&item, pod, arena, out);
        }
        out->whole = out->whole && each.status == KB_SCAN_OK;
    }
}

/* As Go's path.Clean for an absolute path, but ".." stays (the API server refuses it). */
static struct kb_str clean_path(struct kb_str path, struct kb_arena *arena)
{
    char *to = kb_arena_alloc(arena, path.n + 1);
    size_t n = 0;
    struct kb_str rest = path;
    bool absolute = path.n > 0 && path.p[0] == '/';
    while (rest.p != NULL) {
        struct kb_str part = kb_str_split(rest, '/', &rest);
        if (part.n == 0 || kb_str_eq(part, KB_STR("."))) {
            continue;
        }
        if (n > 0 || absolute) {
            to[n++] = '/';
        }
        memcpy(to + n, part.p, part.n);
        n += part.n;
    }
    if (n == 0 && absolute) {
        to[n++] = '/';
    }
    return (struct kb_str){to, n};
}

static void read_volumes(const struct kb_span *spec, struct kb_arena *arena,
                         struct kb_pod_seen *out)
{
    struct kb_span volumes;
    struct kb_span item;
    struct kb_span path;
    out->whole = kb_span_get(spec, KB_STR("volumes"), &volumes) && out->whole;
    struct kb_scan_each each = kb_scan_each(&volumes);
    while (kb_scan_next(&each, &item)) {
        out->whole = kb_span_dig(&item, "hostPath/path", &path) && out->whole;
        if (path.kind == KB_SPAN_STRING && !path.cut) {
            kb_strs_add(&out->host_paths, arena, clean_path(kb_span_text(&path, arena), arena));
        }
    }
    out->whole = out->whole && each.status == KB_SCAN_OK;
}

static void read_service_account(const struct kb_span *spec, struct kb_arena *arena,
                                 struct kb_pod_seen *out)
{
    static const char *const keys[] = {"serviceAccount", "serviceAccountName"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct kb_span name;
        out->whole = kb_span_get(spec, kb_str_c(keys[i]), &name) && out->whole;
        if (name.kind == KB_SPAN_STRING && !name.cut) {
            out->has_service_account = true;
            out->service_account = kb_span_text(&name, arena);
        }
    }
}

void kb_pod_read(const struct kb_span *object, const char *spec_path, bool partial,
                 struct kb_arena *arena, struct kb_pod_seen *out)
{
    struct kb_span spec;
    struct kb_span context;
    out->whole = kb_span_dig(object, spec_path, &spec) && out->whole;
    out->host_network |= get_true(&spec, "hostNetwork", &out->whole);
    out->host_pid |= get_true(&spec, "hostPID", &out->whole);
    out->host_ipc |= get_true(&spec, "hostIPC", &out->whole);
    read_service_account(&spec, arena, out);
    read_volumes(&spec, arena, out);
    out->whole = kb_span_get(&spec, KB_STR("securityContext"), &context) && out->whole;
    struct identity pod = identity_of(&context, &out->whole);
    read_containers(&spec, partial ? NULL : &pod, arena, out);
}
