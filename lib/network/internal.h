/* Between the readers, the compiler of rules and the evaluator. */
#ifndef KB_NETWORK_INTERNAL_H
#define KB_NETWORK_INTERNAL_H

#include "network/bits.h"
#include "network/world.h"

/* Where in an object one is: a chain on the stack, written out only for a problem. */
struct kb_net_at {
    const struct kb_net_at *up;
    const char *member;
    size_t index; /* SIZE_MAX: the member itself */
};
#define KB_NET_AT(up, member) (&(const struct kb_net_at){(up), (member), SIZE_MAX})
#define KB_NET_AT_INDEX(up, member, index) (&(const struct kb_net_at){(up), (member), (index)})

/* One object that is being read. */
struct kb_net_reader {
    struct kb_net_world *world;
    struct kb_str object;          /* its name in problems */
    struct kb_net_policy *policy;  /* NULL: it is none */
};

void kb_net_problem(struct kb_net_reader *r, const struct kb_net_at *at, const char *fmt, ...)
    KB_PRINTF(3, 4);

/* A list's length; 0 for a missing or null one; another type is a problem. */
size_t kb_net_list(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *list);
/* A selector, interned; one that cannot be read is a problem and selects nothing. */
struct kb_net_select *kb_net_read_select(struct kb_net_reader *r, const struct kb_net_at *at,
                                         const json_t *json);
/* A block, masked; the world's space is cut at its edges. False, and a problem, where it is none. */
bool kb_net_read_block(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *json,
                       struct kb_cidr *out);
/* A protocol; a missing or null one is TCP. */
bool kb_net_read_protocol(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *json,
                          uint8_t *out);
/* A port number: 1 … 65535. */
bool kb_net_read_number(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *json,
                        uint16_t *out);
/* The name of a port (IANA_SVC_NAME), kept. */
bool kb_net_read_port_name(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *json,
                           struct kb_str *out);

/* metadata.creationTimestamp in ns; INT64_MIN. */
int64_t kb_net_created(const json_t *meta);
struct kb_str kb_net_intern(struct kb_net_world *world, struct kb_str text);
/* The namespace's number; one that was not taken is implied. */
uint32_t kb_net_namespace_number(struct kb_net_world *world, struct kb_str name);

typedef void kb_net_read_fn(struct kb_net_reader *r, const json_t *spec);
kb_net_read_fn kb_net_read_network_policy; /* NetworkPolicy, ApplicationNetworkPolicy */
kb_net_read_fn kb_net_read_admin_policy;   /* the others */
/* Take an object that is a policy; false: it is none. */
bool kb_net_take_policy(struct kb_net_world *world, struct kb_str group, struct kb_str kind,
                        const json_t *object);

/*
 * A rule, ready to be asked: who is a peer, and by what. One rule of a policy may become several.
 */
struct kb_net_match {
    const struct kb_net_policy *policy;
    const struct kb_net_rule *rule;
    enum kb_net_action action;
    bool any_peer;
    const uint64_t *selected;  /* peers by labels */
    const uint64_t *blocks[2]; /* peers by their address of IPv4, of IPv6 */
    kb_net_ports ports;        /* the numbers */
    const struct kb_net_port *named; /* names to look up on the destination */
    size_t named_count;
    bool service;     /* of the address of a Service */
    bool hosts_apart; /* names are not looked up on hostNetwork pods: other matches have their ports */
};

/* What a peer is to a side: the namespaced matches that it meets, and, within blocks that have exceptions,
 * those that it meets by labels, and the interval of its address; where ports have names, what the destination
 * calls so. */
struct kb_net_meeting {
    uint64_t met, labelled;
    uint32_t place, port_names;
};
/* Answers that were given. */
enum { KB_NET_KNOWN = 8 };
struct kb_net_known {
    struct kb_net_meeting meetings[KB_NET_KNOWN];
    kb_net_ports ports[KB_NET_KNOWN];
    size_t n;
};

/* What holds for a class in one direction. */
struct kb_net_side {
    struct {
        const struct kb_net_match *const *at;
        size_t n;
    } tiers[KB_NET_TIERS];
    const struct kb_net_policy *const *isolating; /* namespaced policies that have the direction */
    size_t isolating_count;
    bool selected; /* a namespaced policy selects the class, in whatever direction */
    bool excepts;  /* some block has exceptions */
    const uint64_t *within; /* with exceptions: peers whose address is in some block of a namespaced rule */
    bool open;     /* all is admitted, whoever the peer is */
    bool named;    /* some port of its rules has a name */
    uint32_t number; /* among those of its direction */
    struct kb_net_known *known; /* see rows.c */
    const uint64_t *some; /* who is admitted on any port is among these; NULL: it may be anybody */
};

/* Classes of pods, their index, and the space; then subjects, matches and sides. */
void kb_net_build_classes(struct kb_net_world *world);
void kb_net_build_sides(struct kb_net_world *world);
/* Room for what rows.c keeps. */
void kb_net_build_lines(struct kb_net_world *world);
/* What a selector selects: of classes, of namespaces. Computed once. */
const uint64_t *kb_net_select_pods(struct kb_net_world *world, struct kb_net_select *select);
const uint64_t *kb_net_select_namespaces(struct kb_net_world *world, struct kb_net_select *select);
/* The classes that a policy is about; NULL: none. */
const uint64_t *kb_net_subjects(struct kb_net_world *world, const struct kb_net_policy *policy);
/* All classes with the labels that a peer asks for, hostNetwork pods among them. */
const uint64_t *kb_net_labelled(struct kb_net_world *world, const struct kb_net_policy *policy,
                                const struct kb_net_peer *peer);
void kb_net_add_peer(struct kb_net_world *world, const struct kb_net_policy *policy,
                     const struct kb_net_peer *peer, struct kb_net_match *match);

typedef KB_VEC(struct kb_net_match) kb_net_match_list;
/* Add a match, unless it matches nothing. */
void kb_net_push(kb_net_match_list *out, const struct kb_net_match *match);
/* Addresses of Services that a peer of an egress rule admits under the VPC CNI. */
void kb_net_add_services(struct kb_net_world *world, const struct kb_net_policy *policy,
                         const struct kb_net_rule *rule, const struct kb_net_peer *peer,
                         kb_net_match_list *out);

/* The matches of a policy's rules, in their order. Its subjects must be known. */
struct kb_net_matches {
    const struct kb_net_match *at;
    size_t n;
};
struct kb_net_matches kb_net_compile(struct kb_net_world *world, const struct kb_net_policy *policy,
                                     enum kb_net_direction direction);
/* The ports of a match on a destination, its names looked up there; `pod` NULL: an outside address. */
kb_net_ports kb_net_match_ports(struct kb_net_world *world, const struct kb_net_match *match,
                                const struct kb_net_pod *pod);

#endif
