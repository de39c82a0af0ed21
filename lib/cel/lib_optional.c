/* Optional values (cel-go's OptionalTypes, newest version). */
#include "cel/func.h"
#include "cel/libraries.h"

static struct kb_cel_val some(struct kb_cel_call *call, const struct kb_cel_val *v)
{
    struct kb_cel_val *copy = KB_NEW(call->arena, struct kb_cel_val);
    *copy = *v;
    return (struct kb_cel_val){.kind = KB_CEL_OPTIONAL, .opt = copy};
}

static struct kb_cel_val none(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    (void)call;
    (void)a;
    (void)n;
    return (struct kb_cel_val){.kind = KB_CEL_OPTIONAL, .opt = NULL};
}

static struct kb_cel_val of(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    (void)n;
    return some(call, &a[0]);
}

static bool is_zero(const struct kb_cel_val *v)
{
    switch ((enum kb_cel_kind)v->kind) {
    case KB_CEL_NULL:
        return true;
    case KB_CEL_BOOL:
        return !v->b;
    case KB_CEL_INT:
    case KB_CEL_DURATION:
        return v->i == 0;
    case KB_CEL_UINT:
        return v->u == 0;
    case KB_CEL_DOUBLE:
        return v->d == 0;
    case KB_CEL_STRING:
    case KB_CEL_BYTES:
        return v->s.n == 0;
    case KB_CEL_LIST:
        return v->list->n == 0;
    case KB_CEL_MAP:
        return v->map->n == 0;
    case KB_CEL_TIMESTAMP: /* Go's zero time, not 1970 */
        return v->i == -62135596800 && v->nanos == 0;
    case KB_CEL_OPTIONAL:
        return v->opt == NULL;
    case KB_CEL_TYPE:
    case KB_CEL_OBJECT:
    case KB_CEL_ERROR:
    case KB_CEL_UNKNOWN:
    case KB_CEL_ABSENT:
        break;
    }
    return false;
}

static struct kb_cel_val of_non_zero(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    return is_zero(&a[0]) ? none(call, a, n) : some(call, &a[0]);
}

static struct kb_cel_val has_value(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    (void)call;
    (void)n;
    return kb_cel_bool(a[0].opt != NULL);
}

static struct kb_cel_val value(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    (void)n;
    return a[0].opt != NULL ? *a[0].opt : kb_cel_error(call->arena, "optional.none() dereference");
}

static struct kb_cel_val first(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    return a[0].list->n == 0 ? none(call, a, n) : some(call, &a[0].list->items[0]);
}

static struct kb_cel_val last(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    return a[0].list->n == 0 ? none(call, a, n) : some(call, &a[0].list->items[a[0].list->n - 1]);
}

static struct kb_cel_val unwrap(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    (void)n;
    call->cost += a[0].list->n;
    struct kb_cel_list *list = KB_NEW(call->arena, struct kb_cel_list);
    struct kb_cel_val *items = KB_NEW_ARRAY(call->arena, a[0].list->n, struct kb_cel_val);
    list->items = items;
    for (size_t i = 0; i < a[0].list->n; i++) {
        const struct kb_cel_val *v = &a[0].list->items[i];
        if (v->kind != KB_CEL_OPTIONAL) {
            return kb_cel_error(call->arena, "value is not an optional");
        }
        if (v->opt != NULL) {
            items[list->n++] = *v->opt;
        }
    }
    return kb_cel_list(list);
}

enum { OP = KB_CEL_OPERATOR, M = KB_CEL_MEMBER };

static const struct kb_cel_func funcs[] = {
    {"optional.none", "() -> optional_type(A)", none, 0, "no value"},
    {"optional.of", "(A) -> optional_type(A)", of, 0, "the value, as an optional"},
    {"optional.ofNonZeroValue", "(A) -> optional_type(A)", of_non_zero, 0,
     "none for null, false, zero and what is empty"},
    {"optional.unwrap", "(list(optional_type(A))) -> list(A)", unwrap, 0, "the values there are"},
    {"unwrapOpt", "(list(optional_type(A))) -> list(A)", unwrap, M, "the values there are"},
    {"hasValue", "(optional_type(A)) -> bool", has_value, M, "is there a value"},
    {"value", "(optional_type(A)) -> A", value, M, "the value; an error for none"},
    {"or", "(optional_type(A), optional_type(A)) -> optional_type(A)", NULL, M,
     "the first that has a value"},
    {"orValue", "(optional_type(A), A) -> A", NULL, M, "its value, or the other"},
    {"first", "(list(A)) -> optional_type(A)", first, M, "the first element"},
    {"last", "(list(A)) -> optional_type(A)", last, M, "the last element"},
    {"_[?_]", "(list(A), int) -> optional_type(A)", NULL, OP, "element, where there is one"},
    {"_[?_]", "(optional_type(list(A)), int) -> optional_type(A)", NULL, OP,
     "element, where there is one"},
    {"_[?_]", "(map(A, B), A) -> optional_type(B)", NULL, OP, "value, where the key is there"},
    {"_[?_]", "(optional_type(map(A, B)), A) -> optional_type(B)", NULL, OP,
     "value, where the key is there"},
    {"_[_]", "(optional_type(list(A)), int) -> optional_type(A)", NULL, OP,
     "element, where there is one"},
    {"_[_]", "(optional_type(map(A, B)), A) -> optional_type(B)", NULL, OP,
     "value, where the key is there"},
};

const struct kb_cel_library kb_cel_lib_optional = {"optional", funcs,
                                                   sizeof funcs / sizeof funcs[0]};
