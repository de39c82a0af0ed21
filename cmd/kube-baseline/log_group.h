/* The log group that --log-group or --eks-cluster names, and the AWS it lies in. */
#ifndef KB_CMD_LOG_GROUP_H
#define KB_CMD_LOG_GROUP_H

#include "kube-baseline/app.h"
#include "source/cloudwatch.h"
#include "source/insights.h"

enum { KB_LOG_GROUP_NAME_MAX = 4096 };

struct kb_log_group {
    struct kb_aws_client *aws;
    struct kb_cloudwatch *cw; /* it is read, or … */
    struct kb_insights *insights; /* … looked through */
    struct kb_kube_flags flags; /* of the checkpoint's cluster; borrowed: the group must not move */
    const struct kb_input_entry *inputs;
    size_t n;
};

/* The times of the command line. */
struct kb_log_span {
    int64_t now_ns, since_ns, until_ns; /* KB_TIME_NONE: not given, but for now */
    bool now_fixed;
};

KB_RES kb_log_span_read(const struct kb_app *app, struct kb_log_span *out, struct kb_err *err);

/* Whether one is named. */
bool kb_log_group_named(const struct kb_args *args);
/* Its name into `out`. KB_ERR_USAGE where none is named. */
KB_RES kb_log_group_name(const struct kb_args *args, struct kb_buf *out, struct kb_err *err);
/* A client by --region, --aws-profile, --endpoint-url and AWS' own settings. To be freed in both cases. */
KB_RES kb_aws_open(const struct kb_app *app, struct kb_aws_client **out, struct kb_err *err);
/* Open it, where one is named; else *out is empty. KB_ERR_USAGE where log files are named as well. Freed with
 * kb_log_group_done, also after a failure. */
KB_RES kb_log_group_open(const struct kb_app *app, const struct kb_log_span *span,
                         struct kb_log_group *out, struct kb_err *err);
/* What was read is used: move the checkpoint. Exit status: `status`, or that of trouble. */
int kb_log_group_commit(const struct kb_app *app, struct kb_log_group *group, int status);
void kb_log_group_done(struct kb_log_group *group);

#endif
