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

static bool parse_unsigned_double(struct kb_str s, double *out)
{
    char copy[512];
    if (s.n == 0 || s.n >= sizeof copy || s.p[0] == '+' || s.p[0] == '-' || !looks_numeric(s)) {
        return false;
    }
    memcpy(copy, s.p, s.n);
    copy[s.n] = '\0';
    char *end = NULL;
    *out = strtod(copy, &end);
    return end == copy + s.n && !isinf(*out);
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
    } else if (is_word(s, "nan")) {
        value = (double)NAN;
    } else if (!parse_unsigned_double(s, &value)) {
        return false;
    }
    *out = negative ? -value : value;
    return true;
}

/* "1.2345e+20" of %.*e → Go's %g: exponent form below 1e-4 and from 1e21 on. */
static size_t reshape(const char *scientific, char out[32])
{
    char digits[24];
    size_t n = 0;
    const char *p = scientific;
    bool negative = *p == '-';
    for (p += negative; *p != 'e'; p++) {
        if (*p != '.') {
            digits[n++] = *p;
        }
    }
    int exponent = 0;
    for (const char *e = p + 2; *e != '\0'; e++) {
        exponent = exponent * 10 + (*e - '0');
    }
    exponent = p[1] == '-' ? -exponent : exponent;
    while (n > 1 && digits[n - 1] == '0') {
        n--;
    }
    const char *sign = negative ? "-" : "";
    int len = 0;
    if (exponent < -4 || exponent >= 21) {
        len = snprintf(out, 32, "%s%c%s%.*se%c%02d", sign, digits[0], n > 1 ? "." : "",
                       (int)n - 1, digits + 1, exponent < 0 ? '-' : '+', abs(exponent));
    } else if (exponent < 0) {
        len = snprintf(out, 32, "%s0.%.*s%.*s", sign, -exponent - 1, "0000", (int)n, digits);
    } else if ((int)n <= exponent + 1) {
        len = snprintf(out, 32, "%s%.*s%.*s", sign, (int)n, digits, exponent + 1 - (int)n,
                       "00000000000000000000");
    } else {
        len = snprintf(out, 32, "%s%.*s.%.*s", sign, exponent + 1, digits,
                       (int)n - exponent - 1, digits + exponent + 1);
    }
    return (size_t)len;
}

size_t kb_cel_format_double(double d, char out[32])
{
    if (isnan(d) || isinf(d)) {
        return (size_t)snprintf(out, 32, "%s", isnan(d) ? "NaN" : d > 0 ? "+Inf" : "-Inf");
    }
    char text[40];
    for (int precision = 0; precision <= 16; precision++) {
        (void)snprintf(text, sizeof text, "%.*e", precision, d);
        if (strtod(text, NULL) == d) {
            break;
        }
    }
    return reshape(text, out);
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
        return ok ? NULL : kind == KB_TOK_STRING ? "invalid unicode code point"
                                                 : "unable to unescape string";
    }
    *out = kind == KB_TOK_NULL ? kb_cel_null() : kb_cel_bool(kind == KB_TOK_TRUE);
    return NULL;
}
