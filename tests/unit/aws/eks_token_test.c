#include "aws/eks_token.h"

#include <jansson.h>

#include "data/json.h"
#include "data/time.h"
#include "test.h"
#include "test_data.h"

/* "20261121T102030Z" of the vectors. */
static const struct kb_civil vector_time = {2026, 11, 21, 10, 20, 30, 0, 0};

static void check_row(const json_t *row)
{
    struct kb_sigv4_key key = {0};
    struct kb_eks_token_request request = {.time_s = kb_time_from_civil(&vector_time)};
    struct kb_aws_secret token = {0};
    struct kb_err err = {0};
    struct kb_str text = {0}, wanted = {0}, target = {0};
    (void)kb_json_str(row, "access_key_id", &key.access_key_id);
    (void)kb_json_str(row, "secret_access_key", &text);
    kb_aws_secret_set(&key.secret, text);
    if (kb_json_str(row, "session_token", &text)) {
        kb_aws_secret_set(&key.token, text);
    }
    (void)kb_json_str(row, "host", &request.host);
    (void)kb_json_str(row, "region", &request.region);
    (void)kb_json_str(row, "target", &target);
    (void)kb_json_str(kb_json_object(row, "headers"), "x-k8s-aws-id", &request.cluster);
    (void)kb_json_str(row, "eks_token", &wanted);
    bool long_lived = kb_str_find(target, KB_STR("X-Amz-Expires=900"), 0) != SIZE_MAX;
    request.expires_s = long_lived ? 900 : 0;
    OK(kb_eks_token(&request, &key, &token, &err), &err);
    kb_test_str(kb_aws_secret_reveal(&token), wanted, __FILE__, __LINE__);
    kb_aws_secret_done(&token);
    kb_aws_secret_done(&key.secret);
    kb_aws_secret_done(&key.token);
}

KB_TEST(eks_token, is_that_of_awscli)
{
    struct kb_buf text = test_data("aws-sigv4/botocore.jsonl.gz");
    struct kb_str rest = kb_buf_view(&text);
    unsigned checked = 0;
    while (rest.p != NULL) {
        KB_AUTO(kb_json_done) json_t *row = NULL;
        struct kb_str line = kb_str_split(rest, '\n', &rest);
        if (line.n > 0 && !kb_failed(kb_json_parse(NULL, line, 0, &row, NULL)) &&
            json_is_string(json_object_get(row, "eks_token"))) {
            check_row(row);
            checked++;
        }
    }
    EQ_UINT(checked, 5);
    kb_buf_done(&text);
}

KB_TEST(eks_token, longer_than_verifiers_take_is_told)
{
    char session[3000];
    struct kb_sigv4_key key = {.access_key_id = KB_STR("AKIDEXAMPLE")};
    struct kb_aws_secret token = {0};
    struct kb_err err = {0};
    struct kb_eks_token_request request = {.cluster = KB_STR("demo"),
                                           .host = KB_STR("sts.us-east-1.amazonaws.com"),
                                           .region = KB_STR("us-east-1"),
                                           .time_s = 1};
    memset(session, 'a', sizeof session);
    kb_aws_secret_set(&key.secret, KB_STR("secret"));
    kb_aws_secret_set(&key.token, (struct kb_str){session, sizeof session});
    FAILS(kb_eks_token(&request, &key, &token, &err), KB_ERR_LIMIT);
    EQ_UINT(token.n, 0);
    kb_aws_secret_done(&key.token);
    request.expires_s = 901;
    FAILS(kb_eks_token(&request, &key, &token, &err), KB_ERR_INVALID);
    request.expires_s = 0;
    request.cluster = KB_STR("");
    FAILS(kb_eks_token(&request, &key, &token, &err), KB_ERR_INVALID);
    kb_aws_secret_done(&key.secret);
}
