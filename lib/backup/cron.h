/*
 * Cron expressions: reading them as the schedulers of backups read them, and when they fire.
 *
 * Sources of the rules: robfig/cron v3.0.1 ParseStandard (Velero, K8up, Kubernetes' CronJob) and v1.2.0
 * Parse (CloudNativePG), with Go's time.Date in zones with daylight saving: on the day on which a clock
 * time is missing the fire is dropped, on the day on which it comes twice it fires twice.
 */
#ifndef KB_BACKUP_CRON_H
#define KB_BACKUP_CRON_H

#include "data/time.h"
#include "data/tz.h"

enum kb_cron_dialect {
    KB_CRON_STANDARD, /* v3.0.1 ParseStandard: five fields, descriptors, a prefix TZ= or CRON_TZ= */
    KB_CRON_SECONDS,  /* v1.2.0 Parse: seconds first, day of week optional, descriptors, no prefix */
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

struct kb_cron {
    int64_t every_s;               /* "@every": a constant delay in seconds; 0 for all others */
    uint64_t bits[KB_CRON_FIELDS]; /* bit n: the field may be n */
    const struct kb_tz *zone;      /* as the expression names it; NULL: the scheduler's own */
    bool midnight;                 /* a day without a midnight is looked at from its first hour on */
};

/*
 * KB_ERR_SYNTAX with the library's own message. KB_ERR_INVALID where the library panics instead of
 * answering; the message is then "panic: " and what it says. Messages are cut at KB_ERR_MSG_MAX.
 */
KB_RES kb_cron_parse(enum kb_cron_dialect dialect, struct kb_str text, struct kb_cron *out,
                     struct kb_err *err);

/*
 * The next fire after `from` in the scheduler's zone `local` (NULL: UTC); false where there is none within
 * five years. As the library it agrees with, it can give a time that is not after `from`, in zones that
 * change by other than whole hours: who loops must look.
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
