#include "oracle.h"

#include <string.h>

#include "data/json.h"

#define EXTRA "user/extra/"
const struct oracle_column oracle_columns[] = {
    {"user", "user/username", ORACLE_STRING, false},
    {"user_uid", "user/uid", ORACLE_STRING, false},
    {"groups", "user/groups", ORACLE_STRINGS, false},
    {"extra", "user/extra", ORACLE_LISTS, false},
    {"impersonated", "impersonatedUser/username", ORACLE_STRING, false},
    {"impersonated_groups", "impersonatedUser/groups", ORACLE_STRINGS, false},
    {"audit_id", "auditID", ORACLE_STRING, false},
    {"stage", "stage", ORACLE_STRING, false},
    {"level", "level", ORACLE_STRING, false},
    {"verb", "verb", ORACLE_STRING, false},
    {"uri", "requestURI", ORACLE_STRING, false},
    {"user_agent", "userAgent", ORACLE_STRING, false},
    {"source_ips", "sourceIPs", ORACLE_STRINGS, false},
    {"api_group", "objectRef/apiGroup", ORACLE_STRING, false},
    {"api_version", "objectRef/apiVersion", ORACLE_STRING, false},
    {"resource", "objectRef/resource", ORACLE_STRING, false},
    {"subresource", "objectRef/subresource", ORACLE_STRING, false},
    {"namespace", "objectRef/namespace", ORACLE_STRING, false},
    {"code", "responseStatus/code", ORACLE_INT, false},
    {"status_reason", "responseStatus/reason", ORACLE_STRING, false},
    {"annotations", "annotations", ORACLE_MAP, false},
    {"object_labels", "metadata/labels", ORACLE_MAP, true},
    {"object_annotations", "metadata/annotations", ORACLE_MAP, true},
};
const size_t oracle_column_count = sizeof oracle_columns / sizeof oracle_columns[0];

static bool is(const json_t *event, const char *key, const char *text)
{
    struct kb_str got = KB_STR("");
    return kb_json_str(event, key, &got) && kb_str_eq_c(got, text);
}

/* The whole object that a write left, or NULL where it is not there. */
static const json_t *written(const json_t *event)
{
    const json_t *response = kb_json_object(event, "responseObject");
    const json_t *ref = kb_json_object(event, "objectRef");
    bool writes =
        is(event, "verb", "create") || is(event, "verb", "update") || is(event, "verb", "patch");
    if (!writes || ref == NULL) {
        return NULL;
    }
    return response != NULL && !is(response, "kind", "Status") ? response : NULL;
}

static const json_t *dig(const json_t *at, const char *path)
{
    struct kb_str rest = kb_str_c(path);
    char key[64];
    while (at != NULL && rest.p != NULL) {
        struct kb_str part = kb_str_split(rest, '/', &rest);
        memcpy(key, part.p, part.n);
        key[part.n] = '\0';
        at = json_object_get(at, key);
    }
    return at;
}

static void show_strings(const json_t *array, struct kb_buf *out)
{
    size_t i;
    const json_t *item;
    kb_buf_char(out, '[');
    json_array_foreach(array, i, item)
    {
        kb_buf_c(out, i > 0 ? ", " : "");
        kb_buf_str(out, kb_json_view(item));
    }
    kb_buf_char(out, ']');
}

static void show_object(json_t *object, bool lists, struct kb_buf *out)
{
    const char *key;
    size_t n;
    json_t *value;
    bool first = true;
    kb_buf_char(out, '{');
    json_object_keylen_foreach(object, key, n, value)
    {
        kb_buf_c(out, first ? "" : ", ");
        kb_buf_add(out, key, n);
        kb_buf_c(out, ": ");
        first = false;
        if (lists) {
            show_strings(value, out);
        } else {
            kb_buf_str(out, kb_json_view(value));
        }
    }
    kb_buf_char(out, '}');
}

bool oracle_show(const json_t *event, const struct oracle_column *column, struct kb_buf *out)
{
    const json_t *from = column->body ? written(event) : event;
    if (from == NULL) {
        return false;
    }
    bool answer = kb_str_starts(kb_str_c(column->path), KB_STR("responseStatus/"));
    if (answer && kb_json_object(event, "responseStatus") == NULL) {
        return false; /* not answered yet: unknown */
    }
    json_t *value = (json_t *)(uintptr_t)dig(from, column->path);
    switch (column->type) {
    case ORACLE_STRING:
        kb_buf_str(out, kb_json_view(value));
        return true;
    case ORACLE_STRINGS:
        show_strings(value, out);
        return true;
    case ORACLE_MAP:
    case ORACLE_LISTS:
        show_object(value, column->type == ORACLE_LISTS, out);
        return true;
    case ORACLE_INT:
    default:
        kb_buf_printf(out, "%lld", (long long)json_integer_value(value));
        return json_is_integer(value);
    }
}

static const json_t *pod_spec(const json_t *event)
{
    static const char *const rows[][2] = {
        {"pods", "spec"},
        {"deployments", "spec/template/spec"},
        {"daemonsets", "spec/template/spec"},
        {"statefulsets", "spec/template/spec"},
        {"replicasets", "spec/template/spec"},
        {"jobs", "spec/template/spec"},
        {"cronjobs", "spec/jobTemplate/spec/template/spec"},
    };
    const json_t *ref = kb_json_object(event, "objectRef");
    struct kb_str sub = KB_STR("");
    if (written(event) == NULL ||
        (kb_json_str(ref, "subresource", &sub) && !kb_str_eq_c(sub, "ephemeralcontainers"))) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (is(ref, "resource", rows[i][0])) {
            return dig(written(event), rows[i][1]);
        }
    }
    return NULL;
}

static const char *const lists[] = {"containers", "initContainers", "ephemeralContainers"};

int oracle_privileged(const json_t *event)
{
    const json_t *spec = pod_spec(event);
    int privileged = spec == NULL ? -1 : 0;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        size_t at;
        const json_t *container;
        json_array_foreach(json_object_get(spec, lists[i]), at, container)
        {
            privileged |= json_is_true(dig(container, "securityContext/privileged"));
        }
    }
    return privileged;
}

bool oracle_images(const json_t *event, struct kb_buf *out)
{
    const json_t *spec = pod_spec(event);
    bool first = true;
    kb_buf_char(out, '[');
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        size_t at;
        const json_t *container;
        json_array_foreach(json_object_get(spec, lists[i]), at, container)
        {
            kb_buf_c(out, first ? "" : ", ");
            kb_buf_str(out, kb_json_view(json_object_get(container, "image")));
            first = false;
        }
    }
    kb_buf_char(out, ']');
    return spec != NULL;
}
