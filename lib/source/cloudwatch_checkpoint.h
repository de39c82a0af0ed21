/*
 * The checkpoint: up to when a log group was read, and the keys of the last events before that.
 *
 * Text: a header in JSON, one key in hexadecimal a line, the SHA-256 of all before.
 */
#ifndef KB_SOURCE_CLOUDWATCH_CHECKPOINT_H
#define KB_SOURCE_CLOUDWATCH_CHECKPOINT_H

#include "source/checkpoint_place.h"
#include "source/cloudwatch_seen.h"

enum { KB_CHECKPOINT_ACCOUNT_MAX = 16 };

struct kb_checkpoint {
    struct kb_str group, region; /* whose it is; the caller's */
    char account[KB_CHECKPOINT_ACCOUNT_MAX]; /* the group's; empty: it was not told */
    int64_t until_ms;            /* all before this was read */
    int64_t overlap_ms;          /* the keys are of all events from here on */
    struct kb_seen_set keys;
};
void kb_checkpoint_done(struct kb_checkpoint *checkpoint);

/* Group and region are given, and must be those of the text (else KB_ERR_INVALID). KB_ERR_NOT_FOUND where
 * there is none, KB_ERR_CORRUPT where it is damaged. `out` is to be freed in all cases. */
KB_RES kb_checkpoint_read(const struct kb_checkpoint_place *place, struct kb_checkpoint *out,
                          struct kb_err *err);
/* Of `seen`, the keys from checkpoint->overlap_ms on are written, or from later on, as many as the place
 * holds; checkpoint->keys does not count. */
KB_RES kb_checkpoint_write(const struct kb_checkpoint_place *place,
                           const struct kb_checkpoint *checkpoint, const struct kb_seen *seen,
                           struct kb_err *err);

#endif
