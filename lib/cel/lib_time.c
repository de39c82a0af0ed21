/*
 * Parts of timestamps and durations.
 * Definition: google/cel-spec langdef.md "Timestamp and Duration functions"; zones as cel-go reads
 * them: a name of the IANA database, or an offset such as "+05:30" or "05:30".
 */
#include "cel/lib.h"
#include "data/duration.h"
#include "data/time.h"
#include "data/tz.h"

enum part {
    FULL_YEAR,
    MONTH,
    DAY_OF_YEAR,
    DAY_OF_MONTH,
    DATE,
    DAY_OF_WEEK,
    HOURS,
    MINUTES,
    SECONDS
};

/* One or two digits at the front of s, all of it. */
static bool small_number(struct kb_str s, int64_t *out)
{
    uint64_t value = 0;
    if (s.n > 2 || !kb_str_u64(s, &value)) {
        return false;
    }
    *out = (int64_t)value;
    return true;
}

/* "+05:30": seconds east of UTC; an error value in *bad. */
static bool fixed_offset(struct kb_cel_call *call, struct kb_str zone, int64_t *out,
                         struct kb_cel_val *bad)
{
    struct kb_str minutes;
    struct kb_str hours = kb_str_split(zone, ':', &minutes);
    bool negative = hours.n > 0 && *hours.p == '-';
    bool is_signed = negative || (hours.n > 0 && *hours.p == '+');
    int64_t h = 0;
    int64_t m = 0;
    if (!small_number(kb_str_sub(hours, is_signed, hours.n), &h) || !small_number(minutes, &m)) {
        *bad = kb_cel_error(call->arena, "unknown time zone %.*s", (int)(zone.n < 80 ? zone.n : 80),
                            zone.p);
        return false;
    }
    if (h > 23 || m > 59) {
        *bad = kb_cel_error(call->arena, "timezone offset %s out of range %s: %.*s",
                            h > 23 ? "hours" : "minutes", h > 23 ? "[-23, 23]" : "[0, 59]",
                            KB_FMT(zone));
        return false;
    }
    *out = (negative ? -1 : 1) * (h * 60 + m) * 60;
    return true;
}

/* The timestamp's calendar reading in the zone of args[1], or in UTC. */
static bool civil(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n,
                  struct kb_civil *out, struct kb_cel_val *bad)
{
    int64_t offset = 0;
    if (n > 1 && kb_str_find(args[1].s, KB_STR(":"), 0) != SIZE_MAX) {
        if (!fixed_offset(call, args[1].s, &offset, bad)) {
            return false;
        }
    } else if (n > 1) {
        const struct kb_tz *tz;
        struct kb_err err;
        if (kb_failed(kb_tz_find(args[1].s, &tz, &err))) {
            *bad = kb_cel_lib_failed(call, &err);
            return false;
        }
        offset = kb_tz_offset(tz, args[0].i);
    }
    *out = kb_time_civil(args[0].i + offset);
    return true;
}

static struct kb_cel_val part(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n,
                              enum part which)
{
    struct kb_civil c;
    struct kb_cel_val bad;
    if (!civil(call, args, n, &c, &bad)) {
        return bad;
    }
    switch (which) {
    case FULL_YEAR:
        return kb_cel_int(c.year);
    case MONTH:
        return kb_cel_int(c.month - 1);
    case DAY_OF_YEAR:
        return kb_cel_int(c.year_day);
    case DAY_OF_MONTH:
        return kb_cel_int(c.day - 1);
    case DATE:
        return kb_cel_int(c.day);
    case DAY_OF_WEEK:
        return kb_cel_int(c.weekday);
    case HOURS:
        return kb_cel_int(c.hour);
    case MINUTES:
        return kb_cel_int(c.minute);
    case SECONDS:
        return kb_cel_int(c.second);
    }
    return kb_cel_lib_no_overload();
}

#define PART(name, which)                                                                          \
    static struct kb_cel_val name(struct kb_cel_call *call, const struct kb_cel_val *args,         \
                                  size_t n)                                                        \
    {                                                                                              \
        return part(call, args, n, which);                                                         \
    }

PART(full_year, FULL_YEAR)
PART(month, MONTH)
PART(day_of_year, DAY_OF_YEAR)
PART(day_of_month, DAY_OF_MONTH)
PART(date, DATE)
PART(day_of_week, DAY_OF_WEEK)
PART(hours, HOURS)
PART(minutes, MINUTES)
PART(seconds, SECONDS)

static struct kb_cel_val milliseconds(struct kb_cel_call *call, const struct kb_cel_val *args,
                                      size_t n)
{
    struct kb_civil c;
    struct kb_cel_val bad;
    return civil(call, args, n, &c, &bad) ? kb_cel_int(args[0].nanos / KB_NS_PER_MS) : bad;
}

/* A duration in whole units, towards zero. */
#define IN_UNITS(name, unit)                                                                       \
    static struct kb_cel_val name(struct kb_cel_call *call, const struct kb_cel_val *args,         \
                                  size_t n)                                                        \
    {                                                                                              \
        (void)call, (void)n;                                                                       \
        return kb_cel_int(args[0].i / (unit));                                                     \
    }

IN_UNITS(in_hours, 3600LL * KB_NS_PER_S)
IN_UNITS(in_minutes, 60LL * KB_NS_PER_S)
IN_UNITS(in_seconds, (int64_t)KB_NS_PER_S)
IN_UNITS(in_milliseconds, (int64_t)KB_NS_PER_MS)

#define OF_TIME(name, fn, doc)                                                                     \
    {name, "(timestamp) -> int", fn, KB_CEL_MEMBER, doc " (UTC)"},                                 \
    {                                                                                              \
        name, "(timestamp, string) -> int", fn, KB_CEL_MEMBER, doc " in a time zone"               \
    }

static const struct kb_cel_func funcs[] = {
    OF_TIME("getFullYear", full_year, "the year"),
    OF_TIME("getMonth", month, "the month, counted from 0"),
    OF_TIME("getDayOfYear", day_of_year, "the day of the year, counted from 0"),
    OF_TIME("getDayOfMonth", day_of_month, "the day of the month, counted from 0"),
    OF_TIME("getDate", date, "the day of the month, counted from 1"),
    OF_TIME("getDayOfWeek", day_of_week, "the day of the week, Sunday is 0"),
    OF_TIME("getHours", hours, "the hour"),
    OF_TIME("getMinutes", minutes, "the minute"),
    OF_TIME("getSeconds", seconds, "the second"),
    OF_TIME("getMilliseconds", milliseconds, "the milliseconds of the second"),
    {"getHours", "(duration) -> int", in_hours, KB_CEL_MEMBER, "the duration in whole hours"},
    {"getMinutes", "(duration) -> int", in_minutes, KB_CEL_MEMBER, "the duration in whole minutes"},
    {"getSeconds", "(duration) -> int", in_seconds, KB_CEL_MEMBER, "the duration in whole seconds"},
    {"getMilliseconds", "(duration) -> int", in_milliseconds, KB_CEL_MEMBER,
     "the duration in whole milliseconds"},
};

KB_CEL_LIBRARY(kb_cel_lib_time, "time");
