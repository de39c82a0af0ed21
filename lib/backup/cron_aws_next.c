/* When AWS' schedules fire: day by day on the calendar, then the times of the day in the zone. */
#include "backup/cron_aws.h"

enum { DAY_S = 86400, HOUR_S = 3600, MINUTE_S = 60, SUNDAY = 0, SATURDAY = 6 };

static bool has_bit(uint64_t bits, int n)
{
    return (bits >> n & 1) != 0;
}

static bool in_years(const struct kb_cron_aws *aws, int64_t year)
{
    int64_t n = year - KB_CRON_YEAR_MIN;
    return n >= 0 && year <= KB_CRON_YEAR_MAX && has_bit(aws->years[n / 64], (int)(n % 64));
}

/* The working day nearest to `day` within the month: of that weekday, in a month of `last` days. */
static int near_workday(int day, int weekday, int last)
{
    if (weekday == SATURDAY) {
        return day == 1 ? 3 : day - 1;
    }
    if (weekday == SUNDAY) {
        return day == last ? day - 2 : day + 1;
    }
    return day;
}

static int weekday_of(const struct kb_civil *date, int day)
{
    return ((date->weekday + day - date->day) % 7 + 7) % 7;
}

static bool day_matches(const struct kb_cron *cron, const struct kb_civil *date)
{
    const struct kb_cron_aws *aws = &cron->aws;
    int last = kb_time_days_in_month(date->year, date->month);
    if (!aws->any_weekday) {
        bool nth = aws->nth == 0 || (date->day - 1) / 7 + 1 == aws->nth;
        bool end = !aws->last_weekday || date->day + 7 > last;
        return nth && end && has_bit(cron->bits[KB_CRON_WEEKDAY], date->weekday);
    }
    if (aws->last_day) {
        return date->day == last;
    }
    int wanted = aws->last_workday ? last : aws->near;
    if (wanted > 0) {
        return wanted <= last &&
               date->day == near_workday(wanted, weekday_of(date, wanted), last);
    }
    return has_bit(cron->bits[KB_CRON_DAY], date->day);
}

/* The first time at which the zone's clock shows `clock` (seconds since 1970 as if in UTC); false where it
 * never does. */
static bool first_instant(const struct kb_tz *zone, int64_t clock, int64_t *out)
{
    int64_t best = INT64_MAX;
    for (int64_t side = -DAY_S; side <= DAY_S; side += 2 * (int64_t)DAY_S) {
        int64_t s = clock - (zone == NULL ? 0 : kb_tz_offset(zone, clock + side));
        bool shows = zone == NULL || s + kb_tz_offset(zone, s) == clock;
        best = shows && s < best ? s : best;
    }
    *out = best;
    return best != INT64_MAX;
}

/* The first fire after `from` on the day that begins at `midnight` on the zone's clock. */
static bool fire_of_day(const struct kb_cron *cron, const struct kb_tz *zone, int64_t midnight,
                        int64_t from, int64_t *out)
{
    for (int minute = 0; minute < DAY_S / MINUTE_S; minute++) {
        int64_t s;
        if (has_bit(cron->bits[KB_CRON_HOUR], minute / 60) &&
            has_bit(cron->bits[KB_CRON_MINUTE], minute % 60) &&
            first_instant(zone, midnight + (int64_t)minute * MINUTE_S, &s) && s > from) {
            *out = s;
            return true;
        }
    }
    return false;
}

bool kb_cron_next_aws(const struct kb_cron *cron, const struct kb_tz *zone, struct kb_time from,
                      struct kb_time *out)
{
    int64_t clock = from.s + (zone == NULL ? 0 : kb_tz_offset(zone, from.s));
    int64_t day = clock - (clock % DAY_S + DAY_S) % DAY_S - DAY_S; /* the clock may have been set back */
    for (;; day += DAY_S) {
        struct kb_civil date = kb_time_civil(day);
        if (date.year > KB_CRON_YEAR_MAX) {
            return false;
        }
        int64_t s;
        if (in_years(&cron->aws, date.year) && has_bit(cron->bits[KB_CRON_MONTH], date.month) &&
            day_matches(cron, &date) && fire_of_day(cron, zone, day, from.s, &s)) {
            *out = (struct kb_time){.s = s};
            return true;
        }
    }
}
