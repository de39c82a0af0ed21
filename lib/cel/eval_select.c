/* Fields and elements: a.b, a[b], a.?b, has(a.b), and the parts of variables that are not known. */
#include "cel/program.h"

#include <math.h>

static struct kb_cel_val optional(struct kb_arena *arena, const struct kb_cel_val *v)
{
    struct kb_cel_val out = {.kind = KB_CEL_OPTIONAL, .opt = NULL};
    if (v != NULL) {
        struct kb_cel_val *copy = KB_NEW(arena, struct kb_cel_val);
        *copy = *v;
        out.opt = copy;
    }
    return out;
}

const struct kb_cel_val *kb_cel_find(struct kb_cel_frame *frame, const struct kb_cel_map *map,
                                     const struct kb_cel_val *key)
{
    enum { LARGE_KEY = 1000 }; /* keys that are lists or maps may take long to compare */
    bool large = key->kind == KB_CEL_LIST || key->kind == KB_CEL_MAP;
    frame->call.cost += map->n / 8 + (large ? LARGE_KEY : 0);
    return kb_cel_map_find(map, key);
}

struct kb_cel_val kb_cel_key_error(struct kb_arena *arena, const char *what,
                                   const struct kb_cel_val *key)
{
    struct kb_buf text;
    kb_buf_init(&text, 200);
    kb_cel_print(key, &text);
    struct kb_cel_val error = kb_cel_error(arena, "%s: %.*s", what, KB_FMT(kb_buf_view(&text)));
    kb_buf_done(&text);
    return error;
}

/* A list's index from a number of any kind that is whole; or an error. */
static struct kb_cel_val index_of(struct kb_arena *arena, const struct kb_cel_val *key)
{
    if (key->kind == KB_CEL_INT) {
        return *key;
    }
    if (key->kind == KB_CEL_UINT && key->u <= INT64_MAX) {
        return kb_cel_int((int64_t)key->u);
    }
    if (key->kind == KB_CEL_DOUBLE && key->d == trunc(key->d) && fabs(key->d) < 0x1p53) {
        return kb_cel_int((int64_t)key->d);
    }
    if (key->kind == KB_CEL_DOUBLE || key->kind == KB_CEL_UINT) {
        return kb_cel_error_static("unsupported index value in list");
    }
    return kb_cel_error(arena, "unsupported index type '%.*s' in list",
                        KB_FMT(kb_cel_type_name(key)));
}

/* Looks `key` up in a list or map. Returns whether it is there; *bad is set where it cannot be
 * asked. */
static const struct kb_cel_val *look_up(struct kb_cel_frame *frame, const struct kb_cel_val *v,
                                        const struct kb_cel_val *key, struct kb_cel_val *bad)
{
    if (v->kind == KB_CEL_MAP) {
        return kb_cel_find(frame, v->map, key);
    }
    if (v->kind != KB_CEL_LIST) {
        return NULL;
    }
    struct kb_cel_val i = index_of(frame->call.arena, key);
    if (i.kind == KB_CEL_ERROR) {
        *bad = i;
        return NULL;
    }
    return i.i >= 0 && (uint64_t)i.i < v->list->n ? &v->list->items[i.i] : NULL;
}

static struct kb_cel_val missing(struct kb_cel_frame *frame, const struct kb_cel_val *v,
                                 const struct kb_cel_val *key)
{
    if (v->kind == KB_CEL_LIST) {
        struct kb_cel_val i = index_of(frame->call.arena, key);
        return kb_cel_error(frame->call.arena, "index out of bounds: %lld", (long long)i.i);
    }
    return kb_cel_key_error(frame->call.arena, "no such key", key);
}

struct kb_cel_val kb_cel_qualify(struct kb_cel_frame *frame, struct kb_cel_val v,
                                 const struct kb_cel_val *key, bool is_optional, bool test)
{
    if (kb_cel_is_bad(&v)) {
        return v;
    }
    if (v.kind == KB_CEL_OPTIONAL) { /* a.?b.c: what follows an optional step is optional too */
        if (v.opt == NULL) {
            return test ? kb_cel_bool(false) : v;
        }
        v = *v.opt;
        is_optional = true;
    }
    struct kb_cel_val bad = {.kind = KB_CEL_NULL};
    const struct kb_cel_val *found = look_up(frame, &v, key, &bad);
    if (bad.kind == KB_CEL_ERROR) {
        return bad;
    }
    if (test) {
        return kb_cel_bool(found != NULL);
    }
    if (is_optional && (v.kind == KB_CEL_MAP || v.kind == KB_CEL_LIST)) {
        return optional(frame->call.arena, found);
    }
    return found != NULL ? *found : missing(frame, &v, key);
}

/* The step's key: constant, or evaluated. */
static struct kb_cel_val key_of(const struct kb_cel_node *node, struct kb_cel_frame *frame)
{
    return node->n == 2 ? kb_cel_run(node->kids[1], frame) : node->value;
}

static bool step_matches(const struct kb_cel_step *step, const struct kb_cel_val *key)
{
    return step->any || (!kb_cel_is_bad(key) && kb_cel_equal(&step->key, key));
}

static bool is_identifier(struct kb_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && (i == 0 || c < '0' || c > '9')) {
            return false;
        }
    }
    return s.n > 0;
}

/* "rows[0].name" */
static struct kb_str attribute_text(struct kb_arena *arena, struct kb_str var,
                                    const struct kb_cel_val *keys, size_t n)
{
    struct kb_buf text;
    kb_buf_init(&text, 1024);
    kb_buf_str(&text, var);
    for (size_t i = 0; i < n; i++) {
        if (keys[i].kind == KB_CEL_STRING && is_identifier(keys[i].s)) {
            kb_buf_printf(&text, ".%.*s", KB_FMT(keys[i].s));
        } else {
            const char *quote = keys[i].kind == KB_CEL_STRING ? "\"" : "";
            kb_buf_printf(&text, "[%s", quote);
            kb_cel_print(&keys[i], &text);
            kb_buf_printf(&text, "%s]", quote);
        }
    }
    struct kb_str out = kb_arena_copy(arena, kb_buf_view(&text));
    kb_buf_done(&text);
    return out;
}

/* Where a part that is not known lies on the way `keys`, or below it, or above it. */
static bool part_matches(const struct kb_cel_unknown_part *part, const struct kb_cel_val *keys,
                         size_t n)
{
    for (size_t i = 0; i < n && i < part->n; i++) {
        if (!step_matches(&part->steps[i], &keys[i])) {
            return false;
        }
    }
    return true;
}

static bool var_has_parts(const struct kb_cel_frame *frame, uint32_t var)
{
    const struct kb_cel_activation *activation = frame->activation;
    for (size_t i = 0; i < activation->unknown_count; i++) {
        if (activation->unknown_parts[i].var == var) {
            return true;
        }
    }
    return false;
}

static struct kb_cel_val match_parts(const struct kb_cel_node *var, struct kb_cel_frame *frame,
                                     const struct kb_cel_val *keys, size_t n)
{
    const struct kb_cel_activation *activation = frame->activation;
    for (size_t i = 0; i < activation->unknown_count; i++) {
        const struct kb_cel_unknown_part *part = &activation->unknown_parts[i];
        if (part->var == var->index && part_matches(part, keys, n)) {
            size_t shown = n < part->n ? n : part->n;
            struct kb_str text = attribute_text(frame->call.arena, var->name, keys, shown);
            return kb_cel_unknown(frame->call.arena, text, KB_STR("not readable"));
        }
    }
    return kb_cel_null();
}

/* A variable on its own: not known as a whole where any part of it is not. */
struct kb_cel_val kb_cel_eval_bare_var(const struct kb_cel_node *node, struct kb_cel_frame *frame)
{
    if (__builtin_expect(frame->activation->unknown_count > 0, 0)) {
        struct kb_cel_val unknown = match_parts(node, frame, NULL, 0);
        if (unknown.kind == KB_CEL_UNKNOWN) {
            return unknown;
        }
    }
    return kb_cel_eval_var(node, frame);
}

/* The whole way at once, where parts of the variable are not known. */
static struct kb_cel_val eval_chain(const struct kb_cel_node *node, struct kb_cel_frame *frame)
{
    const struct kb_cel_node *var = node->chain[0];
    size_t n = node->chain_n - 1;
    struct kb_cel_val *keys = KB_NEW_ARRAY(frame->call.arena, n, struct kb_cel_val);
    for (size_t i = 0; i < n; i++) {
        keys[i] = key_of(node->chain[i + 1], frame);
        if (keys[i].kind == KB_CEL_ERROR) {
            return keys[i];
        }
    }
    struct kb_cel_val v = match_parts(var, frame, keys, n);
    if (v.kind == KB_CEL_UNKNOWN) {
        return v;
    }
    v = kb_cel_eval_var(var, frame);
    for (size_t i = 0; i < n && !kb_cel_is_bad(&v); i++) {
        const struct kb_cel_node *step = node->chain[i + 1];
        if (kb_cel_is_bad(&keys[i])) {
            return keys[i];
        }
        v = kb_cel_qualify(frame, v, &keys[i], step->optional, step->test);
    }
    return v;
}

static bool needs_chain(const struct kb_cel_node *node, const struct kb_cel_frame *frame)
{
    return frame->activation->unknown_count > 0 && node->chain_n > 0 &&
           var_has_parts(frame, node->chain[0]->index);
}

/* The operand of a step: variables as they are, since the whole way has been matched. */
struct kb_cel_val kb_cel_eval_select(const struct kb_cel_node *node, struct kb_cel_frame *frame)
{
    if (__builtin_expect(needs_chain(node, frame), 0)) {
        return eval_chain(node, frame);
    }
    struct kb_cel_val v = kb_cel_run(node->kids[0], frame);
    return kb_cel_qualify(frame, v, &node->value, node->optional, node->test);
}

struct kb_cel_val kb_cel_eval_index(const struct kb_cel_node *node, struct kb_cel_frame *frame)
{
    if (__builtin_expect(needs_chain(node, frame), 0)) {
        return eval_chain(node, frame);
    }
    struct kb_cel_val v = kb_cel_run(node->kids[0], frame);
    if (v.kind == KB_CEL_ERROR) {
        return v;
    }
    struct kb_cel_val key = kb_cel_run(node->kids[1], frame);
    if (kb_cel_is_bad(&key)) {
        return v.kind == KB_CEL_UNKNOWN && key.kind == KB_CEL_UNKNOWN ? v : key;
    }
    return kb_cel_qualify(frame, v, &key, node->optional, false);
}
