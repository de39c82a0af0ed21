/* Per-kind account. */
#include "source/object_tally.h"

void kb_object_tally_init(struct kb_object_tally *tally, const struct kb_object_sink *sink)
{
    *tally = (struct kb_object_tally){.sink = sink};
}

void kb_object_tally_done(struct kb_object_tally *tally)
{
    kb_map_done(&tally->seen);
    kb_map_done(&tally->others);
    kb_arena_done(&tally->arena);
}

void kb_object_tally_begin_file(struct kb_object_tally *tally)
{
    for (size_t i = 0; i < KB_KIND_COUNT; i++) {
        tally->kind[i].in_file = false;
    }
}

static struct kb_kind_tally *came(struct kb_object_tally *tally, const struct kb_kind *kind,
                                  struct kb_str source)
{
    struct kb_kind_tally *at = &tally->kind[kind->id];
    if (!at->in_file) {
        at->in_file = true;
        at->files++;
    }
    if (at->files == 1 && at->source.n == 0) {
        at->source = kb_arena_copy(&tally->arena, source);
    }
    return at;
}

static void conflict(struct kb_object_tally *tally, const struct kb_object *object,
                     struct kb_str name)
{
    struct kb_err why = {0};
    kb_res res = kb_fail(&why, KB_ERR_INVALID, "%.*s is given twice, with another content",
                         KB_FMT(name));
    (void)res;
    tally->sink->rejected(tally->sink->ctx, object->source, object->locator, &why);
    kb_object_tally_problem(tally, object->kind, kb_str_c(why.msg));
}

void kb_object_tally_object(struct kb_object_tally *tally, const struct kb_object *object)
{
    struct kb_kind_tally *at = came(tally, object->kind, object->source);
    struct kb_arena arena = {0};
    struct kb_str name = kb_object_name(&arena, object);
    uint64_t version = kb_hash_bytes(object->uid.p, object->uid.n, 1) ^
                       kb_hash_bytes(object->resource_version.p, object->resource_version.n, 2);
    bool is_new;
    struct kb_map_entry *entry = kb_map_add(&tally->seen, name, &is_new);
    if (is_new) {
        entry->value.u = version;
        at->items++;
        tally->sink->object(tally->sink->ctx, object);
    } else if (entry->value.u != version || object->uid.n == 0) {
        conflict(tally, object, name);
    }
    kb_arena_done(&arena);
}

void kb_object_tally_list(struct kb_object_tally *tally, const struct kb_kind *kind,
                          struct kb_str source, struct kb_str resource_version)
{
    struct kb_kind_tally *at = came(tally, kind, source);
    at->listed = true;
    if (resource_version.n > 0) {
        at->resource_version = kb_arena_copy(&tally->arena, resource_version);
    }
}

void kb_object_tally_other(struct kb_object_tally *tally, const json_t *json)
{
    struct kb_str api_version = KB_STR(""), kind = KB_STR("");
    struct kb_arena arena = {0};
    (void)kb_json_str(json, "apiVersion", &api_version);
    (void)kb_json_str(json, "kind", &kind);
    struct kb_str key =
        kb_arena_printf(&arena, "%.*s %.*s", KB_FMT(api_version), KB_FMT(kind));
    enum { KINDS_MAX = 2000 };
    if (tally->others.n < KINDS_MAX || kb_map_find(&tally->others, key) != NULL) {
        kb_map_add(&tally->others, key, NULL)->value.u++;
    }
    kb_arena_done(&arena);
}

void kb_object_tally_problem(struct kb_object_tally *tally, const struct kb_kind *kind,
                             struct kb_str why)
{
    for (size_t i = 0; i < KB_KIND_COUNT; i++) {
        struct kb_kind_tally *at = &tally->kind[i];
        bool meant = kind == NULL ? at->in_file : kind->id == i;
        if (meant && at->problem.n == 0) {
            at->problem = kb_arena_copy(&tally->arena, why);
        }
    }
}

static struct kb_str reason_of(const struct kb_kind_tally *at, struct kb_arena *arena, size_t i)
{
    if (at->listed || at->problem.n > 0) {
        return at->problem;
    }
    return kb_arena_printf(arena, "objects of %s were given singly, not as a list: there may be more",
                           kb_kinds[i].kind);
}

static void report_kind(const struct kb_object_tally *tally, size_t i, struct kb_arena *arena)
{
    const struct kb_kind_tally *at = &tally->kind[i];
    struct kb_list_report report = {
        .kind = &kb_kinds[i],
        .items = at->items,
        .pages = at->files,
        .source = at->files == 1 ? at->source
                                 : kb_arena_printf(arena, "%.*s and %llu more", KB_FMT(at->source),
                                                   (unsigned long long)at->files - 1),
        .resource_version = at->resource_version,
        .reason = reason_of(at, arena, i),
    };
    report.state = report.reason.n > 0 ? KB_LIST_PARTIAL : KB_LIST_COMPLETE;
    tally->sink->list(tally->sink->ctx, &report);
}

void kb_object_tally_report(const struct kb_object_tally *tally)
{
    struct kb_arena arena = {0};
    for (size_t i = 0; i < KB_KIND_COUNT; i++) {
        if (tally->kind[i].files > 0) {
            report_kind(tally, i, &arena);
        }
    }
    for (size_t i = 0; i < tally->others.n; i++) {
        const struct kb_map_entry *entry = &tally->others.entries[i];
        struct kb_str kind;
        struct kb_str api_version = kb_str_split(entry->key, ' ', &kind);
        tally->sink->other(tally->sink->ctx, api_version, kind, entry->value.u);
    }
    kb_arena_done(&arena);
}
