/* GET /version, GET /apis, POST selfsubjectreviews. */
#include "kube/server.h"

void kb_kube_server_done(struct kb_kube_server *server)
{
    kb_map_done(&server->api_groups);
}

static KB_RES read_version(struct kb_kube_client *client, struct kb_arena *arena,
                           struct kb_kube_server *out, struct kb_err *err)
{
    struct kb_kube_status status;
    struct kb_str text;
    KB_AUTO(kb_json_done) json_t *json = NULL;
    kb_res res = kb_kube_get_json(client, KB_STR("/version"), NULL, KB_STR(""), arena, &json, &status,
                                  err);
    if (status.code == 403) {
        return KB_SUCCESS;
    }
    KB_TRY(res);
    KB_ENSURE(kb_json_str(json, "gitVersion", &text), err, KB_ERR_INVALID,
              "GET /version: no answer of a Kubernetes API server");
    out->version = kb_arena_copy(arena, text);
    return KB_SUCCESS;
}

static void read_groups(struct kb_kube_client *client, struct kb_arena *arena,
                        struct kb_kube_server *out)
{
    struct kb_kube_status status;
    KB_AUTO(kb_json_done) json_t *json = NULL;
    kb_res res = kb_kube_get_json(client, KB_STR("/apis"), NULL, KB_STR(""), arena, &json, &status,
                                  NULL);
    const json_t *groups = kb_failed(res) ? NULL : kb_json_array(json, "groups");
    for (size_t i = 0; i < json_array_size(groups); i++) {
        struct kb_str name;
        if (kb_json_str(json_array_get(groups, i), "name", &name)) {
            kb_map_set(&out->api_groups, name, out);
        }
    }
    out->api_groups_read = groups != NULL;
}

static void read_identity(struct kb_kube_client *client, struct kb_arena *arena,
                          struct kb_kube_server *out)
{
    static const struct kb_str path = KB_STR_INIT("/apis/authentication.k8s.io/v1/selfsubjectreviews");
    static const struct kb_str body = KB_STR_INIT(
        "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"SelfSubjectReview\"}");
    struct kb_kube_status status;
    struct kb_str text;
    KB_AUTO(kb_json_done) json_t *json = NULL;
    kb_res res = kb_kube_get_json(client, path, NULL, body, arena, &json, &status, NULL);
    const json_t *info = kb_failed(res) ? NULL : kb_json_dig(json, "status", "userInfo", NULL);
    const json_t *groups = kb_json_array(info, "groups");
    size_t n = json_array_size(groups);
    struct kb_str *at = KB_NEW_ARRAY(arena, n, struct kb_str);
    for (size_t i = 0; i < n; i++) {
        at[i] = kb_arena_copy(arena, kb_json_view(json_array_get(groups, i)));
    }
    out->groups = (struct kb_kube_texts){at, n};
    if (kb_json_str(info, "username", &text)) {
        out->user = kb_arena_copy(arena, text);
    }
}

KB_RES kb_kube_greet(struct kb_kube_client *client, struct kb_arena *arena,
                     struct kb_kube_server *out, struct kb_err *err)
{
    KB_TRY(read_version(client, arena, out, err));
    read_groups(client, arena, out);
    read_identity(client, arena, out);
    return KB_SUCCESS;
}
