/* The form of cron expressions that AWS has (AWS Backup, Data Lifecycle Manager, EventBridge). */
#ifndef KB_BACKUP_CRON_AWS_H
#define KB_BACKUP_CRON_AWS_H

#include "backup/cron.h"

/* As kb_cron_parse. */
KB_RES kb_cron_parse_aws(struct kb_str text, struct kb_cron *out, struct kb_err *err);
/* As kb_cron_next, in the zone (NULL: UTC). */
bool kb_cron_next_aws(const struct kb_cron *cron, const struct kb_tz *zone, struct kb_time from,
                      struct kb_time *out);

#endif
