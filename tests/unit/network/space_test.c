/* Intervals of addresses. */
#include "network/space.h"
#include "test.h"

static struct kb_ip ip(const char *text)
{
    struct kb_ip out = {0};
    struct kb_err err = {0};
    OK(kb_ip_parse(kb_str_c(text), &out, &err), &err);
    return out;
}

static struct kb_cidr block(const char *text)
{
    struct kb_cidr out = {0};
    struct kb_err err = {0};
    OK(kb_cidr_parse(kb_str_c(text), &out, &err), &err);
    return out;
}

KB_TEST(space, cuts_at_edges)
{
    struct kb_net_space space = {0};
    struct kb_cidr wide = block("10.0.0.0/8"), end = block("255.255.255.0/24"), six = block("fd00::/8");
    size_t first, last;
    kb_net_space_cut(&space, &wide);
    kb_net_space_cut(&space, &end);
    kb_net_space_cut(&space, &six);
    kb_net_space_close(&space);
    /* 0, 10/8, 11…, 255.255.255.0/24; ::, fd00::/8, fe00:: */
    EQ_UINT(space.starts.n, 7);
    struct kb_ip a = ip("9.255.255.255"), b = ip("10.0.0.0"), c = ip("11.0.0.0");
    EQ_UINT(kb_net_space_find(&space, &a), 0);
    EQ_UINT(kb_net_space_find(&space, &b), 1);
    EQ_UINT(kb_net_space_find(&space, &c), 2);
    kb_net_space_span(&space, &wide, &first, &last);
    EQ_UINT(first, 1);
    EQ_UINT(last, 1);
    struct kb_ip last_v4 = kb_net_space_end(&space, 3), wanted = ip("255.255.255.255");
    CHECK(kb_ip_equal(&last_v4, &wanted));
    struct kb_ip last_v6 = kb_net_space_end(&space, 5), before = ip("fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    CHECK(kb_ip_equal(&last_v6, &before));
    kb_net_space_done(&space);
}

KB_TEST(space, one_address)
{
    struct kb_net_space space = {0};
    struct kb_ip host = ip("10.0.0.5"), next = ip("10.0.0.6");
    kb_net_space_cut_ip(&space, &host);
    kb_net_space_close(&space);
    CHECK(kb_net_space_find(&space, &host) != kb_net_space_find(&space, &next));
    struct kb_ip end = kb_net_space_end(&space, kb_net_space_find(&space, &host));
    CHECK(kb_ip_equal(&end, &host));
    kb_net_space_done(&space);
}
