#include "aws/fault.h"
#include "aws/operation.h"
#include "aws/request.h"
#include "aws/retry.h"
#include "aws/shape.h"
#include "aws/target.h"
#include "test.h"
#include "world.h"

KB_TEST(retry, waits_double_with_chance_and_end)
{
    struct kb_aws_retry r;
    kb_aws_retry_init(&r, 3);
    EQ_INT(kb_aws_retry_wait_ms(&r, 1, KB_AWS_TRANSIENT, -1, 0.5), 25);
    EQ_INT(kb_aws_retry_wait_ms(&r, 2, KB_AWS_TRANSIENT, -1, 0.5), 50);
    EQ_INT(kb_aws_retry_wait_ms(&r, 3, KB_AWS_TRANSIENT, -1, 0.5), -1);
    EQ_INT(r.tokens, KB_AWS_RETRY_TOKENS - 2 * KB_AWS_RETRY_COST);
    EQ_INT(kb_aws_retry_wait_ms(&r, 1, KB_AWS_THROTTLED, -1, 0.25), 250);
    kb_aws_retry_succeeded(&r);
    EQ_INT(r.tokens, KB_AWS_RETRY_TOKENS - 2 * KB_AWS_RETRY_COST);
    kb_aws_retry_succeeded(&r);
    EQ_INT(r.tokens, KB_AWS_RETRY_TOKENS - 2 * KB_AWS_RETRY_COST + 1);
}

KB_TEST(retry, waits_are_bounded)
{
    struct kb_aws_retry r;
    kb_aws_retry_init(&r, 100);
    EQ_INT(kb_aws_retry_wait_ms(&r, 60, KB_AWS_THROTTLED, -1, 0.5), KB_AWS_RETRY_LONGEST_MS / 2);
    EQ_INT(kb_aws_retry_wait_ms(&r, 1, KB_AWS_TRANSIENT, 3000, 0.0), 3000);
    EQ_INT(kb_aws_retry_wait_ms(&r, 1, KB_AWS_TRANSIENT, 900000, 0.0), KB_AWS_RETRY_ASKED_MS);
    EQ_INT(kb_aws_retry_wait_ms(&r, 1, KB_AWS_THROTTLED, 10, 0.5), 500);
}

KB_TEST(retry, bucket_runs_empty)
{
    struct kb_aws_retry r;
    unsigned granted = 0;
    kb_aws_retry_init(&r, 100);
    while (kb_aws_retry_wait_ms(&r, 1, KB_AWS_TRANSIENT, -1, 0.0) >= 0) {
        granted++;
    }
    EQ_UINT(granted, KB_AWS_RETRY_TOKENS / KB_AWS_RETRY_COST);
}

KB_TEST(fault, codes_are_found_wherever_a_protocol_puts_them)
{
    static const struct {
        unsigned status;
        const char *type, *body, *code, *message;
        enum kb_aws_fault_kind kind;
    } cases[] = {
        {400, "", "{\"__type\":\"com.amazonaws.logs#ThrottlingException\",\"message\":\"m\"}",
         "ThrottlingException", "m", KB_AWS_FAULT_THROTTLED},
        {403, "AccessDeniedException:http://internal/x/", "{\"Message\":\"m\"}", "AccessDeniedException",
         "m", KB_AWS_FAULT_DENIED},
        {404, "", "{\"code\":\"ResourceNotFoundException\"}", "ResourceNotFoundException", "",
         KB_AWS_FAULT_MISSING},
        {503, "", "<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>m</Message></Error>"
         "</Errors><RequestID>r</RequestID></Response>", "RequestLimitExceeded", "m",
         KB_AWS_FAULT_THROTTLED},
        {400, "", "<ErrorResponse><Error><Code>ExpiredToken</Code></Error></ErrorResponse>",
         "ExpiredToken", "", KB_AWS_FAULT_EXPIRED},
        {403, "", "{\"Error\":{\"Code\":\"SignatureDoesNotMatch\",\"Message\":\"m\"},\"RequestId\":\"r\"}",
         "SignatureDoesNotMatch", "m", KB_AWS_FAULT_CLOCK},
        {400, "", "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>",
         "AuthorizationHeaderMalformed", "", KB_AWS_FAULT_REGION},
        {301, "", "<Error><Code>PermanentRedirect</Code></Error>", "PermanentRedirect", "",
         KB_AWS_FAULT_FINAL},
        {404, "", "<Error><Code>NoSuchLifecycleConfiguration</Code></Error>",
         "NoSuchLifecycleConfiguration", "", KB_AWS_FAULT_MISSING},
        {502, "", "Bad gateway\nmore", "", "Bad gateway", KB_AWS_FAULT_TRANSIENT},
        {429, "", "", "", "", KB_AWS_FAULT_THROTTLED},
        {400, "", "[1]", "", "", KB_AWS_FAULT_FINAL},
        {400, "", "{\"Error\":[],\"Errors\":{\"Error\":[]}}", "", "", KB_AWS_FAULT_FINAL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct kb_aws_fault fault;
        kb_aws_fault_read(cases[i].status, kb_str_c(cases[i].type), KB_STR(""),
                          kb_str_c(cases[i].body), &fault);
        EQ_C(fault.code, cases[i].code);
        EQ_C(fault.message, cases[i].message);
        EQ_INT(fault.kind, cases[i].kind);
    }
}

KB_TEST(operation, table_is_sound)
{
    const struct kb_aws_operation *operation;
    char name[KB_AWS_CLI_NAME_MAX];
    for (size_t i = 0; (operation = kb_aws_operation_at(i)) != NULL; i++) {
        const struct kb_aws_service *service = kb_aws_service_find(kb_str_c(operation->service));
        if (!CHECK(service != NULL)) {
            continue;
        }
        bool rest = service->protocol == KB_AWS_REST_JSON || service->protocol == KB_AWS_REST_XML;
        CHECK(rest == (operation->method != NULL && operation->path != NULL));
        CHECK((operation->token_in == NULL) == (operation->token_out == NULL));
        CHECK(service->protocol != KB_AWS_JSON || service->target != NULL);
        CHECK(kb_aws_operation_find(kb_str_c(operation->service), kb_str_c(operation->name)) ==
              operation);
    }
    kb_aws_cli_name(kb_aws_operation_find(KB_STR("s3"), KB_STR("GetBucketPolicyStatus")), name);
    EQ_C(name, "get-bucket-policy-status");
}

static void goes_to(const char *url, const char *bucket, const char *origin, const char *host,
                    const char *prefix)
{
    struct world world = {0};
    struct kb_aws_settings s;
    struct kb_aws_target target = {0};
    struct kb_err err = {0};
    const struct kb_aws_flags flags = {.region = KB_STR("eu-west-1")};
    json_t *params = json_pack("{s:s}", "Bucket", bucket);
    world_open(&world);
    if (url[0] != '\0') {
        world_set(&world, "AWS_ENDPOINT_URL_S3", url);
    }
    OK(kb_aws_settings_load(&flags, &world.env, &s, &err), &err);
    OK(kb_aws_target(&s, kb_aws_service_find(KB_STR("s3")), params, KB_STR(""), &target, &err), &err);
    EQ_C(target.origin, origin);
    EQ_C(target.host, host);
    EQ_C(target.prefix, prefix);
    CHECK(target.bucket_in_host == (strncmp(target.host, bucket, strlen(bucket)) == 0));
    kb_aws_settings_done(&s);
    world_close(&world);
    json_decref(params);
}

KB_TEST(target, buckets_stand_in_the_host_where_they_fit)
{
    goes_to("", "audit-1", "https://audit-1.s3.eu-west-1.amazonaws.com",
            "audit-1.s3.eu-west-1.amazonaws.com", "");
    goes_to("", "a.b.c", "https://s3.eu-west-1.amazonaws.com", "s3.eu-west-1.amazonaws.com", "");
    goes_to("", "Upper", "https://s3.eu-west-1.amazonaws.com", "s3.eu-west-1.amazonaws.com", "");
    goes_to("", "evil/../x", "https://s3.eu-west-1.amazonaws.com", "s3.eu-west-1.amazonaws.com", "");
    goes_to("http://127.0.0.1:9000/p/", "audit", "http://127.0.0.1:9000", "127.0.0.1:9000", "/p");
    goes_to("https://h.example:443", "audit", "https://h.example:443", "h.example", "");
    goes_to("http://[::1]:80", "audit", "http://[::1]:80", "[::1]", "");
}

static enum kb_code reads(const char *service, const char *operation, const char *body)
{
    json_t *out = NULL;
    struct kb_err err = {0};
    kb_res res = kb_aws_answer_read(kb_aws_service_find(kb_str_c(service)),
                                    kb_aws_operation_find(kb_str_c(service), kb_str_c(operation)),
                                    kb_str_c(body), &out, &err);
    json_decref(out);
    return res.code;
}

KB_TEST(shape, answers_that_are_not_whole_are_no_answers)
{
    EQ_INT(reads("logs", "FilterLogEvents", "{\"events\":[]}"), KB_OK);
    EQ_INT(reads("logs", "FilterLogEvents", "{\"events\":[{\"message\":\"a"), KB_ERR_CORRUPT);
    EQ_INT(reads("logs", "FilterLogEvents", "{}"), KB_ERR_CORRUPT);
    EQ_INT(reads("logs", "FilterLogEvents", "[]"), KB_ERR_CORRUPT);
    EQ_INT(reads("logs", "FilterLogEvents", ""), KB_ERR_CORRUPT);
    EQ_INT(reads("ec2", "DescribeVpcs", "<r><vpcSet/></r>"), KB_OK);
    EQ_INT(reads("ec2", "DescribeVpcs", "<r><vpcSet></r>"), KB_ERR_CORRUPT);
    EQ_INT(reads("s3", "GetBucketPolicy", "{\"Version\":"), KB_ERR_CORRUPT);
    EQ_INT(reads("s3", "GetBucketVersioning", "<VersioningConfiguration/>"), KB_OK);
    EQ_INT(reads("s3", "GetBucketVersioning", "<html><body>Sign in</body></html>"), KB_ERR_CORRUPT);
    EQ_INT(reads("s3", "GetBucketPolicyStatus", "<html><body>Sign in</body></html>"), KB_ERR_CORRUPT);
    EQ_INT(reads("s3", "GetBucketVersioning", "{}"), KB_ERR_CORRUPT);
    EQ_INT(reads("eks", "ListNodegroups", "{\"nodegroups\":{}}"), KB_ERR_CORRUPT);
    EQ_INT(reads("logs", "DescribeMetricFilters", "{\"metricFilters\":\"\"}"), KB_ERR_CORRUPT);
    EQ_INT(reads("sts", "GetCallerIdentity", "<r><GetCallerIdentityResult/></r>"), KB_ERR_CORRUPT);
}

KB_TEST(request, labels_that_are_missing_are_told)
{
    struct kb_aws_request request;
    struct kb_err err = {0};
    const struct kb_aws_service *eks = kb_aws_service_find(KB_STR("eks"));
    json_t *params = json_pack("{s:s,s:n}", "name", "", "nextToken");
    FAILS(kb_aws_request_build(eks, kb_aws_operation_find(KB_STR("eks"), KB_STR("DescribeCluster")),
                               params, KB_STR(""), false, &request, &err), KB_ERR_INVALID);
    kb_aws_request_done(&request);
    json_decref(params);
}
