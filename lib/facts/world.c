/* Taking a world in, and telling how whole it is. */
#include "facts/world.h"

#include "facts/world_kinds.h"

void kb_world_init(struct kb_world *world, int64_t now_ns, kb_world_setting_fn *setting,
                   const void *setting_ctx)
{
    *world = (struct kb_world){.now_ns = now_ns, .setting = setting, .setting_ctx = setting_ctx,
                               .network = kb_net_model_new()};
    for (size_t i = 0; i < KB_KIND_COUNT; i++) {
        world->lists[i] =
            (struct kb_list_report){.kind = &kb_kinds[i], .state = KB_LIST_NOT_READ};
    }
}

void kb_world_done(struct kb_world *world)
{
    kb_world_models_done(world);
    kb_map_done(&world->names);
    kb_arena_done(&world->arena);
}

static void take_object(void *ctx, const struct kb_object *object)
{
    struct kb_world *world = ctx;
    kb_world_take *take = kb_world_takes[object->kind->id];
    kb_cluster_take(&world->cluster, object);
    kb_exposure_model_take(world, object);
    kb_net_model_take(world, object);
    if (take != NULL) {
        take(world, object);
    }
}

/* What is read from two places is as whole as the worse of them. */
static void take_list(void *ctx, const struct kb_list_report *report)
{
    struct kb_world *world = ctx;
    struct kb_list_report *all = &world->lists[report->kind->id];
    bool first = all->state == KB_LIST_NOT_READ;
    if (first || report->state > all->state) {
        all->state = report->state;
        all->reason = kb_arena_copy(&world->arena, report->reason);
        all->source = kb_map_intern(&world->names, report->source);
        all->resource_version = kb_arena_copy(&world->arena, report->resource_version);
    }
    all->items += report->items;
    all->pages += report->pages;
    all->bytes += report->bytes;
}

/* The reader of a kind decides what a rejected item means; here it only counts. */
static void take_rejected(void *ctx, struct kb_str source, struct kb_str locator,
                          const struct kb_err *why)
{
    struct kb_world *world = ctx;
    (void)source;
    (void)locator;
    (void)why;
    world->rejected++;
}

static void take_other(void *ctx, struct kb_str api_version, struct kb_str kind, uint64_t count)
{
    (void)ctx;
    (void)api_version;
    (void)kind;
    (void)count;
}

struct kb_object_sink kb_world_sink(struct kb_world *world)
{
    world->objects_read = true;
    return (struct kb_object_sink){world, take_object, take_list, take_rejected,
                                   take_other};
}

bool kb_world_whole(const struct kb_world *world, enum kb_kind_id kind)
{
    enum kb_list_state state = world->lists[kind].state;
    return state == KB_LIST_COMPLETE || state == KB_LIST_ABSENT;
}

bool kb_world_workloads_whole(const struct kb_world *world)
{
    static const enum kb_kind_id kinds[] = {KB_KIND_POD,          KB_KIND_DEPLOYMENT,
                                            KB_KIND_DAEMON_SET,   KB_KIND_STATEFUL_SET,
                                            KB_KIND_REPLICA_SET,  KB_KIND_JOB,
                                            KB_KIND_CRON_JOB};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!kb_world_whole(world, kinds[i])) {
            return false;
        }
    }
    return true;
}

struct kb_world_place kb_world_place(struct kb_world *world, const struct kb_object *object)
{
    return (struct kb_world_place){
        .source = kb_map_intern(&world->names, object->source),
        .uid = kb_arena_copy(&world->arena, object->uid),
        .resource_version = kb_arena_copy(&world->arena, object->resource_version),
    };
}

struct kb_evidence kb_world_evidence(const struct kb_world_place *place, struct kb_arena *arena)
{
    struct kb_str locator =
        place->uid.n == 0
            ? KB_STR("without uid (a manifest)")
            : kb_arena_printf(arena, "uid %.*s, resourceVersion %.*s", KB_FMT(place->uid),
                              KB_FMT(place->resource_version));
    return (struct kb_evidence){.source = place->source, .locator = locator};
}

struct kb_str kb_world_namespace_label(const struct kb_world *world, struct kb_str name_space,
                                       struct kb_str label)
{
    return kb_namespace_label(kb_cluster_namespace(&world->cluster, name_space), label);
}

static void add_missing(struct kb_buf *buf, const struct kb_list_report *report)
{
    kb_buf_printf(buf, "%s%s%s%s %s", buf->n > 0 ? "; " : "", report->kind->plural,
                  report->kind->group[0] != '\0' ? "." : "", report->kind->group,
                  kb_list_state_name(report->state));
    if (report->reason.n > 0) {
        kb_buf_printf(buf, " (%.*s)", KB_FMT(report->reason));
    }
}

struct kb_str kb_world_missing(const struct kb_world *world, const struct kb_fact_source *source,
                               struct kb_arena *arena)
{
    /* No maximum: a reason that does not fit would make the table whole. */
    struct kb_buf buf;
    kb_buf_init(&buf, SIZE_MAX / 2);
    for (size_t i = 0; i < source->need_count; i++) {
        if (!kb_world_whole(world, source->needs[i])) {
            add_missing(&buf, &world->lists[source->needs[i]]);
        }
    }
    struct kb_str more = source->missing == NULL ? KB_STR("") : source->missing(world, arena);
    if (more.n > 0) {
        kb_buf_printf(&buf, "%s%.*s", buf.n > 0 ? "; " : "", KB_FMT(more));
    }
    struct kb_str text = kb_arena_copy(arena, kb_buf_view(&buf));
    kb_buf_done(&buf);
    return text;
}
