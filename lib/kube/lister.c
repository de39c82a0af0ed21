/* LIST with limit and continue. */
#include "kube/lister.h"

#include "base/map.h"
#include "data/items.h"
#include "data/url_escape.h"

enum { PAGES_MAX = 1000000, TARGET_MAX = 64 << 10 };

#define METADATA_LIST                                                                              \
    "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json;q=0.1"

struct lister {
    struct kb_kube_client *client;
    const struct kb_kube_server *server;
    const struct kb_kind *kind;
    const struct kb_object_sink *sink;
    struct kb_arena arena; /* of the list */
    struct kb_arena page_arena, item_arena;
    struct kb_str path;
    struct kb_items *items;
    struct kb_map seen;  /* "namespace/name" → hash of the resourceVersion */
    struct kb_str next;  /* continue token; empty: the last page was read */
    bool page_is_list;
    bool restarted, inconsistent;
    uint64_t changed;    /* objects that came again with another version */
    struct kb_str problem; /* why the list is not whole; the first one */
    bool stop;             /* no further page can be asked for */
    struct kb_list_report report;
};

static void problem(struct lister *l, struct kb_str why)
{
    if (l->problem.n == 0) {
        l->problem = kb_arena_copy(&l->arena, why);
    }
}

static void reject(struct lister *l, uint64_t index, const struct kb_err *why)
{
    struct kb_str locator =
        kb_arena_printf(&l->item_arena, "page %llu, item %llu",
                        (unsigned long long)l->report.pages + 1, (unsigned long long)index);
    l->sink->rejected(l->sink->ctx, l->path, locator, why);
    problem(l, KB_STR("an item of the list could not be read"));
}

/* False: it came before, and was passed on then. */
static bool first_time(struct lister *l, const struct kb_object *object)
{
    struct kb_str key = kb_arena_printf(&l->item_arena, "%.*s/%.*s", KB_FMT(object->name_space),
                                        KB_FMT(object->name));
    uint64_t version = kb_hash_bytes(object->resource_version.p, object->resource_version.n, 1);
    bool is_new;
    struct kb_map_entry *entry = kb_map_add(&l->seen, key, &is_new);
    if (is_new) {
        entry->value.u = version;
    } else if (entry->value.u != version) {
        entry->value.u = version;
        l->changed++;
    }
    return is_new;
}

static void on_item(void *ctx, struct kb_str text, uint64_t document, uint64_t index)
{
    struct lister *l = ctx;
    struct kb_err err = {0};
    struct kb_object object;
    KB_AUTO(kb_json_done) json_t *json = NULL;
    (void)document;
    kb_res res = kb_json_parse(NULL, text, 0, &json, &err);
    if (!kb_failed(res)) {
        res = kb_object_view(l->kind, json, &object, &err);
    }
    if (kb_failed(res)) {
        reject(l, index, &err);
    } else if (first_time(l, &object)) {
        object.source = l->path;
        l->report.items++;
        l->sink->object(l->sink->ctx, &object);
    }
    kb_arena_reset(&l->item_arena);
}

static void on_too_large(void *ctx, uint64_t document, uint64_t index)
{
    struct lister *l = ctx;
    struct kb_err err = {0};
    (void)document;
    kb_res res = kb_fail(&err, KB_ERR_LIMIT, "larger than %d bytes", KB_MAX_RECORD);
    (void)res;
    reject(l, index, &err);
}

static void on_document(void *ctx, struct kb_str text, bool list, uint64_t document, uint64_t items)
{
    struct lister *l = ctx;
    struct kb_err err = {0};
    KB_AUTO(kb_json_done) json_t *json = NULL;
    struct kb_str value;
    (void)document;
    (void)items;
    bool read = !kb_failed(kb_json_parse(NULL, text, 0, &json, &err));
    l->page_is_list = read && (list || kb_object_is_empty_list(json));
    const json_t *metadata = kb_json_object(json, "metadata");
    l->next = kb_json_str(metadata, "continue", &value) ? kb_arena_copy(&l->page_arena, value)
                                                        : KB_STR("");
    if (kb_json_str(metadata, "resourceVersion", &value)) {
        l->report.resource_version = kb_arena_copy(&l->arena, value);
    }
}

static const struct kb_items_sink *slicer_sink(struct lister *l, struct kb_items_sink *room)
{
    *room = (struct kb_items_sink){l, on_item, on_document, on_too_large};
    return room;
}

static void begin_page(struct lister *l)
{
    struct kb_items_sink sink;
    kb_items_free(l->items);
    l->items = kb_items_new(slicer_sink(l, &sink));
    l->page_is_list = false;
}

static bool take(void *ctx, struct kb_str bytes)
{
    struct lister *l = ctx;
    struct kb_err err = {0};
    l->report.bytes += bytes.n;
    if (kb_failed(kb_items_feed(l->items, bytes, &err))) {
        problem(l, kb_str_c(err.msg));
        return false;
    }
    return true;
}

static void again(void *ctx)
{
    begin_page(ctx);
}

static struct kb_str page_target(struct lister *l, unsigned page)
{
    struct kb_buf token;
    kb_buf_init(&token, TARGET_MAX);
    kb_url_escape(l->next, KB_URL_QUERY, &token);
    struct kb_str target =
        kb_arena_printf(&l->page_arena, "%.*s?limit=%u%s%.*s", KB_FMT(l->path), page,
                        l->next.n > 0 ? "&continue=" : "", KB_FMT(kb_buf_view(&token)));
    kb_buf_done(&token);
    return target;
}

/* The answer came to its end: whether it was a page of a list. */
static void end_page(struct lister *l, struct kb_str before)
{
    struct kb_err err = {0};
    const char *why = NULL;
    l->report.pages++;
    if (kb_failed(kb_items_finish(l->items, &err))) {
        why = err.msg;
    } else if (!l->page_is_list) {
        why = "the answer is no list of Kubernetes objects";
    } else if (l->next.n > 0 && kb_str_eq(l->next, before)) {
        why = "the server gives the same page again and again";
    } else if (l->report.pages > PAGES_MAX) {
        why = "the list does not end";
    }
    if (why != NULL) {
        problem(l, kb_str_c(why));
        l->stop = true;
    }
}

/* The server does not serve the kind's group: there is nothing to ask for, and nothing that is forbidden. */
static bool group_is_absent(const struct kb_kube_server *server, const struct kb_kind *kind)
{
    return kind->group[0] != '\0' && server->api_groups_read &&
           kb_map_find(&server->api_groups, kb_str_c(kind->group)) == NULL;
}

/* A 404 says that the kind is not there only where its group, or its version of the group, is served. */
static enum kb_list_state state_of_404(const struct lister *l, struct kb_arena *arena)
{
    struct kb_kube_status status;
    KB_AUTO(kb_json_done) json_t *json = NULL;
    struct kb_str group = kb_str_c(l->kind->group);
    if (group.n == 0 || !l->server->api_groups_read) {
        return KB_LIST_FAILED;
    }
    struct kb_str target = kb_arena_printf(arena, "/apis/%s/%s", l->kind->group, l->kind->version);
    kb_res res = kb_kube_get_json(l->client, target, NULL, KB_STR(""), arena, &json, &status, NULL);
    bool served = !kb_failed(res) && kb_json_array(json, "resources") != NULL;
    return served ? KB_LIST_ABSENT : KB_LIST_FAILED;
}

static void tell_failure(struct lister *l, const struct kb_kube_status *status,
                         const struct kb_err *err)
{
    struct kb_list_report *report = &l->report;
    report->state = report->pages > 0 || report->items > 0 ? KB_LIST_PARTIAL : KB_LIST_FAILED;
    report->reason = kb_arena_copy(&l->arena, l->problem.n > 0 ? l->problem : kb_str_c(err->msg));
    if (status->code == 403) {
        report->state = report->items > 0 ? KB_LIST_PARTIAL : KB_LIST_FORBIDDEN;
        report->reason = kb_arena_printf(
            &l->arena, "%s; it needs a ClusterRole with {apiGroups: [\"%s\"], resources: [\"%s\"], "
            "verbs: [\"list\"]}", err->msg, l->kind->group, l->kind->plural);
    } else if (status->code == 404 && report->pages == 0) {
        report->state = state_of_404(l, &l->arena);
    }
    if (report->state == KB_LIST_ABSENT) {
        report->reason = KB_STR("");
    }
}

/* A list that expired: from its beginning, or, the second time, on where the server allows it. False:
 * neither. */
static bool begin_again(struct lister *l, const struct kb_kube_status *status)
{
    if (status->code != 410) {
        return false;
    }
    if (!l->restarted) {
        l->restarted = true;
        l->next = KB_STR("");
        return true;
    }
    l->inconsistent = status->next.n > 0;
    l->next = status->next;
    return l->inconsistent;
}

/* One page, until it is whole or fails. False: the list ends here. */
static bool read_page(struct lister *l, unsigned page)
{
    struct kb_err err = {0};
    struct kb_kube_status status;
    struct kb_str before = l->next;
    const struct kb_kube_call call = {
        .method = "GET",
        .target = page_target(l, page),
        .accept = l->kind->read == KB_READ_FULL ? NULL : METADATA_LIST,
        .take = take,
        .again = again,
        .ctx = l,
    };
    begin_page(l);
    kb_res res = kb_kube_send(l->client, &call, &l->page_arena, &status, &err);
    if (kb_failed(res)) {
        if (begin_again(l, &status)) {
            return true;
        }
        tell_failure(l, &status, &err);
        return false;
    }
    end_page(l, before);
    return !l->stop && l->next.n > 0;
}

static void close_report(struct lister *l)
{
    struct kb_list_report *report = &l->report;
    if (report->state != KB_LIST_NOT_READ) {
        return;
    }
    report->state = l->problem.n > 0 ? KB_LIST_PARTIAL : KB_LIST_COMPLETE;
    report->reason = l->problem;
    if (l->problem.n == 0 && (l->inconsistent || l->changed > 0)) {
        report->reason = kb_arena_printf(
            &l->arena, "not of one moment: the list expired on the server while it was read%s, and %llu "
            "objects had changed", l->restarted ? " and was begun again" : "",
            (unsigned long long)l->changed);
    }
}

static struct kb_str list_path(struct kb_arena *arena, const struct kb_kind *kind)
{
    return kb_arena_printf(arena, "/%s%s/%s/%s", kind->group[0] != '\0' ? "apis/" : "api", kind->group,
                           kind->version, kind->plural);
}

void kb_kube_list(struct kb_kube_client *client, const struct kb_kube_server *server,
                  const struct kb_kind *kind, unsigned page, const struct kb_object_sink *sink)
{
    struct lister l = {.client = client, .server = server, .kind = kind, .sink = sink};
    l.path = list_path(&l.arena, kind);
    l.report = (struct kb_list_report){.kind = kind, .state = KB_LIST_NOT_READ, .source = l.path};
    if (group_is_absent(server, kind)) {
        l.report.state = KB_LIST_ABSENT;
    }
    while (l.report.state != KB_LIST_ABSENT && read_page(&l, page)) {
        struct kb_str next = kb_arena_copy(&l.arena, l.next);
        kb_arena_reset(&l.page_arena);
        l.next = next;
    }
    close_report(&l);
    sink->list(sink->ctx, &l.report);
    kb_items_free(l.items);
    kb_map_done(&l.seen);
    kb_arena_done(&l.item_arena);
    kb_arena_done(&l.page_arena);
    kb_arena_done(&l.arena);
}

static void read_config_map(struct kb_kube_client *client, const struct kb_known_config_map *map,
                            const struct kb_object_sink *sink, struct kb_arena *arena,
                            struct kb_list_report *report)
{
    struct kb_err err = {0};
    struct kb_kube_status status;
    struct kb_object object;
    KB_AUTO(kb_json_done) json_t *json = NULL;
    struct kb_str path =
        kb_arena_printf(arena, "/api/v1/namespaces/%s/configmaps/%s", map->name_space, map->name);
    kb_res res = kb_kube_get_json(client, path, NULL, KB_STR(""), arena, &json, &status, &err);
    if (!kb_failed(res)) {
        res = kb_object_view(report->kind, json, &object, &err);
    }
    report->pages++;
    report->bytes += status.bytes;
    if (!kb_failed(res)) {
        object.source = path;
        report->items++;
        sink->object(sink->ctx, &object);
    } else if (status.code == 403) {
        report->state = KB_LIST_FORBIDDEN;
        report->reason = kb_arena_printf(
            arena, "%s; it needs a Role in %s with {apiGroups: [\"\"], resources: "
            "[\"configmaps\"], resourceNames: [\"%s\"], verbs: [\"get\"]}", err.msg, map->name_space,
            map->name);
    } else if (status.code != 404 || !kb_str_eq_c(status.reason, "NotFound")) {
        report->state = KB_LIST_FAILED;
        report->reason = kb_arena_copy(arena, kb_str_c(err.msg));
    }
}

void kb_kube_read_config_maps(struct kb_kube_client *client, const struct kb_object_sink *sink)
{
    struct kb_arena arena = {0};
    struct kb_list_report report = {.kind = &kb_kinds[KB_KIND_CONFIG_MAP],
                                    .state = KB_LIST_COMPLETE,
                                    .source = KB_STR("/api/v1/configmaps")};
    for (size_t i = 0; i < kb_known_config_map_count; i++) {
        read_config_map(client, &kb_known_config_maps[i], sink, &arena, &report);
    }
    sink->list(sink->ctx, &report);
    kb_arena_done(&arena);
}

/* Names of Kubernetes: what else a schedule says is no name, and no path. */
static bool is_name(struct kb_str text)
{
    bool ok = text.n > 0 && text.n <= 253;
    for (size_t i = 0; i < text.n && ok; i++) {
        char c = text.p[i];
        ok = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || (c == '.' && i > 0);
    }
    return ok;
}

/* Only texts of resource policies stay of it. */
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
}

void kb_kube_read_policy(struct kb_kube_client *client, struct kb_str name_space, struct kb_str name,
                         const struct kb_object_sink *sink)
{
    struct kb_arena arena = {0};
    struct kb_kube_status status;
    struct kb_object object;
    KB_AUTO(kb_json_done) json_t *json = NULL;
    struct kb_str path = kb_arena_printf(&arena, "/api/v1/namespaces/%.*s/configmaps/%.*s",
                                         KB_FMT(name_space), KB_FMT(name));
    bool read = is_name(name_space) && is_name(name) &&
                !kb_failed(kb_kube_get_json(client, path, NULL, KB_STR(""), &arena, &json, &status,
                                            NULL));
    if (read && !kb_failed(kb_object_view(&kb_kinds[KB_KIND_CONFIG_MAP], json, &object, NULL))) {
        keep_policies(json);
        object.source = path;
        sink->object(sink->ctx, &object);
    }
    kb_arena_done(&arena);
}
