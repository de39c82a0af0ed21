/*
 * Matchers out of trees. Which matchers stand for a tree decides what the library's answers are where they
 * are not those of the pattern, so its choices are repeated one by one.
 */
#include "backup/glob_ast.h"
#include "backup/glob_build.h"

/* Matchers of one character and stars, all with the same characters excluded. */
struct every {
    bool super;
    int min;
    struct kb_str excluded;
};

static bool read_every(struct kb_glob_span span, struct every *out)
{
    *out = (struct every){0};
    for (size_t i = 0; i < span.n; i++) {
        const struct kb_gobwas *m = span.at[i];
        bool list = m->kind == KB_GLOB_M_LIST && m->not;
        if (m->kind != KB_GLOB_M_SUPER && m->kind != KB_GLOB_M_SINGLE && !list) {
            return false;
        }
        struct kb_str excluded = list ? m->text : KB_STR("");
        out->excluded = i == 0 ? excluded : out->excluded;
        if (!kb_str_eq(excluded, out->excluded)) {
            return false;
        }
        out->super = out->super || m->kind == KB_GLOB_M_SUPER;
        out->min += m->kind != KB_GLOB_M_SUPER;
    }
    return true;
}

static const struct kb_gobwas *glue_every(struct kb_arena *arena, struct kb_glob_span span)
{
    struct every every;
    if (!read_every(span, &every)) {
        return NULL;
    }
    if (every.super && every.min == 0) {
        return kb_glob_new(arena, KB_GLOB_M_SUPER);
    }
    if (every.super && every.excluded.n == 0) {
        return kb_glob_new_counted(arena, KB_GLOB_MIN, every.min);
    }
    const struct kb_gobwas *parts[3];
    size_t n = 0;
    parts[n++] = kb_glob_new_counted(arena, KB_GLOB_MIN, every.min);
    if (!every.super) {
        parts[n++] = kb_glob_new_counted(arena, KB_GLOB_MAX, every.min);
    }
    if (every.excluded.n > 0) {
        struct kb_gobwas *contains = kb_glob_new(arena, KB_GLOB_CONTAINS);
        contains->text = every.excluded; /* as one text, not as a set */
        contains->not = true;
        parts[n++] = contains;
    }
    return kb_glob_new_parts(arena, KB_GLOB_EVERY_OF, (struct kb_glob_span){parts, n});
}

static const struct kb_gobwas *glue_row(struct kb_arena *arena, struct kb_glob_span span)
{
    int length = 0;
    for (size_t i = 0; i < span.n; i++) {
        int part = kb_glob_length(span.at[i]);
        if (part == -1) {
            return NULL;
        }
        length += part;
    }
    struct kb_gobwas *row = kb_glob_new_parts(arena, KB_GLOB_ROW, span);
    row->length = length;
    return row;
}

/* Several matchers as one; NULL where they are not of a kind. */
static const struct kb_gobwas *glue(struct kb_arena *arena, struct kb_glob_span span)
{
    if (span.n < 2) {
        return NULL;
    }
    const struct kb_gobwas *glued = glue_every(arena, span);
    return glued != NULL ? glued : glue_row(arena, span);
}

/* The best run to glue: a longer one, or one of greater fixed length. */
static const struct kb_gobwas *best_glue(struct kb_arena *arena, struct kb_glob_span all, size_t *left,
                                         size_t *count)
{
    const struct kb_gobwas *best = NULL;
    *count = 0;
    for (size_t l = 0; l < all.n; l++) {
        for (size_t n = all.n - l; n > 0; n--) {
            const struct kb_gobwas *glued = glue(arena, (struct kb_glob_span){all.at + l, n});
            if (glued == NULL) {
                continue;
            }
            int now = best == NULL ? -1 : kb_glob_length(best), then = kb_glob_length(glued);
            if (best == NULL || (now > -1 && then > -1 && then > now) || *count < n) {
                best = glued;
                *left = l;
                *count = n;
            }
        }
    }
    return best;
}

static struct kb_glob_span minimize(struct kb_arena *arena, struct kb_glob_span all)
{
    size_t left = 0, count = 0;
    const struct kb_gobwas *best;
    while ((best = best_glue(arena, all, &left, &count)) != NULL) {
        all.at[left] = best; /* the span is the caller's own copy */
        for (size_t i = left + count; i < all.n; i++) {
            all.at[i - count + 1] = all.at[i];
        }
        all.n -= count - 1;
    }
    return all;
}

/* A tree around the longest matcher of fixed length, the last of equals. */
static const struct kb_gobwas *join(struct kb_arena *arena, struct kb_glob_span all)
{
    if (all.n == 0) {
        return NULL;
    }
    const struct kb_gobwas *glued = all.n == 1 ? all.at[0] : glue(arena, all);
    if (glued != NULL) {
        return glued;
    }
    size_t at = 0;
    int most = -1;
    for (size_t i = 0; i < all.n; i++) {
        int length = kb_glob_length(all.at[i]);
        if (length != -1 && length >= most) {
            most = length;
            at = i;
        }
    }
    const struct kb_gobwas *left = join(arena, (struct kb_glob_span){all.at, at});
    const struct kb_gobwas *right = join(arena, (struct kb_glob_span){all.at + at + 1, all.n - at - 1});
    return kb_glob_new_tree(arena, all.at[at], left, right);
}

static const struct kb_gobwas *compile(struct kb_arena *arena, const struct kb_glob_node *node);

static struct kb_glob_span compile_children(struct kb_arena *arena, const struct kb_glob_node *node)
{
    struct kb_glob_span span = {KB_NEW_ARRAY(arena, node->n + 1, const struct kb_gobwas *), node->n};
    for (size_t i = 0; i < node->n; i++) {
        span.at[i] = kb_glob_optimize(arena, compile(arena, node->children[i]));
    }
    return span;
}

static const struct kb_gobwas *compile_leaf(struct kb_arena *arena, const struct kb_glob_node *node)
{
    static const enum kb_glob_matcher kinds[] = {
        [KB_GLOB_NODE_NOTHING] = KB_GLOB_NOTHING, [KB_GLOB_NODE_PATTERN] = KB_GLOB_NOTHING,
        [KB_GLOB_NODE_LIST] = KB_GLOB_M_LIST,     [KB_GLOB_NODE_RANGE] = KB_GLOB_M_RANGE,
        [KB_GLOB_NODE_SUPER] = KB_GLOB_M_SUPER,   [KB_GLOB_NODE_SINGLE] = KB_GLOB_M_SINGLE,
        [KB_GLOB_NODE_TEXT] = KB_GLOB_M_TEXT};
    if (node->kind == KB_GLOB_NODE_TEXT) {
        return kb_glob_new_text(arena, node->text);
    }
    struct kb_gobwas *m = kb_glob_new(arena, kinds[node->kind]);
    m->text = node->text;
    m->not = node->not;
    m->lo = node->lo;
    m->hi = node->hi;
    return m;
}

static const struct kb_gobwas *compile(struct kb_arena *arena, const struct kb_glob_node *node)
{
    if (node->kind == KB_GLOB_NODE_ANY_OF) {
        const struct kb_glob_node *smaller = kb_glob_minimize(arena, node);
        return smaller != NULL ? compile(arena, smaller)
                               : kb_glob_new_parts(arena, KB_GLOB_ANY_OF, compile_children(arena, node));
    }
    if (node->kind == KB_GLOB_NODE_PATTERN && node->n > 0) {
        return kb_glob_optimize(arena, join(arena, minimize(arena, compile_children(arena, node))));
    }
    return kb_glob_optimize(arena, compile_leaf(arena, node));
}

kb_res kb_gobwas_compile(struct kb_str pattern, struct kb_arena *arena,
                         const struct kb_gobwas **out, struct kb_err *err)
{
    struct kb_glob_node *tree = NULL;
    KB_TRY(kb_glob_parse(pattern, arena, &tree, err));
    *out = compile(arena, tree);
    return KB_SUCCESS;
}
