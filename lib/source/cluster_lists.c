/* Workers that take kinds from a common counter, each with a client of its own. */
#include "source/cluster_lists.h"

#include <pthread.h>

struct lists {
    pthread_mutex_t lock; /* of all below, and of the sink */
    const struct kb_kube_server *server;
    const struct kb_kind_set *kinds;
    unsigned page;
    const struct kb_object_sink *sink;
    unsigned next; /* the kind that nobody has taken yet */
    struct kb_arena arena;
    struct kb_list_report reports[KB_KIND_COUNT]; /* kind NULL: none */
};

struct worker {
    pthread_t thread;
    struct lists *lists;
    struct kb_kube_client *client;
    bool started;
};

static void take_object(void *ctx, const struct kb_object *object)
{
    struct lists *lists = ctx;
    (void)pthread_mutex_lock(&lists->lock);
    lists->sink->object(lists->sink->ctx, object);
    (void)pthread_mutex_unlock(&lists->lock);
}

static void take_list(void *ctx, const struct kb_list_report *report)
{
    struct lists *lists = ctx;
    (void)pthread_mutex_lock(&lists->lock);
    struct kb_list_report *to = &lists->reports[report->kind->id];
    *to = *report;
    to->source = kb_arena_copy(&lists->arena, report->source);
    to->resource_version = kb_arena_copy(&lists->arena, report->resource_version);
    to->reason = kb_arena_copy(&lists->arena, report->reason);
    (void)pthread_mutex_unlock(&lists->lock);
}

static void take_rejected(void *ctx, struct kb_str source, struct kb_str locator,
                          const struct kb_err *why)
{
    struct lists *lists = ctx;
    (void)pthread_mutex_lock(&lists->lock);
    lists->sink->rejected(lists->sink->ctx, source, locator, why);
    (void)pthread_mutex_unlock(&lists->lock);
}

static void take_other(void *ctx, struct kb_str api_version, struct kb_str kind, uint64_t count)
{
    struct lists *lists = ctx;
    (void)pthread_mutex_lock(&lists->lock);
    lists->sink->other(lists->sink->ctx, api_version, kind, count);
    (void)pthread_mutex_unlock(&lists->lock);
}

static bool is_listed(const struct lists *lists, unsigned kind)
{
    return (lists->kinds == NULL || lists->kinds->has[kind]) &&
           kb_kinds[kind].read != KB_READ_ON_REQUEST;
}

/* NULL: all are taken. */
static const struct kb_kind *take_kind(struct lists *lists)
{
    const struct kb_kind *kind = NULL;
    (void)pthread_mutex_lock(&lists->lock);
    while (lists->next < KB_KIND_COUNT && kind == NULL) {
        kind = is_listed(lists, lists->next) ? &kb_kinds[lists->next] : NULL;
        lists->next++;
    }
    (void)pthread_mutex_unlock(&lists->lock);
    return kind;
}

static void *work(void *ctx)
{
    struct worker *worker = ctx;
    struct lists *lists = worker->lists;
    const struct kb_object_sink sink = {lists, take_object, take_list, take_rejected, take_other};
    for (const struct kb_kind *kind = take_kind(lists); kind != NULL; kind = take_kind(lists)) {
        if (kind->id == KB_KIND_CONFIG_MAP) {
            kb_kube_read_config_maps(worker->client, &sink);
        } else {
            kb_kube_list(worker->client, lists->server, kind, lists->page, &sink);
        }
    }
    return NULL;
}

/* A worker that cannot start is no loss but of time: the caller's own does what is left. */
static void start(struct worker *worker, const struct kb_kube_client *client, struct lists *lists)
{
    worker->lists = lists;
    worker->started = !kb_failed(kb_kube_client_clone(client, &worker->client, NULL)) &&
                      pthread_create(&worker->thread, NULL, work, worker) == 0;
}

static void give_reports(const struct lists *lists)
{
    for (size_t i = 0; i < KB_KIND_COUNT; i++) {
        if (lists->reports[i].kind != NULL) {
            lists->sink->list(lists->sink->ctx, &lists->reports[i]);
        }
    }
}

void kb_cluster_lists(struct kb_kube_client *client, const struct kb_kube_server *server,
                      const struct kb_kind_set *kinds, unsigned page, const struct kb_object_sink *sink)
{
    struct lists lists = {.lock = PTHREAD_MUTEX_INITIALIZER,
                          .server = server,
                          .kinds = kinds,
                          .page = page,
                          .sink = sink};
    struct worker own = {.lists = &lists, .client = client};
    struct worker more[KB_CLUSTER_CONNECTIONS - 1] = {{0}};
    for (size_t i = 0; i < KB_CLUSTER_CONNECTIONS - 1; i++) {
        start(&more[i], client, &lists);
    }
    (void)work(&own);
    for (size_t i = 0; i < KB_CLUSTER_CONNECTIONS - 1; i++) {
        if (more[i].started) {
            (void)pthread_join(more[i].thread, NULL);
        }
        kb_kube_client_free(more[i].client);
    }
    give_reports(&lists);
    kb_arena_done(&lists.arena);
    (void)pthread_mutex_destroy(&lists.lock);
}
