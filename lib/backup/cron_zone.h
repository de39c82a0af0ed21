/* The zone that an expression names before its fields. */
#ifndef KB_BACKUP_CRON_ZONE_H
#define KB_BACKUP_CRON_ZONE_H

#include "data/tz.h"

/*
 * A zone by name, as Go's time.LoadLocation finds it under /usr/share/zoneinfo: "" and "UTC" are UTC, "Local"
 * is the scheduler's own (*out is NULL). KB_ERR_SYNTAX with Go's message where there is none.
 */
KB_RES kb_cron_zone(struct kb_str name, const struct kb_tz **out, struct kb_err *err);

#endif
