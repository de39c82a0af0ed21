/* The standard operators (google/cel-spec langdef "List of Standard Definitions"). What the planner
 * evaluates itself has a row for the checker and no function. */
#include <math.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "cel/func.h"
#include "cel/libraries.h"
#include "data/time.h"

static struct kb_cel_val overflow(const struct kb_cel_val *of)
{
    const char *what = of->kind == KB_CEL_UINT        ? "unsigned integer overflow"
                       : of->kind == KB_CEL_TIMESTAMP ? "timestamp overflow"
                       : of->kind == KB_CEL_DURATION  ? "duration overflow"
                                                      : "integer overflow";
    return (struct kb_cel_val){.kind = KB_CEL_ERROR, .s = kb_str_c(what)};
}

static struct kb_cel_val fail(const char *why)
{
    return (struct kb_cel_val){.kind = KB_CEL_ERROR, .s = kb_str_c(why)};
}

/* CEL keeps durations within what Go's can hold, and times within the years 1 to 9999. */
static struct kb_cel_val shift_time(const struct kb_cel_val *t, int64_t ns)
{
    struct kb_time out;
    if (!kb_time_add((struct kb_time){t->i, t->nanos}, ns, &out)) {
        return overflow(t);
    }
    struct kb_cel_val moved = kb_cel_timestamp(out.s, out.ns);
    moved.zone = t->zone;
    return moved;
}

#define INT_OPERATION(name, builtin, member)                                                       \
    static struct kb_cel_val name##_int(struct kb_cel_call *call, const struct kb_cel_val *a,      \
                                        size_t n)                                                  \
    {                                                                                              \
        (void)call;                                                                                \
        (void)n;                                                                                   \
        struct kb_cel_val out = a[0];                                                              \
        return builtin(a[0].member, a[1].member, &out.member) ? overflow(&a[0]) : out;             \
    }
INT_OPERATION(add, __builtin_add_overflow, i)
INT_OPERATION(subtract, __builtin_sub_overflow, i)
INT_OPERATION(multiply, __builtin_mul_overflow, i)
#define add_uint add_uint_int
#define subtract_uint subtract_uint_int
#define multiply_uint multiply_uint_int
INT_OPERATION(add_uint, __builtin_add_overflow, u)
INT_OPERATION(subtract_uint, __builtin_sub_overflow, u)
INT_OPERATION(multiply_uint, __builtin_mul_overflow, u)

#define DOUBLE_OPERATION(name, op)                                                                 \
    static struct kb_cel_val name##_double(struct kb_cel_call *call, const struct kb_cel_val *a,   \
                                           size_t n)                                               \
    {                                                                                              \
        (void)call;                                                                                \
        (void)n;                                                                                   \
        return kb_cel_double(a[0].d op a[1].d);                                                    \
    }
DOUBLE_OPERATION(add, +)
DOUBLE_OPERATION(subtract, -)
DOUBLE_OPERATION(multiply, *)

static struct kb_cel_val divide_double(struct kb_cel_call *call, const struct kb_cel_val *a,
                                       size_t n)
{
    (void)call;
    (void)n;
    double by = a[1].d;
    if (by != 0) {
        return kb_cel_double(a[0].d / by);
    }
    if (isnan(a[0].d) || a[0].d == 0) { /* spelled out: dividing by zero is a sanitizer's finding */
        return kb_cel_double((double)NAN);
    }
    return kb_cel_double((a[0].d > 0) == (signbit(by) == 0) ? HUGE_VAL : -HUGE_VAL);
}

static struct kb_cel_val divide_int(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    (void)call;
    (void)n;
    if (a[1].i == 0) {
        return fail("division by zero");
    }
    return a[0].i == INT64_MIN && a[1].i == -1 ? overflow(&a[0]) : kb_cel_int(a[0].i / a[1].i);
}

static struct kb_cel_val divide_uint(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    (void)call;
    (void)n;
    return a[1].u == 0 ? fail("division by zero") : kb_cel_uint(a[0].u / a[1].u);
}

static struct kb_cel_val modulo_int(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    (void)call;
    (void)n;
    if (a[1].i == 0) {
        return fail("modulus by zero");
    }
    return a[0].i == INT64_MIN && a[1].i == -1 ? overflow(&a[0]) : kb_cel_int(a[0].i % a[1].i);
}

static struct kb_cel_val modulo_uint(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    (void)call;
    (void)n;
    return a[1].u == 0 ? fail("modulus by zero") : kb_cel_uint(a[0].u % a[1].u);
}

static struct kb_cel_val negate(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    (void)call;
    (void)n;
    if (a[0].kind == KB_CEL_DOUBLE) {
        return kb_cel_double(-a[0].d);
    }
    return a[0].i == INT64_MIN ? overflow(&a[0]) : kb_cel_int(-a[0].i);
}

static struct kb_cel_val join_texts(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    (void)n;
    size_t len = a[0].s.n + a[1].s.n;
    call->cost += len / 16;
    if (len > KB_MAX_CEL_STRING) {
        return fail("text is too long");
    }
    char *p = kb_arena_alloc(call->arena, len + 1);
    memcpy(p, a[0].s.p, a[0].s.n);
    memcpy(p + a[0].s.n, a[1].s.p, a[1].s.n);
    return (struct kb_cel_val){.kind = a[0].kind, .s = {p, len}};
}

static struct kb_cel_val join_lists(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    (void)n;
    size_t na = a[0].list->n;
    size_t nb = a[1].list->n;
    call->cost += na + nb;
    if (na == 0 || nb == 0) {
        return na == 0 ? a[1] : a[0];
    }
    if (call->cost > call->cost_max) {
        return fail("list is too long");
    }
    struct kb_cel_val *items = KB_NEW_ARRAY(call->arena, na + nb, struct kb_cel_val);
    memcpy(items, a[0].list->items, na * sizeof *items);
    memcpy(items + na, a[1].list->items, nb * sizeof *items);
    struct kb_cel_list *list = KB_NEW(call->arena, struct kb_cel_list);
    *list = (struct kb_cel_list){items, na + nb};
    return kb_cel_list(list);
}

static struct kb_cel_val add_time(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    (void)call;
    (void)n;
    bool first = a[0].kind == KB_CEL_TIMESTAMP;
    return shift_time(&a[first ? 0 : 1], a[first ? 1 : 0].i);
}

static struct kb_cel_val subtract_duration(struct kb_cel_call *call, const struct kb_cel_val *a,
                                           size_t n)
{
    (void)call;
    (void)n;
    return a[1].i == INT64_MIN ? overflow(&a[0]) : shift_time(&a[0], -a[1].i);
}

static struct kb_cel_val subtract_time(struct kb_cel_call *call, const struct kb_cel_val *a,
                                       size_t n)
{
    (void)call;
    (void)n;
    int64_t ns = 0;
    bool fits = kb_time_diff((struct kb_time){a[0].i, a[0].nanos},
                             (struct kb_time){a[1].i, a[1].nanos}, &ns);
    return fits ? kb_cel_duration(ns) : overflow(&a[0]);
}

static int order(const struct kb_cel_val *a)
{
    switch ((enum kb_cel_kind)a[0].kind) {
    case KB_CEL_INT:
    case KB_CEL_UINT:
    case KB_CEL_DOUBLE:
        return kb_cel_order_numbers(&a[0], &a[1]);
    case KB_CEL_BOOL:
        return (int)a[0].b - (int)a[1].b;
    case KB_CEL_STRING:
    case KB_CEL_BYTES:
        return kb_str_cmp(a[0].s, a[1].s);
    case KB_CEL_TIMESTAMP:
        return kb_time_cmp((struct kb_time){a[0].i, a[0].nanos},
                           (struct kb_time){a[1].i, a[1].nanos});
    case KB_CEL_DURATION:
        return (a[0].i > a[1].i) - (a[0].i < a[1].i);
    case KB_CEL_NULL:
    case KB_CEL_LIST:
    case KB_CEL_MAP:
    case KB_CEL_TYPE:
    case KB_CEL_OPTIONAL:
    case KB_CEL_OBJECT:
    case KB_CEL_ERROR:
    case KB_CEL_UNKNOWN:
    case KB_CEL_ABSENT:
        break;
    }
    return KB_CEL_UNORDERED;
}

static bool unordered(const struct kb_cel_val *a)
{
    return (a[0].kind == KB_CEL_DOUBLE && isnan(a[0].d)) ||
           (a[1].kind == KB_CEL_DOUBLE && isnan(a[1].d));
}

#define COMPARISON(name, op)                                                                       \
    static struct kb_cel_val name(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)  \
    {                                                                                              \
        (void)call;                                                                                \
        (void)n;                                                                                   \
        return kb_cel_bool(!unordered(a) && order(a) op 0);                                        \
    }
COMPARISON(less, <)
COMPARISON(less_equal, <=)
COMPARISON(greater, >)
COMPARISON(greater_equal, >=)

static struct kb_cel_val size(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    (void)n;
    if (a[0].kind == KB_CEL_STRING) {
        call->cost += a[0].s.n / 16;
        return kb_cel_int((int64_t)kb_utf8_count(a[0].s));
    }
    size_t count = a[0].kind == KB_CEL_BYTES  ? a[0].s.n
                   : a[0].kind == KB_CEL_LIST ? a[0].list->n
                                              : a[0].map->n;
    return kb_cel_int((int64_t)count);
}

static struct kb_cel_val contains(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    (void)n;
    call->cost += a[0].s.n / 16;
    return kb_cel_bool(kb_str_find(a[0].s, a[1].s, 0) != SIZE_MAX);
}

static struct kb_cel_val starts_with(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    (void)call;
    (void)n;
    return kb_cel_bool(kb_str_starts(a[0].s, a[1].s));
}

static struct kb_cel_val ends_with(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    (void)call;
    (void)n;
    return kb_cel_bool(kb_str_ends(a[0].s, a[1].s));
}

static struct kb_cel_val type_of(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    (void)call;
    (void)n;
    return (struct kb_cel_val){.kind = KB_CEL_TYPE, .s = kb_cel_type_name(&a[0])};
}

enum { OP = KB_CEL_OPERATOR, M = KB_CEL_MEMBER };

#define COMPARISONS(name, fn)                                                                      \
    {name, "(bool, bool) -> bool", fn, OP, "order"},                                               \
        {name, "(int, int) -> bool", fn, OP, "order"},                                             \
        {name, "(int, double) -> bool", fn, OP, "order"},                                          \
        {name, "(int, uint) -> bool", fn, OP, "order"},                                            \
        {name, "(uint, uint) -> bool", fn, OP, "order"},                                           \
        {name, "(uint, double) -> bool", fn, OP, "order"},                                         \
        {name, "(uint, int) -> bool", fn, OP, "order"},                                            \
        {name, "(double, double) -> bool", fn, OP, "order"},                                       \
        {name, "(double, int) -> bool", fn, OP, "order"},                                          \
        {name, "(double, uint) -> bool", fn, OP, "order"},                                         \
        {name, "(string, string) -> bool", fn, OP, "order of code points"},                        \
        {name, "(bytes, bytes) -> bool", fn, OP, "order of bytes"},                                \
        {name, "(timestamp, timestamp) -> bool", fn, OP, "order in time"},                         \
    {                                                                                              \
        name, "(duration, duration) -> bool", fn, OP, "order of length"                            \
    }

static const struct kb_cel_func funcs[] = {
    {"_?_:_", "(bool, A, A) -> A", NULL, OP, "the second or third, as the first says"},
    {"_==_", "(A, A) -> bool", NULL, OP, "equality; numbers of different kinds compare by value"},
    {"_!=_", "(A, A) -> bool", NULL, OP, "inequality"},
    {"@in", "(A, list(A)) -> bool", NULL, OP, "is an element of the list"},
    {"@in", "(A, map(A, B)) -> bool", NULL, OP, "is a key of the map"},
    {"!_", "(bool) -> bool", NULL, OP, "not"},
    {"_[_]", "(list(A), int) -> A", NULL, OP, "element, counted from 0"},
    {"_[_]", "(map(A, B), A) -> B", NULL, OP, "value of a key"},
    COMPARISONS("_<_", less),
    COMPARISONS("_<=_", less_equal),
    COMPARISONS("_>_", greater),
    COMPARISONS("_>=_", greater_equal),
    {"_+_", "(bytes, bytes) -> bytes", join_texts, OP, "one after the other"},
    {"_+_", "(double, double) -> double", add_double, OP, "sum"},
    {"_+_", "(duration, duration) -> duration", add_int, OP, "sum"},
    {"_+_", "(duration, timestamp) -> timestamp", add_time, OP, "later by"},
    {"_+_", "(timestamp, duration) -> timestamp", add_time, OP, "later by"},
    {"_+_", "(int, int) -> int", add_int, OP, "sum"},
    {"_+_", "(list(A), list(A)) -> list(A)", join_lists, OP, "one after the other"},
    {"_+_", "(string, string) -> string", join_texts, OP, "one after the other"},
    {"_+_", "(uint, uint) -> uint", add_uint, OP, "sum"},
    {"_-_", "(double, double) -> double", subtract_double, OP, "difference"},
    {"_-_", "(duration, duration) -> duration", subtract_int, OP, "difference"},
    {"_-_", "(int, int) -> int", subtract_int, OP, "difference"},
    {"_-_", "(timestamp, duration) -> timestamp", subtract_duration, OP, "earlier by"},
    {"_-_", "(timestamp, timestamp) -> duration", subtract_time, OP, "time between"},
    {"_-_", "(uint, uint) -> uint", subtract_uint, OP, "difference"},
    {"_*_", "(double, double) -> double", multiply_double, OP, "product"},
    {"_*_", "(int, int) -> int", multiply_int, OP, "product"},
    {"_*_", "(uint, uint) -> uint", multiply_uint, OP, "product"},
    {"_/_", "(double, double) -> double", divide_double, OP, "quotient"},
    {"_/_", "(int, int) -> int", divide_int, OP, "quotient, towards zero"},
    {"_/_", "(uint, uint) -> uint", divide_uint, OP, "quotient, towards zero"},
    {"_%_", "(int, int) -> int", modulo_int, OP, "remainder, with the sign of the first"},
    {"_%_", "(uint, uint) -> uint", modulo_uint, OP, "remainder"},
    {"-_", "(double) -> double", negate, OP, "the negative"},
    {"-_", "(int) -> int", negate, OP, "the negative"},
    {"size", "(bytes) -> int", size, 0, "bytes"},
    {"size", "(bytes) -> int", size, M, "bytes"},
    {"size", "(list(A)) -> int", size, 0, "elements"},
    {"size", "(list(A)) -> int", size, M, "elements"},
    {"size", "(map(A, B)) -> int", size, 0, "entries"},
    {"size", "(map(A, B)) -> int", size, M, "entries"},
    {"size", "(string) -> int", size, 0, "code points"},
    {"size", "(string) -> int", size, M, "code points"},
    {"contains", "(string, string) -> bool", contains, M, "holds the text"},
    {"startsWith", "(string, string) -> bool", starts_with, M, "begins with the text"},
    {"endsWith", "(string, string) -> bool", ends_with, M, "ends with the text"},
    {"type", "(A) -> type(A)", type_of, 0, "the value's type"},
};

const struct kb_cel_library kb_cel_lib_standard = {"standard", funcs,
                                                   sizeof funcs / sizeof funcs[0]};
