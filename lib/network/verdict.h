/* One question to the policies of one class in one direction. */
#ifndef KB_NETWORK_VERDICT_H
#define KB_NETWORK_VERDICT_H

#include "network/internal.h"
#include "network/reach.h"

struct kb_net_query {
    struct kb_net_world *world;
    enum kb_net_direction direction;
    const struct kb_net_side *side;
    size_t peer;                          /* a class, or classes.n + an interval */
    bool families[2];                     /* the traffic may be IPv4, IPv6 */
    const struct kb_net_pod *destination; /* where names of ports are looked up; NULL: outside */
    struct kb_ip address;                 /* of the peer, of the cluster's family; family 0: none */
    kb_net_step_fn *fn;                   /* NULL: nobody asks why */
    void *ctx;
};

void kb_net_tell(const struct kb_net_query *q, enum kb_net_reason reason, enum kb_net_action action,
                 kb_net_ports ports, const struct kb_net_policy *policy,
                 const struct kb_net_rule *rule);
/* Whether the answer is all or nothing without a look at the rules. */
bool kb_net_settled(const struct kb_net_side *side, size_t peer, kb_net_ports *out);
kb_net_ports kb_net_verdict(const struct kb_net_query *q);
/* What the subject's policies admit in the query's direction, of its families; `peer` is the other end. */
kb_net_ports kb_net_ask(struct kb_net_query *q, const struct kb_net_pod *subject,
                        const struct kb_net_end *peer);
/* Whether the peer is one of the match's. */
bool kb_net_matches_peer(const struct kb_net_query *q, const struct kb_net_match *match);

/* What the agent of the VPC CNI lets through by the longest prefix with the peer's address; *shut: that is
 * an except. And whether a match has to do with the address at all. */
kb_net_ports kb_net_longest(const struct kb_net_query *q, bool *shut);
bool kb_net_in_chain(const struct kb_net_query *q, const struct kb_net_match *match);

/* See reach.h. */
unsigned kb_net_count_entries(const struct kb_net_query *q);

#endif
