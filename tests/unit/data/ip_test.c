#include "data/ip.h"

#include "test.h"

static bool prints(const char *text, const char *want)
{
    struct kb_ip ip = {0};
    struct kb_err err;
    OK(kb_ip_parse(kb_str_c(text), &ip, &err), &err);
    KB_AUTO(kb_buf_done) struct kb_buf out = {.max = 64};
    kb_ip_format(&ip, &out);
    return kb_test_str(kb_buf_view(&out), kb_str_c(want), text, __LINE__);
}

KB_TEST(ip, canonical_text)
{
    prints("10.0.0.1", "10.0.0.1");
    prints("::", "::");
    prints("::1", "::1");
    prints("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1");
    prints("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1");
    prints("fe80:0:0:0:0:0:0:0", "fe80::");
    prints("64:ff9b::192.0.2.33", "64:ff9b::c000:221");
    prints("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304");
}

KB_TEST(ip, refuses)
{
    static const char *const bad[] = {"",
                                      "1.2.3",
                                      "1.2.3.4.5",
                                      "01.2.3.4",
                                      "256.1.1.1",
                                      "1.2.3.4 ",
                                      "a.b.c.d",
                                      ":::",
                                      "1:2:3:4",
                                      "1::2::3",
                                      "::1%eth0",
                                      "::ffff:1.2.3.4",
                                      "1:2:3:4:5:6:7:8:9",
                                      "1:2:3:4:5:6:7:8::",
                                      "12345::",
                                      "1:",
                                      ":1",
                                      "::1.2.3",
                                      "1.2.3.4::",
                                      "1:2:3:4:5:6:7:1.2.3.4",
                                      "1..2.3"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct kb_ip ip;
        kb_test_check(kb_failed(kb_ip_parse(kb_str_c(bad[i]), &ip, NULL)), __FILE__, __LINE__, "%s",
                      bad[i]);
    }
    static const char *const nets[] = {"10.0.0.0",    "10.0.0.0/33", "10.0.0.0/08",
                                       "10.0.0.0/",   "::/129",      "/8",
                                       "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8"};
    for (size_t i = 0; i < sizeof nets / sizeof *nets; i++) {
        struct kb_cidr cidr;
        kb_test_check(kb_failed(kb_cidr_parse(kb_str_c(nets[i]), &cidr, NULL)), __FILE__, __LINE__,
                      "%s", nets[i]);
    }
}

KB_TEST(ip, networks)
{
    struct kb_cidr net = {0};
    struct kb_cidr inner = {0};
    struct kb_ip ip = {0};
    struct kb_err err;
    OK(kb_cidr_parse(KB_STR("10.20.255.7/12"), &net, &err), &err);
    OK(kb_ip_parse(KB_STR("10.31.0.1"), &ip, &err), &err);
    CHECK(kb_cidr_contains_ip(&net, &ip));
    OK(kb_ip_parse(KB_STR("10.32.0.1"), &ip, &err), &err);
    CHECK(!kb_cidr_contains_ip(&net, &ip));
    OK(kb_ip_parse(KB_STR("::"), &ip, &err), &err);
    CHECK(!kb_cidr_contains_ip(&(struct kb_cidr){.ip = {.family = 4}}, &ip));
    OK(kb_cidr_parse(KB_STR("10.16.0.0/13"), &inner, &err), &err);
    CHECK(kb_cidr_contains(&net, &inner) && !kb_cidr_contains(&inner, &net));
    struct kb_cidr masked = kb_cidr_masked(&net);
    KB_AUTO(kb_buf_done) struct kb_buf out = {.max = 64};
    kb_cidr_format(&masked, &out);
    EQ_STR(kb_buf_view(&out), "10.16.0.0/12");
}
