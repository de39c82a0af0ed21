/*
 * Audit logs of an EKS cluster out of CloudWatch Logs, as inputs beside files.
 *
 * The time asked for is cut into windows; each is an input, read page by page while it is judged, so that
 * memory does not grow with the window. A window ends well only where all of it was read: to the page
 * without a token, with every stream's last event as DescribeLogStreams names it, within what the group
 * still holds. Otherwise it ends with an error that says what is missing.
 *
 * A checkpoint lets runs follow each other: the next begins KB_CLOUDWATCH_OVERLAP_MS before the end of the
 * last, and what the last had read is left out by its event id. Events that arrived after it are given then.
 *
 * Facts: Amazon CloudWatch Logs API reference and service quotas; "Amazon EKS User Guide", control plane
 * logging.
 */
#ifndef KB_SOURCE_CLOUDWATCH_H
#define KB_SOURCE_CLOUDWATCH_H

#include "aws/call.h"
#include "kube/target.h"
#include "source/input.h"

enum {
    KB_CLOUDWATCH_LAG_MS = 5 * 60 * 1000,      /* what is younger may still be on its way */
    KB_CLOUDWATCH_OVERLAP_MS = 15 * 60 * 1000, /* read again by the next run */
    KB_CLOUDWATCH_SPAN_MS = 60 * 60 * 1000,    /* of a window; longer where there were too many */
    KB_CLOUDWATCH_WINDOWS = 48,
    KB_CLOUDWATCH_STREAMS = 4096 /* told apart */
};
#define KB_CLOUDWATCH_NO_TIME INT64_MIN

struct kb_cloudwatch_options {
    struct kb_aws_client *client; /* outlives the reading, and is used by nobody else during it */
    struct kb_str group;          /* "/aws/eks/prod/cluster" */
    struct kb_str checkpoint;     /* where, as kb_checkpoint_open takes it; empty: none */
    const struct kb_kube_flags *flags; /* the cluster of a checkpoint in a ConfigMap; outlives the reading */
    int64_t now_ms;               /* Unix time */
    bool now_fixed;               /* the user's word, not a clock that AWS's may correct */
    int64_t since_ms, until_ms;   /* of deliveries; KB_CLOUDWATCH_NO_TIME: the last hour, to now less the lag */
};

struct kb_cloudwatch;

/*
 * Take the lock of the checkpoint, read it, and look at the group and its streams. KB_ERR_NOT_FOUND where
 * there is no such group, KB_ERR_INVALID where another run holds the checkpoint, KB_ERR_CORRUPT where it is
 * damaged or of another group. What may not be listed makes windows incomplete, and is no failure here.
 */
KB_RES kb_cloudwatch_open(const struct kb_cloudwatch_options *options, struct kb_cloudwatch **out,
                          struct kb_err *err);
/* Its inputs; they live as long as it does, and can be read once. */
const struct kb_input_entry *kb_cloudwatch_inputs(const struct kb_cloudwatch *cw, size_t *n);
/*
 * What was read has been used: the next run goes on behind it. Without a checkpoint, and where a window is
 * not complete, nothing is written, and *moved is false. What is gone for good (by the group's retention, by
 * its being made anew, in hours of silence) does not hold it: no later run would find more.
 */
KB_RES kb_cloudwatch_commit(struct kb_cloudwatch *cw, bool *moved, struct kb_err *err);
/* What is missing in the windows that were read, and can still come before what is gone for good; NULL: nothing
 * is. Lives as long as it does. */
const char *kb_cloudwatch_missing(const struct kb_cloudwatch *cw);
void kb_cloudwatch_close(struct kb_cloudwatch *cw); /* NULL allowed */

#endif
