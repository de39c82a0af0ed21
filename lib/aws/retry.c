/* Tokens and waits. */
#include "aws/retry.h"

void kb_aws_retry_init(struct kb_aws_retry *retry, unsigned max_attempts)
{
    *retry = (struct kb_aws_retry){.tokens = KB_AWS_RETRY_TOKENS, .max_attempts = max_attempts};
}

static int64_t longest_wait(unsigned number, int64_t base_ms)
{
    int64_t wait = base_ms;
    for (unsigned i = 1; i < number && wait < KB_AWS_RETRY_LONGEST_MS; i++) {
        wait *= 2;
    }
    return wait < KB_AWS_RETRY_LONGEST_MS ? wait : KB_AWS_RETRY_LONGEST_MS;
}

int64_t kb_aws_retry_wait_ms(struct kb_aws_retry *retry, unsigned number,
                             enum kb_aws_trouble trouble, int64_t asked_ms, double chance)
{
    bool throttled = trouble == KB_AWS_THROTTLED;
    int cost = throttled ? KB_AWS_RETRY_COST_THROTTLED : KB_AWS_RETRY_COST;
    if (number >= retry->max_attempts || retry->tokens < cost) {
        return -1;
    }
    retry->tokens -= cost;
    retry->spent = cost;
    int64_t base = throttled ? KB_AWS_RETRY_BASE_THROTTLED_MS : KB_AWS_RETRY_BASE_MS;
    int64_t wait = (int64_t)(chance * (double)longest_wait(number, base));
    if (asked_ms > wait) {
        int64_t most = wait + KB_AWS_RETRY_ASKED_MS;
        wait = asked_ms < most ? asked_ms : most;
    }
    return wait;
}

void kb_aws_retry_succeeded(struct kb_aws_retry *retry)
{
    retry->tokens += retry->spent > 0 ? retry->spent : 1;
    retry->spent = 0;
    if (retry->tokens > KB_AWS_RETRY_TOKENS) {
        retry->tokens = KB_AWS_RETRY_TOKENS;
    }
}
