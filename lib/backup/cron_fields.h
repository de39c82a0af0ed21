/* The fields of robfig/cron's expressions. */
#ifndef KB_BACKUP_CRON_FIELDS_H
#define KB_BACKUP_CRON_FIELDS_H

#include "backup/cron.h"

/* What reading a field depends on. */
struct kb_cron_parser {
    bool step_clears_star; /* a step over 1 is no star any more */
    bool capital;          /* messages begin with a capital letter */
    struct kb_err *err;
};

/* KB_ERR_SYNTAX with a message in the dialect's spelling; `fmt` begins in lower case. */
KB_RES kb_cron_fail(const struct kb_cron_parser *parser, const char *fmt, ...) KB_PRINTF(2, 3);

/* Set the bits of a list; empty items are dropped. */
KB_RES kb_cron_read_field(const struct kb_cron_parser *parser, enum kb_cron_field which,
                          struct kb_str field, uint64_t *bits);

#endif
