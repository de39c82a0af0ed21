/*
 * The checkpoint file: up to when a log group was read, and the keys of the last events before that.
 *
 * Text: a header in JSON, one key in hexadecimal a line, the SHA-256 of all before. It is replaced in one
 * step. Beside it lies a lock, `<file>.lock`, which is gone with the process that holds it.
 */
#ifndef KB_SOURCE_CLOUDWATCH_CHECKPOINT_H
#define KB_SOURCE_CLOUDWATCH_CHECKPOINT_H

#include "source/cloudwatch_seen.h"

enum { KB_CHECKPOINT_MAX = 32 << 20 }; /* bytes of the file */

struct kb_checkpoint {
    struct kb_str group, region; /* whose it is; the caller's */
    int64_t until_ms;            /* all before this was read */
    int64_t overlap_ms;          /* the keys are of all events from here on */
    struct kb_seen_set keys;
};
void kb_checkpoint_done(struct kb_checkpoint *checkpoint);

/* Hold the lock until *fd is closed. KB_ERR_INVALID where another process has it. */
KB_RES kb_checkpoint_lock(struct kb_str path, int *fd, struct kb_err *err);
/* Group and region are given, and must be those of the file (else KB_ERR_INVALID). KB_ERR_NOT_FOUND where
 * there is no file, KB_ERR_CORRUPT where it is damaged. `out` is to be freed in all cases. */
KB_RES kb_checkpoint_read(struct kb_str path, struct kb_checkpoint *out, struct kb_err *err);
/* Of `seen`, the keys from checkpoint->overlap_ms on are written; checkpoint->keys does not count. */
KB_RES kb_checkpoint_write(struct kb_str path, const struct kb_checkpoint *checkpoint,
                           const struct kb_seen *seen, struct kb_err *err);

#endif
