/* POSIX TZ rules (with the extensions of RFC 9636 §3.3.1: times from -167 to 167 hours). */
#include "data/tz_rule.h"

#include "data/time.h"

enum { HOUR_S = 3600, DAY_S = 86400 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool one(struct kb_str *s, char want)
{
    if (s->n == 0 || *s->p != want) {
        return false;
    }
    *s = kb_str_sub(*s, 1, s->n);
    return true;
}

static bool number(struct kb_str *s, int least, int most, int *out)
{
    int value = 0;
    size_t n = 0;
    while (n < s->n && n < 4 && is_digit(s->p[n])) {
        value = value * 10 + (s->p[n++] - '0');
    }
    *s = kb_str_sub(*s, n, s->n);
    *out = value;
    return n > 0 && value >= least && value <= most;
}

static bool zone_name(struct kb_str *s)
{
    size_t n = 0;
    if (one(s, '<')) {
        while (n < s->n && s->p[n] != '>') {
            n++;
        }
        *s = kb_str_sub(*s, n, s->n);
        return n > 0 && one(s, '>');
    }
    while (n < s->n && ((s->p[n] | 0x20) >= 'a' && (s->p[n] | 0x20) <= 'z')) {
        n++;
    }
    *s = kb_str_sub(*s, n, s->n);
    return n >= 3;
}

/* [+-]hh[:mm[:ss]] */
static bool clock_time(struct kb_str *s, int max_hours, int32_t *out)
{
    int part[3] = {0, 0, 0};
    int sign = one(s, '-') ? -1 : 1;
    if (sign == 1) {
        (void)one(s, '+');
    }
    if (!number(s, 0, max_hours, &part[0])) {
        return false;
    }
    for (size_t i = 1; i < 3 && one(s, ':'); i++) {
        if (!number(s, 0, 59, &part[i])) {
            return false;
        }
    }
    *out = sign * (part[0] * HOUR_S + part[1] * 60 + part[2]);
    return true;
}

static bool change_day(struct kb_str *s, struct kb_tz_day *out)
{
    out->time = 2 * HOUR_S;
    bool ok;
    if (one(s, 'M')) {
        out->form = KB_TZ_MONTH_WEEK_DAY;
        ok = number(s, 1, 12, &out->month) && one(s, '.') && number(s, 1, 5, &out->week) &&
             one(s, '.') && number(s, 0, 6, &out->day);
    } else if (one(s, 'J')) {
        out->form = KB_TZ_JULIAN;
        ok = number(s, 1, 365, &out->day);
    } else {
        out->form = KB_TZ_ZERO_BASED;
        ok = number(s, 0, 365, &out->day);
    }
    return ok && (!one(s, '/') || clock_time(s, 167, &out->time));
}

bool kb_tz_rule_parse(struct kb_str s, struct kb_tz_rule *out)
{
    struct kb_tz_rule rule = {0};
    if (!zone_name(&s) || !clock_time(&s, 24, &rule.std)) {
        return false;
    }
    rule.std = -rule.std; /* the rule counts west of UTC */
    if (s.n > 0) {
        rule.has_dst = true;
        rule.dst = rule.std + HOUR_S;
        if (!zone_name(&s)) {
            return false;
        }
        if (s.n > 0 && *s.p != ',') {
            if (!clock_time(&s, 24, &rule.dst)) {
                return false;
            }
            rule.dst = -rule.dst;
        }
        if (!one(&s, ',') || !change_day(&s, &rule.start) || !one(&s, ',') ||
            !change_day(&s, &rule.end) || s.n > 0) {
            return false;
        }
    }
    *out = rule;
    return true;
}

/* Day of the year (0 = 1 January) on which a change falls. */
static int day_of_year(const struct kb_tz_day *day, int64_t year)
{
    bool leap = kb_time_days_in_month(year, 2) == 29;
    if (day->form == KB_TZ_JULIAN) {
        return day->day - 1 + (leap && day->day >= 60);
    }
    if (day->form == KB_TZ_ZERO_BASED) {
        return day->day;
    }
    struct kb_civil first = {.year = year, .month = day->month, .day = 1};
    struct kb_civil read = kb_time_civil(kb_time_from_civil(&first));
    int of_month = (day->day - read.weekday + 7) % 7 + (day->week - 1) * 7;
    while (of_month >= kb_time_days_in_month(year, day->month)) {
        of_month -= 7;
    }
    return read.year_day + of_month;
}

int32_t kb_tz_rule_offset(const struct kb_tz_rule *rule, int64_t s)
{
    if (!rule->has_dst) {
        return rule->std;
    }
    int64_t year = kb_time_civil(s + rule->std).year;
    struct kb_civil january = {.year = year, .month = 1, .day = 1};
    int64_t local = s + rule->std - kb_time_from_civil(&january);
    int64_t start = (int64_t)day_of_year(&rule->start, year) * DAY_S + rule->start.time;
    int64_t end =
        (int64_t)day_of_year(&rule->end, year) * DAY_S + rule->end.time - (rule->dst - rule->std);
    bool dst = start < end ? local >= start && local < end : local >= start || local < end;
    return dst ? rule->dst : rule->std;
}
