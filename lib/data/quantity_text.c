/* Quantities: suffixes and the canonical form. */
#include "data/quantity_suffix.h"

static const struct {
    const char *name;
    struct kb_quantity_suffix suffix;
} suffixes[] = {
    {"n", {KB_QUANTITY_DECIMAL_SI, -9}}, {"u", {KB_QUANTITY_DECIMAL_SI, -6}},
    {"m", {KB_QUANTITY_DECIMAL_SI, -3}}, {"", {KB_QUANTITY_DECIMAL_SI, 0}},
    {"k", {KB_QUANTITY_DECIMAL_SI, 3}},  {"M", {KB_QUANTITY_DECIMAL_SI, 6}},
    {"G", {KB_QUANTITY_DECIMAL_SI, 9}},  {"T", {KB_QUANTITY_DECIMAL_SI, 12}},
    {"P", {KB_QUANTITY_DECIMAL_SI, 15}}, {"E", {KB_QUANTITY_DECIMAL_SI, 18}},
    {"Ki", {KB_QUANTITY_BINARY_SI, 10}}, {"Mi", {KB_QUANTITY_BINARY_SI, 20}},
    {"Gi", {KB_QUANTITY_BINARY_SI, 30}}, {"Ti", {KB_QUANTITY_BINARY_SI, 40}},
    {"Pi", {KB_QUANTITY_BINARY_SI, 50}}, {"Ei", {KB_QUANTITY_BINARY_SI, 60}},
};

bool kb_quantity_suffix_read(struct kb_str text, struct kb_quantity_suffix *out)
{
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        if (kb_str_eq_c(text, suffixes[i].name)) {
            *out = suffixes[i].suffix;
            return true;
        }
    }
    int64_t exponent;
    if (text.n < 2 || (*text.p != 'e' && *text.p != 'E') ||
        !kb_str_i64(kb_str_sub(text, 1, text.n), &exponent)) {
        return false;
    }
    bool fits = exponent >= INT32_MIN && exponent <= INT32_MAX;
    *out = (struct kb_quantity_suffix){KB_QUANTITY_DECIMAL_EXPONENT,
                                       fits ? (int32_t)exponent : INT32_MAX};
    return true;
}

void kb_quantity_suffix_write(const struct kb_quantity_suffix *suffix, struct kb_buf *out)
{
    if (suffix->format == KB_QUANTITY_DECIMAL_EXPONENT) {
        if (suffix->exponent != 0) {
            kb_buf_printf(out, "e%d", (int)suffix->exponent);
        }
        return;
    }
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        if (suffixes[i].suffix.format == suffix->format &&
            suffixes[i].suffix.exponent == suffix->exponent) {
            kb_buf_c(out, suffixes[i].name);
        }
    }
}

/* Move factors of `base` out of the magnitude; how many. */
static int32_t strip_factors(struct kb_dec *d, uint32_t base)
{
    int32_t times = 0;
    for (;;) {
        struct kb_dec rest = *d;
        if (kb_dec_is_zero(d) || kb_dec_div(&rest, base) != 0) {
            return times;
        }
        *d = rest;
        times++;
    }
}

static void write_decimal(struct kb_dec *d, enum kb_quantity_format format, struct kb_buf *out)
{
    int32_t exponent = -d->scale + strip_factors(d, 10);
    while (exponent % 3 != 0 && kb_dec_mul(d, 10)) {
        exponent--;
    }
    kb_dec_digits(d, out);
    kb_quantity_suffix_write(&(struct kb_quantity_suffix){format, exponent}, out);
}

/* Shown in powers of two: whole numbers from 1024 on. */
static bool shows_binary(const struct kb_quantity *q, struct kb_dec *whole)
{
    bool exact = false;
    bool ok = true;
    struct kb_dec least;
    struct kb_dec magnitude = *whole;
    magnitude.negative = false;
    return q->format == KB_QUANTITY_BINARY_SI && kb_dec_from_i64(1024, 0, &least) &&
           kb_dec_cmp(&magnitude, &least, &ok) >= 0 && ok && kb_dec_rescale(whole, 0, &exact) &&
           exact;
}

void kb_quantity_canonical(const struct kb_quantity *q, struct kb_buf *out)
{
    struct kb_dec dec;
    kb_quantity_dec(q, &dec);
    if (kb_dec_is_zero(&dec)) {
        kb_buf_char(out, '0');
        return;
    }
    struct kb_dec whole = dec;
    if (shows_binary(q, &whole)) {
        int32_t exponent = 10 * strip_factors(&whole, 1024);
        kb_dec_digits(&whole, out);
        kb_quantity_suffix_write(&(struct kb_quantity_suffix){KB_QUANTITY_BINARY_SI, exponent},
                                 out);
        return;
    }
    bool exponential = q->format == KB_QUANTITY_DECIMAL_EXPONENT;
    write_decimal(&dec, exponential ? KB_QUANTITY_DECIMAL_EXPONENT : KB_QUANTITY_DECIMAL_SI, out);
}

void kb_quantity_format(const struct kb_quantity *q, struct kb_buf *out)
{
    if (q->text.n > 0) {
        kb_buf_str(out, q->text);
    } else {
        kb_quantity_canonical(q, out);
    }
}
