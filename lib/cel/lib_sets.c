/* sets.*: lists read as sets. */
#include "cel/lib.h"

static bool holds(struct kb_cel_call *call, const struct kb_cel_list *list,
                  const struct kb_cel_val *wanted)
{
    for (size_t i = 0; i < list->n; i++) {
        if (kb_cel_lib_equal(call, &list->items[i], wanted)) {
            return true;
        }
    }
    return false;
}

static bool holds_all(struct kb_cel_call *call, const struct kb_cel_list *list,
                      const struct kb_cel_list *wanted)
{
    for (size_t i = 0; i < wanted->n; i++) {
        if (!holds(call, list, &wanted->items[i])) {
            return false;
        }
    }
    return true;
}

static struct kb_cel_val contains(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    return kb_cel_bool(holds_all(call, args[0].list, args[1].list));
}

static struct kb_cel_val equivalent(struct kb_cel_call *call, const struct kb_cel_val *args,
                                    size_t n)
{
    (void)n;
    return kb_cel_bool(holds_all(call, args[0].list, args[1].list) &&
                       holds_all(call, args[1].list, args[0].list));
}

static struct kb_cel_val intersects(struct kb_cel_call *call, const struct kb_cel_val *args,
                                    size_t n)
{
    (void)n;
    for (size_t i = 0; i < args[1].list->n; i++) {
        if (holds(call, args[0].list, &args[1].list->items[i])) {
            return kb_cel_bool(true);
        }
    }
    return kb_cel_bool(false);
}

static const struct kb_cel_func funcs[] = {
    {"sets.contains", "(list(T), list(T)) -> bool", contains, 0,
     "Is every element of the second list in the first?"},
    {"sets.equivalent", "(list(T), list(T)) -> bool", equivalent, 0,
     "Do both lists hold the same elements, whatever their order and number?"},
    {"sets.intersects", "(list(T), list(T)) -> bool", intersects, 0,
     "Have the lists an element in common?"},
};

KB_CEL_LIBRARY(kb_cel_lib_sets, "sets");
