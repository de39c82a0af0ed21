/* Answers of AWS: failures that are answers, policies, ranges. */
#include "data/answer.h"
#include "facts/aws_json.h"
#include "facts/aws_net.h"
#include "facts/aws_policy.h"
#include "test.h"

KB_TEST(aws, a_refusal_is_no_answer)
{
    static const struct {
        const char *service, *operation, *error;
        bool none;
    } rows[] = {
        {"s3api", "get-bucket-policy", "(NoSuchBucketPolicy) x", true},
        {"s3api", "get-bucket-policy", "(AccessDenied) x", false},
        {"s3api", "get-bucket-versioning", "(NoSuchBucketPolicy) x", false},
        {"macie2", "get-macie-session", "(AccessDeniedException) Macie is not enabled", true},
        {"macie2", "get-macie-session", "(AccessDeniedException) not authorized", false},
        {"s3api", "get-bucket-policy", "", false},
        {"securityhub", "get-findings", "(InvalidAccessException) Account 1 is not subscribed to AWS Security Hub", true},
        {"securityhub", "get-findings", "(AccessDeniedException) not authorized", false},
        {"backup", "list-recovery-points-by-resource", "(ResourceNotFoundException) x", true},
        {"organizations", "list-policies-for-target", "(AWSOrganizationsNotInUseException) x", true},
        {"organizations", "list-policies-for-target", "(AccessDeniedException) x", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct kb_aws_answer answer = {.service = kb_str_c(rows[i].service),
                                             .operation = kb_str_c(rows[i].operation),
                                             .error = kb_str_c(rows[i].error)};
        EQ_INT(kb_aws_says_none(&answer), rows[i].none);
    }
}

KB_TEST(aws, keys_in_either_case)
{
    json_t *json = json_pack("{s:s,s:{s:b},s:n}", "VpcId", "vpc-1", "vpcConfig", "On", 1, "none");
    EQ_STR(kb_aws_text(json, "vpcId"), "vpc-1");
    CHECK(json_is_true(kb_aws_dig(json, "VpcConfig.on")));
    CHECK(kb_aws_get(json, "none") == NULL && kb_aws_get(json, "") == NULL);
    CHECK(kb_aws_get(NULL, "x") == NULL);
    json_decref(json);
}

KB_TEST(aws, ranges_that_are_the_internet)
{
    static const struct {
        const char *cidr;
        bool world;
    } rows[] = {
        {"0.0.0.0/0", true},   {"::/0", true},       {"128.0.0.0/1", true}, {"2000::/3", true},
        {"10.0.0.0/8", false}, {"fc00::/7", false},  {"fd00::/8", false},   {"203.0.113.0/24", false},
        {"sg-1", false},       {"", false},          {"2001:db8::/32", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        EQ_INT(kb_net_is_world(kb_str_c(rows[i].cidr)), rows[i].world);
    }
}

#define DENY_ALL "\"Effect\":\"Deny\",\"Principal\":\"*\""
#define ALLOW_ALL "\"Effect\":\"Allow\",\"Principal\":{\"AWS\":[\"arn:x\",\"*\"]},\"Action\":\"logs:*\""

KB_TEST(aws, statements_of_policies)
{
    static const struct {
        const char *statement;
        bool plain, others, open;
    } rows[] = {
        {DENY_ALL ",\"Action\":\"s3:*\",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}}",
         true, false, false},
        {DENY_ALL ",\"Action\":\"S3:*\",\"Condition\":{\"Bool\":{\"AWS:securetransport\":[false]}}",
         true, false, false},
        {DENY_ALL ",\"Action\":\"s3:*\",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"true\"}}",
         false, false, false},
        {DENY_ALL ",\"Action\":[\"s3:Delete*\"],\"Condition\":{\"StringNotLike\":{\"AWS:PrincipalArn\":"
                  "\"arn:x\"}}",
         false, true, false},
        {DENY_ALL ",\"Action\":[\"s3:Delete*\"],\"Condition\":{\"StringNotLike\":{\"aws:PrincipalArn\":"
                  "\"arn:x\"},\"Bool\":{\"aws:SecureTransport\":\"false\"}}",
         false, false, false},
        {DENY_ALL ",\"NotAction\":\"s3:Get*\"", false, true, false},
        {DENY_ALL ",\"Action\":\"s3:Get*\"", false, false, false},
        {"\"Effect\":\"Deny\",\"NotPrincipal\":{\"AWS\":\"arn:x\"},\"Action\":\"*\"", false, true,
         false},
        {ALLOW_ALL, false, false, true},
        {ALLOW_ALL ",\"Condition\":{\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-1\"}}", false, false,
         false},
        {ALLOW_ALL ",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"true\"}}", false, false, true},
        {"\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"*\"},\"Action\":\"*\"", false, false,
         false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct kb_buf text = {.max = 4096};
        kb_buf_printf(&text, "{\"Statement\":{%s}}", rows[i].statement);
        json_t *policy = kb_iam_policy(kb_buf_view(&text));
        const json_t *statement = kb_iam_statement(policy, 0);
        CHECK(statement != NULL && kb_iam_statement(policy, 1) == NULL);
        EQ_INT(kb_iam_denies_plain(statement), rows[i].plain);
        EQ_INT(kb_iam_denies_others(statement, KB_STR("s3:DeleteObject")), rows[i].others);
        EQ_INT(kb_iam_public(statement), rows[i].open);
        json_decref(policy);
        kb_buf_done(&text);
    }
    CHECK(kb_iam_policy(KB_STR("no json")) == NULL);
}
