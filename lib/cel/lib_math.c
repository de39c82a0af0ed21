/* math.*: rounding, signs, bits, extremes. */
#include <math.h>

#include "cel/lib.h"

static struct kb_cel_val math_ceil(struct kb_cel_call *call, const struct kb_cel_val *args,
                                   size_t n)
{
    (void)call, (void)n;
    return kb_cel_double(ceil(args[0].d));
}

static struct kb_cel_val math_floor(struct kb_cel_call *call, const struct kb_cel_val *args,
                                    size_t n)
{
    (void)call, (void)n;
    return kb_cel_double(floor(args[0].d));
}

static struct kb_cel_val math_round(struct kb_cel_call *call, const struct kb_cel_val *args,
                                    size_t n)
{
    (void)call, (void)n;
    return kb_cel_double(round(args[0].d));
}

static struct kb_cel_val math_trunc(struct kb_cel_call *call, const struct kb_cel_val *args,
                                    size_t n)
{
    (void)call, (void)n;
    return kb_cel_double(trunc(args[0].d));
}

static struct kb_cel_val math_is_nan(struct kb_cel_call *call, const struct kb_cel_val *args,
                                     size_t n)
{
    (void)call, (void)n;
    return kb_cel_bool(isnan(args[0].d));
}

static struct kb_cel_val math_is_inf(struct kb_cel_call *call, const struct kb_cel_val *args,
                                     size_t n)
{
    (void)call, (void)n;
    return kb_cel_bool(isinf(args[0].d));
}

static struct kb_cel_val math_is_finite(struct kb_cel_call *call, const struct kb_cel_val *args,
                                        size_t n)
{
    (void)call, (void)n;
    return kb_cel_bool(isfinite(args[0].d));
}

static struct kb_cel_val math_sqrt(struct kb_cel_call *call, const struct kb_cel_val *args,
                                   size_t n)
{
    (void)call, (void)n;
    const struct kb_cel_val *v = &args[0];
    double d = v->kind == KB_CEL_DOUBLE ? v->d
               : v->kind == KB_CEL_INT  ? (double)v->i
                                        : (double)v->u;
    return kb_cel_double(sqrt(d));
}

static struct kb_cel_val math_abs(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    if (args[0].kind == KB_CEL_UINT) {
        return args[0];
    }
    if (args[0].kind == KB_CEL_DOUBLE) {
        return kb_cel_double(fabs(args[0].d));
    }
    if (args[0].i == INT64_MIN) {
        return kb_cel_error(call->arena, "integer overflow");
    }
    return kb_cel_int(args[0].i < 0 ? -args[0].i : args[0].i);
}

static struct kb_cel_val math_sign(struct kb_cel_call *call, const struct kb_cel_val *args,
                                   size_t n)
{
    (void)call, (void)n;
    if (args[0].kind == KB_CEL_UINT) {
        return kb_cel_uint(args[0].u > 0);
    }
    if (args[0].kind == KB_CEL_INT) {
        return kb_cel_int((args[0].i > 0) - (args[0].i < 0));
    }
    double d = args[0].d;
    return kb_cel_double(isnan(d) ? d : (d > 0) - (d < 0));
}

/* int and uint share their bits. */
static struct kb_cel_val with_bits(const struct kb_cel_val *like, uint64_t bits)
{
    return like->kind == KB_CEL_INT ? kb_cel_int((int64_t)bits) : kb_cel_uint(bits);
}

static struct kb_cel_val bit_and(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)call, (void)n;
    return with_bits(&args[0], args[0].u & args[1].u);
}

static struct kb_cel_val bit_or(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)call, (void)n;
    return with_bits(&args[0], args[0].u | args[1].u);
}

static struct kb_cel_val bit_xor(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)call, (void)n;
    return with_bits(&args[0], args[0].u ^ args[1].u);
}

static struct kb_cel_val bit_not(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)call, (void)n;
    return with_bits(&args[0], ~args[0].u);
}

static struct kb_cel_val bit_shift_left(struct kb_cel_call *call, const struct kb_cel_val *args,
                                        size_t n)
{
    (void)n;
    int64_t by = args[1].i;
    if (by < 0) {
        return kb_cel_error(call->arena, "math.bitShiftLeft() negative offset: %lld",
                            (long long)by);
    }
    return with_bits(&args[0], by > 63 ? 0 : args[0].u << by);
}

/* Logical also for int: zeros come in from the left. */
static struct kb_cel_val bit_shift_right(struct kb_cel_call *call, const struct kb_cel_val *args,
                                         size_t n)
{
    (void)n;
    int64_t by = args[1].i;
    if (by < 0) {
        return kb_cel_error(call->arena, "math.bitShiftRight() negative offset: %lld",
                            (long long)by);
    }
    return with_bits(&args[0], by > 63 ? 0 : args[0].u >> by);
}

/* The extreme of one value, two, or a list. */
static struct kb_cel_val extreme(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n,
                                 int wanted, const char *name)
{
    const struct kb_cel_val *items = args;
    size_t count = n;
    if (n == 1 && args[0].kind == KB_CEL_LIST) {
        items = args[0].list->items;
        count = args[0].list->n;
        if (count == 0) {
            return kb_cel_error(call->arena, "%s(list) argument must not be empty", name);
        }
    }
    if (!kb_cel_lib_spend(call, count)) {
        return kb_cel_lib_overspent();
    }
    struct kb_cel_val best = items[0];
    for (size_t i = 0; i < count; i++) {
        bool number = items[i].kind == KB_CEL_INT || items[i].kind == KB_CEL_UINT ||
                      items[i].kind == KB_CEL_DOUBLE;
        int c = number ? kb_cel_lib_order(&items[i], &best) : KB_CEL_INCOMPARABLE;
        if (c == KB_CEL_INCOMPARABLE && (!number || count > 1)) {
            return kb_cel_lib_no_overload_of(call, name, args, n);
        }
        if (c == wanted) {
            best = items[i];
        }
    }
    return best;
}

static struct kb_cel_val math_max(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    return extreme(call, args, n, 1, "math.@max");
}

static struct kb_cel_val math_min(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    return extreme(call, args, n, -1, "math.@min");
}

#define EXTREMES(name, fn)                                                                         \
    {name, "(int) -> int", fn, 0, "The value itself."},                                            \
        {name, "(uint) -> uint", fn, 0, "The value itself."},                                      \
        {name, "(double) -> double", fn, 0, "The value itself."},                                  \
        {name, "(int, int) -> int", fn, 0, "The extreme of two."},                                 \
        {name, "(uint, uint) -> uint", fn, 0, "The extreme of two."},                              \
        {name, "(double, double) -> double", fn, 0, "The extreme of two."},                        \
        {name, "(int, uint) -> dyn", fn, 0, "The extreme of two."},                                \
        {name, "(int, double) -> dyn", fn, 0, "The extreme of two."},                              \
        {name, "(double, int) -> dyn", fn, 0, "The extreme of two."},                              \
        {name, "(double, uint) -> dyn", fn, 0, "The extreme of two."},                             \
        {name, "(uint, int) -> dyn", fn, 0, "The extreme of two."},                                \
        {name, "(uint, double) -> dyn", fn, 0, "The extreme of two."},                             \
        {name, "(list(int)) -> int", fn, 0, "The extreme of a list."},                             \
        {name, "(list(uint)) -> uint", fn, 0, "The extreme of a list."},                           \
    {                                                                                              \
        name, "(list(double)) -> double", fn, 0, "The extreme of a list."                          \
    }

#define TWO_BITS(name, fn, doc)                                                                    \
    {name, "(int, int) -> int", fn, 0, doc},                                                       \
    {                                                                                              \
        name, "(uint, uint) -> uint", fn, 0, doc                                                   \
    }

static const struct kb_cel_func funcs[] = {
    EXTREMES("math.@max", math_max),
    EXTREMES("math.@min", math_min),
    {"math.ceil", "(double) -> double", math_ceil, 0, "Rounded up."},
    {"math.floor", "(double) -> double", math_floor, 0, "Rounded down."},
    {"math.round", "(double) -> double", math_round, 0,
     "Rounded to nearest, halves away from zero."},
    {"math.trunc", "(double) -> double", math_trunc, 0, "Rounded towards zero."},
    {"math.isNaN", "(double) -> bool", math_is_nan, 0, "Is it no number?"},
    {"math.isInf", "(double) -> bool", math_is_inf, 0, "Is it infinite?"},
    {"math.isFinite", "(double) -> bool", math_is_finite, 0, "Is it neither infinite nor NaN?"},
    {"math.sqrt", "(double) -> double", math_sqrt, 0, "Square root; NaN below zero."},
    {"math.sqrt", "(int) -> double", math_sqrt, 0, "Square root; NaN below zero."},
    {"math.sqrt", "(uint) -> double", math_sqrt, 0, "Square root."},
    {"math.abs", "(int) -> int", math_abs, 0, "Without its sign."},
    {"math.abs", "(uint) -> uint", math_abs, 0, "The value itself."},
    {"math.abs", "(double) -> double", math_abs, 0, "Without its sign."},
    {"math.sign", "(int) -> int", math_sign, 0, "-1, 0 or 1."},
    {"math.sign", "(uint) -> uint", math_sign, 0, "0 or 1."},
    {"math.sign", "(double) -> double", math_sign, 0, "-1, 0 or 1; NaN of NaN."},
    TWO_BITS("math.bitAnd", bit_and, "Bits set in both."),
    TWO_BITS("math.bitOr", bit_or, "Bits set in either."),
    TWO_BITS("math.bitXor", bit_xor, "Bits set in one only."),
    {"math.bitNot", "(int) -> int", bit_not, 0, "All bits turned."},
    {"math.bitNot", "(uint) -> uint", bit_not, 0, "All bits turned."},
    {"math.bitShiftLeft", "(int, int) -> int", bit_shift_left, 0, "Bits moved left."},
    {"math.bitShiftLeft", "(uint, int) -> uint", bit_shift_left, 0, "Bits moved left."},
    {"math.bitShiftRight", "(int, int) -> int", bit_shift_right, 0, "Bits moved right, zeros in."},
    {"math.bitShiftRight", "(uint, int) -> uint", bit_shift_right, 0,
     "Bits moved right, zeros in."},
};

KB_CEL_LIBRARY(kb_cel_lib_math, "math");
