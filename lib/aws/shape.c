/* Names and types by the operation's table. */
#include "aws/shape.h"

#include <math.h>
#include <stdio.h>

#include "aws/secret.h"
#include "data/time.h"
#include "data/url_escape.h"
#include "data/xml.h"

static const struct kb_aws_member *member_of(const struct kb_aws_operation *operation,
                                             const char *parent, const char *wire)
{
    for (size_t i = 0; i < operation->member_count; i++) {
        const struct kb_aws_member *member = &operation->members[i];
        if (strcmp(member->wire, wire) == 0 &&
            (member->within == NULL || strcmp(member->within, parent) == 0)) {
            return member;
        }
    }
    return NULL;
}

static json_t *integer_of(json_t *value)
{
    int64_t n;
    bool ok = json_is_string(value) && kb_str_i64(kb_json_view(value), &n);
    return ok ? json_integer(n) : json_incref(value);
}

static json_t *boolean_of(json_t *value)
{
    struct kb_str text = kb_json_view(value);
    bool yes = kb_str_eq_c(text, "true");
    return yes || kb_str_eq_c(text, "false") ? json_boolean(yes) : json_incref(value);
}

/* Numbers come with an exponent and a fraction: "1.763978400123E9". */
static json_t *time_of(json_t *value)
{
    char text[64];
    struct kb_buf out;
    double seconds = json_is_number(value) ? json_number_value(value) : -1;
    if (seconds < 0 || seconds > (double)KB_TIME_MAX_S) {
        return json_incref(value);
    }
    int64_t ms = (int64_t)llround(seconds * 1000);
    struct kb_time at = {ms / 1000, (int32_t)(ms % 1000) * 1000000};
    kb_buf_init(&out, sizeof text);
    kb_time_format(at, KB_TIME_NANOS, &out);
    json_t *json = json_stringn(out.p, out.n);
    kb_buf_done(&out);
    return json;
}

/* The items within an element: it has none, one, or an array of them. */
static json_t *items_of(json_t *value)
{
    json_t *item = value;
    if (json_is_object(value)) {
        item = json_object_iter_value(json_object_iter(value));
    } else if (json_is_string(value)) {
        return json_array(); /* an empty element */
    }
    return json_is_array(item) ? json_incref(item) : json_pack("[O]", item);
}

/* A document that is not JSON stays the text that it is. */
static json_t *policy_of(json_t *value)
{
    struct kb_arena arena = {0};
    struct kb_str text = kb_json_view(value), bad;
    json_t *json = NULL;
    bool decoded = kb_url_unescape(text, KB_URL_PATH, &arena, &text, &bad);
    bool parsed = decoded && !kb_failed(kb_json_parse(NULL, text, 0, &json, NULL));
    kb_arena_done(&arena);
    return parsed ? json : json_incref(value);
}

static json_t *typed(json_t *value, enum kb_aws_type type)
{
    switch (type) {
    case KB_AWS_LIST:
        return items_of(value);
    case KB_AWS_FLAT:
        return json_is_array(value) ? json_incref(value) : json_pack("[O]", value);
    case KB_AWS_OBJECT:
        return json_is_string(value) ? json_object() : json_incref(value);
    case KB_AWS_INT:
        return integer_of(value);
    case KB_AWS_BOOL:
        return boolean_of(value);
    case KB_AWS_TIME:
        return time_of(value);
    case KB_AWS_POLICY:
        return policy_of(value);
    case KB_AWS_AS_IS:
    case KB_AWS_LEFT_OUT:
    case KB_AWS_MAP:
        break;
    }
    return json_incref(value);
}

static json_t *shape(const struct kb_aws_operation *operation, const char *parent, json_t *value,
                     unsigned depth);

static void shape_member(const struct kb_aws_operation *operation, const char *parent, json_t *out,
                         const char *wire, json_t *value, unsigned depth)
{
    char name[128];
    const struct kb_aws_member *member = member_of(operation, parent, wire);
    bool map = member != NULL && (member->type == KB_AWS_MAP || member->type == KB_AWS_POLICY);
    if (member != NULL && member->type == KB_AWS_LEFT_OUT) {
        return;
    }
    json_t *one = typed(value, member == NULL ? KB_AWS_AS_IS : member->type);
    (void)snprintf(name, sizeof name, "%s", wire);
    if (member != NULL && member->name != NULL) {
        (void)snprintf(name, sizeof name, "%s", member->name);
    } else if (operation->upper && name[0] >= 'a' && name[0] <= 'z') {
        name[0] = (char)(name[0] & ~0x20);
    }
    (void)json_object_set_new(out, name,
                              map ? json_incref(one) : shape(operation, wire, one, depth + 1));
    json_decref(one);
}

/* A new reference. `parent` is the name of the member whose value this is. */
static json_t *shape(const struct kb_aws_operation *operation, const char *parent, json_t *value,
                     unsigned depth)
{
    if (depth > KB_MAX_JSON_DEPTH || (!json_is_object(value) && !json_is_array(value))) {
        return json_incref(value);
    }
    if (json_is_array(value)) {
        json_t *list = json_array();
        for (size_t i = 0; i < json_array_size(value); i++) {
            (void)json_array_append_new(
                list, shape(operation, parent, json_array_get(value, i), depth + 1));
        }
        return list;
    }
    json_t *out = json_object();
    for (void *at = json_object_iter(value); at != NULL; at = json_object_iter_next(value, at)) {
        shape_member(operation, parent, out, json_object_iter_key(at), json_object_iter_value(at),
                     depth);
    }
    return out;
}

/* The result of a query service stands in <OperationResult>; in JSON, within <OperationResponse> too. */
static json_t *unwrap_query(const struct kb_aws_operation *operation, json_t *root)
{
    char name[128];
    (void)snprintf(name, sizeof name, "%sResponse", operation->name);
    json_t *response = kb_json_object(root, name);
    (void)snprintf(name, sizeof name, "%sResult", operation->name);
    json_t *result = json_object_get(response != NULL ? response : root, name);
    return result != NULL ? result : root;
}

static KB_RES parse(const struct kb_aws_service *service, const struct kb_aws_operation *operation,
                    struct kb_str body, json_t **out, struct kb_err *err)
{
    struct kb_str text = kb_str_trim(body);
    bool s3 = service->protocol == KB_AWS_REST_XML;
    bool either = service->protocol == KB_AWS_QUERY || service->protocol == KB_AWS_EC2;
    bool xml = s3 || (either && !kb_str_starts(text, KB_STR("{")));
    char response[128];
    (void)snprintf(response, sizeof response, "%sResponse", operation->name);
    const char *const roots[] = {operation->root != NULL ? operation->root : operation->wrap, response, NULL};
    return xml ? kb_xml_parse_as(s3 ? roots : NULL, NULL, text, out, err)
               : kb_json_parse(NULL, text, 0, out, err);
}

static KB_RES read_tree(const struct kb_aws_service *service,
                        const struct kb_aws_operation *operation, struct kb_str body, json_t **out,
                        struct kb_err *err)
{
    json_t *root = NULL;
    KB_TRY(parse(service, operation, body, &root, err));
    json_t *part = service->protocol == KB_AWS_QUERY ? unwrap_query(operation, root) : root;
    json_t *shaped = shape(operation, "", part, 0);
    json_decref(root);
    if (service->protocol == KB_AWS_EC2) {
        (void)json_object_del(shaped, "RequestId"); /* told beside the answer (kb_aws_status) */
    }
    if (operation->wrap != NULL) {
        if (json_is_string(shaped) && json_string_length(shaped) == 0) {
            json_decref(shaped);
            shaped = operation->result != NULL ? json_object() : json_null();
        }
        shaped = json_pack("{s:o}", operation->wrap, shaped);
    } else if (json_is_string(shaped)) { /* an empty root */
        json_decref(shaped);
        shaped = json_object();
    }
    *out = shaped;
    return KB_SUCCESS;
}

/* A policy is JSON, but is handed on as the text it came as. */
static KB_RES read_raw(const struct kb_aws_operation *operation, struct kb_str body, json_t **out,
                       struct kb_err *err)
{
    KB_AUTO(kb_json_done) json_t *json = NULL;
    KB_TRY(kb_json_parse(NULL, kb_str_trim(body), 0, &json, err));
    *out = json_pack("{s:s%}", operation->wrap, body.p, body.n);
    KB_ENSURE(*out != NULL, err, KB_ERR_CORRUPT, "the text is not UTF-8");
    return KB_SUCCESS;
}

KB_RES kb_aws_answer_read(const struct kb_aws_service *service,
                          const struct kb_aws_operation *operation, struct kb_str body, json_t **out,
                          struct kb_err *err)
{
    struct kb_err why = {0};
    json_t *answer = NULL;
    kb_res res = operation->raw ? read_raw(operation, body, &answer, &why)
                                : read_tree(service, operation, body, &answer, &why);
    KB_ENSURE(!kb_failed(res), err, KB_ERR_CORRUPT, "the answer is damaged or cut: %s", why.msg);
    const json_t *result = operation->result == NULL ? answer
                                                     : json_object_get(answer, operation->result);
    bool paged = operation->token_in != NULL && operation->result != NULL;
    bool whole = json_is_object(answer) && result != NULL && !json_is_null(result) &&
                 (!paged || json_is_array(result));
    if (!whole) {
        json_decref(answer);
        return kb_fail(err, KB_ERR_CORRUPT, "the answer has no %s\"%s\"", paged ? "list " : "",
                       operation->result == NULL ? "object" : operation->result);
    }
    *out = answer;
    return KB_SUCCESS;
}

void kb_aws_json_wipe(const json_t *json)
{
    if (json_is_string(json)) {
        kb_aws_wipe(kb_json_view(json));
    }
    for (size_t i = 0; i < json_array_size(json); i++) {
        kb_aws_json_wipe(json_array_get(json, i));
    }
    json_t *object = (json_t *)(uintptr_t)json;
    for (void *at = json_object_iter(object); at != NULL; at = json_object_iter_next(object, at)) {
        kb_aws_json_wipe(json_object_iter_value(at));
    }
}
