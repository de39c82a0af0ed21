/* Operators that controls are made of, without the detour over overloads. */
#include "cel/program.h"

static bool both_bad(struct kb_cel_frame *frame, const struct kb_cel_val *a,
                     const struct kb_cel_val *b, struct kb_cel_val *out)
{
    if (__builtin_expect(!kb_cel_is_bad(a) && !kb_cel_is_bad(b), 1)) {
        return false;
    }
    *out = kb_cel_worse(frame->call.arena, *a, *b);
    return true;
}

/* Equality that spends from the evaluation's budget. */
static struct kb_cel_val equal_or_cost(struct kb_cel_frame *frame, const struct kb_cel_val *a,
                                       const struct kb_cel_val *b, bool negate)
{
    uint64_t allowed =
        frame->call.cost_max > frame->call.cost ? frame->call.cost_max - frame->call.cost : 0;
    uint64_t left = allowed + 1;
    bool equal = kb_cel_equal_within(a, b, &left);
    frame->call.cost += allowed + 1 - left;
    return left == 0 ? kb_cel_cost_error() : kb_cel_bool(equal != negate);
}

struct kb_cel_val kb_cel_eval_equal(const struct kb_cel_node *node, struct kb_cel_frame *frame)
{
    struct kb_cel_val a = kb_cel_run(node->kids[0], frame);
    struct kb_cel_val b = kb_cel_run(node->kids[1], frame);
    struct kb_cel_val bad;
    if (both_bad(frame, &a, &b, &bad)) {
        return bad;
    }
    return equal_or_cost(frame, &a, &b, node->test);
}

/* x == "text" */
struct kb_cel_val kb_cel_eval_equal_text(const struct kb_cel_node *node, struct kb_cel_frame *frame)
{
    struct kb_cel_val v = kb_cel_run(node->kids[0], frame);
    if (__builtin_expect(v.kind == KB_CEL_STRING, 1)) {
        bool equal = kb_str_eq(v.s, node->value.s);
        return kb_cel_bool(equal != node->test);
    }
    return kb_cel_is_bad(&v) ? v : kb_cel_bool(node->test);
}

/* x in ["a", "b"]: few constant texts */
struct kb_cel_val kb_cel_eval_in_texts(const struct kb_cel_node *node, struct kb_cel_frame *frame)
{
    struct kb_cel_val v = kb_cel_run(node->kids[0], frame);
    if (v.kind != KB_CEL_STRING) {
        return kb_cel_is_bad(&v) ? v : kb_cel_bool(false);
    }
    const struct kb_cel_list *list = node->value.list;
    for (size_t i = 0; i < list->n; i++) {
        struct kb_str s = list->items[i].s;
        if (kb_str_eq(s, v.s)) {
            return kb_cel_bool(true);
        }
    }
    return kb_cel_bool(false);
}

/* The same with many. */
struct kb_cel_val kb_cel_eval_in_set(const struct kb_cel_node *node, struct kb_cel_frame *frame)
{
    struct kb_cel_val v = kb_cel_run(node->kids[0], frame);
    if (v.kind != KB_CEL_STRING) {
        return kb_cel_is_bad(&v) ? v : kb_cel_bool(false);
    }
    return kb_cel_bool(kb_map_find(node->set, v.s) != NULL);
}

static struct kb_cel_val in_list(struct kb_cel_frame *frame, const struct kb_cel_val *v,
                                 const struct kb_cel_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        struct kb_cel_val equal = equal_or_cost(frame, v, &list->items[i], false);
        if (equal.kind == KB_CEL_ERROR || equal.b) {
            return equal;
        }
    }
    return kb_cel_bool(false);
}

struct kb_cel_val kb_cel_eval_in(const struct kb_cel_node *node, struct kb_cel_frame *frame)
{
    struct kb_cel_val v = kb_cel_run(node->kids[0], frame);
    struct kb_cel_val of = kb_cel_run(node->kids[1], frame);
    struct kb_cel_val bad;
    if (both_bad(frame, &v, &of, &bad)) {
        return bad;
    }
    if (of.kind == KB_CEL_LIST) {
        return in_list(frame, &v, of.list);
    }
    if (of.kind == KB_CEL_MAP) {
        return kb_cel_bool(kb_cel_find(frame, of.map, &v) != NULL);
    }
    return kb_cel_error_static("no such overload: @in");
}
