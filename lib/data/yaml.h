/*
 * YAML as a tree with line marks (libyaml underneath).
 *
 * Foreign text is bounded: size, depth, and nodes after aliases are followed (limits.h). Refused,
 * with file:line:col: duplicate keys, merge keys (`<<`), keys that are not scalars, aliases into
 * their own node, tags outside the core schema. Plain scalars are read by the YAML 1.2 core schema,
 * so that `no`, `yes`, `on` and `off` are text.
 */
#ifndef KB_DATA_YAML_H
#define KB_DATA_YAML_H

#include <jansson.h>

#include "base/mem.h"

enum kb_yaml_kind { KB_YAML_SCALAR, KB_YAML_SEQ, KB_YAML_MAP };

struct kb_yaml_pair;

/* One node. It lives in the arena it was parsed into; a node named by several aliases is shared. */
struct kb_yaml_node {
    enum kb_yaml_kind kind;
    unsigned line; /* of its first character, from 1 */
    unsigned col;  /* in code points, from 1 */
    const char *file;
    bool plain;         /* scalar without quotes, not a block scalar */
    struct kb_str text; /* scalar: its value, terminated */
    struct kb_str tag;  /* explicit core tag such as "str", "int", "map"; mostly empty */
    size_t n;           /* items or pairs */
    const struct kb_yaml_node *const *items; /* KB_YAML_SEQ */
    const struct kb_yaml_pair *pairs;        /* KB_YAML_MAP, in order of the file */
    size_t nodes;                            /* in this subtree, aliases followed */
    unsigned height;                         /* 1 for a scalar */
};

struct kb_yaml_pair {
    const struct kb_yaml_node *key; /* a scalar */
    const struct kb_yaml_node *value;
};

struct kb_yaml_docs {
    const struct kb_yaml_node *const *at;
    size_t n;
};

/*
 * Parse text that holds exactly one document. `file` names it in messages and in the nodes (the
 * name is copied); NULL for none. An empty text is KB_ERR_SYNTAX, a second document KB_ERR_INVALID.
 */
KB_RES kb_yaml_parse(struct kb_arena *arena, const char *file, struct kb_str text,
                     const struct kb_yaml_node **out, struct kb_err *err);
/* The same for any number of documents; empty ones (between two `---`) are left out. */
KB_RES kb_yaml_parse_all(struct kb_arena *arena, const char *file, struct kb_str text,
                         struct kb_yaml_docs *out, struct kb_err *err);

/* Value of a key, or NULL where it is missing or `map` is NULL or no map. */
const struct kb_yaml_node *kb_yaml_get(const struct kb_yaml_node *map, const char *key);
const struct kb_yaml_node *kb_yaml_get_str(const struct kb_yaml_node *map, struct kb_str key);

/* Core schema. False where the node (NULL allowed) is not of that type; *out is then left alone. */
bool kb_yaml_null(const struct kb_yaml_node *node);
bool kb_yaml_bool(const struct kb_yaml_node *node, bool *out);
bool kb_yaml_int(const struct kb_yaml_node *node, int64_t *out); /* within int64 */
/* A float or an integer. */
bool kb_yaml_float(const struct kb_yaml_node *node, double *out);
/* Text: quoted, or plain and nothing else by the schema. */
bool kb_yaml_text(const struct kb_yaml_node *node, struct kb_str *out);
/* "a map", "a list", "null", "a boolean", "an integer", "a number", "text": for messages. */
const char *kb_yaml_type_name(const struct kb_yaml_node *node);

/* kb_fail at the node's place. */
KB_RES kb_yaml_fail(const struct kb_yaml_node *node, struct kb_err *err, enum kb_code code,
                    const char *fmt, ...) KB_PRINTF(4, 5);

/* As a new JSON value, types by the core schema; integers beyond int64 become reals. `.nan`, `.inf`
 * are KB_ERR_INVALID. */
KB_RES kb_yaml_to_json(const struct kb_yaml_node *node, json_t **out, struct kb_err *err);

#endif
