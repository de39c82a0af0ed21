/* Quantities: comparison, arithmetic and conversion, with Kubernetes' overflows. */
#include "data/quantity.h"

#include <math.h>

enum { INT64_DIGITS = 18 };

struct kb_quantity kb_quantity_of(int64_t value, enum kb_quantity_format format)
{
    return (struct kb_quantity){.format = format, .value = value};
}

void kb_quantity_dec(const struct kb_quantity *q, struct kb_dec *out)
{
    /* always fits: digits and exponents were bounded when the quantity was made */
    if (q->big) {
        *out = q->dec;
    } else if (!kb_dec_from_i64(q->value, q->scale, out)) {
        *out = (struct kb_dec){0};
    }
}

int kb_quantity_cmp(const struct kb_quantity *a, const struct kb_quantity *b)
{
    struct kb_dec left;
    struct kb_dec right;
    bool ok = true;
    kb_quantity_dec(a, &left);
    kb_quantity_dec(b, &right);
    int c = kb_dec_cmp(&left, &right, &ok);
    return ok ? (c > 0) - (c < 0) : kb_quantity_sign(a) - kb_quantity_sign(b);
}

int kb_quantity_sign(const struct kb_quantity *q)
{
    if (q->big) {
        return kb_dec_is_zero(&q->dec) ? 0 : q->dec.negative ? -1 : 1;
    }
    return (q->value > 0) - (q->value < 0);
}

/* value × 10^power; false on overflow. */
static bool scale_up(int64_t value, int32_t power, int64_t *out)
{
    for (; power > 0 && value != 0; power--) {
        if (__builtin_mul_overflow(value, (int64_t)10, &value)) {
            return false;
        }
    }
    *out = value;
    return true;
}

/* value / 10^power, rounded away from zero. */
static int64_t scale_down(int64_t value, int32_t power)
{
    bool rest = false;
    int64_t sign = value < 0 ? -1 : 1;
    for (; power > 0 && value != 0; power--) {
        rest = rest || value % 10 != 0;
        value /= 10;
    }
    return rest ? value + sign : value;
}

static int64_t pow10_wrapped(int32_t power)
{
    uint64_t value = 1;
    for (; power > 0; power--) {
        value *= 10;
    }
    return (int64_t)value;
}

/* A big decimal in units of 10^-digits: rounded up; its overflows are Kubernetes'. */
static int64_t scaled_big(const struct kb_dec *d, int32_t digits)
{
    int32_t drop = d->scale - digits;
    int64_t low = kb_dec_low64(d);
    if (drop <= 0) {
        return (int64_t)((uint64_t)low * (uint64_t)pow10_wrapped(-drop));
    }
    if (kb_dec_below_max64(d) && drop <= INT64_DIGITS) {
        int64_t divisor = pow10_wrapped(drop);
        return low / divisor + (low % divisor != 0);
    }
    struct kb_dec rest = *d;
    bool lost = false;
    for (int32_t i = 0; i < drop; i++) {
        lost = kb_dec_div(&rest, 10) != 0 || lost;
    }
    /* the quotient is Euclidean (towards minus infinity), then one is added */
    uint64_t whole = (uint64_t)kb_dec_low64(&rest);
    return (int64_t)(whole + (lost && !d->negative));
}

static int64_t scaled(const struct kb_quantity *q, int32_t digits)
{
    if (q->big) {
        return scaled_big(&q->dec, digits);
    }
    int32_t power = q->scale + digits;
    int64_t value = 0;
    if (power < 0) {
        return scale_down(q->value, -power);
    }
    return scale_up(q->value, power, &value) ? value : 0;
}

int64_t kb_quantity_value(const struct kb_quantity *q)
{
    return scaled(q, 0);
}

int64_t kb_quantity_milli(const struct kb_quantity *q)
{
    return scaled(q, 3);
}

bool kb_quantity_integer(const struct kb_quantity *q, int64_t *out)
{
    return !q->big && q->scale >= 0 && scale_up(q->value, q->scale, out);
}

double kb_quantity_double(const struct kb_quantity *q)
{
    double base = q->big ? kb_dec_double(&q->dec) : (double)q->value;
    int exponent = q->big ? -q->dec.scale : q->scale;
    if (exponent == 0) {
        return base;
    }
    return exponent > 0 ? base * pow(10, exponent) : base * (1 / pow(10, -exponent));
}

/* The sum of two 64-bit forms, where it is one. */
static bool add_small(const struct kb_quantity *a, const struct kb_quantity *b,
                      struct kb_quantity *out)
{
    if (b->value == 0) {
        *out = *a;
        return true;
    }
    if (a->value == 0) {
        *out = *b;
        return true;
    }
    int32_t scale = a->scale < b->scale ? a->scale : b->scale;
    int64_t left = 0;
    int64_t right = 0;
    *out = (struct kb_quantity){.scale = scale};
    return scale_up(a->value, a->scale - scale, &left) &&
           scale_up(b->value, b->scale - scale, &right) &&
           !__builtin_add_overflow(left, right, &out->value);
}

static bool combine(const struct kb_quantity *a, const struct kb_quantity *b, bool negate,
                    struct kb_quantity *out)
{
    struct kb_quantity sum = {0};
    struct kb_quantity other = *b;
    if (!other.big) {
        other.value = negate ? (int64_t)(0 - (uint64_t)b->value) : b->value;
    }
    if (a->big || b->big || !add_small(a, &other, &sum)) {
        struct kb_dec left;
        struct kb_dec right;
        kb_quantity_dec(a, &left);
        kb_quantity_dec(b, &right);
        right.negative = right.negative != (negate && !kb_dec_is_zero(&right));
        sum = (struct kb_quantity){.big = true};
        if (!kb_dec_add(&left, &right, &sum.dec)) {
            return false;
        }
    }
    sum.text = (struct kb_str){0};
    sum.format = kb_quantity_sign(a) == 0 ? b->format : a->format;
    *out = sum;
    return true;
}

bool kb_quantity_add(const struct kb_quantity *a, const struct kb_quantity *b,
                     struct kb_quantity *out)
{
    return combine(a, b, false, out);
}

bool kb_quantity_sub(const struct kb_quantity *a, const struct kb_quantity *b,
                     struct kb_quantity *out)
{
    return combine(a, b, true, out);
}
