/*
 * The cluster's part of the network, as EC2 and EKS describe it: which subnets and security groups are its,
 * and where a subnet's packets go.
 */
#ifndef KB_FACTS_AWS_NET_H
#define KB_FACTS_AWS_NET_H

#include "facts/aws_json.h"
#include "facts/aws_model.h"
#include "facts/world.h"

/* cluster.resourcesVpcConfig of the cluster; NULL where it was not read. */
const json_t *kb_net_vpc_config(const struct kb_world *world);
/* The cluster's VPC; empty where it was not read. */
struct kb_str kb_net_vpc(const struct kb_world *world);

/* Why these calls, or the cluster's VPC, were not read (kb_aws_unread); without a VPC nothing is known to be the
 * cluster's. */
struct kb_str kb_net_unread(const struct kb_world *world, const char *const *calls, size_t n,
                            struct kb_arena *arena);
/* Subnets of managed node groups, and those of the control plane. */
void kb_net_node_subnets(const struct kb_world *world, struct kb_arena *arena,
                         struct kb_aws_names *out);
void kb_net_control_subnets(const struct kb_world *world, struct kb_arena *arena,
                            struct kb_aws_names *out);
/* Whether node groups were listed, and each of them described. */
bool kb_net_nodegroups_whole(const struct kb_world *world);
/* A subnet as described; NULL where it was not. */
const json_t *kb_net_subnet(const struct kb_world *world, struct kb_str id);
/* The zones of the subnets; unknown where one was not described. */
struct kb_cel_val kb_net_zones(const struct kb_world *world, const struct kb_aws_names *subnets,
                               struct kb_arena *arena);
/* Id of the route table that holds for the subnet: its own, or the main one of its VPC; empty: none was
 * read. A table may be told of in parts, which have one id. */
struct kb_str kb_net_route_table(const struct kb_world *world, const json_t *subnet);
/* Where the table sends 0.0.0.0/0: "igw-…", "nat-…" …; empty where nowhere. */
struct kb_str kb_net_default_target(const struct kb_world *world, struct kb_str route_table);
/* Where a route leads: a range or a prefix list; empty where it names none. */
struct kb_str kb_net_destination(const json_t *route);
/* Whether it has a live route to an internet gateway. */
bool kb_net_has_igw(const struct kb_world *world, struct kb_str route_table);
/* Zones of node subnets that reach the internet through a NAT gateway of another zone only; unknown where
 * subnets, routes or gateways were not read. */
struct kb_cel_val kb_net_nat_elsewhere(const struct kb_world *world, struct kb_arena *arena);

/* A managed node group's version of its launch template: the LaunchTemplateVersions entry; NULL: it has
 * none, or it was not read (*named tells). */
const json_t *kb_net_launch_template(const struct kb_world *world, const json_t *nodegroup,
                                     bool *named);
/* Security groups of the control plane's interfaces, and of nodes. *whole becomes false where a launch
 * template of a node group was not read. */
void kb_net_control_groups(const struct kb_world *world, struct kb_arena *arena,
                           struct kb_aws_names *out);
void kb_net_node_groups(const struct kb_world *world, struct kb_arena *arena,
                        struct kb_aws_names *out, bool *whole);

/* Whether the range is of the whole internet, or of so much of it that it makes no difference: IPv4 shorter
 * than /8, IPv6 shorter than /16 outside the private fc00::/7. */
bool kb_net_is_world(struct kb_str cidr);

#endif
