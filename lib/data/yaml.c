/*
 * From libyaml's events to a tree. Recursion is bounded by KB_MAX_YAML_DEPTH; every node counts its
 * subtree with aliases followed, so that an alias bomb is refused before anything walks it.
 */
#include "data/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

#include "base/limits.h"
#include "base/map.h"

struct loader {
    yaml_parser_t parser;
    struct kb_arena *arena;
    const char *file;
    struct kb_str text;
    struct kb_map anchors; /* name -> struct kb_yaml_node *; `nodes` is 0 while it is open */
    size_t nodes;          /* of all documents so far */
    struct kb_err *err;
};

typedef KB_VEC(const struct kb_yaml_node *) node_vec;

static kb_res fail_at(const struct loader *load, enum kb_code code, yaml_mark_t mark,
                      const char *fmt, ...) KB_PRINTF(4, 5);
static kb_res fail_at(const struct loader *load, enum kb_code code, yaml_mark_t mark,
                      const char *fmt, ...)
{
    char msg[KB_ERR_MSG_MAX];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(msg, sizeof msg, fmt, args);
    va_end(args);
    return kb_fail_at(load->err, code, load->file, (unsigned)mark.line + 1,
                      (unsigned)mark.column + 1, "%s", msg);
}

/* A reader error (bad UTF-8, control character) has only a byte offset. */
static yaml_mark_t mark_of_offset(struct kb_str text, size_t offset)
{
    yaml_mark_t mark = {0};
    for (size_t i = 0; i < offset && i < text.n; i++) {
        bool newline = text.p[i] == '\n';
        mark.line += newline ? 1 : 0;
        mark.column = newline ? 0 : mark.column + ((text.p[i] & 0xC0) != 0x80 ? 1 : 0);
    }
    return mark;
}

static kb_res parser_failed(const struct loader *load)
{
    const yaml_parser_t *p = &load->parser;
    const char *problem = p->problem == NULL ? "not YAML" : p->problem;
    if (p->error == YAML_MEMORY_ERROR) {
        kb_oom(0);
    }
    if (p->error == YAML_READER_ERROR) {
        return fail_at(load, KB_ERR_SYNTAX, mark_of_offset(load->text, p->problem_offset), "%s",
                       problem);
    }
    if (p->context != NULL) {
        return fail_at(load, KB_ERR_SYNTAX, p->problem_mark, "%s (%s, line %zu)", problem,
                       p->context, p->context_mark.line + 1);
    }
    return fail_at(load, KB_ERR_SYNTAX, p->problem_mark, "%s", problem);
}

static kb_res next_event(struct loader *load, yaml_event_t *event)
{
    return yaml_parser_parse(&load->parser, event) ? KB_SUCCESS : parser_failed(load);
}

static kb_res core_tag(struct loader *load, const yaml_event_t *event, const yaml_char_t *tag,
                       const char *allowed, struct kb_str *out)
{
    const struct kb_str prefix = KB_STR("tag:yaml.org,2002:");
    struct kb_str name = kb_str_c((const char *)tag);
    if (name.n == 0 || kb_str_eq_c(name, "!")) {
        *out = name.n == 0 ? KB_STR("") : KB_STR("str");
        return KB_SUCCESS;
    }
    if (kb_str_starts(name, prefix)) {
        struct kb_str word = kb_str_sub(name, prefix.n, name.n);
        struct kb_str rest = kb_str_c(allowed);
        while (rest.n > 0) {
            if (kb_str_eq(kb_str_split(rest, ' ', &rest), word)) {
                *out = kb_arena_copy(load->arena, word);
                return KB_SUCCESS;
            }
        }
    }
    return fail_at(load, KB_ERR_UNSUPPORTED, event->start_mark, "the tag %.*s is not supported",
                   KB_FMT(name));
}

static struct kb_yaml_node *new_node(struct loader *load, const yaml_event_t *event,
                                     enum kb_yaml_kind kind, const yaml_char_t *anchor)
{
    struct kb_yaml_node *node = KB_NEW(load->arena, struct kb_yaml_node);
    node->kind = kind;
    node->line = (unsigned)event->start_mark.line + 1;
    node->col = (unsigned)event->start_mark.column + 1;
    node->file = load->file;
    if (anchor != NULL) {
        kb_map_set(&load->anchors, kb_str_c((const char *)anchor), node);
    }
    return node;
}

static kb_res count(struct loader *load, yaml_mark_t mark, size_t nodes)
{
    load->nodes += nodes;
    return load->nodes <= KB_MAX_YAML_NODES
               ? KB_SUCCESS
               : fail_at(load, KB_ERR_LIMIT, mark, "more than %d nodes (aliases followed)",
                         KB_MAX_YAML_NODES);
}

static kb_res too_deep(const struct loader *load, const yaml_event_t *event)
{
    return fail_at(load, KB_ERR_LIMIT, event->start_mark, "nested deeper than %d",
                   KB_MAX_YAML_DEPTH);
}

static kb_res load_alias(struct loader *load, const yaml_event_t *event, unsigned depth,
                         const struct kb_yaml_node **out)
{
    const char *name = (const char *)event->data.alias.anchor;
    const struct kb_yaml_node *node = kb_map_get(&load->anchors, kb_str_c(name));
    if (node == NULL) {
        return fail_at(load, KB_ERR_INVALID, event->start_mark, "unknown alias *%s", name);
    }
    if (node->nodes == 0) {
        return fail_at(load, KB_ERR_INVALID, event->start_mark,
                       "alias *%s stands inside its own node", name);
    }
    if (depth + node->height > KB_MAX_YAML_DEPTH + 1) {
        return too_deep(load, event);
    }
    *out = node;
    return count(load, event->start_mark, node->nodes);
}

static kb_res load_scalar(struct loader *load, const yaml_event_t *event,
                          const struct kb_yaml_node **out)
{
    struct kb_yaml_node *node =
        new_node(load, event, KB_YAML_SCALAR, event->data.scalar.anchor);
    KB_TRY(core_tag(load, event, event->data.scalar.tag, "str int float bool null", &node->tag));
    node->text = kb_arena_copy(load->arena, (struct kb_str){(const char *)event->data.scalar.value,
                                                            event->data.scalar.length});
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->nodes = 1;
    node->height = 1;
    *out = node;
    return count(load, event->start_mark, 1);
}

static kb_res load_node(struct loader *load, const yaml_event_t *event, unsigned depth,
                        const struct kb_yaml_node **out);

/* The children of a collection, up to its end event. */
static kb_res load_children(struct loader *load, struct kb_yaml_node *node, yaml_event_type_t end,
                            unsigned depth, node_vec *into)
{
    bool done = false;
    while (!done) {
        yaml_event_t event;
        const struct kb_yaml_node *child = NULL;
        KB_TRY(next_event(load, &event));
        kb_res res = KB_SUCCESS;
        done = event.type == end;
        if (!done) {
            res = load_node(load, &event, depth + 1, &child);
        }
        yaml_event_delete(&event);
        KB_TRY(res);
        if (!done) {
            *KB_VEC_PUSH(into) = child;
            node->height = child->height >= node->height ? child->height + 1 : node->height;
        }
    }
    return KB_SUCCESS;
}

static const struct kb_yaml_node **keep_children(struct loader *load, const node_vec *from)
{
    const struct kb_yaml_node **items =
        KB_NEW_ARRAY(load->arena, from->n, const struct kb_yaml_node *);
    if (from->n > 0) {
        memcpy(items, from->at, from->n * sizeof *items);
    }
    return items;
}

static void node_vec_done(node_vec *vec)
{
    KB_VEC_DONE(vec);
}

static kb_res load_seq(struct loader *load, const yaml_event_t *event, unsigned depth,
                       const struct kb_yaml_node **out)
{
    KB_AUTO(node_vec_done) node_vec items = {0};
    struct kb_yaml_node *node =
        new_node(load, event, KB_YAML_SEQ, event->data.sequence_start.anchor);
    KB_TRY(core_tag(load, event, event->data.sequence_start.tag, "seq", &node->tag));
    size_t before = load->nodes;
    node->height = 1;
    KB_TRY(count(load, event->start_mark, 1));
    KB_TRY(load_children(load, node, YAML_SEQUENCE_END_EVENT, depth, &items));
    node->items = keep_children(load, &items);
    node->n = items.n;
    node->nodes = load->nodes - before;
    *out = node;
    return KB_SUCCESS;
}

static int by_key(const void *a, const void *b)
{
    const struct kb_yaml_node *left = *(const struct kb_yaml_node *const *)a;
    const struct kb_yaml_node *right = *(const struct kb_yaml_node *const *)b;
    int order = kb_str_cmp(left->text, right->text);
    if (order == 0) {
        order = left->line != right->line ? (left->line < right->line ? -1 : 1)
                                          : (left->col > right->col) - (left->col < right->col);
    }
    return order;
}

/* Sorting keeps a map of any size cheap to check. */
static kb_res refuse_duplicates(const struct loader *load, const struct kb_yaml_node *map)
{
    KB_AUTO(node_vec_done) node_vec keys = {0};
    for (size_t i = 0; i < map->n; i++) {
        *KB_VEC_PUSH(&keys) = map->pairs[i].key;
    }
    if (keys.n > 1) {
        qsort(keys.at, keys.n, sizeof *keys.at, by_key);
    }
    for (size_t i = 1; i < keys.n; i++) {
        if (kb_str_eq(keys.at[i]->text, keys.at[i - 1]->text)) {
            return kb_fail_at(load->err, KB_ERR_INVALID, load->file, keys.at[i]->line,
                              keys.at[i]->col,
                              "the key \"%.*s\" stands twice in this map, first on line %u",
                              KB_FMT(keys.at[i]->text), keys.at[i - 1]->line);
        }
    }
    return KB_SUCCESS;
}

static kb_res check_key(const struct loader *load, const struct kb_yaml_node *key)
{
    if (key->kind != KB_YAML_SCALAR) {
        return kb_fail_at(load->err, KB_ERR_UNSUPPORTED, load->file, key->line, key->col,
                          "a key must be a scalar, here it is %s", kb_yaml_type_name(key));
    }
    if (key->plain && kb_str_eq_c(key->text, "<<")) {
        return kb_fail_at(load->err, KB_ERR_UNSUPPORTED, load->file, key->line, key->col,
                          "merge keys (<<) are not supported; write the members out");
    }
    return KB_SUCCESS;
}

static kb_res load_map(struct loader *load, const yaml_event_t *event, unsigned depth,
                       const struct kb_yaml_node **out)
{
    KB_AUTO(node_vec_done) node_vec items = {0};
    struct kb_yaml_node *node =
        new_node(load, event, KB_YAML_MAP, event->data.mapping_start.anchor);
    KB_TRY(core_tag(load, event, event->data.mapping_start.tag, "map", &node->tag));
    size_t before = load->nodes;
    node->height = 1;
    KB_TRY(count(load, event->start_mark, 1));
    KB_TRY(load_children(load, node, YAML_MAPPING_END_EVENT, depth, &items));
    node->n = items.n / 2;
    struct kb_yaml_pair *pairs = KB_NEW_ARRAY(load->arena, node->n, struct kb_yaml_pair);
    for (size_t i = 0; i < node->n; i++) {
        pairs[i] = (struct kb_yaml_pair){items.at[2 * i], items.at[2 * i + 1]};
        KB_TRY(check_key(load, pairs[i].key));
    }
    node->pairs = pairs;
    KB_TRY(refuse_duplicates(load, node));
    node->nodes = load->nodes - before;
    *out = node;
    return KB_SUCCESS;
}

static kb_res load_node(struct loader *load, const yaml_event_t *event, unsigned depth,
                        const struct kb_yaml_node **out)
{
    if (depth > KB_MAX_YAML_DEPTH) {
        return too_deep(load, event);
    }
    if (event->type == YAML_ALIAS_EVENT) {
        return load_alias(load, event, depth, out);
    }
    if (event->type == YAML_SCALAR_EVENT) {
        return load_scalar(load, event, out);
    }
    if (event->type == YAML_SEQUENCE_START_EVENT) {
        return load_seq(load, event, depth, out);
    }
    return load_map(load, event, depth, out);
}

static bool is_empty(const struct kb_yaml_node *root)
{
    return root->kind == KB_YAML_SCALAR && root->plain && root->text.n == 0 && root->tag.n == 0;
}

static kb_res load_documents(struct loader *load, node_vec *docs)
{
    yaml_event_type_t type;
    do {
        yaml_event_t event;
        const struct kb_yaml_node *root = NULL;
        KB_TRY(next_event(load, &event));
        kb_res res = KB_SUCCESS;
        type = event.type;
        if (type == YAML_DOCUMENT_START_EVENT) {
            kb_map_clear(&load->anchors);
        } else if (type != YAML_STREAM_START_EVENT && type != YAML_STREAM_END_EVENT &&
                   type != YAML_DOCUMENT_END_EVENT) {
            res = load_node(load, &event, 1, &root);
        }
        yaml_event_delete(&event);
        KB_TRY(res);
        if (root != NULL && !is_empty(root)) {
            *KB_VEC_PUSH(docs) = root;
        }
    } while (type != YAML_STREAM_END_EVENT);
    return KB_SUCCESS;
}

KB_RES kb_yaml_parse_all(struct kb_arena *arena, const char *file, struct kb_str text,
                         struct kb_yaml_docs *out, struct kb_err *err)
{
    if (text.n > KB_MAX_YAML_BYTES) {
        return kb_fail_at(err, KB_ERR_LIMIT, file, 0, 0, "larger than %d bytes", KB_MAX_YAML_BYTES);
    }
    struct loader load = {.arena = arena, .text = text, .err = err};
    load.file = file == NULL ? NULL : kb_arena_copy(arena, kb_str_c(file)).p;
    if (!yaml_parser_initialize(&load.parser)) {
        kb_oom(0);
    }
    yaml_parser_set_encoding(&load.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&load.parser,
                                 (const unsigned char *)(text.n == 0 ? "" : text.p), text.n);
    node_vec docs = {0};
    kb_res res = load_documents(&load, &docs);
    if (!kb_failed(res)) {
        out->at = keep_children(&load, &docs);
        out->n = docs.n;
    }
    node_vec_done(&docs);
    kb_map_done(&load.anchors);
    yaml_parser_delete(&load.parser);
    return res;
}

KB_RES kb_yaml_parse(struct kb_arena *arena, const char *file, struct kb_str text,
                     const struct kb_yaml_node **out, struct kb_err *err)
{
    struct kb_yaml_docs docs = {0};
    KB_TRY(kb_yaml_parse_all(arena, file, text, &docs, err));
    if (docs.n == 0) {
        return kb_fail_at(err, KB_ERR_SYNTAX, file, 0, 0, "the file is empty");
    }
    if (docs.n > 1) {
        return kb_yaml_fail(docs.at[1], err, KB_ERR_INVALID,
                            "only one document is allowed here, a second one begins");
    }
    *out = docs.at[0];
    return KB_SUCCESS;
}

KB_RES kb_yaml_fail(const struct kb_yaml_node *node, struct kb_err *err, enum kb_code code,
                    const char *fmt, ...)
{
    char msg[KB_ERR_MSG_MAX];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(msg, sizeof msg, fmt, args);
    va_end(args);
    return kb_fail_at(err, code, node->file, node->line, node->col, "%s", msg);
}
