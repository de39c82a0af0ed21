/* Metadata of an object. */
#include "data/object.h"

#include "data/time.h"

const char *kb_list_state_name(enum kb_list_state state)
{
#define KB_SECOND(sym, id) id,
    static const char *const names[] = {KB_LIST_STATES(KB_SECOND)};
#undef KB_SECOND
    return names[state];
}

static KB_RES find_kind(const json_t *json, const struct kb_kind **out, struct kb_err *err)
{
    struct kb_str api_version = KB_STR(""), kind = KB_STR("");
    (void)kb_json_str(json, "apiVersion", &api_version);
    KB_ENSURE(kb_json_str(json, "kind", &kind) && kind.n > 0, err, KB_ERR_INVALID,
              "not an object of Kubernetes: it has no kind");
    *out = kb_kind_find(api_version, kind);
    KB_ENSURE(*out != NULL, err, KB_ERR_UNSUPPORTED, "objects of kind %.*s (%.*s) are not read",
              KB_FMT(kind), KB_FMT(api_version));
    return KB_SUCCESS;
}

static int64_t created(const json_t *metadata)
{
    struct kb_str text;
    struct kb_time time, epoch = {0};
    int64_t ns;
    bool known = kb_json_str(metadata, "creationTimestamp", &text) &&
                 !kb_failed(kb_time_parse(text, KB_TIME_META, &time, NULL)) &&
                 kb_time_diff(time, epoch, &ns);
    return known ? ns : KB_OBJECT_NO_TIME;
}

KB_RES kb_object_view(const struct kb_kind *kind, const json_t *json, struct kb_object *out,
                      struct kb_err *err)
{
    KB_ENSURE(json_is_object(json), err, KB_ERR_INVALID, "not an object of Kubernetes");
    if (kind == NULL) {
        KB_TRY(find_kind(json, &kind, err));
    }
    const json_t *metadata = kb_json_object(json, "metadata");
    *out = (struct kb_object){.kind = kind, .json = json, .created_ns = created(metadata)};
    KB_ENSURE(kb_json_str(metadata, "name", &out->name) && out->name.n > 0, err, KB_ERR_INVALID,
              "%s without metadata.name", kind->kind);
    (void)kb_json_str(metadata, "uid", &out->uid);
    (void)kb_json_str(metadata, "resourceVersion", &out->resource_version);
    if (kind->namespaced && !(kb_json_str(metadata, "namespace", &out->name_space) &&
                              out->name_space.n > 0)) {
        out->name_space = KB_STR("default"); /* as kubectl applies a manifest without one */
    }
    return KB_SUCCESS;
}

struct kb_str kb_object_name(struct kb_arena *arena, const struct kb_object *object)
{
    const char *kind = object->kind->kind;
    return object->name_space.n == 0
               ? kb_arena_printf(arena, "%s/%.*s", kind, KB_FMT(object->name))
               : kb_arena_printf(arena, "%s/%.*s/%.*s", kind, KB_FMT(object->name_space),
                                 KB_FMT(object->name));
}

const json_t *kb_object_labels(const struct kb_object *object)
{
    return kb_json_object(kb_json_object(object->json, "metadata"), "labels");
}

const json_t *kb_object_annotations(const struct kb_object *object)
{
    return kb_json_object(kb_json_object(object->json, "metadata"), "annotations");
}

bool kb_object_is_empty_list(const json_t *json)
{
    struct kb_str kind = KB_STR("");
    (void)kb_json_str(json, "kind", &kind);
    return kb_str_ends(kind, KB_STR("List")) && json_is_null(json_object_get(json, "items"));
}
