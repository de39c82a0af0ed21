/* Reading the tables of network policies. */
#include "netpol_world.h"

#include <stdio.h>
#include <zlib.h>

#include "data/yaml.h"

static struct kb_buf read_all(const char *path)
{
    struct kb_buf text;
    char chunk[65536];
    int got = 0;
    kb_buf_init(&text, 64 << 20);
    gzFile file = gzopen(path, "rb");
    while (file != NULL && (got = gzread(file, chunk, sizeof chunk)) > 0) {
        kb_buf_add(&text, chunk, (size_t)got);
    }
    if (file != NULL) {
        gzclose(file);
    }
    return text;
}

json_t *netpol_load(const char *path)
{
    struct kb_buf text = read_all(path);
    json_t *json = NULL;
    struct kb_err err;
    if (kb_failed(kb_json_parse(path, kb_buf_view(&text), 0, &json, &err))) {
        printf("%s: %s\n", path, err.msg);
    }
    kb_buf_done(&text);
    return json;
}

bool netpol_take_yaml(struct kb_net_world *world, const char *path)
{
    struct kb_arena arena = {0};
    struct kb_buf text = read_all(path);
    struct kb_yaml_docs docs = {0};
    struct kb_err err;
    bool ok = !kb_failed(kb_yaml_parse_all(&arena, path, kb_buf_view(&text), &docs, &err));
    for (size_t i = 0; ok && i < docs.n; i++) {
        json_t *json = NULL;
        ok = !kb_failed(kb_yaml_to_json(docs.at[i], &json, &err));
        (void)kb_net_take(world, json);
        json_decref(json);
    }
    if (!ok) {
        printf("%s: %s\n", path, err.msg);
    }
    kb_buf_done(&text);
    kb_arena_done(&arena);
    return ok && docs.n > 0;
}

/* Members that are not there stay out: "o?" of json_pack. */
static json_t *pod_object(const json_t *pod)
{
    const json_t *host = json_object_get(pod, "hostNetwork");
    return json_pack("{s:s, s:s, s:{s:O?, s:O?, s:O?}, s:{s:b, s:O*, s:[{s:O*}]}, s:{s:O*, s:O*, s:O*, s:O*}}",
                     "apiVersion", "v1", "kind", "Pod", "metadata", "namespace",
                     json_object_get(pod, "namespace"), "name", json_object_get(pod, "name"), "labels",
                     json_object_get(pod, "labels"), "spec", "hostNetwork", json_is_true(host),
                     "nodeName", json_object_get(pod, "node"), "containers", "ports",
                     json_object_get(pod, "ports"), "status", "podIP", json_object_get(pod, "ip"),
                     "podIPs", json_object_get(pod, "ips"), "hostIP", json_object_get(pod, "hostIP"),
                     "phase", json_object_get(pod, "phase"));
}

static json_t *namespace_object(const json_t *ns)
{
    return json_pack("{s:s, s:s, s:{s:O?, s:O?}}", "apiVersion", "v1", "kind", "Namespace", "metadata",
                     "name", json_object_get(ns, "name"), "labels", json_object_get(ns, "labels"));
}

static void take_all(struct kb_net_world *world, const json_t *list,
                     json_t *(*make)(const json_t *short_form))
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        if (make == NULL || json_object_get(item, "kind") != NULL) {
            (void)kb_net_take(world, item);
            continue;
        }
        json_t *object = make(item);
        (void)kb_net_take(world, object);
        json_decref(object);
    }
}

bool netpol_open(struct kb_net_world *world, const json_t *test)
{
    const json_t *name = json_object_get(test, "profile");
    const struct kb_net_profile *profile =
        name == NULL ? kb_net_profile_default() : kb_net_profile_find(kb_json_view(name));
    kb_net_world_init(world, profile);
    if (profile == NULL) {
        printf("no such profile: %s\n", json_string_value(name));
        return false;
    }
    take_all(world, json_object_get(test, "namespaces"), namespace_object);
    take_all(world, json_object_get(test, "nodes"), NULL);
    take_all(world, json_object_get(test, "services"), NULL);
    take_all(world, json_object_get(test, "pods"), pod_object);
    take_all(world, json_object_get(test, "policies"), NULL);
    return true;
}

bool netpol_world(struct kb_net_world *world, const json_t *test)
{
    bool ok = netpol_open(world, test);
    kb_net_close(world);
    return ok;
}

bool netpol_end(const struct kb_net_world *world, struct kb_str text, struct kb_net_end *out)
{
    struct kb_str name, name_space = kb_str_split(text, '/', &name);
    struct kb_ip ip;
    if (kb_str_starts(text, KB_STR("ip:"))) {
        if (kb_failed(kb_ip_parse(kb_str_sub(text, 3, text.n), &ip, NULL))) {
            return false;
        }
        *out = kb_net_end_ip(world, &ip);
        return true;
    }
    *out = kb_net_end_pod(kb_net_find_pod(world, name_space, name));
    return out->pod != NULL;
}
