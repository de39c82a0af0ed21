/*
 * What a cron expression means for backups: whether it fires, the longest time between two fires, and whether
 * daylight saving swallows a fire.
 *
 * The longest gap counts, not the nominal period: "0 2 * * 1-5" leaves 72 hours, and a daily fire at a local
 * time that is missing on one day a year leaves 47.
 */
#ifndef KB_BACKUP_SCHEDULE_H
#define KB_BACKUP_SCHEDULE_H

#include "backup/cron.h"

enum { KB_SCHEDULE_DAYS = 400, KB_SCHEDULE_FIRES_MAX = 600000, KB_SCHEDULE_ERROR_MAX = 256 };

struct kb_schedule_times {
    bool valid;       /* the expression can be read */
    bool fires;       /* it comes true within five years */
    bool dst_gap;     /* clock changes swallow a fire, so that the gap grows */
    int64_t next_s;   /* the next fire; with `fires` */
    int64_t gap_s;    /* the longest gap within KB_SCHEDULE_DAYS; that long where it has fewer than two
                         fires; with `fires` */
    char error[KB_SCHEDULE_ERROR_MAX]; /* why it is not valid */
    struct kb_cron cron;
};

void kb_schedule_times(enum kb_cron_dialect dialect, struct kb_str text, int64_t now_s,
                       struct kb_schedule_times *out);
/* The fire that is due after `from_s`; false where there is none. */
bool kb_schedule_due(const struct kb_schedule_times *times, int64_t from_s, int64_t *out_s);
/* How many fields the expression has, without a prefix for the zone; 0 for a descriptor. */
unsigned kb_schedule_fields(struct kb_str text);
/* The zone of the prefix ("Europe/Berlin"); empty where there is none. */
struct kb_str kb_schedule_zone(struct kb_str text);

#endif
