/*
 * Answers that say no: AWS's code and message, and what can be done about it.
 */
#ifndef KB_AWS_FAULT_H
#define KB_AWS_FAULT_H

#include "base/err.h"
#include "base/mem.h"

enum kb_aws_fault_kind {
    KB_AWS_FAULT_FINAL,
    KB_AWS_FAULT_TRANSIENT,
    KB_AWS_FAULT_THROTTLED,
    KB_AWS_FAULT_CLOCK,   /* signatures are refused where the clock is off, and for other reasons */
    KB_AWS_FAULT_EXPIRED, /* the session has ended */
    KB_AWS_FAULT_REGION,  /* S3: the bucket is elsewhere */
    KB_AWS_FAULT_DENIED,
    KB_AWS_FAULT_MISSING  /* what was asked for does not exist */
};

struct kb_aws_fault {
    enum kb_aws_fault_kind kind;
    char code[96];     /* "AccessDeniedException"; empty: the answer names none */
    char message[400]; /* AWS's own words, cut */
    char region[64];   /* KB_AWS_FAULT_REGION: where to ask */
};

/* Read an answer of status 300 and above. `type` is its x-amzn-ErrorType header, `region` its
 * x-amz-bucket-region; both may be empty. */
void kb_aws_fault_read(unsigned status, struct kb_str type, struct kb_str region, struct kb_str body,
                       struct kb_aws_fault *out);

#endif
