/* What alternatives have in common, taken out of them. */
#include "backup/glob_ast.h"

/* How many children all alternatives begin and end with. */
struct common {
    size_t left, right;
};

static const struct kb_glob_node *shortest(const struct kb_glob_node *any_of)
{
    const struct kb_glob_node *least = any_of->children[0];
    for (size_t i = 1; i < any_of->n; i++) {
        least = any_of->children[i]->n < least->n ? any_of->children[i] : least;
    }
    return least;
}

/* Compares from both ends at once; where they meet, the left one takes the child. */
static struct common find_common(const struct kb_glob_node *any_of)
{
    struct common common = {0};
    const struct kb_glob_node *least = shortest(any_of);
    bool left = true, right = true;
    for (size_t i = 0; i < least->n && common.left + common.right < least->n && (left || right); i++) {
        size_t j = least->n - 1 - i;
        for (size_t k = 0; k < any_of->n && (left || right); k++) {
            const struct kb_glob_node *other = any_of->children[k];
            if (other == least) {
                continue;
            }
            left = left && kb_glob_node_equal(least->children[i], other->children[i]);
            right = right && !(left && j <= i) &&
                    kb_glob_node_equal(least->children[j], other->children[j + other->n - least->n]);
        }
        common.left += left;
        common.right += right;
    }
    return common;
}

static void add_unique(struct kb_arena *arena, struct kb_glob_node *any_of,
                       struct kb_glob_node *child)
{
    for (size_t i = 0; i < any_of->n; i++) {
        if (kb_glob_node_equal(any_of->children[i], child)) {
            return;
        }
    }
    kb_glob_node_add(arena, any_of, child);
}

struct kb_glob_node *kb_glob_minimize(struct kb_arena *arena, const struct kb_glob_node *any_of)
{
    struct common common = any_of->n > 1 ? find_common(any_of) : (struct common){0};
    if (common.left == 0 && common.right == 0) {
        return NULL;
    }
    const struct kb_glob_node *first = any_of->children[0];
    struct kb_glob_node *result = kb_glob_node_new(arena, KB_GLOB_NODE_PATTERN);
    struct kb_glob_node *rest = kb_glob_node_new(arena, KB_GLOB_NODE_ANY_OF);
    struct kb_glob_node *before = kb_glob_node_pattern(arena, first->children, common.left);
    struct kb_glob_node *after = kb_glob_node_pattern(
        arena, first->children + first->n - common.right, common.right);
    for (size_t i = 0; i < any_of->n; i++) {
        const struct kb_glob_node *child = any_of->children[i];
        size_t n = child->n - common.left - common.right;
        add_unique(arena, rest,
                   n == 0 ? kb_glob_node_new(arena, KB_GLOB_NODE_NOTHING)
                          : kb_glob_node_pattern(arena, child->children + common.left, n));
    }
    if (common.left > 0) {
        kb_glob_node_add(arena, result, before);
    }
    if (rest->n > 1) {
        kb_glob_node_add(arena, result, rest);
    } else if (rest->children[0]->kind != KB_GLOB_NODE_NOTHING) {
        kb_glob_node_add(arena, result, rest->children[0]);
    }
    if (common.right > 0) {
        kb_glob_node_add(arena, result, after);
    }
    return result;
}
