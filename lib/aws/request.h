/* An operation and its parameters as they go over the wire. */
#ifndef KB_AWS_REQUEST_H
#define KB_AWS_REQUEST_H

#include "aws/operation.h"
#include "base/mem.h"
#include "data/json.h"

enum { KB_AWS_REQUEST_MAX = 1 << 20 };

struct kb_aws_request {
    struct kb_str method;
    struct kb_buf path;  /* percent-encoded, with the prefix of the endpoint before it */
    struct kb_buf query; /* percent-encoded, without '?' */
    struct kb_buf body;
    const char *content_type; /* NULL: there is no body */
    char target[160];         /* X-Amz-Target; empty: none */
};

/*
 * `params` is an object (NULL allowed) with names as on the wire. `prefix` is the path of the endpoint, and
 * `bucket_in_host` tells that S3's bucket stands there. KB_ERR_INVALID where a parameter of the path is
 * missing. `out` is to be freed in both cases.
 */
KB_RES kb_aws_request_build(const struct kb_aws_service *service,
                            const struct kb_aws_operation *operation, const json_t *params,
                            struct kb_str prefix, bool bucket_in_host, struct kb_aws_request *out,
                            struct kb_err *err);
void kb_aws_request_done(struct kb_aws_request *request); /* wipes it */

#endif
