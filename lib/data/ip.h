/*
 * IP addresses and prefixes, read as strictly as Kubernetes' CEL library reads them: no leading
 * zeros, no zones, no IPv4 address within an IPv6 one that stands for IPv4. Definition: Go's
 * net/netip, and k8s.io/apiserver/pkg/cel/library/ip.go, cidr.go.
 */
#ifndef KB_DATA_IP_H
#define KB_DATA_IP_H

#include "base/err.h"
#include "base/mem.h"

struct kb_ip {
    uint8_t family;    /* 4 or 6 */
    uint8_t bytes[16]; /* network order; IPv4 uses the first four */
};

struct kb_cidr {
    struct kb_ip ip; /* as written, host bits included */
    uint8_t bits;
};

KB_RES kb_ip_parse(struct kb_str text, struct kb_ip *out, struct kb_err *err);
KB_RES kb_cidr_parse(struct kb_str text, struct kb_cidr *out, struct kb_err *err);
/* Canonical text (RFC 5952 for IPv6). */
void kb_ip_format(const struct kb_ip *ip, struct kb_buf *out);
void kb_cidr_format(const struct kb_cidr *cidr, struct kb_buf *out);

bool kb_ip_equal(const struct kb_ip *a, const struct kb_ip *b);
bool kb_ip_unspecified(const struct kb_ip *ip);
bool kb_ip_loopback(const struct kb_ip *ip);
bool kb_ip_link_local_unicast(const struct kb_ip *ip);
bool kb_ip_link_local_multicast(const struct kb_ip *ip);
bool kb_ip_global_unicast(const struct kb_ip *ip);

/* With the host bits cleared. */
struct kb_cidr kb_cidr_masked(const struct kb_cidr *cidr);
bool kb_cidr_contains_ip(const struct kb_cidr *cidr, const struct kb_ip *ip);
/* Is every address of `inner` in `outer`? */
bool kb_cidr_contains(const struct kb_cidr *outer, const struct kb_cidr *inner);

#endif
