/* The calendar, arithmetic and printing of points in time. */
#include "data/time.h"

#include "data/duration.h"

enum { SECONDS_PER_DAY = 86400, DAYS_PER_ERA = 146097, DAYS_TO_1970 = 719468 };

/* Days since 1970 of a date; years begin in March, so that the leap day comes last. */
static int64_t days_from_date(int64_t year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970;
}

int64_t kb_time_from_civil(const struct kb_civil *c)
{
    return days_from_date(c->year, c->month, c->day) * SECONDS_PER_DAY +
           (c->hour * 60 + c->minute) * 60 + c->second;
}

struct kb_civil kb_time_civil(int64_t s)
{
    int64_t days = s / SECONDS_PER_DAY - (s % SECONDS_PER_DAY < 0);
    int second = (int)(s - days * SECONDS_PER_DAY);
    int64_t shifted = days + DAYS_TO_1970;
    int64_t era = (shifted >= 0 ? shifted : shifted - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
    int64_t day_of_era = shifted - era * DAYS_PER_ERA;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    struct kb_civil c = {
        .day = (int)(day_of_year - (153 * month + 2) / 5 + 1),
        .month = (int)(month < 10 ? month + 3 : month - 9),
        .hour = second / 3600,
        .minute = second / 60 % 60,
        .second = second % 60,
        .weekday = (int)(((days + 4) % 7 + 7) % 7),
    };
    c.year = year_of_era + era * 400 + (c.month <= 2);
    c.year_day = (int)(days - days_from_date(c.year, 1, 1));
    return c;
}

int kb_time_days_in_month(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

int kb_time_cmp(struct kb_time a, struct kb_time b)
{
    if (a.s != b.s) {
        return a.s < b.s ? -1 : 1;
    }
    return a.ns < b.ns ? -1 : a.ns > b.ns;
}

bool kb_time_diff(struct kb_time a, struct kb_time b, int64_t *out_ns)
{
    int64_t s;
    int64_t ns;
    if (__builtin_sub_overflow(a.s, b.s, &s)) {
        return false;
    }
    int64_t rest = a.ns - b.ns;
    if (s < 0 && rest > 0) { /* so that the least duration does not overflow on the way */
        s++;
        rest -= KB_NS_PER_S;
    }
    return !__builtin_mul_overflow(s, (int64_t)KB_NS_PER_S, &ns) &&
           !__builtin_add_overflow(ns, rest, out_ns);
}

bool kb_time_add(struct kb_time t, int64_t ns, struct kb_time *out)
{
    int64_t s = t.s + ns / KB_NS_PER_S;
    int64_t rest = t.ns + ns % KB_NS_PER_S;
    if (rest < 0) {
        s--;
        rest += KB_NS_PER_S;
    } else if (rest >= KB_NS_PER_S) {
        s++;
        rest -= KB_NS_PER_S;
    }
    if (s < KB_TIME_MIN_S || s > KB_TIME_MAX_S) {
        return false;
    }
    *out = (struct kb_time){s, (int32_t)rest};
    return true;
}

static void add_clock(struct kb_time t, enum kb_time_digits digits, struct kb_buf *out)
{
    struct kb_civil c = kb_time_civil(t.s);
    kb_buf_printf(out, "%s%04lld-%02d-%02dT%02d:%02d:%02d", c.year < 0 ? "-" : "",
                  (long long)(c.year < 0 ? -c.year : c.year), c.month, c.day, c.hour, c.minute,
                  c.second);
    if (digits == KB_TIME_MICROS) {
        kb_buf_printf(out, ".%06d", (int)(t.ns / KB_NS_PER_US));
    } else if (digits == KB_TIME_NANOS && t.ns != 0) {
        int value = (int)t.ns;
        int width = 9;
        while (value % 10 == 0) {
            value /= 10;
            width--;
        }
        kb_buf_printf(out, ".%0*d", width, value);
    }
}

void kb_time_format(struct kb_time t, enum kb_time_digits digits, struct kb_buf *out)
{
    add_clock(t, digits, out);
    kb_buf_char(out, 'Z');
}

void kb_time_format_zone(struct kb_time t, int minutes, struct kb_buf *out)
{
    if (minutes == 0) {
        kb_time_format(t, KB_TIME_NANOS, out);
        return;
    }
    int distance = minutes < 0 ? -minutes : minutes;
    add_clock((struct kb_time){t.s + (int64_t)minutes * 60, t.ns}, KB_TIME_NANOS, out);
    kb_buf_printf(out, "%c%02d:%02d", minutes < 0 ? '-' : '+', distance / 60, distance % 60);
}
