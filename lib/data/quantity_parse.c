/* Quantities: reading their text. */
#include "data/quantity.h"

#include "data/quantity_suffix.h"

enum { FAST_DIGITS = 18, FAST_BINARY_DIGITS = 15, NANO = 9 };

/* The parts of "-001.50Gi": 1, 50, Gi. */
struct parts {
    bool negative;
    struct kb_str whole;
    struct kb_str fraction;
    struct kb_str suffix;
};

static size_t digits_at(struct kb_str s, size_t from)
{
    size_t n = from;
    while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9') {
        n++;
    }
    return n - from;
}

/* Letters that may stand in a suffix, an optional sign and digits, up to the end. */
static bool suffix_shape(struct kb_str s)
{
    size_t n = 0;
    while (n < s.n && s.p[n] != '\0' && strchr("eEinumkKMGTP", s.p[n]) != NULL) {
        n++;
    }
    if (n < s.n && (s.p[n] == '-' || s.p[n] == '+')) {
        n++;
    }
    return n + digits_at(s, n) == s.n;
}

static bool split(struct kb_str s, struct parts *out)
{
    size_t at = s.n > 0 && (s.p[0] == '-' || s.p[0] == '+');
    *out = (struct parts){.negative = s.n > 0 && s.p[0] == '-'};
    while (at < s.n && s.p[at] == '0') {
        at++;
    }
    size_t n = digits_at(s, at);
    out->whole = n == 0 ? KB_STR("0") : kb_str_sub(s, at, at + n);
    at += n;
    if (at < s.n && s.p[at] == '.') {
        n = digits_at(s, at + 1);
        out->fraction = kb_str_sub(s, at + 1, at + 1 + n);
        at += 1 + n;
    }
    out->suffix = kb_str_sub(s, at, s.n);
    return suffix_shape(out->suffix);
}

/* Kubernetes keeps the text of what is canonical at first sight, and of some that is not. */
static bool keeps_text(const struct parts *p, const struct kb_quantity_suffix *suffix,
                       int64_t number, int32_t scale)
{
    if (suffix->format == KB_QUANTITY_BINARY_SI) {
        return suffix->exponent % 10 == 0 && (number & 7) != 0;
    }
    return scale % 3 == 0 && number % 1000 != 0 && p->whole.p[0] != '0';
}

/* whole and fraction as one number of 64 bits. */
static bool joined(const struct parts *p, int64_t *out)
{
    char digits[FAST_DIGITS + 4];
    if (p->whole.n + p->fraction.n > FAST_DIGITS + 1) {
        return false;
    }
    if (p->whole.n > 0) {
        memcpy(digits, p->whole.p, p->whole.n);
    }
    if (p->fraction.n > 0) {
        memcpy(digits + p->whole.n, p->fraction.p, p->fraction.n);
    }
    return kb_str_i64((struct kb_str){digits, p->whole.n + p->fraction.n}, out);
}

/* The 64-bit form, where Kubernetes uses it. */
static bool parse_fast(const struct parts *p, const struct kb_quantity_suffix *suffix,
                       struct kb_str text, struct kb_quantity *out)
{
    int64_t digits = (int64_t)(p->whole.n + p->fraction.n);
    int64_t mantissa = 1;
    int32_t scale = suffix->exponent;
    int64_t room = FAST_DIGITS - digits;
    if (suffix->format == KB_QUANTITY_BINARY_SI) {
        if (p->fraction.n > 0) {
            return false;
        }
        mantissa = (int64_t)1 << suffix->exponent;
        scale = 0;
        room = FAST_BINARY_DIGITS - digits - suffix->exponent * 3 / 10 - 1;
    }
    scale -= (int32_t)p->fraction.n;
    int64_t number = 0;
    int64_t value = 0;
    if (room < 0 || scale < -NANO || !joined(p, &number) ||
        __builtin_mul_overflow(number, mantissa, &value)) {
        return false;
    }
    *out = (struct kb_quantity){
        .format = suffix->format, .scale = scale, .value = p->negative ? -value : value};
    if (keeps_text(p, suffix, number, scale)) {
        out->text = text;
    }
    return true;
}

/* The digits, times 2^exponent or 10^exponent. */
static bool read_big(const struct parts *p, const struct kb_quantity_suffix *suffix,
                     struct kb_dec *out)
{
    char digits[KB_QUANTITY_TEXT_MAX];
    size_t n = p->whole.n + p->fraction.n;
    if (p->whole.n > 0) {
        memcpy(digits, p->whole.p, p->whole.n);
    }
    if (p->fraction.n > 0) {
        memcpy(digits + p->whole.n, p->fraction.p, p->fraction.n);
    }
    if (!kb_dec_from_digits((struct kb_str){digits, n}, (int32_t)p->fraction.n, out)) {
        return false;
    }
    if (suffix->format != KB_QUANTITY_BINARY_SI) {
        out->scale -= suffix->exponent;
        return true;
    }
    bool ok = true;
    for (int32_t left = suffix->exponent; left > 0 && ok; left -= 10) {
        ok = kb_dec_mul(out, 1024);
    }
    return ok;
}

/* Binary quantities stop at 2^63-1, and are decimal below one. */
static bool cap_binary(struct kb_quantity *q)
{
    struct kb_dec most;
    struct kb_dec one;
    bool ok = kb_dec_from_i64(INT64_MAX, 0, &most) && kb_dec_from_i64(1, 0, &one);
    if (ok && kb_dec_cmp(&q->dec, &most, &ok) > 0) {
        q->dec = most;
    } else if (ok && !kb_dec_is_zero(&q->dec) && kb_dec_cmp(&q->dec, &one, &ok) < 0) {
        q->format = KB_QUANTITY_DECIMAL_SI;
    }
    return ok;
}

/* The big form: rounded away from zero to nano. */
static bool parse_big(const struct parts *p, const struct kb_quantity_suffix *suffix,
                      struct kb_quantity *out)
{
    *out = (struct kb_quantity){.format = suffix->format, .big = true};
    struct kb_dec *dec = &out->dec;
    if (!read_big(p, suffix, dec) || (!kb_dec_is_zero(dec) && !kb_dec_rescale(dec, NANO, NULL)) ||
        (suffix->format == KB_QUANTITY_BINARY_SI && !cap_binary(out))) {
        return false;
    }
    dec->negative = p->negative && !kb_dec_is_zero(dec);
    return true;
}

kb_res kb_quantity_parse(struct kb_str text, struct kb_quantity *out, struct kb_err *err)
{
    struct parts parts;
    struct kb_quantity_suffix suffix;
    KB_ENSURE(text.n > 0, err, KB_ERR_SYNTAX, KB_QUANTITY_SYNTAX);
    KB_ENSURE(text.n < KB_QUANTITY_TEXT_MAX, err, KB_ERR_LIMIT,
              "a quantity of more than %d characters", KB_QUANTITY_TEXT_MAX);
    KB_ENSURE(split(text, &parts), err, KB_ERR_SYNTAX, KB_QUANTITY_SYNTAX);
    KB_ENSURE(kb_quantity_suffix_read(parts.suffix, &suffix), err, KB_ERR_SYNTAX,
              "unable to parse quantity's suffix");
    KB_ENSURE(suffix.exponent >= -KB_QUANTITY_EXPONENT_MAX &&
                  suffix.exponent <= KB_QUANTITY_EXPONENT_MAX,
              err, KB_ERR_LIMIT, "a quantity with an exponent beyond %d", KB_QUANTITY_EXPONENT_MAX);
    if (kb_str_eq_c(text, "0")) {
        *out = (struct kb_quantity){.text = text};
        return KB_SUCCESS;
    }
    KB_ENSURE(parse_fast(&parts, &suffix, text, out) || parse_big(&parts, &suffix, out), err,
              KB_ERR_LIMIT, "a quantity of too many digits");
    return KB_SUCCESS;
}
