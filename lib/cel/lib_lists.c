/* Lists: parts, order, flattening. */
#include <stdlib.h>

#include "base/limits.h"
#include "cel/lib.h"

enum { LIST_MAX = 1 << 20 };

static struct kb_cel_val slice(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    const struct kb_cel_list *list = args[0].list;
    int64_t start = args[1].i;
    int64_t end = args[2].i;
    const char *why = NULL;
    if (start < 0 || end < 0) {
        why = "negative indexes not supported";
    } else if (start > end) {
        why = "start index must be less than or equal to end index";
    }
    if (why != NULL) {
        return kb_cel_error(call->arena, "cannot slice(%lld, %lld), %s", (long long)start,
                            (long long)end, why);
    }
    if (end > (int64_t)list->n) {
        return kb_cel_error(call->arena, "cannot slice(%lld, %lld), list is length %zu",
                            (long long)start, (long long)end, list->n);
    }
    return kb_cel_lib_list(call, list->items + start, (size_t)(end - start));
}

/* Elements of `list` with `depth` levels of lists opened. Looks at *left elements at most, lists
 * among them: what shares its parts may have any number. */
static size_t count_flat(const struct kb_cel_list *list, int64_t depth, size_t *left)
{
    size_t count = 0;
    for (size_t i = 0; i<list->n && * left> 0; i++) {
        bool opens = depth > 0 && list->items[i].kind == KB_CEL_LIST;
        (*left)--;
        count += opens ? count_flat(list->items[i].list, depth - 1, left) : 1;
    }
    return count;
}

static struct kb_cel_val *put_flat(const struct kb_cel_list *list, int64_t depth,
                                   struct kb_cel_val *to)
{
    for (size_t i = 0; i < list->n; i++) {
        if (depth > 0 && list->items[i].kind == KB_CEL_LIST) {
            to = put_flat(list->items[i].list, depth - 1, to);
        } else {
            *to++ = list->items[i];
        }
    }
    return to;
}

static struct kb_cel_val flatten(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    enum { DEPTH_MAX = KB_MAX_JSON_DEPTH };
    int64_t depth = n > 1 ? args[1].i : 1;
    if (depth < 0) {
        return kb_cel_error(call->arena, "level must be non-negative");
    }
    depth = depth < DEPTH_MAX ? depth : DEPTH_MAX;
    size_t left = LIST_MAX;
    size_t count = count_flat(args[0].list, depth, &left);
    if (left == 0 || !kb_cel_lib_spend(call, 1 + LIST_MAX - left)) {
        return kb_cel_lib_overspent();
    }
    struct kb_cel_val *items = KB_NEW_ARRAY(call->arena, count, struct kb_cel_val);
    (void)put_flat(args[0].list, depth, items);
    return kb_cel_lib_list(call, items, count);
}

static struct kb_cel_val distinct(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    const struct kb_cel_list *list = args[0].list;
    struct kb_cel_val *items = KB_NEW_ARRAY(call->arena, list->n, struct kb_cel_val);
    size_t kept = 0;
    for (size_t i = 0; i < list->n; i++) {
        if (!kb_cel_lib_spend(call, 1 + kept)) {
            return kb_cel_lib_overspent();
        }
        bool known = false;
        for (size_t j = 0; j < kept && !known; j++) {
            known = kb_cel_lib_equal(call, &items[j], &list->items[i]);
        }
        if (!known) {
            items[kept++] = list->items[i];
        }
    }
    return kb_cel_lib_list(call, items, kept);
}

static struct kb_cel_val range(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    int64_t count = args[0].i < 0 ? 0 : args[0].i;
    if (count > LIST_MAX || !kb_cel_lib_spend(call, (uint64_t)count)) {
        return kb_cel_lib_overspent();
    }
    struct kb_cel_val *items = KB_NEW_ARRAY(call->arena, (size_t)count, struct kb_cel_val);
    for (int64_t i = 0; i < count; i++) {
        items[i] = kb_cel_int(i);
    }
    return kb_cel_lib_list(call, items, (size_t)count);
}

static struct kb_cel_val reverse(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    const struct kb_cel_list *list = args[0].list;
    if (!kb_cel_lib_spend(call, list->n)) {
        return kb_cel_lib_overspent();
    }
    struct kb_cel_val *items = KB_NEW_ARRAY(call->arena, list->n, struct kb_cel_val);
    for (size_t i = 0; i < list->n; i++) {
        items[i] = list->items[list->n - 1 - i];
    }
    return kb_cel_lib_list(call, items, list->n);
}

static struct kb_cel_val first(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    const struct kb_cel_list *list = args[0].list;
    return list->n == 0 ? kb_cel_lib_none() : kb_cel_lib_some(call, list->items[0]);
}

static struct kb_cel_val last(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    const struct kb_cel_list *list = args[0].list;
    return list->n == 0 ? kb_cel_lib_none() : kb_cel_lib_some(call, list->items[list->n - 1]);
}

/* A value and where it stood, so that the order of equal ones is kept. */
struct keyed {
    const struct kb_cel_val *key;
    const struct kb_cel_val *value;
    size_t index;
};

static int by_key(const void *a, const void *b)
{
    const struct keyed *x = a;
    const struct keyed *y = b;
    int c = kb_cel_lib_order(x->key, y->key);
    if (c == 0 || c == KB_CEL_INCOMPARABLE) {
        return x->index < y->index ? -1 : 1;
    }
    return c;
}

/* NULL where the keys have one kind with an order. */
static const char *unsortable(const struct kb_cel_list *keys)
{
    for (size_t i = 0; i < keys->n; i++) {
        if (keys->items[i].kind != keys->items[0].kind) {
            return "list elements must have the same type";
        }
        if (!kb_cel_lib_ordered(&keys->items[i])) {
            return "list elements must be comparable";
        }
    }
    return NULL;
}

static struct kb_cel_val sort_by(struct kb_cel_call *call, const struct kb_cel_list *values,
                                 const struct kb_cel_list *keys)
{
    const char *why = unsortable(keys);
    if (why != NULL) {
        return kb_cel_error(call->arena, "%s", why);
    }
    if (!kb_cel_lib_spend(call, values->n * 16)) {
        return kb_cel_lib_overspent();
    }
    struct keyed *order = KB_NEW_ARRAY(call->arena, values->n, struct keyed);
    struct kb_cel_val *items = KB_NEW_ARRAY(call->arena, values->n, struct kb_cel_val);
    for (size_t i = 0; i < values->n; i++) {
        order[i] = (struct keyed){&keys->items[i], &values->items[i], i};
    }
    if (values->n > 1) {
        qsort(order, values->n, sizeof *order, by_key);
    }
    for (size_t i = 0; i < values->n; i++) {
        items[i] = *order[i].value;
    }
    return kb_cel_lib_list(call, items, values->n);
}

static struct kb_cel_val sort(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    return sort_by(call, args[0].list, args[0].list);
}

/* What list.sortBy(x, key) is expanded to: args[1] holds the keys of args[0]. */
static struct kb_cel_val sort_by_keys(struct kb_cel_call *call, const struct kb_cel_val *args,
                                      size_t n)
{
    (void)n;
    if (args[0].list->n != args[1].list->n) {
        return kb_cel_error(call->arena, "as many keys as elements are needed");
    }
    return sort_by(call, args[0].list, args[1].list);
}

#define SORT(type)                                                                                 \
    {"sort", "(list(" type ")) -> list(" type ")", sort, KB_CEL_MEMBER,                            \
     "From the least to the greatest."},                                                           \
    {                                                                                              \
        "@sortByAssociatedKeys", "(list(T), list(" type ")) -> list(T)", sort_by_keys,             \
            KB_CEL_MEMBER, "Ordered by their keys."                                                \
    }

static const struct kb_cel_func funcs[] = {
    {"slice", "(list(T), int, int) -> list(T)", slice, KB_CEL_MEMBER,
     "The elements from a position up to another."},
    {"flatten", "(list(list(T))) -> list(T)", flatten, KB_CEL_MEMBER, "Lists within, opened."},
    {"flatten", "(list(dyn), int) -> list(dyn)", flatten, KB_CEL_MEMBER,
     "So many levels of lists within, opened."},
    SORT("int"),
    SORT("uint"),
    SORT("double"),
    SORT("bool"),
    SORT("duration"),
    SORT("timestamp"),
    SORT("string"),
    SORT("bytes"),
    {"distinct", "(list(T)) -> list(T)", distinct, KB_CEL_MEMBER, "Each element once."},
    {"lists.range", "(int) -> list(int)", range, 0, "The numbers from 0 up to a number."},
    {"reverse", "(list(T)) -> list(T)", reverse, KB_CEL_MEMBER, "From last to first."},
    {"first", "(list(T)) -> optional_type(T)", first, KB_CEL_MEMBER, "The first element, if any."},
    {"last", "(list(T)) -> optional_type(T)", last, KB_CEL_MEMBER, "The last element, if any."},
};

KB_CEL_LIBRARY(kb_cel_lib_lists, "lists");
