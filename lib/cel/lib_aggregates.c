/*
 * Kubernetes' functions on lists: sums, extremes, order, positions.
 * Definition: k8s.io/apiserver/pkg/cel/library, lists. Values that cannot be compared are passed
 * over.
 */
#include "cel/lib.h"

static struct kb_cel_val is_sorted(struct kb_cel_call *call, const struct kb_cel_val *args,
                                   size_t n)
{
    (void)n;
    const struct kb_cel_list *list = args[0].list;
    if (!kb_cel_lib_spend(call, list->n)) {
        return kb_cel_lib_overspent();
    }
    for (size_t i = 0; i < list->n; i++) {
        if (!kb_cel_lib_ordered(&list->items[i])) {
            return kb_cel_lib_no_overload_of(call, "isSorted", args, 1);
        }
        if (i > 0 && kb_cel_lib_order(&list->items[i - 1], &list->items[i]) == 1) {
            return kb_cel_bool(false);
        }
    }
    return kb_cel_bool(true);
}

static struct kb_cel_val extreme(struct kb_cel_call *call, const struct kb_cel_val *args,
                                 int wanted, const char *name)
{
    const struct kb_cel_list *list = args[0].list;
    if (list->n == 0) {
        return kb_cel_error(call->arena, "%s called on empty list", name);
    }
    if (!kb_cel_lib_spend(call, list->n)) {
        return kb_cel_lib_overspent();
    }
    struct kb_cel_val best = list->items[0];
    for (size_t i = 0; i < list->n; i++) {
        if (!kb_cel_lib_ordered(&list->items[i])) {
            return kb_cel_lib_no_overload_of(call, name, args, 1);
        }
        if (kb_cel_lib_order(&list->items[i], &best) == wanted) {
            best = list->items[i];
        }
    }
    return best;
}

static struct kb_cel_val min(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    return extreme(call, args, -1, "min");
}

static struct kb_cel_val max(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    return extreme(call, args, 1, "max");
}

/* Add `b` to *a, both of one kind; false on overflow. */
static bool add(struct kb_cel_val *a, const struct kb_cel_val *b)
{
    if (a->kind == KB_CEL_DOUBLE) {
        a->d += b->d;
        return true;
    }
    if (a->kind == KB_CEL_UINT) {
        return !__builtin_add_overflow(a->u, b->u, &a->u);
    }
    return !__builtin_add_overflow(a->i, b->i, &a->i);
}

static struct kb_cel_val sum(struct kb_cel_call *call, const struct kb_cel_val *args,
                             struct kb_cel_val empty)
{
    const struct kb_cel_list *list = args[0].list;
    if (!kb_cel_lib_spend(call, list->n)) {
        return kb_cel_lib_overspent();
    }
    struct kb_cel_val total = list->n == 0 ? empty : list->items[0];
    bool summable = total.kind == KB_CEL_INT || total.kind == KB_CEL_UINT ||
                    total.kind == KB_CEL_DOUBLE || total.kind == KB_CEL_DURATION;
    if (!summable) {
        return kb_cel_lib_no_overload_of(call, "sum", args, 1);
    }
    for (size_t i = 1; i < list->n; i++) {
        if (list->items[i].kind != total.kind) {
            return kb_cel_lib_no_overload();
        }
        if (!add(&total, &list->items[i])) {
            return kb_cel_error(call->arena, total.kind == KB_CEL_UINT ? "unsigned integer overflow"
                                                                       : "integer overflow");
        }
    }
    return total;
}

static struct kb_cel_val sum_int(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    return sum(call, args, kb_cel_int(0));
}

static struct kb_cel_val sum_uint(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    return sum(call, args, kb_cel_uint(0));
}

static struct kb_cel_val sum_double(struct kb_cel_call *call, const struct kb_cel_val *args,
                                    size_t n)
{
    (void)n;
    return sum(call, args, kb_cel_double(0));
}

static struct kb_cel_val sum_duration(struct kb_cel_call *call, const struct kb_cel_val *args,
                                      size_t n)
{
    (void)n;
    return sum(call, args, kb_cel_duration(0));
}

static struct kb_cel_val index_of(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    const struct kb_cel_list *list = args[0].list;
    if (!kb_cel_lib_spend(call, list->n)) {
        return kb_cel_lib_overspent();
    }
    for (size_t i = 0; i < list->n; i++) {
        if (kb_cel_lib_equal(call, &list->items[i], &args[1])) {
            return kb_cel_int((int64_t)i);
        }
    }
    return kb_cel_int(-1);
}

static struct kb_cel_val last_index_of(struct kb_cel_call *call, const struct kb_cel_val *args,
                                       size_t n)
{
    (void)n;
    const struct kb_cel_list *list = args[0].list;
    if (!kb_cel_lib_spend(call, list->n)) {
        return kb_cel_lib_overspent();
    }
    for (size_t i = list->n; i > 0; i--) {
        if (kb_cel_lib_equal(call, &list->items[i - 1], &args[1])) {
            return kb_cel_int((int64_t)i - 1);
        }
    }
    return kb_cel_int(-1);
}

#define COMPARABLE(type)                                                                           \
    {"isSorted", "(list(" type ")) -> bool", is_sorted, KB_CEL_MEMBER,                             \
     "Does no element stand before a lesser one?"},                                                \
        {"min", "(list(" type ")) -> " type, min, KB_CEL_MEMBER, "The least element."},            \
    {                                                                                              \
        "max", "(list(" type ")) -> " type, max, KB_CEL_MEMBER, "The greatest element."            \
    }

static const struct kb_cel_func funcs[] = {
    COMPARABLE("int"),
    COMPARABLE("uint"),
    COMPARABLE("double"),
    COMPARABLE("bool"),
    COMPARABLE("duration"),
    COMPARABLE("timestamp"),
    COMPARABLE("string"),
    COMPARABLE("bytes"),
    {"sum", "(list(int)) -> int", sum_int, KB_CEL_MEMBER, "All elements added."},
    {"sum", "(list(uint)) -> uint", sum_uint, KB_CEL_MEMBER, "All elements added."},
    {"sum", "(list(double)) -> double", sum_double, KB_CEL_MEMBER, "All elements added."},
    {"sum", "(list(duration)) -> duration", sum_duration, KB_CEL_MEMBER, "All elements added."},
    {"indexOf", "(list(T), T) -> int", index_of, KB_CEL_MEMBER,
     "Position of the first element equal to a value, or -1."},
    {"lastIndexOf", "(list(T), T) -> int", last_index_of, KB_CEL_MEMBER,
     "Position of the last element equal to a value, or -1."},
};

KB_CEL_LIBRARY(kb_cel_lib_aggregates, "aggregates");
