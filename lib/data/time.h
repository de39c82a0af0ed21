/*
 * Points in time as text: RFC 3339 in the forms that CEL, Kubernetes and people write, and the
 * civil calendar (proleptic Gregorian, UTC, no leap seconds). Definitions: RFC 3339 §5.6;
 * google/cel-spec langdef.md (timestamps are 0001-01-01T00:00:00Z to
 * 9999-12-31T23:59:59.999999999Z); Go's time.Parse, which metav1.Time and MicroTime use.
 */
#ifndef KB_DATA_TIME_H
#define KB_DATA_TIME_H

#include "base/err.h"
#include "base/mem.h"

struct kb_time {
    int64_t s;  /* seconds since 1970-01-01T00:00:00Z */
    int32_t ns; /* 0 … 999,999,999 */
};

static const int64_t KB_TIME_MIN_S = -62135596800; /* 0001-01-01T00:00:00Z */
static const int64_t KB_TIME_MAX_S = 253402300799; /* 9999-12-31T23:59:59Z */

struct kb_civil {
    int64_t year;
    int month;    /* 1 … 12 */
    int day;      /* 1 … 31 */
    int hour;     /* 0 … 23 */
    int minute;   /* 0 … 59 */
    int second;   /* 0 … 59 */
    int weekday;  /* 0 = Sunday */
    int year_day; /* 0 = 1 January */
};

/* The calendar reading of `s` seconds since 1970 (add a zone's offset first for local time). */
struct kb_civil kb_time_civil(int64_t s);
/* Seconds since 1970 of year … second; fields must be in their ranges, weekday and year_day are not
 * read. */
int64_t kb_time_from_civil(const struct kb_civil *civil);
int kb_time_days_in_month(int64_t year, int month);

/* <0, 0, >0. */
int kb_time_cmp(struct kb_time a, struct kb_time b);
/* a - b in nanoseconds; false where that does not fit. */
bool kb_time_diff(struct kb_time a, struct kb_time b, int64_t *out_ns);
/* t + ns; false where that leaves the years 1 to 9999. */
bool kb_time_add(struct kb_time t, int64_t ns, struct kb_time *out);

enum kb_time_form {
    KB_TIME_STRICT, /* RFC 3339: two digits each, '.' before 1 to 9 digits (more are cut), 'T', 'Z'
                       or +00:00 */
    KB_TIME_META,   /* metav1.Time: also one digit of hour, and a comma before the fraction */
    KB_TIME_MICRO   /* metav1.MicroTime: as META, with exactly six digits of fraction */
};
KB_RES kb_time_parse(struct kb_str text, enum kb_time_form form, struct kb_time *out,
                     struct kb_err *err);

/* "2026-01-15T10:00:01.123456Z" and "2026-01-15T10:00:01Z" without detours, and the strict form
 * otherwise; false where it is none of these. */
bool kb_time_parse_audit(struct kb_str text, struct kb_time *out);

/* Digits of the fraction: all that are needed (0 … 9), or a fixed number. */
enum kb_time_digits { KB_TIME_SECONDS = 0, KB_TIME_MICROS = 6, KB_TIME_NANOS = -1 };
/* RFC 3339 in UTC. */
void kb_time_format(struct kb_time t, enum kb_time_digits digits, struct kb_buf *out);
/* The same instant with all digits that are needed, as the clock `minutes` east of UTC shows it. */
void kb_time_format_zone(struct kb_time t, int minutes, struct kb_buf *out);
/* The offset of a text that kb_time_parse takes, in minutes east of UTC. */
int kb_time_zone_minutes(struct kb_str text);

/*
 * A point in time as people name it on the command line (UTC): RFC 3339, "2026-01-15",
 * "2026-01-15T10:00Z", "2026-01-15 10:00:00", "-24h", "-7d" (before now), "now", "today", "yesterday",
 * "this-week" (from Monday), "week-ago", "this-month". KB_ERR_USAGE lists the forms.
 */
KB_RES kb_time_word(struct kb_str text, struct kb_time now, struct kb_time *out,
                    struct kb_err *err);

#endif
