/* Globs as trees. */
#ifndef KB_BACKUP_GLOB_AST_H
#define KB_BACKUP_GLOB_AST_H

#include "base/err.h"
#include "base/mem.h"

enum kb_glob_kind {
    KB_GLOB_NODE_NOTHING,
    KB_GLOB_NODE_PATTERN, /* its children one after the other */
    KB_GLOB_NODE_LIST,
    KB_GLOB_NODE_RANGE,
    KB_GLOB_NODE_TEXT,
    KB_GLOB_NODE_SUPER, /* "*" and "**", which differ by separators only */
    KB_GLOB_NODE_SINGLE,
    KB_GLOB_NODE_ANY_OF /* one of its children, which are patterns */
};

struct kb_glob_node {
    enum kb_glob_kind kind;
    bool single_star;    /* of SUPER: written "*"; alternatives are compared as written */
    bool not;            /* of LIST, RANGE */
    struct kb_str text;  /* of TEXT; characters of LIST */
    uint32_t lo, hi;     /* of RANGE */
    struct kb_glob_node **children;
    size_t n, cap;
    struct kb_glob_node *parent;
};

struct kb_glob_node *kb_glob_node_new(struct kb_arena *arena, enum kb_glob_kind kind);
void kb_glob_node_add(struct kb_arena *arena, struct kb_glob_node *parent,
                      struct kb_glob_node *child);
/* A pattern of some children. */
struct kb_glob_node *kb_glob_node_pattern(struct kb_arena *arena, struct kb_glob_node *const *children,
                                          size_t n);
bool kb_glob_node_equal(const struct kb_glob_node *a, const struct kb_glob_node *b);

/* The tree of a pattern, in the arena. KB_ERR_SYNTAX, KB_ERR_LIMIT. */
KB_RES kb_glob_parse(struct kb_str pattern, struct kb_arena *arena, struct kb_glob_node **out,
                     struct kb_err *err);

/* Alternatives without what they begin and end with in common, which comes before and after them; NULL
 * where there is nothing in common. */
struct kb_glob_node *kb_glob_minimize(struct kb_arena *arena, const struct kb_glob_node *any_of);

#endif
