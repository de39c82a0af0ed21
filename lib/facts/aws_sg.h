/* What the two tables of security groups share. */
#ifndef KB_FACTS_AWS_SG_H
#define KB_FACTS_AWS_SG_H

#include "facts/aws_net.h"

/* Members of an IpPermission that name peers, and what in them is the name. */
enum { KB_SG_PEERS = 4 };
struct kb_sg_peer {
    const char *list, *member;
};
extern const struct kb_sg_peer kb_sg_peers[KB_SG_PEERS];

/* Whose the groups are; made once for all rows. */
struct kb_sg_scene {
    const struct kb_world *world;
    struct kb_str vpc; /* the cluster's; empty where it was not read */
    struct kb_aws_names control, node;
    bool whole;        /* the launch templates of all node groups were read */
};

void kb_sg_scene(const struct kb_world *world, struct kb_arena *arena, struct kb_sg_scene *out);
/* What it is of the cluster: "control-plane", "node"; groups that carry the cluster's own tag are of its
 * nodes. */
struct kb_cel_val kb_sg_roles(const struct kb_sg_scene *scene, const json_t *group,
                              struct kb_arena *arena);
/* The group's own description, where `part` may be only some of its rules, as a Terraform state has them apart;
 * `part` where there is no more. */
const json_t *kb_sg_whole(const struct kb_world *world, const json_t *part);
struct kb_str kb_sg_arn(const struct kb_world *world, const json_t *group, struct kb_arena *arena);
/* Whether it is in the cluster's VPC; unknown where that was not read. */
struct kb_cel_val kb_sg_ours(const struct kb_sg_scene *scene, const json_t *group);
struct kb_str kb_sg_missing(const struct kb_world *world, struct kb_arena *arena);

#endif
