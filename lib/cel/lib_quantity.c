/*
 * Kubernetes resource quantities (type kubernetes.Quantity).
 * Definition: k8s.io/apiserver/pkg/cel/library, quantity.
 */
#include "base/limits.h"
#include "cel/lib.h"
#include "data/quantity.h"

struct object {
    struct kb_cel_object base;
    struct kb_quantity quantity;
};

static const struct kb_quantity *quantity_of(const struct kb_cel_object *object)
{
    return &((const struct object *)object)->quantity;
}

static bool equal(const struct kb_cel_object *a, const struct kb_cel_object *b)
{
    return kb_quantity_cmp(quantity_of(a), quantity_of(b)) == 0;
}

static struct kb_str text(const struct kb_cel_object *object, struct kb_arena *arena)
{
    KB_AUTO(kb_buf_done) struct kb_buf out = {.max = 1024};
    kb_quantity_format(quantity_of(object), &out);
    return kb_arena_copy(arena, kb_buf_view(&out));
}

static const struct kb_cel_object_type type = {"kubernetes.Quantity", equal, text};

static struct kb_cel_val new_quantity(struct kb_cel_call *call, const struct kb_quantity *quantity)
{
    struct object *object = KB_NEW(call->arena, struct object);
    *object = (struct object){{&type}, *quantity};
    return kb_cel_lib_object_val(&object->base);
}

static struct kb_cel_val quantity(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    struct kb_quantity value;
    struct kb_err err;
    if (!kb_cel_lib_spend(call, kb_cel_lib_bytes(args[0].s.n))) {
        return kb_cel_lib_overspent();
    }
    return kb_failed(kb_quantity_parse(args[0].s, &value, &err)) ? kb_cel_lib_failed(call, &err)
                                                                 : new_quantity(call, &value);
}

static struct kb_cel_val is_quantity(struct kb_cel_call *call, const struct kb_cel_val *args,
                                     size_t n)
{
    (void)call, (void)n;
    struct kb_quantity value;
    return kb_cel_bool(!kb_failed(kb_quantity_parse(args[0].s, &value, NULL)));
}

/* Both operands, where they are quantities; an int is a quantity, too. */
static bool operands(const struct kb_cel_val *args, struct kb_quantity *a, struct kb_quantity *b)
{
    const struct kb_cel_object *left = kb_cel_lib_object(&args[0], &type);
    const struct kb_cel_object *right = kb_cel_lib_object(&args[1], &type);
    if (left == NULL || (right == NULL && args[1].kind != KB_CEL_INT)) {
        return false;
    }
    *a = *quantity_of(left);
    *b = right != NULL ? *quantity_of(right)
                       : kb_quantity_of(args[1].i, KB_QUANTITY_DECIMAL_EXPONENT);
    return true;
}

static struct kb_cel_val is_less(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)call, (void)n;
    struct kb_quantity a;
    struct kb_quantity b;
    return operands(args, &a, &b) ? kb_cel_bool(kb_quantity_cmp(&a, &b) < 0)
                                  : kb_cel_lib_no_overload();
}

static struct kb_cel_val is_greater(struct kb_cel_call *call, const struct kb_cel_val *args,
                                    size_t n)
{
    (void)call, (void)n;
    struct kb_quantity a;
    struct kb_quantity b;
    return operands(args, &a, &b) ? kb_cel_bool(kb_quantity_cmp(&a, &b) > 0)
                                  : kb_cel_lib_no_overload();
}

static struct kb_cel_val compare_to(struct kb_cel_call *call, const struct kb_cel_val *args,
                                    size_t n)
{
    (void)call, (void)n;
    struct kb_quantity a;
    struct kb_quantity b;
    return operands(args, &a, &b) ? kb_cel_int(kb_quantity_cmp(&a, &b)) : kb_cel_lib_no_overload();
}

static struct kb_cel_val combine(struct kb_cel_call *call, const struct kb_cel_val *args,
                                 bool subtract)
{
    struct kb_quantity a;
    struct kb_quantity b;
    struct kb_quantity sum;
    if (!operands(args, &a, &b)) {
        return kb_cel_lib_no_overload();
    }
    bool fits = subtract ? kb_quantity_sub(&a, &b, &sum) : kb_quantity_add(&a, &b, &sum);
    return fits ? new_quantity(call, &sum)
                : kb_cel_error(call->arena, "the quantity has too many digits");
}

static struct kb_cel_val add(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    return combine(call, args, false);
}

static struct kb_cel_val sub(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    return combine(call, args, true);
}

static struct kb_cel_val as_integer(struct kb_cel_call *call, const struct kb_cel_val *args,
                                    size_t n)
{
    (void)n;
    const struct kb_cel_object *object = kb_cel_lib_object(&args[0], &type);
    int64_t value = 0;
    if (object == NULL) {
        return kb_cel_lib_no_overload();
    }
    return kb_quantity_integer(quantity_of(object), &value)
               ? kb_cel_int(value)
               : kb_cel_error(call->arena, "cannot convert value to integer");
}

static struct kb_cel_val is_integer(struct kb_cel_call *call, const struct kb_cel_val *args,
                                    size_t n)
{
    (void)call, (void)n;
    const struct kb_cel_object *object = kb_cel_lib_object(&args[0], &type);
    int64_t value = 0;
    return object == NULL ? kb_cel_lib_no_overload()
                          : kb_cel_bool(kb_quantity_integer(quantity_of(object), &value));
}

static struct kb_cel_val as_float(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)call, (void)n;
    const struct kb_cel_object *object = kb_cel_lib_object(&args[0], &type);
    return object == NULL ? kb_cel_lib_no_overload()
                          : kb_cel_double(kb_quantity_double(quantity_of(object)));
}

static struct kb_cel_val sign(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)call, (void)n;
    const struct kb_cel_object *object = kb_cel_lib_object(&args[0], &type);
    return object == NULL ? kb_cel_lib_no_overload()
                          : kb_cel_int(kb_quantity_sign(quantity_of(object)));
}

#define Q "kubernetes.Quantity"

static const struct kb_cel_func funcs[] = {
    {"quantity", "(string) -> " Q, quantity, 0, "A resource quantity, such as 500m or 1.5Gi."},
    {"isQuantity", "(string) -> bool", is_quantity, 0, "Is the text a resource quantity?"},
    {"sign", "(" Q ") -> int", sign, 0, "-1, 0 or 1."},
    {"isLessThan", "(" Q ", " Q ") -> bool", is_less, KB_CEL_MEMBER, "Is it less than the other?"},
    {"isGreaterThan", "(" Q ", " Q ") -> bool", is_greater, KB_CEL_MEMBER,
     "Is it greater than the other?"},
    {"compareTo", "(" Q ", " Q ") -> int", compare_to, KB_CEL_MEMBER, "-1, 0 or 1."},
    {"add", "(" Q ", " Q ") -> " Q, add, KB_CEL_MEMBER, "The sum."},
    {"add", "(" Q ", int) -> " Q, add, KB_CEL_MEMBER, "The sum."},
    {"sub", "(" Q ", " Q ") -> " Q, sub, KB_CEL_MEMBER, "The difference."},
    {"sub", "(" Q ", int) -> " Q, sub, KB_CEL_MEMBER, "The difference."},
    {"asInteger", "(" Q ") -> int", as_integer, KB_CEL_MEMBER,
     "The whole number; an error where it is none."},
    {"isInteger", "(" Q ") -> bool", is_integer, KB_CEL_MEMBER, "Can asInteger() succeed?"},
    {"asApproximateFloat", "(" Q ") -> double", as_float, KB_CEL_MEMBER, "As a double, rounded."},
};

KB_CEL_LIBRARY(kb_cel_lib_quantity, "quantity");
