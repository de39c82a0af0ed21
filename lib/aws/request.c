/* Paths, queries, forms and JSON. */
#include "aws/request.h"

#include <stdio.h>
#include <stdlib.h>

#include "aws/canonical.h"
#include "aws/secret.h"

enum { NAME_MAX_BYTES = 256, NESTING_MAX = 8 };

void kb_aws_request_done(struct kb_aws_request *request)
{
    kb_aws_wipe_buf(&request->path);
    kb_aws_wipe_buf(&request->query);
    kb_aws_wipe_buf(&request->body);
}

/* Text of a string, number or boolean. */
static struct kb_str text_of(const json_t *value, char room[32])
{
    if (json_is_integer(value)) {
        (void)snprintf(room, 32, "%lld", (long long)json_integer_value(value));
        return kb_str_c(room);
    }
    if (json_is_boolean(value)) {
        return json_is_true(value) ? KB_STR("true") : KB_STR("false");
    }
    return kb_json_view(value);
}

static void add_pair(struct kb_buf *out, const char *name, const json_t *value)
{
    char room[32];
    kb_buf_c(out, out->n > 0 ? "&" : "");
    kb_sigv4_encode(kb_str_c(name), false, out);
    kb_buf_char(out, '=');
    kb_sigv4_encode(text_of(value, room), false, out);
}

/* Lists and objects as names with dots: Filter.1.Value.2, Tags.member.1.Key. */
static void add_form(enum kb_aws_protocol protocol, struct kb_buf *out, const char *prefix,
                     const json_t *value, unsigned depth)
{
    char name[NAME_MAX_BYTES];
    if (depth > NESTING_MAX || json_is_null(value)) {
        return;
    }
    if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value); i++) {
            (void)snprintf(name, sizeof name, "%s%s.%zu", prefix,
                           protocol == KB_AWS_QUERY ? ".member" : "", i + 1);
            add_form(protocol, out, name, json_array_get(value, i), depth + 1);
        }
    } else if (json_is_object(value)) {
        json_t *object = (json_t *)(uintptr_t)value;
        for (void *at = json_object_iter(object); at != NULL;
             at = json_object_iter_next(object, at)) {
            (void)snprintf(name, sizeof name, "%s%s%s", prefix, *prefix != '\0' ? "." : "",
                           json_object_iter_key(at));
            add_form(protocol, out, name, json_object_iter_value(at), depth + 1);
        }
    } else {
        add_pair(out, prefix, value);
    }
}

static bool in_path(const struct kb_aws_operation *operation, const char *name)
{
    char label[NAME_MAX_BYTES];
    (void)snprintf(label, sizeof label, "{%s}", name);
    return strstr(operation->path, label) != NULL;
}

/* One label of the path by its parameter. */
static KB_RES add_label(const struct kb_aws_operation *operation, struct kb_str name,
                        const json_t *params, struct kb_buf *out, struct kb_err *err)
{
    char room[32];
    const json_t *value = json_object_getn(params, name.p, name.n);
    struct kb_str text = text_of(value, room);
    KB_ENSURE(text.n > 0, err, KB_ERR_INVALID, "%s:%s needs %.*s", operation->service,
              operation->name, KB_FMT(name));
    kb_sigv4_encode(text, false, out);
    return KB_SUCCESS;
}

static KB_RES build_path(const struct kb_aws_operation *operation, const json_t *params,
                         bool bucket_in_host, struct kb_aws_request *out, struct kb_err *err)
{
    static const struct kb_str label = KB_STR_INIT("/{Bucket}");
    struct kb_str query, rest = kb_str_split(kb_str_c(operation->path), '?', &query);
    if (bucket_in_host && kb_str_starts(rest, label)) {
        rest = kb_str_sub(rest, label.n, rest.n);
        rest = rest.n > 0 ? rest : KB_STR("/");
    }
    while (rest.p != NULL) {
        kb_buf_str(&out->path, kb_str_split(rest, '{', &rest));
        if (rest.p != NULL) {
            KB_TRY(add_label(operation, kb_str_split(rest, '}', &rest), params, &out->path, err));
        }
    }
    kb_buf_str(&out->query, query);
    return KB_SUCCESS;
}

/* In the path, or before the host and in a header. */
static bool stands_elsewhere(const struct kb_aws_service *service,
                             const struct kb_aws_operation *operation, const char *name)
{
    return in_path(operation, name) || (service->header != NULL && strcmp(name, service->in_host) == 0);
}

/* What is not in the path: a query of a GET, JSON of a POST. */
static void build_rest(const struct kb_aws_service *service,
                       const struct kb_aws_operation *operation, const json_t *params,
                       struct kb_aws_request *out)
{
    bool query = strcmp(operation->method, "GET") == 0;
    json_t *object = (json_t *)(uintptr_t)params;
    json_t *body = json_object();
    for (void *at = json_object_iter(object); at != NULL; at = json_object_iter_next(object, at)) {
        const char *name = json_object_iter_key(at);
        json_t *value = json_object_iter_value(at);
        if (stands_elsewhere(service, operation, name) || json_is_null(value)) {
            continue;
        }
        if (!query) {
            (void)json_object_set(body, name, value);
        } else if (!json_is_array(value)) {
            add_pair(&out->query, name, value);
        }
        for (size_t i = 0; query && i < json_array_size(value); i++) {
            add_pair(&out->query, name, json_array_get(value, i));
        }
    }
    if (!query) {
        char *text = json_dumps(body, JSON_COMPACT);
        kb_buf_c(&out->body, text);
        free(text);
        out->content_type = "application/json";
    }
    json_decref(body);
}

static void build_json(const struct kb_aws_service *service,
                       const struct kb_aws_operation *operation, const json_t *params,
                       struct kb_aws_request *out)
{
    char *text = params == NULL ? NULL : json_dumps(params, JSON_COMPACT);
    kb_buf_c(&out->body, text == NULL ? "{}" : text);
    if (text != NULL) {
        kb_aws_wipe(kb_str_c(text));
    }
    free(text);
    (void)snprintf(out->target, sizeof out->target, "%s.%s", service->target, operation->name);
    out->content_type = service->version == NULL ? "application/x-amz-json-1.1"
                                                 : "application/x-amz-json-1.0";
}

KB_RES kb_aws_request_build(const struct kb_aws_service *service,
                            const struct kb_aws_operation *operation, const json_t *params,
                            struct kb_str prefix, bool bucket_in_host, struct kb_aws_request *out,
                            struct kb_err *err)
{
    bool rest = service->protocol == KB_AWS_REST_JSON || service->protocol == KB_AWS_REST_XML;
    *out = (struct kb_aws_request){.method = rest ? kb_str_c(operation->method) : KB_STR("POST")};
    kb_buf_init(&out->path, KB_AWS_REQUEST_MAX);
    kb_buf_init(&out->query, KB_AWS_REQUEST_MAX);
    kb_buf_init(&out->body, KB_AWS_REQUEST_MAX);
    kb_buf_str(&out->path, prefix);
    if (rest) {
        KB_TRY(build_path(operation, params, bucket_in_host, out, err));
        build_rest(service, operation, params, out);
    } else {
        kb_buf_char(&out->path, '/');
    }
    if (service->protocol == KB_AWS_JSON) {
        build_json(service, operation, params, out);
    } else if (!rest) {
        kb_buf_printf(&out->body, "Action=%s&Version=%s", operation->name, service->version);
        add_form(service->protocol, &out->body, "", params, 0);
        out->content_type = "application/x-www-form-urlencoded; charset=utf-8";
    }
    KB_ENSURE(!out->path.full && !out->query.full && !out->body.full, err, KB_ERR_LIMIT,
              "%s:%s: a request of more than %d bytes", operation->service, operation->name,
              KB_AWS_REQUEST_MAX);
    return KB_SUCCESS;
}
