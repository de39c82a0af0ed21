/* Bounded decimal numbers, on 32-bit limbs. */
#include "data/dec.h"

#include <stdlib.h>

enum { DIGITS_MAX = KB_DEC_LIMBS * 10 + 2, TEN9 = 1000000000 };

static void trim(struct kb_dec *d)
{
    while (d->n > 0 && d->limb[d->n - 1] == 0) {
        d->n--;
    }
    d->negative = d->negative && d->n > 0;
}

/* magnitude = magnitude × factor + carry */
static bool mul_add(struct kb_dec *d, uint32_t factor, uint32_t carry)
{
    uint64_t rest = carry;
    for (size_t i = 0; i < d->n; i++) {
        rest += (uint64_t)d->limb[i] * factor;
        d->limb[i] = (uint32_t)rest;
        rest >>= 32;
    }
    if (rest > 0) {
        if (d->n == KB_DEC_LIMBS) {
            return false;
        }
        d->limb[d->n++] = (uint32_t)rest;
    }
    trim(d);
    return true;
}

bool kb_dec_mul(struct kb_dec *d, uint32_t factor)
{
    return mul_add(d, factor, 0);
}

uint32_t kb_dec_div(struct kb_dec *d, uint32_t divisor)
{
    uint64_t rest = 0;
    for (size_t i = d->n; i > 0; i--) {
        rest = rest << 32 | d->limb[i - 1];
        d->limb[i - 1] = (uint32_t)(rest / divisor);
        rest %= divisor;
    }
    trim(d);
    return (uint32_t)rest;
}

bool kb_dec_from_digits(struct kb_str digits, int32_t scale, struct kb_dec *out)
{
    *out = (struct kb_dec){.scale = scale};
    for (size_t i = 0; i < digits.n; i++) {
        if (!mul_add(out, 10, (uint32_t)(digits.p[i] - '0'))) {
            return false;
        }
    }
    return true;
}

static bool mul_pow10(struct kb_dec *d, int32_t power)
{
    if (kb_dec_is_zero(d)) {
        return true;
    }
    if (power > DIGITS_MAX) {
        return false;
    }
    for (; power >= 9; power -= 9) {
        if (!kb_dec_mul(d, TEN9)) {
            return false;
        }
    }
    bool ok = true;
    for (; power > 0 && ok; power--) {
        ok = kb_dec_mul(d, 10);
    }
    return ok;
}

bool kb_dec_from_i64(int64_t value, int32_t exponent, struct kb_dec *out)
{
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    *out = (struct kb_dec){
        .negative = value < 0, .n = 2, .limb = {(uint32_t)magnitude, (uint32_t)(magnitude >> 32)}};
    trim(out);
    if (exponent < 0) {
        out->scale = -exponent;
        return true;
    }
    return mul_pow10(out, exponent);
}

bool kb_dec_rescale(struct kb_dec *d, int32_t scale, bool *exact)
{
    bool lost = false;
    if (scale >= d->scale) {
        if (!mul_pow10(d, scale - d->scale)) {
            return false;
        }
    } else {
        bool negative = d->negative;
        int32_t drop = d->scale - scale;
        for (; drop > 0 && !kb_dec_is_zero(d); drop--) {
            lost = kb_dec_div(d, 10) != 0 || lost;
        }
        if (lost) {
            d->negative = negative;
            if (!mul_add(d, 1, 1)) {
                return false;
            }
            d->negative = negative;
        }
    }
    d->scale = scale;
    if (exact != NULL) {
        *exact = !lost;
    }
    return true;
}

static int cmp_magnitude(const struct kb_dec *a, const struct kb_dec *b)
{
    if (a->n != b->n) {
        return a->n < b->n ? -1 : 1;
    }
    for (size_t i = a->n; i > 0; i--) {
        if (a->limb[i - 1] != b->limb[i - 1]) {
            return a->limb[i - 1] < b->limb[i - 1] ? -1 : 1;
        }
    }
    return 0;
}

static bool add_magnitude(const struct kb_dec *a, const struct kb_dec *b, struct kb_dec *out)
{
    uint64_t carry = 0;
    size_t n = a->n > b->n ? a->n : b->n;
    for (size_t i = 0; i < n; i++) {
        carry += (uint64_t)(i < a->n ? a->limb[i] : 0) + (i < b->n ? b->limb[i] : 0);
        out->limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry > 0) {
        if (n == KB_DEC_LIMBS) {
            return false;
        }
        out->limb[n++] = (uint32_t)carry;
    }
    out->n = (uint8_t)n;
    return true;
}

/* |a| - |b|, where |a| >= |b| */
static void sub_magnitude(const struct kb_dec *a, const struct kb_dec *b, struct kb_dec *out)
{
    int64_t borrow = 0;
    for (size_t i = 0; i < a->n; i++) {
        int64_t rest = (int64_t)a->limb[i] - (i < b->n ? b->limb[i] : 0) - borrow;
        borrow = rest < 0;
        out->limb[i] = (uint32_t)rest;
    }
    out->n = a->n;
}

/* Bring both to the finer scale. */
static bool align(struct kb_dec *a, struct kb_dec *b)
{
    int32_t scale = a->scale > b->scale ? a->scale : b->scale;
    return kb_dec_rescale(a, scale, NULL) && kb_dec_rescale(b, scale, NULL);
}

bool kb_dec_add(const struct kb_dec *left, const struct kb_dec *right, struct kb_dec *out)
{
    struct kb_dec a = *left;
    struct kb_dec b = *right;
    if (!align(&a, &b)) {
        return false;
    }
    struct kb_dec sum = {.scale = a.scale, .negative = a.negative};
    if (a.negative == b.negative) {
        if (!add_magnitude(&a, &b, &sum)) {
            return false;
        }
    } else if (cmp_magnitude(&a, &b) >= 0) {
        sub_magnitude(&a, &b, &sum);
    } else {
        sum.negative = b.negative;
        sub_magnitude(&b, &a, &sum);
    }
    trim(&sum);
    *out = sum;
    return true;
}

int kb_dec_cmp(const struct kb_dec *left, const struct kb_dec *right, bool *ok)
{
    struct kb_dec a = *left;
    struct kb_dec b = *right;
    *ok = align(&a, &b);
    if (a.negative != b.negative) {
        return a.negative ? -1 : 1;
    }
    return a.negative ? -cmp_magnitude(&a, &b) : cmp_magnitude(&a, &b);
}

int64_t kb_dec_low64(const struct kb_dec *d)
{
    uint64_t low = (d->n > 0 ? d->limb[0] : 0) | (uint64_t)(d->n > 1 ? d->limb[1] : 0) << 32;
    return (int64_t)(d->negative ? 0 - low : low);
}

bool kb_dec_below_max64(const struct kb_dec *d)
{
    return d->negative || d->n < 2 || (d->n == 2 && (uint64_t)kb_dec_low64(d) < INT64_MAX);
}

/* Digits of the magnitude into text[DIGITS_MAX], from the end; the first one. */
static char *magnitude_digits(const struct kb_dec *d, char text[DIGITS_MAX])
{
    struct kb_dec rest = *d;
    char *p = text + DIGITS_MAX - 1;
    *p = '\0';
    do {
        uint32_t nine = kb_dec_div(&rest, TEN9);
        for (size_t i = 0; i < 9 && (nine > 0 || !kb_dec_is_zero(&rest)); i++) {
            *--p = (char)('0' + nine % 10);
            nine /= 10;
        }
    } while (!kb_dec_is_zero(&rest));
    if (*p == '\0') {
        *--p = '0';
    }
    return p;
}

double kb_dec_double(const struct kb_dec *d)
{
    char text[DIGITS_MAX];
    double magnitude = strtod(magnitude_digits(d, text), NULL);
    return d->negative ? -magnitude : magnitude;
}

void kb_dec_digits(const struct kb_dec *d, struct kb_buf *out)
{
    char text[DIGITS_MAX];
    if (d->negative) {
        kb_buf_char(out, '-');
    }
    kb_buf_c(out, magnitude_digits(d, text));
}

void kb_dec_format(const struct kb_dec *d, struct kb_buf *out)
{
    char text[DIGITS_MAX];
    struct kb_str digits = kb_str_c(magnitude_digits(d, text));
    if (d->negative) {
        kb_buf_char(out, '-');
    }
    if (d->scale <= 0) {
        kb_buf_str(out, digits);
        for (int32_t i = d->scale; i < 0; i++) {
            kb_buf_char(out, '0');
        }
        return;
    }
    size_t behind = (size_t)d->scale;
    kb_buf_str(out, digits.n > behind ? kb_str_sub(digits, 0, digits.n - behind) : KB_STR("0"));
    kb_buf_char(out, '.');
    for (size_t i = digits.n; i < behind; i++) {
        kb_buf_char(out, '0');
    }
    kb_buf_str(out, kb_str_sub(digits, digits.n > behind ? digits.n - behind : 0, digits.n));
}
