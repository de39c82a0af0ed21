/* From attributes of Terraform to answers of AWS. */
#include "source/tfstate.h"

#include "base/mem.h"
#include "data/sha256.h"

enum kb_tfstate_kind kb_tfstate_kind(const json_t *json)
{
    int64_t version = 0;
    bool numbered = kb_json_i64(json, "version", &version);
    bool of_terraform = json_object_get(json, "terraform_version") != NULL ||
                        json_object_get(json, "lineage") != NULL;
    if (!numbered || !(of_terraform || json_object_get(json, "backend") != NULL)) {
        return KB_TFSTATE_NONE;
    }
    if (json_object_get(json, "backend") != NULL) {
        return KB_TFSTATE_POINTER;
    }
    return version == 4 ? KB_TFSTATE_V4 : version < 4 ? KB_TFSTATE_OLD : KB_TFSTATE_NEWER;
}

struct kb_str kb_tfstate_refusal(enum kb_tfstate_kind kind)
{
    static const struct kb_str texts[] = {
        [KB_TFSTATE_NONE] = KB_STR_INIT(""),
        [KB_TFSTATE_V4] = KB_STR_INIT(""),
        [KB_TFSTATE_OLD] = KB_STR_INIT("a Terraform state older than version 4: not read; let "
                                       "Terraform 0.12 or later write it again"),
        [KB_TFSTATE_POINTER] = KB_STR_INIT("a pointer to the backend that has the state, and not the "
                                           "state: write that with terraform state pull"),
        [KB_TFSTATE_NEWER] = KB_STR_INIT("a Terraform state of a version that is not known: not read"),
    };
    return texts[kind];
}

enum { STARS = 4, INDEX_MAX = 100000 };

struct setting {
    json_t *root; /* the answer that grows */
    const struct kb_tfstate_member *member;
    size_t at[STARS]; /* where each '*' of `from` stands */
};

static bool element_of(struct kb_str step, size_t *index)
{
    uint64_t number = 0;
    bool is = kb_str_u64(step, &number) && number < INDEX_MAX;
    *index = is ? (size_t)number : 0;
    return is;
}

/* The child at `step` of `parent`, made where it is missing: a list where `child_is_list`. */
static json_t *child_at(json_t *parent, struct kb_str step, size_t index, bool child_is_list)
{
    char key[128] = "";
    bool in_list = json_is_array(parent);
    if (!in_list && step.n < sizeof key) {
        memcpy(key, step.p, step.n);
    }
    json_t *child = in_list ? json_array_get(parent, index) : json_object_get(parent, key);
    if (child == NULL) {
        child = child_is_list ? json_array() : json_object();
        while (in_list && json_array_size(parent) < index) {
            json_array_append_new(parent, json_object());
        }
        int failed = in_list ? json_array_append_new(parent, child)
                             : json_object_set_new(parent, key, child);
        child = failed != 0 ? NULL : child; /* a scalar has no children */
    }
    return child;
}

/* Put the value where `to` says. */
static void put(const struct setting *set, json_t *value)
{
    struct kb_str rest = kb_str_c(set->member->to), step;
    json_t *at = set->root;
    size_t star = 0, index = 0;
    while (at != NULL && rest.n > 0) {
        step = kb_str_split(rest, '.', &rest);
        bool every = kb_str_eq_c(step, "*");
        bool last = rest.n == 0;
        size_t next;
        if (!element_of(step, &index) && every) {
            index = set->at[star++ % STARS];
        }
        bool list_next = kb_str_starts(rest, KB_STR("*")) ||
                         element_of(kb_str_sub(rest, 0, 1), &next);
        if (!last) {
            at = child_at(at, step, index, list_next);
        } else if (json_is_array(at)) {
            json_array_append(at, value);
        } else {
            char key[128] = "";
            memcpy(key, step.p, step.n < sizeof key ? step.n : 0);
            json_object_set(at, key, value);
        }
    }
}

static void put_value(const struct setting *set, const json_t *value)
{
    enum kb_tfstate_how how = set->member->how;
    struct kb_str text = kb_json_view(value);
    bool flag = kb_str_eq_c(text, "true");
    json_t *out = NULL;
    if (how == KB_TF_LIST) {
        out = json_array();
    } else if (how == KB_TF_FLAG && (flag || kb_str_eq_c(text, "false"))) {
        out = json_boolean(flag);
    } else if (how == KB_TF_POSITIVE) {
        out = json_number_value(value) > 0 ? json_deep_copy(value) : NULL;
    } else if (text.n > 0 || json_is_number(value) || json_is_boolean(value)) {
        out = json_deep_copy(value);
    }
    if (out != NULL) {
        put(set, out);
        json_decref(out);
    }
}

/* Follow `from` down the attributes; every '*' branches. */
static void follow(struct setting *set, const json_t *at, struct kb_str path, size_t star)
{
    struct kb_str rest, step = kb_str_split(path, '.', &rest);
    size_t index;
    char key[128] = "";
    if (path.n == 0) {
        put_value(set, at);
        return;
    }
    if (kb_str_eq_c(step, "*")) {
        for (size_t i = 0; i < json_array_size(at) && star < STARS; i++) {
            set->at[star] = i;
            follow(set, json_array_get(at, i), rest, star + 1);
        }
        return;
    }
    memcpy(key, step.p, step.n < sizeof key ? step.n : 0);
    const json_t *next = element_of(step, &index) ? json_array_get(at, index)
                                                  : json_object_get(at, key);
    if (next != NULL && !json_is_null(next)) {
        follow(set, next, rest, star);
    }
}

static json_t *answer_of(const struct kb_tfstate_call *call, const json_t *attributes)
{
    json_t *root = json_object();
    for (const struct kb_tfstate_member *m = call->members; m->from != NULL; m++) {
        struct setting set = {.root = root, .member = m};
        if (m->how == KB_TF_CONST) {
            json_t *text = strcmp(m->from, "true") == 0 ? json_true() : json_string(m->from);
            put(&set, text);
            json_decref(text);
        } else {
            follow(&set, attributes, kb_str_c(m->from), 0);
        }
    }
    return root;
}

struct reader {
    struct kb_arena arena;
    struct kb_str source;
    const struct kb_aws_sink *sink;
};

/* module.eks.aws_eks_cluster.this["a"] */
static struct kb_str address_of(struct reader *r, const json_t *resource, const json_t *instance)
{
    struct kb_str module = KB_STR(""), type = KB_STR(""), name = KB_STR("");
    const json_t *key = json_object_get(instance, "index_key");
    (void)kb_json_str(resource, "module", &module);
    (void)kb_json_str(resource, "type", &type);
    (void)kb_json_str(resource, "name", &name);
    struct kb_str base =
        kb_arena_printf(&r->arena, "%.*s%s%.*s.%.*s", KB_FMT(module), module.n > 0 ? "." : "",
                        KB_FMT(type), KB_FMT(name));
    if (json_is_integer(key)) {
        return kb_arena_printf(&r->arena, "%.*s[%lld]", KB_FMT(base),
                               (long long)json_integer_value(key));
    }
    return json_is_string(key)
               ? kb_arena_printf(&r->arena, "%.*s[\"%.*s\"]", KB_FMT(base), KB_FMT(kb_json_view(key)))
               : base;
}

static void give(struct reader *r, const struct kb_tfstate_call *call, const json_t *resource,
                 const json_t *instance)
{
    const json_t *attributes = json_object_get(instance, "attributes");
    KB_AUTO(kb_json_done) json_t *json = answer_of(call, attributes);
    struct kb_str subject = KB_STR("");
    if (call->subject == NULL || !kb_json_str(attributes, call->subject, &subject)) {
        subject = address_of(r, resource, instance);
    }
    const struct kb_aws_answer answer = {
        .service = kb_str_c(call->service),
        .operation = kb_str_c(call->operation),
        .subject = subject,
        .json = json,
        .source = r->source,
        .declared = true,
    };
    r->sink->answer(r->sink->ctx, &answer);
}

/* Whether the instance stands for the call: not deposed, and of the kind that the call is about. */
static bool is_for(const struct kb_tfstate_call *call, const json_t *instance)
{
    struct kb_str text = KB_STR("");
    bool deposed = json_object_get(instance, "deposed") != NULL;
    bool fits = call->when == NULL ||
                (kb_json_str(json_object_get(instance, "attributes"), call->when, &text) &&
                 kb_str_eq_c(text, call->is));
    return fits && !deposed;
}

static void read_resource(struct reader *r, const struct kb_tfstate_map *map,
                          const json_t *resource)
{
    struct kb_str type = KB_STR(""), mode = KB_STR("");
    const json_t *instances = kb_json_array(resource, "instances");
    (void)kb_json_str(resource, "type", &type);
    (void)kb_json_str(resource, "mode", &mode);
    for (size_t i = 0; i < map->n && kb_str_eq_c(mode, "managed"); i++) {
        bool named = kb_str_eq_c(type, map->at[i].type);
        for (size_t k = 0; named && k < json_array_size(instances); k++) {
            const json_t *instance = json_array_get(instances, k);
            if (is_for(&map->at[i], instance)) {
                give(r, &map->at[i], resource, instance);
            }
        }
    }
}

void kb_tfstate_read(const json_t *state, struct kb_str name, struct kb_str text,
                     const struct kb_aws_sink *sink)
{
    enum { SHOWN = 12 };
    struct reader r = {.sink = sink};
    struct kb_sha256 sha;
    char hex[SHOWN + 1];
    int64_t serial = 0;
    const json_t *resources = kb_json_array(state, "resources");
    (void)kb_json_i64(state, "serial", &serial);
    kb_sha256_init(&sha);
    kb_sha256_add(&sha, text.p, text.n);
    kb_sha256_hex(&sha, hex, SHOWN / 2);
    r.source = kb_arena_printf(&r.arena, "%.*s (Terraform state, serial %lld, SHA-256 %s)",
                               KB_FMT(name), (long long)serial, hex);
    for (size_t i = 0; i < json_array_size(resources); i++) {
        read_resource(&r, &kb_tfstate_settings, json_array_get(resources, i));
        read_resource(&r, &kb_tfstate_network, json_array_get(resources, i));
    }
    kb_arena_done(&r.arena);
}
