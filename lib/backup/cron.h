/*
 * Cron expressions: reading them as the schedulers of backups read them, and when they fire.
 *
 * Sources of the rules: robfig/cron v3.0.1 ParseStandard (Velero, K8up, Kubernetes' CronJob) and v1.2.0
 * Parse (CloudNativePG), with Go's time.Date in zones with daylight saving: on the day on which a clock
 * time is missing the fire is dropped, on the day on which it comes twice it fires twice. AWS: "Cron
 * expressions" and "Daylight savings time" in the guides of Amazon EventBridge and its Scheduler; a time that
 * is missing is dropped, one that comes twice fires once.
 */
#ifndef KB_BACKUP_CRON_H
#define KB_BACKUP_CRON_H

#include "data/time.h"
#include "data/tz.h"

enum kb_cron_dialect {
    KB_CRON_STANDARD, /* v3.0.1 ParseStandard: five fields, descriptors, a prefix TZ= or CRON_TZ= */
    KB_CRON_SECONDS,  /* v1.2.0 Parse: seconds first, day of week optional, descriptors, no prefix */
    KB_CRON_AWS,      /* cron(minute hour day month weekday year), rate(n unit) */
    KB_CRON_DIALECTS
};

enum kb_cron_field {
    KB_CRON_SECOND,
    KB_CRON_MINUTE,
    KB_CRON_HOUR,
    KB_CRON_DAY,
    KB_CRON_MONTH,
    KB_CRON_WEEKDAY,
    KB_CRON_FIELDS
};

/* Bit of a field that was a star: with it, day and weekday must both match, without it one suffices. */
#define KB_CRON_STAR (UINT64_C(1) << 63)

enum { KB_CRON_YEAR_MIN = 1970, KB_CRON_YEAR_MAX = 2199 };

/* What only AWS' form can say. */
struct kb_cron_aws {
    bool used;
    bool any_day, any_weekday; /* "?" */
    bool last_day;             /* "L" */
    bool last_workday;         /* "LW" */
    int near;                  /* "15W": the working day nearest to the 15th; 0: not said */
    int nth;                   /* "3#2": the second of its weekday in the month; 0: not said */
    bool last_weekday;         /* "5L": the last of its weekday in the month */
    uint64_t years[4];         /* bit n: the year 1970 + n */
};

struct kb_cron {
    int64_t every_s;               /* "@every": a constant delay in seconds; 0 for all others */
    uint64_t bits[KB_CRON_FIELDS]; /* bit n: the field may be n */
    const struct kb_tz *zone;      /* as the expression names it; NULL: the scheduler's own */
    struct kb_cron_aws aws;
    bool midnight;                 /* a day without a midnight is looked at from its first hour on */
};

/*
 * KB_ERR_SYNTAX with the library's own message (ours for AWS, which publishes none). KB_ERR_INVALID where the
 * library panics instead of answering; the message is then "panic: " and what it says. Messages are cut at
 * KB_ERR_MSG_MAX.
 */
KB_RES kb_cron_parse(enum kb_cron_dialect dialect, struct kb_str text, struct kb_cron *out,
                     struct kb_err *err);

/*
 * The next fire after `from` in the scheduler's zone `local` (NULL: UTC; of a CronJob its spec.timeZone); false
 * where there is none within five years (AWS: in the years that it names). As the library it agrees with, it can
 * give a time that is not after `from`, in zones that change by other than whole hours: who loops must look.
 */
bool kb_cron_next(const struct kb_cron *cron, const struct kb_tz *local, struct kb_time from,
                  struct kb_time *out);

struct kb_cron_span {
    uint64_t count;    /* fires in (from, until] */
    bool capped;       /* counting ended at `max` */
    int64_t max_gap_s; /* between two fires that follow each other; -1 with fewer than two */
};
/* The fires in (from, until], at most `max` of them; times before their argument are passed over. */
struct kb_cron_span kb_cron_count(const struct kb_cron *cron, const struct kb_tz *local,
                                  struct kb_time from, struct kb_time until, uint64_t max);

#endif
