/* Objects from files: each file as JSON, sliced, or as YAML documents. */
#include "source/objects.h"

#include <string.h>

#include "base/limits.h"
#include "data/items.h"
#include "source/input.h"
#include "source/object_tally.h"
#include "source/object_yaml.h"

enum { CHUNK = 256 << 10 };

struct reader {
    struct kb_object_tally tally;
    struct kb_items *items;
    const struct kb_input_entry *entry;
    uint64_t objects; /* of the file being read: objects and lists */
    struct kb_arena arena; /* of one object */
};

static void reject(struct reader *reader, struct kb_str locator, const struct kb_err *why)
{
    const struct kb_object_sink *sink = reader->tally.sink;
    sink->rejected(sink->ctx, reader->entry->name, locator, why);
}

static struct kb_str place(struct reader *reader, uint64_t document, uint64_t index)
{
    return index == 0
               ? kb_arena_printf(&reader->arena, "document %llu", (unsigned long long)document)
               : kb_arena_printf(&reader->arena, "document %llu, item %llu",
                                 (unsigned long long)document, (unsigned long long)index);
}

/* Data of a Secret is dropped in every form: what the slicer leaves of it, and manifests' stringData. */
static void drop_data(json_t *json)
{
    static const char *const keys[] = {"data", "stringData", "binaryData"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        (void)json_object_del(json, keys[i]);
    }
}

/* Of a ConfigMap, texts of resource policies stay. */
static void keep_policies(json_t *json)
{
    json_t *data = kb_json_object(json, "data");
    const char *key;
    json_t *value;
    void *next;
    (void)json_object_del(json, "binaryData");
    json_object_foreach_safe(data, next, key, value) {
        if (!kb_text_is_resource_policy(kb_json_view(value))) {
            (void)json_object_del(data, key);
        }
    }
    if (json_object_size(data) == 0) {
        (void)json_object_del(json, "data");
    }
}

static bool is_known_config_map(const struct kb_object *object)
{
    return object->kind->id == KB_KIND_CONFIG_MAP &&
           kb_config_map_is_known(object->name_space, object->name);
}

/* `kind` is the list's, or NULL: the object tells its own. */
static void take_object(struct reader *reader, const struct kb_kind *kind, json_t *json,
                        struct kb_str locator)
{
    struct kb_object object;
    struct kb_err err = {0};
    kb_res res = kb_object_view(kind, json, &object, &err);
    reader->objects++;
    if (res.code == KB_ERR_UNSUPPORTED) {
        kb_object_tally_other(&reader->tally, json);
        return;
    }
    if (kb_failed(res)) {
        reject(reader, locator, &err);
        kb_object_tally_problem(&reader->tally, NULL, KB_STR("an item of the list is no object"));
        return;
    }
    if (object.kind->id == KB_KIND_CONFIG_MAP && !is_known_config_map(&object)) {
        keep_policies(json);
    } else if (object.kind->read != KB_READ_FULL && !is_known_config_map(&object)) {
        drop_data(json);
    }
    object.source = reader->entry->name;
    object.locator = locator;
    kb_object_tally_object(&reader->tally, &object);
}

static const struct kb_kind *list_kind(const struct reader *reader)
{
    return kb_kind_find_list(kb_items_api_version(reader->items), kb_items_kind(reader->items));
}

static void on_item(void *ctx, struct kb_str text, uint64_t document, uint64_t index)
{
    struct reader *reader = ctx;
    struct kb_err err = {0};
    KB_AUTO(kb_json_done) json_t *json = NULL;
    struct kb_str locator = place(reader, document, index);
    if (kb_failed(kb_json_parse(NULL, text, 0, &json, &err))) {
        reject(reader, locator, &err);
        kb_object_tally_problem(&reader->tally, NULL,
                                KB_STR("an item of the list could not be read"));
    } else {
        take_object(reader, list_kind(reader), json, locator);
    }
    kb_arena_reset(&reader->arena);
}

static void on_too_large(void *ctx, uint64_t document, uint64_t index)
{
    struct reader *reader = ctx;
    struct kb_err err = {0};
    kb_res res = kb_fail(&err, KB_ERR_LIMIT, "larger than %d bytes", KB_MAX_RECORD);
    (void)res;
    reject(reader, place(reader, document, index), &err);
    kb_object_tally_problem(&reader->tally, NULL, KB_STR("an item of the list is too large"));
    kb_arena_reset(&reader->arena);
}

/* "roles.rbac.authorization.k8s.io.json" in any folder, also ".yaml", ".gz": the resource's kind. */
static const struct kb_kind *kind_of_file(struct kb_str path)
{
    static const char *const endings[] = {".gz", ".zst", ".json", ".yaml", ".yml"};
    const char *slash = memrchr(path.p, '/', path.n);
    size_t from = slash == NULL ? 0 : (size_t)(slash - path.p) + 1;
    struct kb_str name = kb_str_sub(path, from, path.n);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (kb_str_ends(name, kb_str_c(endings[i]))) {
            name = kb_str_sub(name, 0, name.n - strlen(endings[i]));
        }
    }
    return kb_kind_find_resource(name);
}

/* What a list says of itself: its kinds are those that came, its own, or that of the file's name. */
static void take_list(struct reader *reader, const json_t *list, uint64_t items)
{
    struct kb_str kind = KB_STR(""), api = KB_STR(""), version = KB_STR(""), next = KB_STR("");
    const json_t *metadata = kb_json_object(list, "metadata");
    int64_t remaining = 0;
    (void)kb_json_str(list, "kind", &kind);
    (void)kb_json_str(list, "apiVersion", &api);
    (void)kb_json_str(metadata, "resourceVersion", &version);
    const struct kb_kind *own = kb_kind_find_list(api, kind);
    if (own == NULL && items == 0) {
        own = kind_of_file(reader->entry->path);
    }
    if (own != NULL) {
        kb_object_tally_list(&reader->tally, own, reader->entry->name, version);
    }
    for (size_t i = 0; own == NULL && i < KB_KIND_COUNT; i++) {
        if (reader->tally.kind[i].in_file) {
            kb_object_tally_list(&reader->tally, &kb_kinds[i], reader->entry->name, KB_STR(""));
        }
    }
    bool more = (kb_json_str(metadata, "continue", &next) && next.n > 0) ||
                (kb_json_i64(metadata, "remainingItemCount", &remaining) && remaining > 0);
    if (more) {
        kb_object_tally_problem(&reader->tally, own,
                                KB_STR("the list goes on: this is one page of it"));
    }
    reader->objects++;
}

static void on_document(void *ctx, struct kb_str text, bool list, uint64_t document, uint64_t items)
{
    struct reader *reader = ctx;
    struct kb_err err = {0};
    KB_AUTO(kb_json_done) json_t *json = NULL;
    struct kb_str locator = place(reader, document, 0);
    if (kb_failed(kb_json_parse(NULL, text, 0, &json, &err))) {
        reject(reader, locator, &err);
        kb_object_tally_problem(&reader->tally, NULL, KB_STR("the list is damaged"));
    } else if (list || kb_object_is_empty_list(json)) {
        take_list(reader, json, items);
    } else {
        take_object(reader, NULL, json, locator);
    }
    kb_arena_reset(&reader->arena);
}

/* A YAML document: an object, or a list whose elements are taken one by one. */
static void on_yaml(void *ctx, json_t *json, uint64_t line)
{
    struct reader *reader = ctx;
    json_t *items = kb_json_array(json, "items");
    struct kb_str kind = KB_STR(""), api = KB_STR("");
    (void)kb_json_str(json, "kind", &kind);
    (void)kb_json_str(json, "apiVersion", &api);
    struct kb_str at = kb_arena_printf(&reader->arena, "line %llu", (unsigned long long)line);
    if (!kb_str_ends(kind, KB_STR("List"))) {
        take_object(reader, NULL, json, at);
        kb_arena_reset(&reader->arena);
        return;
    }
    for (size_t i = 0; i < json_array_size(items); i++) {
        take_object(reader, kb_kind_find_list(api, kind), json_array_get(items, i),
                    kb_arena_printf(&reader->arena, "line %llu, item %zu",
                                    (unsigned long long)line, i + 1));
    }
    take_list(reader, json, json_array_size(items));
    kb_arena_reset(&reader->arena);
}

static void on_yaml_error(void *ctx, const struct kb_err *why)
{
    struct reader *reader = ctx;
    reject(reader, KB_STR(""), why);
    kb_object_tally_problem(&reader->tally, NULL, KB_STR("a document of the file is damaged"));
}

static KB_RES read_json(struct reader *reader, struct kb_bytes in, struct kb_str head,
                        struct kb_err *err)
{
    struct kb_items_sink sink = {reader, on_item, on_document, on_too_large};
    char *chunk = kb_alloc(CHUNK);
    size_t got = 0;
    reader->items = kb_items_new(&sink);
    kb_res res = kb_items_feed(reader->items, head, err);
    while (!kb_failed(res)) {
        res = kb_bytes_read(in, chunk, CHUNK, &got, err);
        if (kb_failed(res) || got == 0) {
            break;
        }
        res = kb_items_feed(reader->items, (struct kb_str){chunk, got}, err);
    }
    if (!kb_failed(res)) {
        res = kb_items_finish(reader->items, err);
    }
    kb_items_free(reader->items);
    kb_free(chunk);
    return res;
}

static KB_RES read_yaml(struct reader *reader, struct kb_bytes in, struct kb_str head,
                        struct kb_err *err)
{
    struct kb_object_yaml_sink sink = {reader, on_yaml, on_yaml_error};
    return kb_object_yaml_read(in, head, &sink, err);
}

/* The byte order mark is no part of the text. */
static struct kb_str skip_mark(struct kb_str head)
{
    struct kb_str mark = KB_STR("\xEF\xBB\xBF");
    return kb_str_starts(head, mark) ? kb_str_sub(head, mark.n, head.n) : head;
}

static KB_RES read_bytes(struct reader *reader, struct kb_bytes in, struct kb_err *err)
{
    char *first = kb_alloc(CHUNK);
    size_t got = 0;
    kb_res res = kb_bytes_read(in, first, CHUNK, &got, err);
    if (!kb_failed(res) && got > 0) {
        struct kb_str head = skip_mark((struct kb_str){first, got});
        struct kb_str text = kb_str_trim(head);
        bool json = text.n > 0 && (*text.p == '{' || *text.p == '[');
        res = json ? read_json(reader, in, head, err) : read_yaml(reader, in, head, err);
    }
    kb_free(first);
    return res;
}

static void tell_nothing(struct reader *reader)
{
    struct kb_err err = {0};
    kb_res res = kb_fail(&err, KB_ERR_INVALID, "no object of Kubernetes is in it");
    (void)res;
    reject(reader, KB_STR(""), &err);
}

static KB_RES read_file(struct reader *reader, const struct kb_input_entry *entry,
                        struct kb_err *err)
{
    struct kb_input *input;
    reader->entry = entry;
    reader->objects = 0;
    kb_object_tally_begin_file(&reader->tally);
    KB_TRY(kb_input_open(entry, false, &input, err));
    kb_res res = read_bytes(reader, kb_input_bytes(input), err);
    kb_input_close(input);
    return res;
}

static void read_files(struct reader *reader, const struct kb_inputs *inputs)
{
    for (size_t i = 0; i < inputs->n; i++) {
        struct kb_err err = {0};
        if (kb_failed(read_file(reader, &inputs->at[i], &err))) {
            reject(reader, KB_STR(""), &err);
            kb_object_tally_problem(&reader->tally, NULL, kb_str_c(err.msg));
        } else if (reader->objects == 0) {
            tell_nothing(reader);
        }
    }
}

KB_RES kb_objects_read(const struct kb_str *paths, size_t n, const struct kb_object_sink *sink,
                       struct kb_err *err)
{
    struct reader reader = {0};
    struct kb_arena arena = {0};
    struct kb_inputs inputs = {0};
    const char **names = KB_NEW_ARRAY(&arena, n, const char *);
    for (size_t i = 0; i < n; i++) {
        names[i] = kb_arena_copy(&arena, paths[i]).p;
    }
    kb_object_tally_init(&reader.tally, sink);
    kb_res res = kb_inputs_find(&arena, names, n, &inputs, err);
    if (!kb_failed(res)) {
        read_files(&reader, &inputs);
        kb_object_tally_report(&reader.tally);
    }
    kb_object_tally_done(&reader.tally);
    kb_arena_done(&reader.arena);
    kb_arena_done(&arena);
    return res;
}
