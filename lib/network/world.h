/*
 * A cluster as network policies see it.
 *
 * Filled object by object, then closed, then asked (reach.h). Pods whose labels differ only in keys that no
 * selector names, in the same namespace, with the same ports and in the same interval of addresses are one
 * class: what is said of one holds for all. Addresses outside the cluster fall into intervals, each of which
 * is one more peer. What an object says wrongly is reported in `problems`, and the rest of it, and all
 * other objects, still count.
 */
#ifndef KB_NETWORK_WORLD_H
#define KB_NETWORK_WORLD_H

#include "network/policy.h"
#include "network/profile.h"
#include "network/space.h"

struct kb_net_namespace {
    struct kb_str name;
    struct kb_net_labels labels;
    bool implied; /* only named by other objects: its labels are not known */
    uint32_t class_first, class_end; /* its classes, once the world is closed */
};

struct kb_net_pod_port {
    struct kb_str name;
    uint8_t protocol;
    uint16_t port;
    kb_net_ports set; /* the port as a set, once it was asked for; 0 */
};

struct kb_net_pod {
    struct kb_str name_space, name, uid;
    struct kb_str owner_kind, owner_name; /* of the controller; empty */
    struct kb_str node;
    uint32_t ns;                          /* in namespaces */
    uint32_t cls;                         /* in classes; of finished pods too, which are in none: UINT32_MAX */
    struct kb_net_labels labels;
    const struct kb_net_pod_port *ports;  /* those with names, then the others */
    size_t port_count, declared_count;    /* of those with names, of all */
    int64_t created_ns;                   /* since 1970; INT64_MIN: not told */
    struct kb_ip ips[2];                  /* at most one of a family */
    unsigned ip_count;
    struct kb_ip host_ip;                 /* family 0: not known */
    bool host_network;
    bool finished;                        /* Succeeded or Failed: no traffic */
    bool unenforced;                      /* on a node that the engine does not serve */
};

/* Labels that pods of a template will have. */
struct kb_net_template {
    uint32_t ns;
    struct kb_net_labels labels;
};

struct kb_net_node {
    struct kb_str name;
    struct kb_net_labels labels;
    const struct kb_ip *ips;
    size_t ip_count;
};

struct kb_net_service_port {
    struct kb_str target_name; /* empty: the number */
    uint16_t target, port;
    uint8_t protocol;
};

struct kb_net_service {
    struct kb_str name_space, name;
    uint32_t ns; /* in namespaces */
    struct kb_net_labels selector;
    struct kb_ip ip;
    const struct kb_net_service_port *ports;
    size_t port_count;
};

/* Something an object says that cannot be, or that cannot be judged. */
struct kb_net_problem {
    struct kb_str object; /* "NetworkPolicy/shop/web" */
    struct kb_str path;   /* "spec.ingress[0].from[1].ipBlock.cidr"; empty: the object */
    struct kb_str text;
};

/* Pods that are alike. */
struct kb_net_class {
    const struct kb_net_pod *pod; /* the first of them */
    uint32_t pods;                /* how many */
    bool exempt;                  /* hostNetwork, or on a node that is not served: no policies of its own */
    uint32_t group;               /* classes whose pods share all rules (profile.shared_identifiers) */
    uint32_t places[2];           /* the intervals of its addresses; UINT32_MAX: none of IPv4, of IPv6 */
    uint32_t port_names;          /* equal: the ports whose names some rule has are the same */
    uint8_t plain;                /* the family of its one address, which is nobody's else; 0 */
    const struct kb_net_side *sides[KB_NET_DIRECTIONS];
};

struct kb_net_world {
    const struct kb_net_profile *profile;
    struct kb_arena arena;
    struct kb_map names, selects, namespace_index, object_index, derived, service_peers, world_ports;
    KB_VEC(struct kb_net_namespace) namespaces;
    KB_VEC(struct kb_net_pod *) pods;
    KB_VEC(struct kb_net_node) nodes;
    KB_VEC(struct kb_net_service) services;
    KB_VEC(struct kb_net_template) templates;
    KB_VEC(struct kb_net_policy *) policies; /* closed: by tier, priority, namespace and name */
    KB_VEC(struct kb_net_problem) problems;  /* at most KB_MAX_ERRORS */
    uint64_t problem_count;
    bool over_limit; /* there were more objects than may be: answers are not whole */
    struct kb_net_store ports;
    struct kb_net_space space;
    uint8_t family;  /* of the cluster's pods: 4 or 6; 0: none has an address */
    KB_VEC(struct kb_net_class) classes;
    size_t peers;    /* classes, then intervals */
    struct kb_net_index pod_index, namespace_labels;
    uint64_t *hosts; /* classes of hostNetwork pods */
    uint32_t side_counts[2];       /* by direction */
    struct kb_net_lines *lines;    /* what rows.c keeps between two questions */
    struct kb_map address_pods; /* bytes of an address to the pod that has it for itself */
    bool closed;
};

/* An empty world; `profile` NULL: kb_net_profile_default(). It must outlive the world. */
void kb_net_world_init(struct kb_net_world *world, const struct kb_net_profile *profile);
void kb_net_world_done(struct kb_net_world *world);

/* Judge by another profile than that given first; before closing. */
void kb_net_world_enforce(struct kb_net_world *world, const struct kb_net_profile *profile);

/* Take a Namespace, Pod, Node, Service or a policy as its API gives it; nothing of it is kept. False:
 * it is of no kind that matters here. */
bool kb_net_take(struct kb_net_world *world, const json_t *object);
/* The same of an item of a list, which does not tell its own group and kind. */
bool kb_net_take_as(struct kb_net_world *world, struct kb_str group, struct kb_str kind,
                    const json_t *object);
/* A template of pods, by which controllers may make some: it counts for what selectors select by intention. */
void kb_net_take_template(struct kb_net_world *world, struct kb_str name_space, const json_t *labels);
/* Work out classes and rules. Nothing is taken after it. */
void kb_net_close(struct kb_net_world *world);

/* NULL: there is none. */
const struct kb_net_pod *kb_net_find_pod(const struct kb_net_world *world, struct kb_str name_space,
                                         struct kb_str name);
/* The live pod that has the address for itself (no hostNetwork), or NULL. */
const struct kb_net_pod *kb_net_find_address(const struct kb_net_world *world,
                                             const struct kb_ip *ip);

#endif
