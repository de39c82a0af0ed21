/* The POSIX TZ rule in the footer of a TZif file: "CET-1CEST,M3.5.0,M10.5.0/3". */
#ifndef KB_DATA_TZ_RULE_H
#define KB_DATA_TZ_RULE_H

#include "base/err.h"
#include "base/str.h"

struct kb_tz_day {
    enum { KB_TZ_JULIAN, KB_TZ_ZERO_BASED, KB_TZ_MONTH_WEEK_DAY } form;
    int month;    /* 1 … 12 */
    int week;     /* 1 … 5, 5 = the last */
    int day;      /* weekday, or day of the year */
    int32_t time; /* seconds after local midnight; may be negative or beyond the day */
};

struct kb_tz_rule {
    bool has_dst;
    int32_t std; /* seconds east of UTC */
    int32_t dst;
    struct kb_tz_day start;
    struct kb_tz_day end;
};

/* False where the text is not a rule. */
bool kb_tz_rule_parse(struct kb_str text, struct kb_tz_rule *out);
int32_t kb_tz_rule_offset(const struct kb_tz_rule *rule, int64_t s);

#endif
