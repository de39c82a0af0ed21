/* Making matchers, and putting simpler ones in their place. */
#include "backup/glob_build.h"

#include "base/utf8.h"

struct kb_gobwas *kb_glob_new(struct kb_arena *arena, enum kb_glob_matcher kind)
{
    struct kb_gobwas *m = KB_NEW(arena, struct kb_gobwas);
    m->kind = kind;
    m->length = -1;
    return m;
}

struct kb_gobwas *kb_glob_new_text(struct kb_arena *arena, struct kb_str text)
{
    struct kb_gobwas *m = kb_glob_new(arena, KB_GLOB_M_TEXT);
    m->text = text;
    m->length = (int)kb_utf8_count(text);
    return m;
}

struct kb_gobwas *kb_glob_new_counted(struct kb_arena *arena, enum kb_glob_matcher kind, int limit)
{
    struct kb_gobwas *m = kb_glob_new(arena, kind);
    m->limit = limit;
    return m;
}

struct kb_gobwas *kb_glob_new_parts(struct kb_arena *arena, enum kb_glob_matcher kind,
                                   struct kb_glob_span parts)
{
    struct kb_gobwas *m = kb_glob_new(arena, kind);
    m->parts = KB_NEW_ARRAY(arena, parts.n + 1, const struct kb_gobwas *);
    m->n = parts.n;
    for (size_t i = 0; i < parts.n; i++) {
        m->parts[i] = parts.at[i];
    }
    return m;
}

struct kb_gobwas *kb_glob_new_tree(struct kb_arena *arena, const struct kb_gobwas *value,
                                  const struct kb_gobwas *left, const struct kb_gobwas *right)
{
    struct kb_gobwas *m = kb_glob_new(arena, KB_GLOB_TREE);
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

/* A text with nothing, anything, or a prefix or suffix beside it. */
static const struct kb_gobwas *optimize_tree(struct kb_arena *arena, const struct kb_gobwas *tree)
{
    struct kb_gobwas *m = kb_glob_new(arena, KB_GLOB_TREE);
    *m = *tree;
    m->left = kb_glob_optimize(arena, tree->left);
    m->right = kb_glob_optimize(arena, tree->right);
    if (!is(m->value, KB_GLOB_M_TEXT)) {
        return m;
    }
    struct kb_str text = m->value->text;
    struct kb_gobwas *out = kb_glob_new(arena, KB_GLOB_PREFIX_SUFFIX);
    if (m->left == NULL && m->right == NULL) {
        return kb_glob_new_text(arena, text);
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

const struct kb_gobwas *kb_glob_optimize(struct kb_arena *arena, const struct kb_gobwas *m)
{
    if (is(m, KB_GLOB_ANY_OF) && m->n == 1) {
        return m->parts[0];
    }
    if (is(m, KB_GLOB_M_LIST) && !m->not && kb_utf8_count(m->text) == 1) {
        return kb_glob_new_text(arena, m->text);
    }
    return is(m, KB_GLOB_TREE) ? optimize_tree(arena, m) : m;
}
