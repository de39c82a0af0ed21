/* Duration text in Go's grammar. Overflow is an error exactly where it is one in Go. */
#include "data/duration.h"

#include <inttypes.h>

#include "data/quote.h"

static const uint64_t WHOLE_MAX = (uint64_t)1 << 63;

static const struct {
    struct kb_str name;
    uint64_t ns;
} units[] = {
    {KB_STR_INIT("ns"), 1},
    {KB_STR_INIT("us"), KB_NS_PER_US},
    {KB_STR_INIT("\xC2\xB5s"), KB_NS_PER_US}, /* micro sign */
    {KB_STR_INIT("\xCE\xBCs"), KB_NS_PER_US}, /* Greek mu */
    {KB_STR_INIT("ms"), KB_NS_PER_MS},
    {KB_STR_INIT("s"), KB_NS_PER_S},
    {KB_STR_INIT("m"), 60ULL * KB_NS_PER_S},
    {KB_STR_INIT("h"), 3600ULL * KB_NS_PER_S},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Go's messages quote the text; bytes outside ASCII are escaped there. */
static kb_res invalid(struct kb_str text, struct kb_err *err)
{
    struct kb_buf quoted = {.max = 256};
    kb_quote_bytes(text, &quoted);
    kb_res res =
        kb_fail(err, KB_ERR_SYNTAX, "time: invalid duration %.*s", KB_FMT(kb_buf_view(&quoted)));
    kb_buf_done(&quoted);
    return res;
}

static kb_res bad_unit(struct kb_str unit, struct kb_str text, struct kb_err *err)
{
    struct kb_buf quoted = {.max = 512};
    kb_buf_c(&quoted, unit.n == 0 ? "missing unit" : "unknown unit ");
    if (unit.n > 0) {
        kb_quote_bytes(unit, &quoted);
    }
    kb_buf_c(&quoted, " in duration ");
    kb_quote_bytes(text, &quoted);
    kb_res res = kb_fail(err, KB_ERR_SYNTAX, "time: %.*s", KB_FMT(kb_buf_view(&quoted)));
    kb_buf_done(&quoted);
    return res;
}

/* Leading digits of *s as a number; false on overflow. */
static bool take_whole(struct kb_str *s, uint64_t *out)
{
    uint64_t value = 0;
    while (s->n > 0 && is_digit(*s->p)) {
        if (value > WHOLE_MAX / 10) {
            return false;
        }
        value = value * 10 + (uint64_t)(*s->p - '0');
        if (value > WHOLE_MAX) {
            return false;
        }
        *s = kb_str_sub(*s, 1, s->n);
    }
    *out = value;
    return true;
}

/* Digits after the point: as many as fit are kept, the rest is dropped. */
static void take_fraction(struct kb_str *s, uint64_t *out, double *scale)
{
    bool overflow = false;
    *out = 0;
    *scale = 1;
    for (; s->n > 0 && is_digit(*s->p); *s = kb_str_sub(*s, 1, s->n)) {
        uint64_t next = *out * 10 + (uint64_t)(*s->p - '0');
        overflow = overflow || *out > (WHOLE_MAX - 1) / 10 || next > WHOLE_MAX;
        if (!overflow) {
            *out = next;
            *scale *= 10;
        }
    }
}

static struct kb_str take_unit(struct kb_str *s)
{
    size_t n = 0;
    while (n < s->n && s->p[n] != '.' && !is_digit(s->p[n])) {
        n++;
    }
    struct kb_str unit = kb_str_sub(*s, 0, n);
    *s = kb_str_sub(*s, n, s->n);
    return unit;
}

static uint64_t unit_ns(struct kb_str name)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (kb_str_eq(units[i].name, name)) {
            return units[i].ns;
        }
    }
    return 0;
}

/* One "1.5h" from the front of *s, in nanoseconds. */
static kb_res take_term(struct kb_str *s, struct kb_str text, uint64_t *out, struct kb_err *err)
{
    uint64_t whole = 0;
    uint64_t fraction = 0;
    double scale = 1;
    size_t before = s->n;
    if ((*s->p != '.' && !is_digit(*s->p)) || !take_whole(s, &whole)) {
        return invalid(text, err);
    }
    bool has_digits = s->n != before;
    if (s->n > 0 && *s->p == '.') {
        *s = kb_str_sub(*s, 1, s->n);
        before = s->n;
        take_fraction(s, &fraction, &scale);
        has_digits = has_digits || s->n != before;
    }
    if (!has_digits) {
        return invalid(text, err);
    }
    struct kb_str unit = take_unit(s);
    uint64_t ns = unit_ns(unit);
    if (ns == 0) {
        return bad_unit(unit, text, err);
    }
    if (whole > WHOLE_MAX / ns) {
        return invalid(text, err);
    }
    *out = whole * ns;
    if (fraction > 0) {
        *out += (uint64_t)((double)fraction * ((double)ns / scale));
    }
    return *out > WHOLE_MAX ? invalid(text, err) : KB_SUCCESS;
}

kb_res kb_duration_parse(struct kb_str text, int64_t *out_ns, struct kb_err *err)
{
    struct kb_str s = text;
    bool negative = s.n > 0 && *s.p == '-';
    if (s.n > 0 && (*s.p == '-' || *s.p == '+')) {
        s = kb_str_sub(s, 1, s.n);
    }
    if (s.n == 0) {
        return invalid(text, err);
    }
    uint64_t sum = 0;
    if (!kb_str_eq_c(s, "0")) {
        while (s.n > 0) {
            uint64_t term = 0;
            KB_TRY(take_term(&s, text, &term, err));
            sum += term;
            if (sum > WHOLE_MAX) {
                return invalid(text, err);
            }
        }
    }
    if (negative) {
        *out_ns = (int64_t)(0 - sum);
        return KB_SUCCESS;
    }
    if (sum > WHOLE_MAX - 1) {
        return invalid(text, err);
    }
    *out_ns = (int64_t)sum;
    return KB_SUCCESS;
}

/* value / 10^digits without trailing zeros, such as "1.5". */
static void add_decimal(struct kb_buf *out, uint64_t value, int digits)
{
    uint64_t scale = 1;
    for (int i = 0; i < digits; i++) {
        scale *= 10;
    }
    uint64_t fraction = value % scale;
    kb_buf_printf(out, "%" PRIu64, value / scale);
    if (fraction == 0) {
        return;
    }
    while (fraction % 10 == 0) {
        fraction /= 10;
        digits--;
    }
    kb_buf_printf(out, ".%0*" PRIu64, digits, fraction);
}

void kb_duration_format(int64_t ns, struct kb_buf *out)
{
    uint64_t u = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
    if (u == 0) {
        kb_buf_c(out, "0s");
        return;
    }
    if (ns < 0) {
        kb_buf_char(out, '-');
    }
    if (u < KB_NS_PER_S) {
        int digits = u < KB_NS_PER_US ? 0 : u < KB_NS_PER_MS ? 3 : 6;
        add_decimal(out, u, digits);
        kb_buf_c(out, digits == 0 ? "ns" : digits == 3 ? "\xC2\xB5s" : "ms");
        return;
    }
    uint64_t minutes = u / (60ULL * KB_NS_PER_S);
    if (minutes >= 60) {
        kb_buf_printf(out, "%" PRIu64 "h", minutes / 60);
    }
    if (minutes > 0) {
        kb_buf_printf(out, "%" PRIu64 "m", minutes % 60);
    }
    add_decimal(out, u % (60ULL * KB_NS_PER_S), 9);
    kb_buf_char(out, 's');
}
