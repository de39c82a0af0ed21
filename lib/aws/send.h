/*
 * One call: signed, sent, sent again where that may help, and its answer read.
 */
#ifndef KB_AWS_SEND_H
#define KB_AWS_SEND_H

#include "aws/fault.h"
#include "aws/operation.h"
#include "aws/retry.h"
#include "aws/settings.h"
#include "aws/sigv4.h"
#include "data/json.h"
#include "net/http.h"

enum {
    KB_AWS_PEERS = 8,                /* connections kept, one a host */
    KB_AWS_ANSWER_MAX = 64 << 20,    /* bytes of one answer */
    KB_AWS_CONNECT_MS = 5000,
    KB_AWS_TIMEOUT_MS = 60000,
    KB_AWS_SKEW_S = 240              /* the clock counts as off from here */
};

/* Whom to sign as. The key lives until it is asked for again. `expired` tells that AWS refused the last one
 * as such. */
struct kb_aws_signer {
    kb_res (*key)(void *ctx, int64_t now_s, bool expired, const struct kb_sigv4_key **out,
                  struct kb_err *err);
    void *ctx;
};

struct kb_aws_peer {
    char url[KB_AWS_URL_MAX]; /* scheme, host, port */
    struct kb_http *http;
    struct kb_sigv4_cache cache;
};

/* What calls of one process share. Zeroed memory with `settings` set and `retry` begun is a valid one; it
 * must not be used by two threads at once. */
struct kb_aws_sender {
    const struct kb_aws_settings *settings; /* outlives it */
    struct kb_aws_retry retry;
    struct kb_aws_peer peers[KB_AWS_PEERS];
    size_t next_peer;
    int64_t offset_s; /* AWS's clock less ours, once it is known to be off */
    int64_t ahead_s;  /* the same as the last answer showed it, to the second; signing does without */
    const struct kb_aws_operation *paced; /* the operation sent last, and when, for its quota */
    int64_t paced_ms;
};

void kb_aws_sender_init(struct kb_aws_sender *sender, const struct kb_aws_settings *settings);
void kb_aws_sender_done(struct kb_aws_sender *sender);

/*
 * Who reads the body of a successful answer. Where that fails, the answer was not whole, and is asked for
 * again. The text may be moved out of `body`, which is left empty then.
 */
struct kb_aws_taker {
    kb_res (*take)(void *ctx, struct kb_buf *body, struct kb_err *err);
    void *ctx;
};

/* As a tree, which most want; *out is a new reference. */
struct kb_aws_tree {
    const struct kb_aws_operation *operation;
    json_t **out;
};
struct kb_aws_taker kb_aws_tree_taker(struct kb_aws_tree *tree);

/* What became of a call. */
struct kb_aws_status {
    unsigned http;        /* status of the last answer; 0: there was none */
    unsigned attempts;
    uint64_t bytes;
    char request_id[80];  /* empty: the answer has none */
    struct kb_aws_fault fault; /* of the last answer; fault.code is empty after a success */
};

/*
 * Call an operation in `region` (empty: that of the settings). `signer` may be NULL: unsigned.
 * KB_ERR_NOT_FOUND where AWS says that it does not exist, KB_ERR_INVALID where access is
 * denied, KB_ERR_IO otherwise, KB_ERR_CORRUPT where answers are not whole; the message names operation,
 * code and request.
 */
KB_RES kb_aws_send(struct kb_aws_sender *sender, const struct kb_aws_operation *operation,
                   const json_t *params, struct kb_str region, const struct kb_aws_signer *signer,
                   const struct kb_aws_taker *taker, struct kb_aws_status *status,
                   struct kb_err *err);

/* Seconds since 1970 by AWS's clock. */
int64_t kb_aws_now_s(const struct kb_aws_sender *sender);

#endif
