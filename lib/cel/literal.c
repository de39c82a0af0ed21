/* Numbers from and to text, and the values of literals. */
#include "cel/literal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static bool is_hex_text(struct kb_str s)
{
    return s.n > 1 && s.p[0] == '0' && (s.p[1] | 0x20) == 'x';
}

bool kb_cel_parse_u64(struct kb_str text, uint64_t *out)
{
    if (!is_hex_text(text) || text.n < 3) {
        return kb_str_u64(text, out);
    }
    if (text.n > 2 + 64) {
        return false;
    }
    uint64_t value = 0;
    for (size_t i = 2; i < text.n; i++) {
        char c = text.p[i];
        unsigned digit = c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 0x20) - 'a' + 10);
        if (digit > 15 || value >> 60 != 0) {
            return false;
        }
        value = value << 4 | digit;
    }
    *out = value;
    return true;
}

static bool is_word(struct kb_str s, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i < n; i++) {
        if (i >= s.n || (s.p[i] | 0x20) != word[i]) {
            return false;
        }
    }
    return s.n == n;
}

/* Digits, signs, point and exponent only: keeps out what strtod takes beyond Go. */
static bool looks_numeric(struct kb_str s)
{
    bool hex = is_hex_text(s);
    const char *digits = hex ? "0123456789abcdefABCDEF" : "0123456789";
    const char *others = hex ? ".pP+-" : ".eE+-";
    bool digit = false;
    for (size_t i = hex ? 2 : 0; i < s.n; i++) {
        if (s.p[i] != '\0' && strchr(digits, s.p[i]) != NULL) {
            digit = true;
        } else if (s.p[i] == '\0' || strchr(others, s.p[i]) == NULL) {
            return false;
        }
    }
    /* Go wants the exponent of a hexadecimal number */
    return digit && (!hex || memchr(s.p, 'p', s.n) != NULL || memchr(s.p, 'P', s.n) != NULL);
}

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* Copies without the underscores that Go allows between digits (and after 0x); 0 on a mistake. */
static size_t copy_digits(struct kb_str s, char *out, size_t size)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n && n + 1 < size; i++) {
        if (s.p[i] != '_') {
            out[n++] = s.p[i];
            continue;
        }
        bool after = i > 0 && (is_alnum(s.p[i - 1]) || (i == 2 && is_hex_text(s)));
        if (!after || i + 1 >= s.n || !is_alnum(s.p[i + 1])) {
            return 0;
        }
    }
    out[n] = '\0';
    return s.n < size ? n : 0;
}

static bool parse_unsigned_double(struct kb_str s, double *out)
{
    char copy[512];
    size_t n = copy_digits(s, copy, sizeof copy);
    if (n == 0 || copy[0] == '+' || copy[0] == '-' || !looks_numeric((struct kb_str){copy, n})) {
        return false;
    }
    char *end = NULL;
    *out = strtod(copy, &end);
    return end == copy + n && !isinf(*out);
}

bool kb_cel_parse_double(struct kb_str text, double *out)
{
    struct kb_str s = text;
    bool negative = s.n > 0 && s.p[0] == '-';
    if (negative || (s.n > 0 && s.p[0] == '+')) {
        s = kb_str_sub(s, 1, s.n);
    }
    double value = 0;
    if (is_word(s, "inf") || is_word(s, "infinity")) {
        value = HUGE_VAL;
    } else if (is_word(text, "nan")) {
        value = (double)NAN;
    } else if (!parse_unsigned_double(s, &value)) {
        return false;
    }
    *out = negative ? -value : value;
    return true;
}

/* The shortest decimal digits that read back as `d`, and the exponent of the first of them. */
struct digits {
    char text[24];
    int n;
    int exponent;
    bool negative;
};

static struct digits shortest(double d)
{
    struct digits out = {.n = 0, .negative = signbit(d) != 0};
    char text[40];
    for (int precision = 0; precision <= 16; precision++) {
        (void)snprintf(text, sizeof text, "%.*e", precision, fabs(d));
        if (strtod(text, NULL) == fabs(d)) {
            break;
        }
    }
    const char *p = text;
    for (; *p != 'e'; p++) {
        if (*p != '.') {
            out.text[out.n++] = *p;
        }
    }
    for (const char *e = p + 2; *e != '\0'; e++) {
        out.exponent = out.exponent * 10 + (*e - '0');
    }
    out.exponent = p[1] == '-' ? -out.exponent : out.exponent;
    while (out.n > 1 && out.text[out.n - 1] == '0') {
        out.n--;
    }
    return out;
}

static size_t write_fixed(const struct digits *d, char *out, size_t size)
{
    const char *sign = d->negative ? "-" : "";
    int len = 0;
    if (d->exponent < 0) {
        len = snprintf(out, size, "%s0.%0*d%.*s", sign, -d->exponent - 1, 0, d->n, d->text);
        if (d->exponent == -1) { /* a width of 0 still prints the zero */
            len = snprintf(out, size, "%s0.%.*s", sign, d->n, d->text);
        }
    } else if (d->n > d->exponent + 1) {
        len = snprintf(out, size, "%s%.*s.%.*s", sign, d->exponent + 1, d->text,
                       d->n - d->exponent - 1, d->text + d->exponent + 1);
    } else {
        int zeros = d->exponent + 1 - d->n;
        len = snprintf(out, size, "%s%.*s%0*d", sign, d->n, d->text, zeros, 0);
        len -= zeros == 0; /* the same */
    }
    return (size_t)len;
}

static size_t write_special(double d, char *out, size_t size)
{
    return (size_t)snprintf(out, size, "%s", isnan(d) ? "NaN" : d > 0 ? "+Inf" : "-Inf");
}

size_t kb_cel_format_fixed(double d, char out[KB_CEL_FIXED_MAX])
{
    if (isnan(d) || isinf(d)) {
        return write_special(d, out, KB_CEL_FIXED_MAX);
    }
    struct digits digits = shortest(d);
    return write_fixed(&digits, out, KB_CEL_FIXED_MAX);
}

size_t kb_cel_format_double(double d, char out[32])
{
    enum { FIXED = 6 }; /* from 1e6 on Go's 'g' writes an exponent where it chooses the digits */
    if (isnan(d) || isinf(d)) {
        return write_special(d, out, 32);
    }
    struct digits x = shortest(d);
    if (x.exponent >= -4 && x.exponent < FIXED) {
        return write_fixed(&x, out, 32);
    }
    return (size_t)snprintf(out, 32, "%s%c%s%.*se%c%02d", x.negative ? "-" : "", x.text[0],
                            x.n > 1 ? "." : "", x.n - 1, x.text + 1, x.exponent < 0 ? '-' : '+',
                            abs(x.exponent));
}

static const char *int_literal(struct kb_str text, bool negative, struct kb_cel_val *out)
{
    uint64_t magnitude = 0;
    uint64_t max = (uint64_t)INT64_MAX + (negative ? 1 : 0);
    if (!kb_cel_parse_u64(text, &magnitude) || magnitude > max) {
        return "invalid int literal";
    }
    *out = kb_cel_int(negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude);
    return NULL;
}

static const char *uint_literal(struct kb_str text, struct kb_cel_val *out)
{
    uint64_t value = 0;
    if (!kb_cel_parse_u64(kb_str_sub(text, 0, text.n - 1), &value)) {
        return "invalid uint literal";
    }
    *out = kb_cel_uint(value);
    return NULL;
}

static const char *double_literal(struct kb_str text, bool negative, struct kb_cel_val *out)
{
    double value = 0;
    if (!kb_cel_parse_double(text, &value)) {
        return "invalid double literal";
    }
    *out = kb_cel_double(negative ? -value : value);
    return NULL;
}

const char *kb_cel_literal(enum kb_cel_token_kind kind, struct kb_str text, bool negative,
                           struct kb_arena *arena, struct kb_cel_val *out)
{
    if (kind == KB_TOK_INT) {
        return int_literal(text, negative, out);
    }
    if (kind == KB_TOK_UINT) {
        return uint_literal(text, out);
    }
    if (kind == KB_TOK_FLOAT) {
        return double_literal(text, negative, out);
    }
    if (kind == KB_TOK_STRING || kind == KB_TOK_BYTES) {
        *out = (struct kb_cel_val){.kind = kind == KB_TOK_STRING ? KB_CEL_STRING : KB_CEL_BYTES};
        bool ok = kb_cel_unescape(text, arena, &out->s);
        return ok                      ? NULL
               : kind == KB_TOK_STRING ? "invalid unicode code point"
                                       : "unable to unescape string";
    }
    *out = kind == KB_TOK_NULL ? kb_cel_null() : kb_cel_bool(kind == KB_TOK_TRUE);
    return NULL;
}
