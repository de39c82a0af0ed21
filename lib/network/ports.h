/*
 * Sets of ports of TCP, UDP and SCTP, exact and interned: equal sets have equal numbers, and the
 * result of an operation on two of them is computed once.
 *
 * Ports are 1 … 65535. Other protocols are outside of what network policies speak of.
 */
#ifndef KB_NETWORK_PORTS_H
#define KB_NETWORK_PORTS_H

#include "base/map.h"

/* In the order of their names, which is the order of texts. */
#define KB_NET_PROTOCOLS(X) X(KB_NET_SCTP, "SCTP") X(KB_NET_TCP, "TCP") X(KB_NET_UDP, "UDP")
#define KB_FIRST(sym, text) sym,
enum kb_net_protocol { KB_NET_PROTOCOLS(KB_FIRST) KB_NET_PROTOCOL_COUNT };
#undef KB_FIRST

/* A set: its number in the store. */
typedef uint32_t kb_net_ports;
enum { KB_NET_ALL_PORTS = 0, KB_NET_NO_PORTS = 1, KB_NET_PORT_MAX = 65535, KB_NET_RECENT = 1024 };

/* first … last, both included. */
struct kb_net_range {
    uint8_t protocol;
    uint16_t first, last;
};

/* By protocol and port; ranges neither overlap nor touch. */
struct kb_net_port_set {
    const struct kb_net_range *at;
    size_t n;
};

/* Zeroed memory is a valid empty store. */
struct kb_net_store {
    struct kb_arena arena;
    KB_VEC(struct kb_net_port_set) sets;
    struct kb_map numbers; /* by the bytes of the ranges */
    struct kb_map results; /* by operation and operands */
    struct kb_net_result {
        uint32_t key[3], ports;
    } recent[KB_NET_RECENT]; /* some of the results again, found without hashing */
};

void kb_net_store_done(struct kb_net_store *store);

/* The set of all ports of the ranges, which may overlap and stand in any order. */
kb_net_ports kb_net_ports_make(struct kb_net_store *store, const struct kb_net_range *at, size_t n);
struct kb_net_port_set kb_net_ports_get(struct kb_net_store *store, kb_net_ports ports);

kb_net_ports kb_net_ports_union(struct kb_net_store *store, kb_net_ports a, kb_net_ports b);
kb_net_ports kb_net_ports_common(struct kb_net_store *store, kb_net_ports a, kb_net_ports b);
/* a without b. */
kb_net_ports kb_net_ports_without(struct kb_net_store *store, kb_net_ports a, kb_net_ports b);

bool kb_net_ports_has(struct kb_net_store *store, kb_net_ports ports, enum kb_net_protocol protocol,
                      unsigned port);

/* "all", "none", or "TCP 80,8000-8010,UDP 53". */
void kb_net_ports_text(struct kb_net_store *store, kb_net_ports ports, struct kb_buf *out);

const char *kb_net_protocol_name(enum kb_net_protocol protocol);
/* False where the text is not the name of a protocol. */
bool kb_net_protocol_find(struct kb_str name, uint8_t *out);

#endif
