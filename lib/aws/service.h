/*
 * The services that are called: protocol, names, and where they live.
 */
#ifndef KB_AWS_SERVICE_H
#define KB_AWS_SERVICE_H

#include "base/err.h"
#include "base/str.h"

/* How operations and answers are written (AWS Smithy, "AWS protocols"). */
enum kb_aws_protocol {
    KB_AWS_JSON,      /* awsJson1_0, awsJson1_1: POST /, the operation in X-Amz-Target */
    KB_AWS_REST_JSON, /* restJson1 */
    KB_AWS_QUERY,     /* awsQuery: a form, XML back */
    KB_AWS_EC2,       /* ec2Query: the same with lists written otherwise */
    KB_AWS_REST_XML   /* restXml: S3 */
};

struct kb_aws_service {
    const char *id;      /* "logs" */
    const char *cli;     /* as the AWS CLI names it: "s3api" for "s3" */
    const char *setting; /* in AWS_ENDPOINT_URL_<SETTING> and sections of `services`: "cloudwatch_logs" */
    const char *host;    /* first part of the host: "logs", "portal.sso" */
    const char *signing; /* in signatures */
    const char *target;  /* KB_AWS_JSON: before the operation in X-Amz-Target */
    const char *version; /* KB_AWS_QUERY, KB_AWS_EC2; KB_AWS_JSON: of the protocol, NULL: 1.1 */
    enum kb_aws_protocol protocol;
    bool plain_in_gov;   /* us-gov has one host, which is FIPS's */
    const char *in_host; /* parameter that stands before the host; NULL: none */
    const char *header;  /* header that holds it too, and is signed; NULL: none */
    bool global;         /* one place a partition, whatever region is asked for */
};

/* NULL where there is no such service in the table. */
const struct kb_aws_service *kb_aws_service_find(struct kb_str id);

struct kb_aws_place {
    struct kb_str region;
    bool fips, dualstack;
};

enum { KB_AWS_HOST_MAX = 256 };

/* The region that a service is called in, and its requests are signed for, where `region` is asked for. */
struct kb_str kb_aws_service_region(const struct kb_aws_service *service, struct kb_str region);

/* The host of a service: "eks.eu-central-1.amazonaws.com". KB_ERR_UNSUPPORTED where the partition has none
 * of that kind. Rules: endpoint rule sets of the SDKs. */
KB_RES kb_aws_host(const struct kb_aws_service *service, const struct kb_aws_place *place,
                   char out[KB_AWS_HOST_MAX], struct kb_err *err);

#endif
