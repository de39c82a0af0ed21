/*
 * Matchers out of trees. Which matchers stand for a tree decides what the library's answers are where they
 * are not those of the pattern, so its choices are repeated one by one.
 */
#include "backup/glob_ast.h"
#include "backup/glob_match.h"
#include "base/utf8.h"

/* A run of matchers that follow each other. */
struct span {
    const struct kb_gobwas **at;
    size_t n;
};

static struct kb_gobwas *new_matcher(struct kb_arena *arena, enum kb_glob_matcher kind)
{
    struct kb_gobwas *m = KB_NEW(arena, struct kb_gobwas);
    m->kind = kind;
    m->length = -1;
    return m;
}

static struct kb_gobwas *new_text(struct kb_arena *arena, struct kb_str text)
{
    struct kb_gobwas *m = new_matcher(arena, KB_GLOB_M_TEXT);
    m->text = text;
    m->length = (int)kb_utf8_count(text);
    return m;
}

static struct kb_gobwas *new_counted(struct kb_arena *arena, enum kb_glob_matcher kind, int limit)
{
    struct kb_gobwas *m = new_matcher(arena, kind);
    m->limit = limit;
    return m;
}

static struct kb_gobwas *new_parts(struct kb_arena *arena, enum kb_glob_matcher kind,
                                   struct span parts)
{
    struct kb_gobwas *m = new_matcher(arena, kind);
    m->parts = KB_NEW_ARRAY(arena, parts.n + 1, const struct kb_gobwas *);
    m->n = parts.n;
    for (size_t i = 0; i < parts.n; i++) {
        m->parts[i] = parts.at[i];
    }
    return m;
}

static struct kb_gobwas *new_tree(struct kb_arena *arena, const struct kb_gobwas *value,
                                  const struct kb_gobwas *left, const struct kb_gobwas *right)
{
    struct kb_gobwas *m = new_matcher(arena, KB_GLOB_TREE);
    m->value = value;
    m->left = left;
    m->right = right;
    m->left_length = left == NULL ? 0 : kb_glob_length(left);
    m->right_length = right == NULL ? 0 : kb_glob_length(right);
    int length = kb_glob_length(value);
    if (length >= 0 && m->left_length >= 0 && m->right_length >= 0) {
        m->length = length + m->left_length + m->right_length;
    }
    return m;
}

/* The last alternative of a fixed length hides earlier ones without. */
static int any_of_length(const struct kb_gobwas *m)
{
    int length = -1;
    for (size_t i = 0; i < m->n; i++) {
        int part = kb_glob_length(m->parts[i]);
        if (length == -1) {
            length = part;
        } else if (part != length) {
            return -1;
        }
    }
    return length;
}

int kb_glob_length(const struct kb_gobwas *m)
{
    static const signed char fixed[KB_GLOB_MATCHERS] = {
        [KB_GLOB_M_SUPER] = -1,       [KB_GLOB_M_SINGLE] = 1, [KB_GLOB_M_LIST] = 1,
        [KB_GLOB_M_RANGE] = 1,        [KB_GLOB_PREFIX] = -1,  [KB_GLOB_SUFFIX] = -1,
        [KB_GLOB_PREFIX_SUFFIX] = -1, [KB_GLOB_CONTAINS] = -1, [KB_GLOB_MIN] = -1,
        [KB_GLOB_MAX] = -1,
    };
    switch (m->kind) {
    case KB_GLOB_M_TEXT:
    case KB_GLOB_ROW:
    case KB_GLOB_TREE:
        return m->length;
    case KB_GLOB_ANY_OF:
        return any_of_length(m);
    case KB_GLOB_EVERY_OF:
        return m->n == 0 ? 0 : -1;
    case KB_GLOB_NOTHING:
    case KB_GLOB_M_SUPER:
    case KB_GLOB_M_SINGLE:
    case KB_GLOB_M_LIST:
    case KB_GLOB_M_RANGE:
    case KB_GLOB_PREFIX:
    case KB_GLOB_SUFFIX:
    case KB_GLOB_PREFIX_SUFFIX:
    case KB_GLOB_CONTAINS:
    case KB_GLOB_MIN:
    case KB_GLOB_MAX:
    case KB_GLOB_MATCHERS:
    default:
        return fixed[m->kind];
    }
}

static bool is(const struct kb_gobwas *m, enum kb_glob_matcher kind)
{
    return m != NULL && m->kind == kind;
}

static const struct kb_gobwas *optimize(struct kb_arena *arena, const struct kb_gobwas *m);

/* A text with nothing, anything, or a prefix or suffix beside it. */
static const struct kb_gobwas *optimize_tree(struct kb_arena *arena, const struct kb_gobwas *tree)
{
    struct kb_gobwas *m = new_matcher(arena, KB_GLOB_TREE);
    *m = *tree;
    m->left = optimize(arena, tree->left);
    m->right = optimize(arena, tree->right);
    if (!is(m->value, KB_GLOB_M_TEXT)) {
        return m;
    }
    struct kb_str text = m->value->text;
    struct kb_gobwas *out = new_matcher(arena, KB_GLOB_PREFIX_SUFFIX);
    if (m->left == NULL && m->right == NULL) {
        return new_text(arena, text);
    }
    if (is(m->left, KB_GLOB_M_SUPER) && is(m->right, KB_GLOB_M_SUPER)) {
        out->kind = KB_GLOB_CONTAINS;
        out->text = text;
    } else if (is(m->left, KB_GLOB_M_SUPER) && m->right == NULL) {
        out->kind = KB_GLOB_SUFFIX;
        out->suffix = text;
    } else if (is(m->right, KB_GLOB_M_SUPER) && m->left == NULL) {
        out->kind = KB_GLOB_PREFIX;
        out->text = text;
    } else if (m->left == NULL && is(m->right, KB_GLOB_SUFFIX)) {
        out->text = text;
        out->suffix = m->right->suffix;
    } else if (m->right == NULL && is(m->left, KB_GLOB_PREFIX)) {
        out->text = m->left->text;
        out->suffix = text;
    } else {
        return m;
    }
    return out;
}

static const struct kb_gobwas *optimize(struct kb_arena *arena, const struct kb_gobwas *m)
{
    if (is(m, KB_GLOB_ANY_OF) && m->n == 1) {
        return m->parts[0];
    }
    if (is(m, KB_GLOB_M_LIST) && !m->not && kb_utf8_count(m->text) == 1) {
        return new_text(arena, m->text);
    }
    return is(m, KB_GLOB_TREE) ? optimize_tree(arena, m) : m;
}

/* Matchers of one character and stars, all with the same characters excluded. */
struct every {
    bool super;
    int min;
    struct kb_str excluded;
};

static bool read_every(struct span span, struct every *out)
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

static const struct kb_gobwas *glue_every(struct kb_arena *arena, struct span span)
{
    struct every every;
    if (!read_every(span, &every)) {
        return NULL;
    }
    if (every.super && every.min == 0) {
        return new_matcher(arena, KB_GLOB_M_SUPER);
    }
    if (every.super && every.excluded.n == 0) {
        return new_counted(arena, KB_GLOB_MIN, every.min);
    }
    const struct kb_gobwas *parts[3];
    size_t n = 0;
    parts[n++] = new_counted(arena, KB_GLOB_MIN, every.min);
    if (!every.super) {
        parts[n++] = new_counted(arena, KB_GLOB_MAX, every.min);
    }
    if (every.excluded.n > 0) {
        struct kb_gobwas *contains = new_matcher(arena, KB_GLOB_CONTAINS);
        contains->text = every.excluded; /* as one text, not as a set */
        contains->not = true;
        parts[n++] = contains;
    }
    return new_parts(arena, KB_GLOB_EVERY_OF, (struct span){parts, n});
}

static const struct kb_gobwas *glue_row(struct kb_arena *arena, struct span span)
{
    int length = 0;
    for (size_t i = 0; i < span.n; i++) {
        int part = kb_glob_length(span.at[i]);
        if (part == -1) {
            return NULL;
        }
        length += part;
    }
    struct kb_gobwas *row = new_parts(arena, KB_GLOB_ROW, span);
    row->length = length;
    return row;
}

/* Several matchers as one; NULL where they are not of a kind. */
static const struct kb_gobwas *glue(struct kb_arena *arena, struct span span)
{
    if (span.n < 2) {
        return NULL;
    }
    const struct kb_gobwas *glued = glue_every(arena, span);
    return glued != NULL ? glued : glue_row(arena, span);
}

/* The best run to glue: a longer one, or one of greater fixed length. */
static const struct kb_gobwas *best_glue(struct kb_arena *arena, struct span all, size_t *left,
                                         size_t *count)
{
    const struct kb_gobwas *best = NULL;
    *count = 0;
    for (size_t l = 0; l < all.n; l++) {
        for (size_t n = all.n - l; n > 0; n--) {
            const struct kb_gobwas *glued = glue(arena, (struct span){all.at + l, n});
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

static struct span minimize(struct kb_arena *arena, struct span all)
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
static const struct kb_gobwas *join(struct kb_arena *arena, struct span all)
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
    const struct kb_gobwas *left = join(arena, (struct span){all.at, at});
    const struct kb_gobwas *right = join(arena, (struct span){all.at + at + 1, all.n - at - 1});
    return new_tree(arena, all.at[at], left, right);
}

static const struct kb_gobwas *compile(struct kb_arena *arena, const struct kb_glob_node *node);

static struct span compile_children(struct kb_arena *arena, const struct kb_glob_node *node)
{
    struct span span = {KB_NEW_ARRAY(arena, node->n + 1, const struct kb_gobwas *), node->n};
    for (size_t i = 0; i < node->n; i++) {
        span.at[i] = optimize(arena, compile(arena, node->children[i]));
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
        return new_text(arena, node->text);
    }
    struct kb_gobwas *m = new_matcher(arena, kinds[node->kind]);
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
                               : new_parts(arena, KB_GLOB_ANY_OF, compile_children(arena, node));
    }
    if (node->kind == KB_GLOB_NODE_PATTERN && node->n > 0) {
        return optimize(arena, join(arena, minimize(arena, compile_children(arena, node))));
    }
    return optimize(arena, compile_leaf(arena, node));
}

kb_res kb_gobwas_compile(struct kb_str pattern, struct kb_arena *arena,
                         const struct kb_gobwas **out, struct kb_err *err)
{
    struct kb_glob_node *tree = NULL;
    KB_TRY(kb_glob_parse(pattern, arena, &tree, err));
    *out = compile(arena, tree);
    return KB_SUCCESS;
}
