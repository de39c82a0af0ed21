#include "audit/request_uri.h"

#include "audit/principal.h"
#include "test.h"

KB_TEST(uri, path_and_query)
{
    KB_AUTO(kb_arena_done) struct kb_arena arena = {0};
    struct kb_request_uri uri =
        kb_request_uri_split(KB_STR("/api/v1/x%2Fy?a=1&b=%2B+%20&&c&a=2&bad=%zz&s=1;t=2&%61=3"));
    struct kb_str text;
    struct kb_str all = KB_STR("");
    struct kb_query_param param;
    CHECK(kb_request_uri_decode(uri.path, false, &arena, &text));
    EQ_STR(text, "/api/v1/x/y");
    struct kb_str query = uri.query;
    while (kb_query_next(&query, &arena, &param)) {
        all = kb_arena_printf(&arena, "%.*s%.*s=%.*s;", KB_FMT(all), KB_FMT(param.name),
                              KB_FMT(param.value));
    }
    EQ_STR(all, "a=1;b=+  ;c=;a=2;a=3;");
    CHECK(kb_query_get(uri.query, KB_STR("c"), &arena, &text) && text.n == 0);
    CHECK(!kb_query_get(uri.query, KB_STR("s"), &arena, &text));
    CHECK(kb_request_uri_split(KB_STR("/x")).query.n == 0);
    CHECK(!kb_request_uri_decode(KB_STR("a%4"), false, &arena, &text));
    CHECK(kb_request_uri_decode(KB_STR("%ff+"), false, &arena, &text));
    EQ_STR(text, "\xef\xbf\xbd+");
}

KB_TEST(principal, classes_of_callers)
{
    static const struct {
        const char *name, *want;
    } rows[] = {
        {"", "unauthenticated"},
        {"system:anonymous", "anonymous"},
        {"system:node:ip-10-0-1-2.ec2.internal", "node"},
        {"system:serviceaccount:shop:web", "service-account"},
        {"system:serviceaccount:kube-system:aws-node", "system"},
        {"system:serviceaccount:odd", "system"},
        {"system:kube-scheduler", "system"},
        {"eks:addon-manager", "eks"},
        {"arn:aws:sts::111122223333:assumed-role/ops/alice", "person"},
        {"eksctl", "person"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct kb_str got = kb_caller_name(kb_caller_of(kb_str_c(rows[i].name)));
        kb_test_str(got, kb_str_c(rows[i].want), __FILE__, __LINE__);
    }
}

KB_TEST(principal, accounts_of_every_partition)
{
    EQ_STR(kb_arn_account(KB_STR("arn:aws:iam::111122223333:role/path/x")), "111122223333");
    EQ_STR(kb_arn_account(KB_STR("arn:aws-cn:sts::111122223333:assumed-role/x/y:z")),
           "111122223333");
    EQ_STR(kb_arn_account(KB_STR("arn:aws-us-gov:iam::111122223333:root")), "111122223333");
    EQ_STR(kb_arn_account(KB_STR("arn:aws:eks::aws:cluster-access-policy/x")), "");
    EQ_STR(kb_arn_account(KB_STR("arn:aws:iam::11112222333:role/x")), "");
    EQ_STR(kb_arn_account(KB_STR("alice")), "");
    EQ_STR(kb_uid_account(KB_STR("aws-iam-authenticator:111122223333:AROAX")), "111122223333");
    EQ_STR(kb_uid_account(KB_STR("heptio-authenticator-aws:111122223333:AIDAX")), "111122223333");
    EQ_STR(kb_uid_account(KB_STR("aws-iam-authenticator:administrative:x")), "");
}

KB_TEST(principal, private_and_public_addresses)
{
    static const char *const hidden[] = {
        "10.1.2.3", "172.31.0.1", "192.168.1.1",   "127.0.0.1",       "169.254.1.1", "100.64.0.1",
        "::1",      "fe80::1",    "fd00:ec2::254", "::ffff:10.0.0.1", "::"};
    static const char *const open[] = {"172.32.0.1",  "100.128.0.1",    "198.51.100.7",
                                       "2001:db8::1", "::ffff:8.8.8.8", "11.0.0.1",
                                       "::2"};
    static const char *const bad[] = {"", "x", "10.0.0.1:80", "1.2.3", "10.0.0.0/8"};
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++) {
        EQ_INT(kb_address_kind(kb_str_c(hidden[i])), KB_ADDRESS_PRIVATE);
    }
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++) {
        EQ_INT(kb_address_kind(kb_str_c(open[i])), KB_ADDRESS_PUBLIC);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        EQ_INT(kb_address_kind(kb_str_c(bad[i])), KB_ADDRESS_BAD);
    }
}
