/*
 * When a request is sent again, and after how long.
 *
 * Rules: as Kubernetes' client-go (rest/with_retry.go) for answers that name their Retry-After; those
 * without it, and broken connections, with doubling waits. Only for requests that may be repeated.
 */
#ifndef KB_NET_RETRY_H
#define KB_NET_RETRY_H

#include <stdbool.h>
#include <stdint.h>

enum { KB_RETRY_MAX = 10, KB_RETRY_BROKEN_MAX = 4, KB_RETRY_AFTER_MAX_MS = 120000 };

/* What became of an attempt. */
struct kb_attempt {
    unsigned number;        /* from 1 */
    unsigned status;        /* HTTP status; 0: the connection failed or broke */
    int64_t retry_after_ms; /* as the answer asks; -1: it does not */
};

/* Milliseconds to wait before the next attempt; -1: there is none, the answer is final. An answer that
 * asks for more than KB_RETRY_AFTER_MAX_MS is final too. */
int64_t kb_retry_wait_ms(const struct kb_attempt *attempt);

#endif
