/* Where one request goes: origin and path prefix of its endpoint. */
#ifndef KB_AWS_TARGET_H
#define KB_AWS_TARGET_H

#include "aws/operation.h"
#include "aws/settings.h"
#include "data/json.h"

struct kb_aws_target {
    char origin[KB_AWS_URL_MAX]; /* "https://host:port" */
    char host[KB_AWS_URL_MAX];   /* as the Host header has it: without the scheme's own port */
    char prefix[KB_AWS_URL_MAX]; /* path of the endpoint, without a slash at its end; mostly empty */
    struct kb_str region;        /* that the request is signed for. Borrowed */
    struct kb_str header;        /* value of kb_aws_service.header; empty: none. Borrowed */
    bool bucket_in_host;
};

/* The endpoint of an operation in `region` (empty: that of the settings). A bucket of S3 stands in the host
 * where AWS's own endpoint is used and its name allows it. KB_ERR_INVALID where nothing names a region. */
KB_RES kb_aws_target(const struct kb_aws_settings *settings, const struct kb_aws_service *service,
                     const json_t *params, struct kb_str region, struct kb_aws_target *out,
                     struct kb_err *err);

#endif
