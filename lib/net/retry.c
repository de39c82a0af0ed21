/* Which attempts are repeated. */
#include "net/retry.h"

enum { FIRST_WAIT_MS = 200, LONGEST_WAIT_MS = 5000 };

static int64_t doubled(unsigned number)
{
    int64_t wait = FIRST_WAIT_MS;
    for (unsigned i = 1; i < number && wait < LONGEST_WAIT_MS; i++) {
        wait *= 2;
    }
    return wait < LONGEST_WAIT_MS ? wait : LONGEST_WAIT_MS;
}

int64_t kb_retry_wait_ms(const struct kb_attempt *attempt)
{
    if (attempt->status == 0) {
        return attempt->number < KB_RETRY_BROKEN_MAX ? doubled(attempt->number) : -1;
    }
    if (attempt->status != 429 && attempt->status < 500) {
        return -1;
    }
    if (attempt->retry_after_ms > KB_RETRY_AFTER_MAX_MS) {
        return -1;
    }
    if (attempt->retry_after_ms >= 0) {
        return attempt->number < KB_RETRY_MAX ? attempt->retry_after_ms : -1;
    }
    return attempt->number < KB_RETRY_BROKEN_MAX ? doubled(attempt->number) : -1;
}
