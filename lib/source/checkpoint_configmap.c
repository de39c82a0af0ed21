/* A checkpoint in a ConfigMap, compressed. */
#include <stdio.h>

#include "data/base64.h"
#include "data/deflate.h"
#include "data/url_escape.h"
#include "kube/client.h"
#include "source/checkpoint_place.h"
#include "source/eks_login.h"

#define USER_AGENT "kube-baseline/" KB_VERSION
#define KEY "checkpoint"
enum { BODY_MAX = 4 << 20 };

struct configmap {
    struct kb_arena arena;
    struct kb_kube_target target;
    struct kb_kube_client *client;
    struct kb_str name_space, name;
    json_t *object; /* as it was read; NULL: there is none */
};

static struct kb_str path_of(struct configmap *map, bool item)
{
    struct kb_buf path;
    kb_buf_init(&path, 4096);
    kb_buf_c(&path, "/api/v1/namespaces/");
    kb_url_escape(map->name_space, KB_URL_PATH, &path);
    kb_buf_c(&path, "/configmaps");
    if (item) {
        kb_buf_char(&path, '/');
        kb_url_escape(map->name, KB_URL_PATH, &path);
    }
    struct kb_str copy = kb_arena_copy(&map->arena, kb_buf_view(&path));
    kb_buf_done(&path);
    return copy;
}

/* What to do about a refusal. */
static kb_res tell(kb_res res, const struct kb_kube_status *status, struct kb_err *err)
{
    if (kb_failed(res) && status->code == 403 && err != NULL) {
        size_t n = strlen(err->msg);
        (void)snprintf(err->msg + n, sizeof err->msg - n, " (manifests/checkpoint.yaml allows what is needed)");
    }
    return res;
}

static KB_RES get(struct configmap *map, json_t **out, struct kb_err *err)
{
    struct kb_kube_status status = {0};
    kb_res res = kb_kube_get_json(map->client, path_of(map, true), NULL, KB_STR(""), &map->arena, out,
                                  &status, err);
    return tell(res, &status, err);
}

/* The text in an object; KB_ERR_NOT_FOUND where it holds nothing yet, KB_ERR_INVALID where it holds what is
 * not ours and must not be lost. */
static KB_RES unpack(const struct configmap *map, const json_t *object, struct kb_buf *text,
                     struct kb_err *err)
{
    struct kb_str packed = KB_STR("");
    const json_t *binary = kb_json_object(object, "binaryData");
    bool ours = kb_json_str(binary, KEY, &packed);
    size_t members = json_object_size(binary) + json_object_size(kb_json_object(object, "data"));
    KB_ENSURE(members == (ours ? 1 : 0), err, KB_ERR_INVALID,
              "ConfigMap %.*s/%.*s holds other data; a checkpoint needs one of its own",
              KB_FMT(map->name_space), KB_FMT(map->name));
    KB_ENSURE(ours, err, KB_ERR_NOT_FOUND, "ConfigMap %.*s/%.*s is empty", KB_FMT(map->name_space),
              KB_FMT(map->name));
    kb_res res = kb_inflate_base64(packed, text, err);
    return kb_failed(res) ? kb_fail(err, KB_ERR_CORRUPT,
                                    "ConfigMap %.*s/%.*s: the checkpoint is damaged; without it, the next "
                                    "run begins at --since",
                                    KB_FMT(map->name_space), KB_FMT(map->name))
                          : KB_SUCCESS;
}

static kb_res read_map(void *ctx, struct kb_buf *text, struct kb_err *err)
{
    struct configmap *map = ctx;
    KB_TRY(get(map, &map->object, err));
    return unpack(map, map->object, text, err);
}

static KB_RES print(const json_t *object, struct kb_buf *body, struct kb_err *err)
{
    size_t n = json_dumpb(object, NULL, 0, JSON_COMPACT);
    char *at = kb_buf_reserve(body, n);
    KB_ENSURE(at != NULL && json_dumpb(object, at, n, JSON_COMPACT) == n, err, KB_ERR_LIMIT,
              "the checkpoint is too large for a ConfigMap");
    body->n += n;
    return KB_SUCCESS;
}

/* What it is to be: as it was, with its metadata and resourceVersion, but for the text. */
static KB_RES render(const struct configmap *map, struct kb_str text, struct kb_buf *body,
                     struct kb_err *err)
{
    struct kb_buf packed, base64;
    KB_AUTO(kb_json_done) json_t *object =
        map->object != NULL ? json_copy(map->object)
                            : json_pack("{s:s,s:s,s:{s:s%,s:s%}}", "apiVersion", "v1", "kind", "ConfigMap",
                                        "metadata", "name", map->name.p, map->name.n, "namespace",
                                        map->name_space.p, map->name_space.n);
    kb_buf_init(&packed, BODY_MAX);
    kb_buf_init(&base64, BODY_MAX);
    struct kb_deflate *deflate = kb_deflate_new(KB_INFLATE_GZIP, kb_sink_of(&packed));
    kb_res res = kb_sink_write(kb_deflate_sink(deflate), text, err);
    if (!kb_failed(res)) {
        res = kb_deflate_finish(deflate, err);
    }
    kb_deflate_free(deflate);
    if (!kb_failed(res)) {
        kb_base64_encode(kb_buf_view(&packed), 0, &base64);
        (void)json_object_set_new(object, "binaryData",
                                  json_pack("{s:s%}", KEY, base64.p, base64.n));
        res = print(object, body, err);
    }
    kb_buf_done(&packed);
    kb_buf_done(&base64);
    return res;
}

/* A call whose answer got lost may have been carried out, and looks like another run's then. */
static bool is_there(struct configmap *map, struct kb_str text)
{
    struct kb_buf found;
    KB_AUTO(kb_json_done) json_t *object = NULL;
    kb_buf_init(&found, KB_CHECKPOINT_MAX);
    bool same = !kb_failed(get(map, &object, NULL)) && !kb_failed(unpack(map, object, &found, NULL)) &&
                kb_str_eq(kb_buf_view(&found), text);
    kb_buf_done(&found);
    return same;
}

static KB_RES put(struct configmap *map, struct kb_str body, struct kb_str text, struct kb_err *err)
{
    struct kb_kube_status status = {0};
    const struct kb_kube_call call = {.method = map->object != NULL ? "PUT" : "POST",
                                      .target = path_of(map, map->object != NULL),
                                      .body = body};
    kb_res res = tell(kb_kube_send(map->client, &call, &map->arena, &status, err), &status, err);
    if (status.code == 409 || (kb_failed(res) && status.code == 0)) {
        res = is_there(map, text)  ? KB_SUCCESS
              : status.code == 409 ? kb_fail(err, KB_ERR_INVALID,
                                             "ConfigMap %.*s/%.*s: another run moved the checkpoint since this one "
                                             "began; what this one told, that one has counted",
                                             KB_FMT(map->name_space), KB_FMT(map->name))
                                   : res;
    }
    return res;
}

static kb_res write_map(void *ctx, struct kb_str text, struct kb_err *err)
{
    struct configmap *map = ctx;
    struct kb_buf body;
    kb_buf_init(&body, BODY_MAX);
    kb_res res = render(map, text, &body, err);
    if (!kb_failed(res)) {
        res = put(map, kb_buf_view(&body), text, err);
    }
    kb_buf_done(&body);
    return res;
}

static void close_map(void *ctx)
{
    struct configmap *map = ctx;
    json_decref(map->object);
    kb_kube_client_free(map->client);
    kb_kube_target_done(&map->target);
    kb_arena_done(&map->arena);
    kb_free(map);
}

/* As the API server takes names (RFC 1123): nothing that would be another path. */
static bool is_name(struct kb_str name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!word && (i == 0 || i + 1 == name.n || (c != '-' && c != '.'))) {
            return false;
        }
    }
    return name.n > 0 && name.n <= 253;
}

/* "NAME" in the default namespace of the pod or the kubeconfig, or "NAMESPACE/NAME". */
static KB_RES split_name(struct configmap *map, struct kb_str word, struct kb_err *err)
{
    struct kb_str rest, first = kb_str_split(word, '/', &rest);
    struct kb_str here = map->target.name_space.n > 0 ? map->target.name_space : KB_STR("default");
    map->name_space = rest.p != NULL ? first : here;
    map->name = rest.p != NULL ? rest : first;
    KB_ENSURE(is_name(map->name_space) && is_name(map->name), err, KB_ERR_USAGE,
              "--checkpoint takes configmap/NAME or configmap/NAMESPACE/NAME, not 'configmap/%.*s'",
              KB_FMT(word));
    return KB_SUCCESS;
}

KB_RES kb_checkpoint_in_configmap(struct kb_str name, const struct kb_kube_flags *flags,
                                  struct kb_checkpoint_place *out, struct kb_err *err)
{
    struct configmap *map = kb_alloc(sizeof *map);
    const struct kb_kube_env env = kb_kube_env();
    *out = (struct kb_checkpoint_place){
        map, name, KB_CHECKPOINT_CONFIGMAP_KEYS, read_map, write_map, close_map};
    KB_TRY_CTX(err, kb_kube_resolve(flags, &env, &map->target, err), "--checkpoint");
    map->target.native = kb_eks_login_native();
    KB_TRY(split_name(map, name, err));
    out->name = kb_arena_printf(&map->arena, "ConfigMap %.*s/%.*s", KB_FMT(map->name_space),
                                KB_FMT(map->name));
    return kb_kube_client_new(&map->target, KB_STR(USER_AGENT), &map->client, err);
}

KB_RES kb_checkpoint_open(struct kb_str where, const struct kb_kube_flags *flags,
                          struct kb_checkpoint_place *out, struct kb_err *err)
{
    const struct kb_str word = KB_STR("configmap/");
    *out = (struct kb_checkpoint_place){0};
    return kb_str_starts(where, word)
               ? kb_checkpoint_in_configmap(kb_str_sub(where, word.n, where.n), flags, out, err)
               : kb_checkpoint_in_file(where, out, err);
}

void kb_checkpoint_close(struct kb_checkpoint_place *place)
{
    if (place->close != NULL) {
        place->close(place->ctx);
    }
    *place = (struct kb_checkpoint_place){0};
}
