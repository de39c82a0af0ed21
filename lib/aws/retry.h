/*
 * When a call is sent again, and after how long.
 *
 * Rules: the SDKs' standard mode in its form of 2026 (botocore retries/standard.py): a bucket of tokens
 * shared by all calls, so that a service in trouble is not asked more and more; waits that double, with
 * chance in them.
 */
#ifndef KB_AWS_RETRY_H
#define KB_AWS_RETRY_H

#include <stdbool.h>
#include <stdint.h>

enum kb_aws_trouble {
    KB_AWS_TRANSIENT, /* broken connections, answers that are not whole, 500, 502, 503, 504 */
    KB_AWS_THROTTLED
};

enum {
    KB_AWS_RETRY_TOKENS = 500,
    KB_AWS_RETRY_COST = 14,
    KB_AWS_RETRY_COST_THROTTLED = 5,
    KB_AWS_RETRY_BASE_MS = 50,
    KB_AWS_RETRY_BASE_THROTTLED_MS = 1000,
    KB_AWS_RETRY_LONGEST_MS = 20000,
    KB_AWS_RETRY_ASKED_MS = 5000 /* what a service may ask for beyond the wait of its turn */
};

struct kb_aws_retry {
    int tokens;
    int spent; /* by the call under way, given back when it succeeds */
    unsigned max_attempts;
};

void kb_aws_retry_init(struct kb_aws_retry *retry, unsigned max_attempts);

/*
 * After attempt `number` (from 1) failed: milliseconds to wait before the next, or -1 where there is none.
 * `asked_ms` is the answer's x-amz-retry-after, -1 without; `chance` is in [0, 1).
 */
int64_t kb_aws_retry_wait_ms(struct kb_aws_retry *retry, unsigned number,
                             enum kb_aws_trouble trouble, int64_t asked_ms, double chance);
/* The call succeeded. */
void kb_aws_retry_succeeded(struct kb_aws_retry *retry);

#endif
