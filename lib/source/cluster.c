/* Connect, greet, list. */
#include "source/cluster.h"

#include "source/cluster_lists.h"
#include "source/eks_login.h"

#define USER_AGENT "kube-baseline/" KB_VERSION

struct session {
    struct kb_kube_target target;
    struct kb_kube_client *client;
    struct kb_kube_server server;
};

static KB_RES open_session(struct session *s, const struct kb_cluster_options *options,
                           struct kb_arena *arena, struct kb_err *err)
{
    const struct kb_kube_env env = kb_kube_env();
    KB_TRY(kb_kube_resolve(options->flags, &env, &s->target, err));
    s->target.native = kb_eks_login_native();
    kb_res res = kb_kube_client_new(&s->target, KB_STR(USER_AGENT), &s->client, err);
    if (!kb_failed(res)) {
        res = kb_kube_greet(s->client, arena, &s->server, err);
    }
    if (kb_failed(res)) {
        kb_err_context(err, "%.*s", KB_FMT(s->target.where));
    }
    return res;
}

static void close_session(struct session *s)
{
    kb_kube_server_done(&s->server);
    kb_kube_client_free(s->client);
    kb_kube_target_done(&s->target);
}

enum { POLICIES_MAX = 200 };

/* Names of resource policies, as the schedules that pass by name them. */
struct policies {
    const struct kb_object_sink *sink;
    struct kb_arena arena;
    struct kb_str at[POLICIES_MAX][2];
    size_t n;
};

static bool is_noted(const struct policies *policies, struct kb_str name_space, struct kb_str name)
{
    bool found = false;
    for (size_t i = 0; i < policies->n && !found; i++) {
        found = kb_str_eq(policies->at[i][0], name_space) && kb_str_eq(policies->at[i][1], name);
    }
    return found;
}

static void note_object(void *ctx, const struct kb_object *object)
{
    struct policies *policies = ctx;
    struct kb_str name = KB_STR("");
    bool named = object->kind->id == KB_KIND_VELERO_SCHEDULE &&
                 kb_json_str(kb_json_dig(object->json, "spec", "template", "resourcePolicy", NULL),
                             "name", &name);
    if (named && policies->n < POLICIES_MAX && !is_noted(policies, object->name_space, name)) {
        policies->at[policies->n][0] = kb_arena_copy(&policies->arena, object->name_space);
        policies->at[policies->n][1] = kb_arena_copy(&policies->arena, name);
        policies->n++;
    }
    policies->sink->object(policies->sink->ctx, object);
}

static void note_list(void *ctx, const struct kb_list_report *report)
{
    const struct kb_object_sink *sink = ((struct policies *)ctx)->sink;
    sink->list(sink->ctx, report);
}

static void note_rejected(void *ctx, struct kb_str source, struct kb_str locator,
                          const struct kb_err *why)
{
    const struct kb_object_sink *sink = ((struct policies *)ctx)->sink;
    sink->rejected(sink->ctx, source, locator, why);
}

static void note_other(void *ctx, struct kb_str api_version, struct kb_str kind, uint64_t count)
{
    const struct kb_object_sink *sink = ((struct policies *)ctx)->sink;
    sink->other(sink->ctx, api_version, kind, count);
}

/* Everything that is listed, and then the resource policies that its schedules name. */
static void list_all(struct session *s, const struct kb_cluster_options *options,
                     const struct kb_object_sink *sink)
{
    struct policies policies = {.sink = sink};
    struct kb_object_sink noting = {&policies, note_object, note_list, note_rejected, note_other};
    kb_cluster_lists(s->client, &s->server, options->kinds,
                     options->page != 0 ? options->page : KB_KUBE_PAGE, &noting);
    for (size_t k = 0; k < policies.n; k++) {
        kb_kube_read_policy(s->client, policies.at[k][0], policies.at[k][1], sink);
    }
    kb_arena_done(&policies.arena);
}

KB_RES kb_cluster_read(const struct kb_cluster_options *options, const struct kb_object_sink *sink,
                       struct kb_arena *arena, struct kb_cluster_identity *out, struct kb_err *err)
{
    struct session session = {0};
    kb_res res = open_session(&session, options, arena, err);
    if (!kb_failed(res)) {
        *out = (struct kb_cluster_identity){
            .where = kb_arena_copy(arena, session.target.where),
            .server = kb_arena_copy(arena, session.target.peer.url),
            .version = session.server.version,
            .user = session.server.user,
            .name_space = kb_arena_copy(arena, session.target.name_space),
        };
        list_all(&session, options, sink);
    }
    close_session(&session);
    return res;
}
