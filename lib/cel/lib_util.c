/* What libraries of functions share. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "cel/lib.h"

static struct kb_cel_val error_static(const char *message)
{
    return (struct kb_cel_val){.kind = KB_CEL_ERROR, .s = kb_str_c(message)};
}

struct kb_cel_val kb_cel_lib_no_overload(void)
{
    return error_static("no such overload");
}

struct kb_cel_val kb_cel_lib_no_overload_of(struct kb_cel_call *call, const char *name,
                                            const struct kb_cel_val *args, size_t n)
{
    KB_AUTO(kb_buf_done) struct kb_buf types = {.max = 256};
    for (size_t i = 0; i < n; i++) {
        kb_buf_c(&types, i == 0 ? "" : ", ");
        kb_buf_str(&types, kb_cel_type_name(&args[i]));
    }
    return kb_cel_error(call->arena, "no such overload: %s(%.*s)", name,
                        KB_FMT(kb_buf_view(&types)));
}

bool kb_cel_lib_spend(struct kb_cel_call *call, uint64_t steps)
{
    call->cost += steps;
    return call->cost <= call->cost_max;
}

struct kb_cel_val kb_cel_lib_overspent(void)
{
    return error_static("the expression costs more than is allowed");
}

struct kb_cel_val kb_cel_lib_text(struct kb_cel_call *call, struct kb_buf *buf)
{
    struct kb_cel_val v = buf->full ? error_static("the text is longer than is allowed")
                                    : kb_cel_string(kb_arena_copy(call->arena, kb_buf_view(buf)));
    kb_buf_done(buf);
    return v;
}

struct kb_cel_val kb_cel_lib_list(struct kb_cel_call *call, const struct kb_cel_val *items,
                                  size_t n)
{
    struct kb_cel_list *list = KB_NEW(call->arena, struct kb_cel_list);
    *list = (struct kb_cel_list){items, n};
    return kb_cel_list(list);
}

struct kb_cel_val kb_cel_lib_some(struct kb_cel_call *call, struct kb_cel_val value)
{
    struct kb_cel_val *held = KB_NEW(call->arena, struct kb_cel_val);
    *held = value;
    return (struct kb_cel_val){.kind = KB_CEL_OPTIONAL, .opt = held};
}

struct kb_cel_val kb_cel_lib_none(void)
{
    return (struct kb_cel_val){.kind = KB_CEL_OPTIONAL};
}

struct kb_cel_val kb_cel_lib_failed(struct kb_cel_call *call, const struct kb_err *err)
{
    return kb_cel_error(call->arena, "%s", err->msg);
}

const struct kb_cel_object *kb_cel_lib_object(const struct kb_cel_val *v,
                                              const struct kb_cel_object_type *type)
{
    return v->kind == KB_CEL_OBJECT && v->obj->type == type ? v->obj : NULL;
}

struct kb_cel_val kb_cel_lib_object_val(const struct kb_cel_object *object)
{
    return (struct kb_cel_val){.kind = KB_CEL_OBJECT, .obj = object};
}

static bool is_number(const struct kb_cel_val *v)
{
    return v->kind == KB_CEL_INT || v->kind == KB_CEL_UINT || v->kind == KB_CEL_DOUBLE;
}

bool kb_cel_lib_ordered(const struct kb_cel_val *v)
{
    return is_number(v) || v->kind == KB_CEL_BOOL || v->kind == KB_CEL_STRING ||
           v->kind == KB_CEL_BYTES || v->kind == KB_CEL_TIMESTAMP || v->kind == KB_CEL_DURATION;
}

static int sign(int c)
{
    return (c > 0) - (c < 0);
}

bool kb_cel_lib_equal(struct kb_cel_call *call, const struct kb_cel_val *a,
                      const struct kb_cel_val *b)
{
    uint64_t allowed = call->cost_max >= call->cost ? call->cost_max - call->cost + 1 : 0;
    uint64_t left = allowed;
    bool equal = kb_cel_equal_within(a, b, &left);
    call->cost += allowed - left;
    return equal;
}

int kb_cel_lib_order(const struct kb_cel_val *a, const struct kb_cel_val *b)
{
    if (is_number(a) && is_number(b)) {
        int c = kb_cel_order_numbers(a, b);
        return c == KB_CEL_UNORDERED ? KB_CEL_INCOMPARABLE : c;
    }
    if (a->kind != b->kind || !kb_cel_lib_ordered(a)) {
        return KB_CEL_INCOMPARABLE;
    }
    if (a->kind == KB_CEL_STRING || a->kind == KB_CEL_BYTES) {
        return sign(kb_str_cmp(a->s, b->s));
    }
    if (a->kind == KB_CEL_BOOL) {
        return a->b - b->b;
    }
    if (a->i != b->i) {
        return a->i < b->i ? -1 : 1;
    }
    return a->kind == KB_CEL_TIMESTAMP ? (a->nanos > b->nanos) - (a->nanos < b->nanos) : 0;
}

/* The digits of the shortest "d.ddde±x" that reads back as d; their decimal exponent. */
static int shortest(double d, char digits[24])
{
    char text[40];
    int precision = 0;
    do {
        (void)snprintf(text, sizeof text, "%.*e", precision, d);
    } while (strtod(text, NULL) != d && ++precision < 17);
    size_t n = 0;
    const char *p = text;
    for (; *p != 'e'; p++) {
        if (*p != '.') {
            digits[n++] = *p;
        }
    }
    digits[n] = '\0';
    int64_t exponent = 0;
    (void)kb_str_i64(kb_str_c(p + 1), &exponent);
    return (int)exponent;
}

void kb_cel_lib_double(double d, struct kb_buf *out)
{
    if (isnan(d) || isinf(d)) {
        kb_buf_c(out, isnan(d) ? "NaN" : d > 0 ? "Infinity" : "-Infinity");
        return;
    }
    char digits[24];
    if (signbit(d)) {
        kb_buf_char(out, '-');
    }
    int exponent = shortest(fabs(d), digits);
    int n = (int)strlen(digits);
    if (exponent < 0) {
        kb_buf_c(out, "0.");
        for (int i = -1; i > exponent; i--) {
            kb_buf_char(out, '0');
        }
        kb_buf_c(out, digits);
        return;
    }
    for (int i = 0; i <= exponent || i < n; i++) {
        kb_buf_c(out, i == exponent + 1 ? "." : "");
        kb_buf_char(out, i < n ? digits[i] : '0');
    }
}
