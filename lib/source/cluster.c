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
        kb_cluster_lists(session.client, &session.server, options->kinds,
                         options->page != 0 ? options->page : KB_KUBE_PAGE, sink);
    }
    close_session(&session);
    return res;
}
