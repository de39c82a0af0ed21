/*
 * YAML trees into structures by tables of keys, with every mistake collected.
 *
 * A decoding function adds its mistakes to the collection and returns whether there was none.
 */
#ifndef KB_BASELINE_DECODE_H
#define KB_BASELINE_DECODE_H

#include "baseline/control.h"
#include "baseline/profile.h"
#include "data/yaml.h"

struct kb_decode {
    struct kb_arena *arena;
    struct kb_mistakes *mistakes;
    struct kb_str file;
    const struct kb_baseline *baseline; /* what profiles refer to; NULL elsewhere */
};

enum kb_key_flags { KB_KEY_REQUIRED = 1 };

/* One key of a map: how its value goes into the structure at `target`. */
struct kb_key {
    const char *name;
    bool (*decode)(const struct kb_decode *d, const struct kb_yaml_node *node, void *target);
    size_t offset; /* added to `target` */
    unsigned flags;
};

/* Every pair through the table; unknown and missing keys are mistakes. `what` names the map: "a
 * control". */
bool kb_decode_map(const struct kb_decode *d, const struct kb_yaml_node *node,
                   const struct kb_key *keys, size_t n, void *target, const char *what);

/* A mistake at a node. */
void kb_decode_mistake(const struct kb_decode *d, const struct kb_yaml_node *node, const char *fmt,
                       ...) KB_PRINTF(3, 4);
/* "x is expected here, this is y". */
void kb_decode_wrong_type(const struct kb_decode *d, const struct kb_yaml_node *node,
                          const char *wanted);
/* " (did you mean 'x'?)", or nothing; in a buffer of the arena. */
const char *kb_decode_hint(const struct kb_decode *d, const char *suggestion);
bool kb_decode_is(const struct kb_decode *d, const struct kb_yaml_node *node, enum kb_yaml_kind kind);

/* Targets: struct kb_str, bool, int64_t (not negative), int64_t in nanoseconds, struct kb_globs. */
bool kb_decode_text(const struct kb_decode *d, const struct kb_yaml_node *node, void *target);
bool kb_decode_bool(const struct kb_decode *d, const struct kb_yaml_node *node, void *target);
bool kb_decode_count(const struct kb_decode *d, const struct kb_yaml_node *node, void *target);
bool kb_decode_duration(const struct kb_decode *d, const struct kb_yaml_node *node, void *target);
bool kb_decode_globs(const struct kb_decode *d, const struct kb_yaml_node *node, void *target);
bool kb_decode_owner(const struct kb_decode *d, const struct kb_yaml_node *node, void *target);
bool kb_decode_severity(const struct kb_decode *d, const struct kb_yaml_node *node, void *target);
/* struct kb_text: any scalar, as it stands. */
bool kb_decode_source(const struct kb_decode *d, const struct kb_yaml_node *node, void *target);

/* A list of texts. */
bool kb_decode_texts(const struct kb_decode *d, const struct kb_yaml_node *node,
                     const struct kb_str **out, size_t *n);

/* A value of CEL type `type` ("list(string)", "map(string, int)", "duration" …). */
bool kb_decode_value(const struct kb_decode *d, const struct kb_yaml_node *node, struct kb_str type,
                     struct kb_cel_val *out);

/* Whether kb_decode_value knows the type. */
bool kb_decode_type_known(struct kb_str type);

#endif
