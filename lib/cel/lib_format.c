/*
 * string.format: %s %d %f %e %b %o %x %X %%, with an optional precision.
 * Definition: cel-go ext.Strings; the messages are cel-go's.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "cel/lib.h"
#include "data/quote.h"
#include "data/time.h"

enum { PRECISION_MAX = 100, PRECISION_DEFAULT = 6, NESTING_MAX = 64 };

/* A set of kinds as bits. */
#define KIND(k) (1U << (k))
static const unsigned integers = KIND(KB_CEL_INT) | KIND(KB_CEL_UINT);
static const unsigned numbers = KIND(KB_CEL_INT) | KIND(KB_CEL_UINT) | KIND(KB_CEL_DOUBLE);
static const unsigned texts = KIND(KB_CEL_STRING) | KIND(KB_CEL_BYTES);
static const unsigned printable =
    KIND(KB_CEL_NULL) | KIND(KB_CEL_BOOL) | KIND(KB_CEL_INT) | KIND(KB_CEL_UINT) |
    KIND(KB_CEL_DOUBLE) | KIND(KB_CEL_STRING) | KIND(KB_CEL_BYTES) | KIND(KB_CEL_LIST) |
    KIND(KB_CEL_MAP) | KIND(KB_CEL_TYPE) | KIND(KB_CEL_DURATION) | KIND(KB_CEL_TIMESTAMP);

static unsigned kinds_of(char letter)
{
    switch (letter) {
    case 'd':
    case 'f':
    case 'e':
        return numbers;
    case 'b':
        return integers | KIND(KB_CEL_BOOL);
    case 'o':
        return integers;
    case 'x':
    case 'X':
        return integers | texts;
    default:
        return printable;
    }
}

static const struct {
    char letters[3];
    const char *wanted;
} refusals[] = {
    {"d", "decimal clause can only be used on ints, uints, and doubles"},
    {"f", "fixed-point clause can only be used on ints, uints, and doubles"},
    {"e", "scientific clause can only be used on ints, uints, and doubles"},
    {"b", "only ints, uints, and bools can be formatted as binary"},
    {"o", "octal clause can only be used on ints and uints"},
    {"xX", "only ints, uints, bytes, and strings can be formatted as hex"},
    {"s", "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, "
          "types, durations, and timestamps"},
};

kb_res kb_cel_format_fits(const struct kb_cel_format_clause *clause, unsigned kind,
                          struct kb_str type_name, struct kb_err *err)
{
    if ((kinds_of(clause->letter) & KIND(kind)) != 0) {
        return KB_SUCCESS;
    }
    const char *wanted = "";
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        if (strchr(refusals[i].letters, clause->letter) != NULL) {
            wanted = refusals[i].wanted;
        }
    }
    return kb_fail(err, KB_ERR_INVALID, "error during formatting: %s, was given %.*s", wanted,
                   KB_FMT(type_name));
}

/* ".12" at *at, which moves behind it. */
static kb_res read_precision(struct kb_str s, size_t *at, int *out, struct kb_err *err)
{
    static const char context[] =
        "could not parse formatting clause: error while parsing precision";
    *out = -1;
    if (*at >= s.n || s.p[*at] != '.') {
        return KB_SUCCESS;
    }
    size_t from = ++*at;
    while (*at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9') {
        ++*at;
    }
    struct kb_str digits = kb_str_sub(s, from, *at);
    KB_ENSURE(*at < s.n, err, KB_ERR_SYNTAX, "%s: could not find end of precision specifier",
              context);
    uint64_t value = 0;
    KB_ENSURE(digits.n > 0, err, KB_ERR_SYNTAX,
              "%s: error while converting precision to integer: strconv.Atoi: parsing \"\": "
              "invalid syntax",
              context);
    KB_ENSURE(kb_str_u64(digits, &value) && value <= PRECISION_MAX, err, KB_ERR_SYNTAX,
              "%s: precision %.*s exceeds maximum allowed precision %d", context, KB_FMT(digits),
              PRECISION_MAX);
    *out = (int)value;
    return KB_SUCCESS;
}

/* Behind the '%': precision and letter. */
static kb_res read_clause(struct kb_str s, size_t *at, struct kb_cel_format_clause *clause,
                          struct kb_err *err)
{
    KB_TRY(read_precision(s, at, &clause->precision, err));
    struct kb_str rest = kb_str_sub(s, *at, s.n);
    uint32_t cp;
    size_t n = kb_utf8_decode(rest, &cp);
    n = n == 0 ? 1 : n;
    KB_ENSURE(cp != 0 && cp < 0x80 && strchr("sdfebxXo", (int)cp) != NULL, err, KB_ERR_SYNTAX,
              "could not parse formatting clause: unrecognized formatting clause \"%.*s\"", (int)n,
              rest.p);
    *at += n;
    clause->letter = (char)cp;
    return KB_SUCCESS;
}

kb_res kb_cel_format_next(struct kb_str s, size_t *at, size_t arg, size_t n, struct kb_buf *out,
                          struct kb_cel_format_clause *clause, struct kb_err *err)
{
    *clause = (struct kb_cel_format_clause){.precision = -1};
    while (*at < s.n) {
        size_t percent = kb_str_find(s, KB_STR("%"), *at);
        size_t end = percent == SIZE_MAX ? s.n : percent;
        if (out != NULL) {
            kb_buf_str(out, kb_str_sub(s, *at, end));
        }
        *at = end;
        if (end == s.n) {
            break;
        }
        KB_ENSURE(end + 1 < s.n, err, KB_ERR_SYNTAX, "unexpected end of string");
        *at = end + 2;
        if (s.p[end + 1] == '%') {
            if (out != NULL) {
                kb_buf_char(out, '%');
            }
            continue;
        }
        KB_ENSURE(arg < n, err, KB_ERR_INVALID, "index %zu out of range", arg);
        *at = end + 1;
        return read_clause(s, at, clause, err);
    }
    return KB_SUCCESS;
}

static kb_res add_text(const struct kb_cel_val *v, unsigned depth, struct kb_buf *out,
                       struct kb_err *err);

static kb_res add_list(const struct kb_cel_list *list, unsigned depth, struct kb_buf *out,
                       struct kb_err *err)
{
    kb_buf_char(out, '[');
    for (size_t i = 0; i < list->n && !out->full; i++) {
        kb_buf_c(out, i == 0 ? "" : ", ");
        KB_TRY(add_text(&list->items[i], depth, out, err));
    }
    kb_buf_char(out, ']');
    return KB_SUCCESS;
}

/* One entry of a map, as text: "key: value", of which the first key_n bytes are the key. */
struct entry {
    struct kb_buf text;
    size_t key_n;
};

static int by_key(const void *a, const void *b)
{
    const struct entry *x = a;
    const struct entry *y = b;
    return kb_str_cmp((struct kb_str){x->text.p, x->key_n}, (struct kb_str){y->text.p, y->key_n});
}

static kb_res add_entry(const struct kb_cel_map_entry *from, unsigned depth, size_t max,
                        struct entry *to, struct kb_err *err)
{
    kb_buf_init(&to->text, max);
    KB_TRY(add_text(&from->key, depth, &to->text, err));
    to->key_n = to->text.n;
    kb_buf_c(&to->text, ": ");
    KB_TRY(add_text(&from->value, depth, &to->text, err));
    /* ends at once: what shares its parts may be exponentially long */
    KB_ENSURE(!to->text.full, err, KB_ERR_LIMIT, "text is too long");
    return KB_SUCCESS;
}

/* Entries are ordered by their keys' text. */
static kb_res add_map(const struct kb_cel_map *map, unsigned depth, struct kb_buf *out,
                      struct kb_err *err)
{
    struct entry *entries = kb_alloc((map->n + 1) * sizeof *entries);
    kb_res res = KB_SUCCESS;
    size_t done = 0;
    for (; done < map->n && !kb_failed(res); done++) {
        res = add_entry(&map->entries[done], depth, out->max, &entries[done], err);
    }
    if (!kb_failed(res)) {
        qsort(entries, map->n, sizeof *entries, by_key);
        kb_buf_char(out, '{');
        for (size_t i = 0; i < map->n; i++) {
            kb_buf_c(out, i == 0 ? "" : ", ");
            kb_buf_str(out, kb_buf_view(&entries[i].text));
        }
        kb_buf_char(out, '}');
    }
    for (size_t i = 0; i < done; i++) {
        kb_buf_done(&entries[i].text);
    }
    kb_free(entries);
    return res;
}

/* Bytes as text: what is not UTF-8 becomes U+FFFD. */
static void add_bytes(struct kb_str s, struct kb_buf *out)
{
    while (s.n > 0) {
        uint32_t cp;
        size_t n = kb_utf8_decode(s, &cp);
        kb_utf8_add(out, cp);
        s = kb_str_sub(s, n == 0 ? 1 : n, s.n);
    }
}

/* Seconds with as many decimals as needed, and "s". */
static void add_duration(int64_t ns, struct kb_buf *out)
{
    kb_cel_lib_double((double)ns / 1e9, out);
    kb_buf_char(out, 's');
}

static void add_scalar(const struct kb_cel_val *v, struct kb_buf *out)
{
    switch ((enum kb_cel_kind)v->kind) {
    case KB_CEL_BOOL:
        kb_buf_c(out, v->b ? "true" : "false");
        break;
    case KB_CEL_INT:
        kb_buf_printf(out, "%" PRId64, v->i);
        break;
    case KB_CEL_UINT:
        kb_buf_printf(out, "%" PRIu64, v->u);
        break;
    case KB_CEL_DOUBLE:
        kb_cel_lib_double(v->d, out);
        break;
    case KB_CEL_STRING:
    case KB_CEL_TYPE:
        kb_buf_str(out, v->s);
        break;
    case KB_CEL_BYTES:
        add_bytes(v->s, out);
        break;
    case KB_CEL_TIMESTAMP:
        kb_time_format_zone((struct kb_time){v->i, v->nanos}, v->zone, out);
        break;
    case KB_CEL_DURATION:
        add_duration(v->i, out);
        break;
    case KB_CEL_NULL:
    case KB_CEL_LIST:
    case KB_CEL_MAP:
    case KB_CEL_OPTIONAL:
    case KB_CEL_OBJECT:
    case KB_CEL_ERROR:
    case KB_CEL_UNKNOWN:
    case KB_CEL_ABSENT:
        kb_buf_c(out, "null");
        break;
    }
}

static kb_res add_text(const struct kb_cel_val *v, unsigned depth, struct kb_buf *out,
                       struct kb_err *err)
{
    static const struct kb_cel_format_clause text = {'s', -1};
    KB_ENSURE(depth < NESTING_MAX, err, KB_ERR_LIMIT, "error during formatting: nested too deeply");
    KB_TRY(kb_cel_format_fits(&text, v->kind, kb_cel_type_name(v), err));
    if (v->kind == KB_CEL_LIST) {
        return add_list(v->list, depth + 1, out, err);
    }
    if (v->kind == KB_CEL_MAP) {
        return add_map(v->map, depth + 1, out, err);
    }
    add_scalar(v, out);
    return KB_SUCCESS;
}

/* A whole number in base 2, 8 or 16; negative ones with a sign. */
static void add_integer(const struct kb_cel_val *v, unsigned base, bool upper, struct kb_buf *out)
{
    bool negative = v->kind == KB_CEL_INT && v->i < 0;
    uint64_t value = negative ? 0 - (uint64_t)v->i : v->u;
    char digits[66];
    char *p = digits + sizeof digits;
    do {
        *--p = (upper ? "0123456789ABCDEF" : "0123456789abcdef")[value % base];
        value /= base;
    } while (value > 0);
    if (negative) {
        *--p = '-';
    }
    kb_buf_add(out, p, (size_t)(digits + sizeof digits - p));
}

static void add_hex(const struct kb_cel_val *v, bool upper, struct kb_buf *out)
{
    if ((KIND(v->kind) & texts) == 0) {
        add_integer(v, 16, upper, out);
        return;
    }
    for (size_t i = 0; i < v->s.n; i++) {
        kb_buf_printf(out, upper ? "%02X" : "%02x", (unsigned)(unsigned char)v->s.p[i]);
    }
}

static void add_floating(const struct kb_cel_val *v, const struct kb_cel_format_clause *clause,
                         struct kb_buf *out)
{
    double d = v->kind == KB_CEL_DOUBLE ? v->d
               : v->kind == KB_CEL_INT  ? (double)v->i
                                        : (double)v->u;
    int precision = clause->precision < 0 ? PRECISION_DEFAULT : clause->precision;
    if (isnan(d) || isinf(d)) {
        kb_cel_lib_double(d, out);
    } else if (clause->letter == 'f') {
        kb_buf_printf(out, "%.*f", precision, d);
    } else {
        kb_buf_printf(out, "%.*e", precision, d);
    }
}

static kb_res add_clause(const struct kb_cel_format_clause *clause, const struct kb_cel_val *v,
                         struct kb_buf *out, struct kb_err *err)
{
    KB_TRY(kb_cel_format_fits(clause, v->kind, kb_cel_type_name(v), err));
    switch (clause->letter) {
    case 'd':
        add_scalar(v, out);
        break;
    case 'f':
    case 'e':
        add_floating(v, clause, out);
        break;
    case 'o':
        add_integer(v, 8, false, out);
        break;
    case 'x':
    case 'X':
        add_hex(v, clause->letter == 'X', out);
        break;
    case 'b':
        if (v->kind == KB_CEL_BOOL) {
            kb_buf_char(out, v->b ? '1' : '0');
        } else {
            add_integer(v, 2, false, out);
        }
        break;
    default:
        return add_text(v, 0, out, err);
    }
    return KB_SUCCESS;
}

kb_res kb_cel_lib_format(struct kb_str format, const struct kb_cel_list *args, struct kb_buf *out,
                         struct kb_err *err)
{
    size_t at = 0;
    struct kb_cel_format_clause clause;
    for (size_t i = 0;; i++) {
        KB_TRY(kb_cel_format_next(format, &at, i, args->n, out, &clause, err));
        if (clause.letter == '\0') {
            return KB_SUCCESS;
        }
        KB_TRY(add_clause(&clause, &args->items[i], out, err));
        KB_ENSURE(!out->full, err, KB_ERR_LIMIT, "the text is longer than is allowed");
    }
}
