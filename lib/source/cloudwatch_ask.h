/*
 * Asking CloudWatch Logs: no faster than half of what the account may, and with more patience than other
 * calls, since the end of patience is a hole in the evidence.
 *
 * Quotas: "CloudWatch Logs quotas" of the Amazon CloudWatch Logs User Guide.
 */
#ifndef KB_SOURCE_CLOUDWATCH_ASK_H
#define KB_SOURCE_CLOUDWATCH_ASK_H

#include "aws/call.h"

enum kb_cw_call {
    KB_CW_FILTER,
    KB_CW_GET,
    KB_CW_GROUPS,
    KB_CW_STREAMS,
    KB_CW_QUERY,
    KB_CW_RESULTS,
    KB_CW_CALLS
};

/* Calls of one kind in a row. */
struct kb_cw_pace {
    int64_t every_ms; /* between them, by quota */
    int64_t slow_ms;  /* the same, after refusals */
    int64_t next_ms;  /* monotonic */
};

struct kb_cw_asker {
    struct kb_aws_client *client; /* outlives it */
    bool reached;                 /* some call was answered: what fails now may pass */
    struct kb_cw_pace pace[KB_CW_CALLS];
};

void kb_cw_asker_init(struct kb_cw_asker *asker, struct kb_aws_client *client, struct kb_str region);
/* Whether one stream at a time is faster here than all of them together. */
bool kb_cw_get_is_better(const struct kb_cw_asker *asker);
const struct kb_aws_operation *kb_cw_operation(enum kb_cw_call call);
/* One page. *waited_ms grows by what it took. Errors as kb_aws_call, with the request's id. */
KB_RES kb_cw_ask(struct kb_cw_asker *asker, enum kb_cw_call call, const json_t *params,
                 const struct kb_aws_taker *taker, struct kb_aws_status *status,
                 uint64_t *waited_ms, struct kb_err *err);
/* The same, as a tree: *out is a new reference. */
KB_RES kb_cw_ask_tree(struct kb_cw_asker *asker, enum kb_cw_call call, const json_t *params,
                      json_t **out, struct kb_aws_status *status, uint64_t *waited_ms,
                      struct kb_err *err);
void kb_cw_wait_ms(int64_t ms);

#endif
