/* RFC 3339 and its relatives: one small cursor over the text, and a fast path for audit events. */
#include "data/duration.h"
#include "data/quote.h"
#include "data/time.h"

struct cursor {
    struct kb_str s;
    enum kb_time_form form;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* `count` digits. */
static bool digits(struct cursor *c, size_t count, int *out)
{
    if (c->s.n < count) {
        return false;
    }
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_digit(c->s.p[i])) {
            return false;
        }
        value = value * 10 + (c->s.p[i] - '0');
    }
    c->s = kb_str_sub(c->s, count, c->s.n);
    *out = value;
    return true;
}

static bool one(struct cursor *c, char want)
{
    if (c->s.n == 0 || *c->s.p != want) {
        return false;
    }
    c->s = kb_str_sub(c->s, 1, c->s.n);
    return true;
}

/* Go's layout "15" takes one digit as well. */
static bool hour(struct cursor *c, int *out)
{
    bool single =
        c->form != KB_TIME_STRICT && c->s.n >= 2 && is_digit(c->s.p[0]) && !is_digit(c->s.p[1]);
    return digits(c, single ? 1 : 2, out);
}

/* The fraction, where there is one; digits after the ninth are cut. */
static bool fraction(struct cursor *c, int32_t *ns)
{
    *ns = 0;
    bool comma = c->form != KB_TIME_STRICT && c->s.n > 0 && *c->s.p == ',';
    if (c->s.n == 0 || (*c->s.p != '.' && !comma)) {
        return c->form != KB_TIME_MICRO;
    }
    size_t n = 1;
    int32_t unit = KB_NS_PER_S / 10;
    while (n < c->s.n && is_digit(c->s.p[n])) {
        if (c->form == KB_TIME_MICRO && n > 6) {
            break;
        }
        *ns += (c->s.p[n] - '0') * unit;
        unit /= 10;
        n++;
    }
    c->s = kb_str_sub(c->s, n, c->s.n);
    return n > 1 && (c->form != KB_TIME_MICRO || n == 7);
}

static bool offset(struct cursor *c, int *seconds)
{
    int h = 0;
    int m = 0;
    if (one(c, 'Z')) {
        *seconds = 0;
        return true;
    }
    int sign = one(c, '+') ? 1 : one(c, '-') ? -1 : 0;
    if (sign == 0 || !digits(c, 2, &h) || !one(c, ':') || !digits(c, 2, &m)) {
        return false;
    }
    *seconds = sign * (h * 60 + m) * 60;
    return h <= (c->form == KB_TIME_STRICT ? 23 : 24) && m <= (c->form == KB_TIME_STRICT ? 59 : 60);
}

/* NULL, or what is out of its range. */
static const char *out_of_range(const struct kb_civil *c)
{
    if (c->month < 1 || c->month > 12) {
        return "month out of range";
    }
    if (c->day < 1 || c->day > kb_time_days_in_month(c->year, c->month)) {
        return "day out of range";
    }
    if (c->hour > 23) {
        return "hour out of range";
    }
    return c->minute > 59 ? "minute out of range" : c->second > 59 ? "second out of range" : NULL;
}

static bool take(struct cursor *c, struct kb_civil *civil, int32_t *ns, int *shift)
{
    int year = 0;
    bool ok = digits(c, 4, &year) && one(c, '-') && digits(c, 2, &civil->month) && one(c, '-') &&
              digits(c, 2, &civil->day) && one(c, 'T') && hour(c, &civil->hour) && one(c, ':') &&
              digits(c, 2, &civil->minute) && one(c, ':') && digits(c, 2, &civil->second) &&
              fraction(c, ns) && offset(c, shift) && c->s.n == 0;
    civil->year = year;
    return ok;
}

int kb_time_zone_minutes(struct kb_str text)
{
    enum { OFFSET = 6 }; /* "+05:30" */
    struct cursor c = {kb_str_sub(text, text.n < OFFSET ? 0 : text.n - OFFSET, text.n),
                       KB_TIME_STRICT};
    int shift = 0;
    return offset(&c, &shift) ? shift / 60 : 0;
}

kb_res kb_time_parse(struct kb_str text, enum kb_time_form form, struct kb_time *out,
                     struct kb_err *err)
{
    struct cursor c = {text, form};
    struct kb_civil civil = {0};
    int32_t ns = 0;
    int shift = 0;
    bool ok = take(&c, &civil, &ns, &shift);
    const char *why = ok ? out_of_range(&civil) : "not in the form 2006-01-02T15:04:05Z";
    if (why != NULL) {
        struct kb_buf quoted = {.max = 256};
        kb_quote(kb_str_sub(text, 0, 80), &quoted);
        kb_res res =
            kb_fail(err, KB_ERR_SYNTAX, "time %.*s: %s", KB_FMT(kb_buf_view(&quoted)), why);
        kb_buf_done(&quoted);
        return res;
    }
    *out = (struct kb_time){kb_time_from_civil(&civil) - shift, ns};
    return KB_SUCCESS;
}

/* Two digits at p, or a number over 99. */
static unsigned two(const char *p)
{
    unsigned high = (unsigned)(unsigned char)p[0] - '0';
    unsigned low = (unsigned)(unsigned char)p[1] - '0';
    return high > 9 || low > 9 ? 1000 : high * 10 + low;
}

static bool marks(const char *p)
{
    return p[4] == '-' && p[7] == '-' && p[10] == 'T' && p[13] == ':' && p[16] == ':';
}

/* "2026-01-15T10:00:01" and then "Z" or ".123456Z". */
static bool fast(struct kb_str text, struct kb_time *out)
{
    const char *p = text.p;
    if ((text.n != 20 && text.n != 27) || !marks(p) || p[text.n - 1] != 'Z') {
        return false;
    }
    unsigned micros = 0;
    if (text.n == 27) {
        unsigned a = two(p + 20);
        unsigned b = two(p + 22);
        unsigned c = two(p + 24);
        if (p[19] != '.' || a > 99 || b > 99 || c > 99) {
            return false;
        }
        micros = (a * 100 + b) * 100 + c;
    }
    unsigned century = two(p);
    unsigned year = two(p + 2);
    struct kb_civil civil = {.year = (int64_t)century * 100 + year,
                             .month = (int)two(p + 5),
                             .day = (int)two(p + 8),
                             .hour = (int)two(p + 11),
                             .minute = (int)two(p + 14),
                             .second = (int)two(p + 17)};
    if (century > 99 || year > 99 || out_of_range(&civil) != NULL) {
        return false;
    }
    *out = (struct kb_time){kb_time_from_civil(&civil), (int32_t)micros * KB_NS_PER_US};
    return true;
}

bool kb_time_parse_audit(struct kb_str text, struct kb_time *out)
{
    return fast(text, out) || !kb_failed(kb_time_parse(text, KB_TIME_STRICT, out, NULL));
}
