/* Port sets. */
#include "network/ports.h"
#include "test.h"

static kb_net_ports of(struct kb_net_store *store, unsigned first, unsigned last)
{
    struct kb_net_range range = {KB_NET_TCP, (uint16_t)first, (uint16_t)last};
    return kb_net_ports_make(store, &range, 1);
}

static void check_text(struct kb_net_store *store, kb_net_ports ports, const char *wanted)
{
    struct kb_buf text;
    kb_buf_init(&text, 4096);
    kb_net_ports_text(store, ports, &text);
    kb_test_str(kb_buf_view(&text), kb_str_c(wanted), __FILE__, __LINE__);
    kb_buf_done(&text);
}

KB_TEST(ports, equal_sets_are_one)
{
    struct kb_net_store store = {0};
    const struct kb_net_range mixed[] = {
        {KB_NET_UDP, 53, 53}, {KB_NET_TCP, 82, 90}, {KB_NET_TCP, 80, 81}, {KB_NET_TCP, 85, 88}};
    kb_net_ports ports = kb_net_ports_make(&store, mixed, 4);
    check_text(&store, ports, "TCP 80-90,UDP 53");
    EQ_UINT(kb_net_ports_make(&store, mixed, 4), ports);
    EQ_UINT(kb_net_ports_make(&store, NULL, 0), KB_NET_NO_PORTS);
    const struct kb_net_range all[] = {
        {KB_NET_TCP, 1, 65535}, {KB_NET_SCTP, 1, 65535}, {KB_NET_UDP, 1, 65535}};
    EQ_UINT(kb_net_ports_make(&store, all, 3), KB_NET_ALL_PORTS);
    kb_net_store_done(&store);
}

KB_TEST(ports, algebra)
{
    struct kb_net_store store = {0};
    kb_net_ports low = of(&store, 1, 1000), high = of(&store, 1001, 65535), some = of(&store, 500, 2000);
    check_text(&store, kb_net_ports_union(&store, low, high), "TCP 1-65535");
    check_text(&store, kb_net_ports_common(&store, low, some), "TCP 500-1000");
    check_text(&store, kb_net_ports_without(&store, some, low), "TCP 1001-2000");
    EQ_UINT(kb_net_ports_common(&store, low, high), KB_NET_NO_PORTS);
    EQ_UINT(kb_net_ports_without(&store, some, KB_NET_ALL_PORTS), KB_NET_NO_PORTS);
    kb_net_ports rest = kb_net_ports_without(&store, KB_NET_ALL_PORTS, some);
    check_text(&store, rest, "SCTP 1-65535,TCP 1-499,2001-65535,UDP 1-65535");
    EQ_UINT(kb_net_ports_union(&store, rest, some), KB_NET_ALL_PORTS);
    CHECK(kb_net_ports_has(&store, rest, KB_NET_TCP, 65535));
    CHECK(!kb_net_ports_has(&store, rest, KB_NET_TCP, 500));
    CHECK(kb_net_ports_has(&store, rest, KB_NET_UDP, 500));
    kb_net_store_done(&store);
}
