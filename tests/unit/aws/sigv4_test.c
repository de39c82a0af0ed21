#include "aws/sigv4.h"

#include "test.h"

static void set_key(struct kb_sigv4_key *key, const char *secret)
{
    key->access_key_id = KB_STR("AKIDEXAMPLE");
    kb_aws_secret_set(&key->secret, kb_str_c(secret));
}

static const struct kb_sigv4_field host[] = {{KB_STR_INIT("Host"), KB_STR_INIT("a.example")}};

static struct kb_sigv4_request get(void)
{
    return (struct kb_sigv4_request){
        .method = KB_STR("GET"), .path = KB_STR("/"), .headers = host, .header_count = 1};
}

static void canonical_query_is(const char *query, const char *wanted)
{
    struct kb_buf out;
    kb_buf_init(&out, 4096);
    kb_sigv4_canonical_query(kb_str_c(query), &out);
    kb_test_str(kb_buf_view(&out), kb_str_c(wanted), __FILE__, __LINE__);
    kb_buf_done(&out);
}

KB_TEST(canonical, query_is_sorted_by_name_and_value_and_strictly_encoded)
{
    canonical_query_is("", "");
    canonical_query_is("acl", "acl=");
    canonical_query_is("&b=2&&a=1&", "a=1&b=2");
    canonical_query_is("id-type=1&id=2", "id=2&id-type=1");
    canonical_query_is("a=2&a=10", "a=10&a=2");
    canonical_query_is("t=ab/c==", "t=ab%2Fc%3D%3D");
    canonical_query_is("t=a%2fb", "t=a%2Fb");
    canonical_query_is("t=%zz%4", "t=%25zz%254");
    canonical_query_is("t=%41", "t=A");
}

static void canonical_path_is(const char *path, enum kb_sigv4_path form, const char *wanted)
{
    struct kb_buf out;
    kb_buf_init(&out, 4096);
    kb_sigv4_canonical_path(kb_str_c(path), form, &out);
    kb_test_str(kb_buf_view(&out), kb_str_c(wanted), __FILE__, __LINE__);
    kb_buf_done(&out);
}

KB_TEST(canonical, path_is_encoded_again_but_for_s3)
{
    canonical_path_is("", KB_SIGV4_PATH_NORMAL, "/");
    canonical_path_is("/tags/arn%3Aaws", KB_SIGV4_PATH_NORMAL, "/tags/arn%253Aaws");
    canonical_path_is("/a//./b/../../../c/", KB_SIGV4_PATH_NORMAL, "/c/");
    canonical_path_is("/a/..", KB_SIGV4_PATH_NORMAL, "/");
    canonical_path_is("//a/./%20", KB_SIGV4_PATH_KEPT, "//a/./%2520");
    canonical_path_is("/a//../b%3D", KB_SIGV4_PATH_AS_SENT, "/a//../b%3D");
}

KB_TEST(canonical, headers_that_change_on_the_way_are_not_signed)
{
    const struct kb_sigv4_field fields[] = {{KB_STR("User-Agent"), KB_STR("x")},
                                            {KB_STR("X-Amz-B"), KB_STR(" a \t b ")},
                                            {KB_STR("amz-sdk-request"), KB_STR("attempt=1")},
                                            {KB_STR("host"), KB_STR("h:81")},
                                            {KB_STR("x-amz-b"), KB_STR("c")},
                                            {KB_STR("Accept"), KB_STR("*/*")}};
    struct kb_buf block, names;
    struct kb_err err = {0};
    kb_buf_init(&block, 4096);
    kb_buf_init(&names, 4096);
    OK(kb_sigv4_canonical_headers(fields, 6, &block, &names, &err), &err);
    EQ_STR(kb_buf_view(&block), "host:h:81\nx-amz-b:a b,c\n");
    EQ_STR(kb_buf_view(&names), "host;x-amz-b");
    FAILS(kb_sigv4_canonical_headers(fields, KB_SIGV4_HEADERS_MAX + 1, &block, &names, &err),
          KB_ERR_LIMIT);
    kb_buf_done(&block);
    kb_buf_done(&names);
}

KB_TEST(sigv4, derived_key_is_kept_for_one_day_region_and_service)
{
    struct kb_sigv4_key key = {0};
    struct kb_sigv4_cache cache = {0};
    struct kb_sigv4_params params = {.region = KB_STR("us-east-1"), .service = KB_STR("eks")};
    const int64_t times[] = {1000000, 1000001, 1000000 + 86400};
    set_key(&key, "secret");
    for (size_t i = 0; i < 6; i++) {
        struct kb_sigv4_signed kept, fresh;
        struct kb_err err = {0};
        const struct kb_sigv4_request request = get();
        params.time_s = times[i % 3];
        params.region = i < 3 ? KB_STR("us-east-1") : KB_STR("us-east-2");
        OK(kb_sigv4_sign(&request, &params, &key, &cache, &kept, &err), &err);
        OK(kb_sigv4_sign(&request, &params, &key, NULL, &fresh, &err), &err);
        EQ_C(kept.signature, fresh.signature);
        kb_sigv4_signed_done(&kept);
        kb_sigv4_signed_done(&fresh);
    }
    kb_sigv4_cache_done(&cache);
    EQ_INT(cache.key[0], 0);
    kb_aws_secret_done(&key.secret);
}

KB_TEST(sigv4, what_cannot_be_signed_is_told)
{
    struct kb_sigv4_key key = {0};
    struct kb_sigv4_signed out;
    struct kb_err err = {0};
    struct kb_sigv4_params params = {.region = KB_STR("r"), .service = KB_STR("s"), .time_s = 1};
    const struct kb_sigv4_request request = get();
    char region[400];
    FAILS(kb_sigv4_sign(&request, &params, &key, NULL, &out, &err), KB_ERR_INVALID);
    kb_sigv4_signed_done(&out);
    set_key(&key, "secret");
    memset(region, 'r', sizeof region);
    params.region = (struct kb_str){region, sizeof region};
    FAILS(kb_sigv4_sign(&request, &params, &key, NULL, &out, &err), KB_ERR_LIMIT);
    kb_sigv4_signed_done(&out);
    params.region = KB_STR("r");
    params.time_s = -1;
    FAILS(kb_sigv4_presign(&request, &params, &key, NULL, &out, &err), KB_ERR_INVALID);
    kb_sigv4_signed_done(&out);
    kb_aws_secret_done(&key.secret);
}
