/*
 * Who reaches whom, on which ports, and why.
 *
 * A connection needs the source's permission to leave and the destination's to come in; what is outside the
 * cluster, and hostNetwork pods, have no policies of their own. A pod reaches itself. Replies are not
 * judged. The semantics are those of NetworkPolicy v1 and of the tiers of admin and baseline policies around
 * it (kubernetes test/e2e/network/netpol, kubernetes-sigs/network-policy-api apis), with what the
 * world's profile says of its engine.
 *
 * The world must be closed. Answers are computed when asked and not kept; calls are not thread-safe, as new
 * port sets are put into the world's store.
 */
#ifndef KB_NETWORK_REACH_H
#define KB_NETWORK_REACH_H

#include "network/world.h"

/* A pod, or an address outside the cluster. */
struct kb_net_end {
    const struct kb_net_pod *pod; /* NULL: the address */
    struct kb_ip ip;
};

struct kb_net_end kb_net_end_pod(const struct kb_net_pod *pod);
/* The pod that has the address for itself where there is one. */
struct kb_net_end kb_net_end_ip(const struct kb_net_world *world, const struct kb_ip *ip);

/* The ports on which `from` reaches `to`. A finished pod neither reaches anybody nor is reached. */
kb_net_ports kb_net_allowed(struct kb_net_world *world, const struct kb_net_end *from,
                            const struct kb_net_end *to);
/* The same between any two different pods of two classes (the same class may stand twice). With a profile
 * where the own node is open, ask by pods about hostNetwork pods. */
kb_net_ports kb_net_between(struct kb_net_world *world, uint32_t from_class, uint32_t to_class);
/* The same for all pairs with one class, by class: `out` has room for classes.n of them. */
void kb_net_sources(struct kb_net_world *world, uint32_t to_class, kb_net_ports *out);
void kb_net_targets(struct kb_net_world *world, uint32_t from_class, kb_net_ports *out);
/* One direction alone: what the pod's own policies admit. */
kb_net_ports kb_net_one_way(struct kb_net_world *world, enum kb_net_direction direction,
                            const struct kb_net_pod *subject, const struct kb_net_end *peer);

/* Why some ports of one direction are open, closed or passed on. */
#define KB_NET_REASONS(X)                                                                          \
    X(KB_NET_BY_RULE, "rule")             /* `rule` of `policy` does it */                         \
    X(KB_NET_BY_ISOLATION, "isolation")   /* `policy` isolates the pod, and no rule admits these */ \
    X(KB_NET_BY_DEFAULT, "default")       /* nothing said anything of them */                      \
    X(KB_NET_BY_SELECTION, "selection")   /* VPC CNI: open as the other direction has policies */  \
    X(KB_NET_BY_EXCEPT, "except")         /* VPC CNI: an except of another rule closes them */     \
    X(KB_NET_BY_LIMIT, "limit")           /* VPC CNI: too many ports for one address; some are lost */ \
    X(KB_NET_BY_NODE, "own node")         /* a pod and its node */                                 \
    X(KB_NET_BY_FAMILY, "family")         /* VPC CNI: addresses of the other family are not looked at */ \
    X(KB_NET_NO_SUBJECT, "no subject")    /* outside the cluster, or hostNetwork: no policies */   \
    X(KB_NET_UNENFORCED, "not enforced")  /* on a node that the engine does not serve */           \
    X(KB_NET_SAME_POD, "same pod")                                                                 \
    X(KB_NET_FINISHED, "finished")
#define KB_FIRST(sym, text) sym,
enum kb_net_reason { KB_NET_REASONS(KB_FIRST) KB_NET_REASON_COUNT };
#undef KB_FIRST
const char *kb_net_reason_name(enum kb_net_reason reason);

struct kb_net_step {
    enum kb_net_direction direction;
    enum kb_net_reason reason;
    enum kb_net_action action;          /* what becomes of these ports */
    kb_net_ports ports;                 /* never none */
    const struct kb_net_policy *policy; /* NULL: no policy's doing */
    const struct kb_net_rule *rule;     /* NULL: the policy as a whole */
};
typedef void kb_net_step_fn(void *ctx, const struct kb_net_step *step);

/* kb_net_allowed, telling every step: egress first, in the order of evaluation. */
kb_net_ports kb_net_explain(struct kb_net_world *world, const struct kb_net_end *from,
                            const struct kb_net_end *to, kb_net_step_fn *fn, void *ctx);

/* Ranges of outside addresses, in order, joined where the ports are the same; those without any port are
 * told too. Every address of both families is in one of them, also those that pods have. */
typedef void kb_net_outside_fn(void *ctx, const struct kb_ip *first, const struct kb_ip *last,
                               kb_net_ports ports);
void kb_net_outside(struct kb_net_world *world, enum kb_net_direction direction,
                    const struct kb_net_pod *subject, kb_net_outside_fn *fn, void *ctx);

/* Whether only what a rule admits is open: a namespaced policy has the direction, or nothing selects the
 * pod and the profile is strict. False for pods without policies of their own. */
bool kb_net_isolated(const struct kb_net_world *world, const struct kb_net_pod *pod,
                     enum kb_net_direction direction);
/* The same of a new pod without labels: what "default deny" means. */
bool kb_net_isolates_new(const struct kb_net_world *world, struct kb_str name_space,
                         enum kb_net_direction direction);
/* Distinct entries of ports that namespaced rules hold for one peer; beyond profile.entry_limit some are
 * lost. */
unsigned kb_net_entries(struct kb_net_world *world, enum kb_net_direction direction,
                        const struct kb_net_pod *subject, const struct kb_net_end *peer);

#endif
