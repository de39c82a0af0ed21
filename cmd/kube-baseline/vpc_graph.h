/*
 * A picture of the network around a cluster, as AWS describes it: VPCs with their zones, subnets, gateways and
 * security groups, and where control plane and nodes are in them.
 */
#ifndef KB_CMD_VPC_GRAPH_H
#define KB_CMD_VPC_GRAPH_H

#include "facts/aws_net.h"
#include "kube-baseline/network_graph.h"
#include "run/baselines.h"

/* AWS settings, read and judged. */
struct kb_vpc_view {
    struct kb_app *app;
    struct kb_world world;
    struct kb_named_sources named;
    struct kb_gathered gathered;
    struct kb_baselines baselines;
    struct kb_result result;
    bool began; /* the world is there */
    struct kb_arena arena; /* for what is drawn */
};

/* Read what --aws and --snapshot name, and judge it by --profile. Exit status; freed with kb_vpc_view_done
 * also after a failure. */
int kb_vpc_view_open(struct kb_vpc_view *view, struct kb_app *app);
void kb_vpc_view_done(struct kb_vpc_view *view);
/* Tell on standard error which calls were not read. Exit status: KUBE_BASELINE_CLEAN or _UNKNOWN. */
int kb_vpc_view_end(struct kb_vpc_view *view);

/* From left to right. */
enum kb_vpc_column {
    KB_VPC_OUTSIDE, /* internet, VPCs at the other end of a peering */
    KB_VPC_GATES,
    KB_VPC_SUBNETS,
    KB_VPC_CLUSTER,
    KB_VPC_GROUPS,
    KB_VPC_SENDERS /* who gets in by security groups */
};

/* While it is drawn. */
struct kb_vpc_drawing {
    const struct kb_world *world;
    struct kb_arena *arena;
    struct kb_graph *graph;
    struct kb_map boxes; /* number + 1 of the box of an id or ARN */
    struct kb_aws_names vpcs; /* drawn; a band each */
    struct kb_map left_out; /* ids of things that are too many */
    int *frames; /* of the VPCs */
    unsigned *endpoints; /* boxes of the endpoints of the VPCs, + 1 */
    unsigned internet, everybody; /* + 1; where packets go to, and who gets in by security groups */
};

/* `graph` is freed with kb_graph_done, before the view. */
void kb_vpc_graph_make(struct kb_graph *graph, struct kb_vpc_view *view);

/* A new box, known by `id` (empty: by none); its number. */
struct kb_vpc_spot {
    unsigned vpc; /* number of the VPC, which is its band */
    enum kb_vpc_column column;
    int frame;
};
unsigned kb_vpc_add(struct kb_vpc_drawing *d, struct kb_str id, struct kb_str title,
                    enum kb_graph_tone tone, const struct kb_vpc_spot *spot);
/* Whether there is room for this thing; counts it as left out where not. */
bool kb_vpc_has_room(struct kb_vpc_drawing *d, struct kb_str id);
/* A line of a box, where it has not too many. */
void kb_vpc_line(struct kb_vpc_drawing *d, unsigned box, struct kb_str text);
/* Whether something known by `id` is drawn; *out is its number. */
bool kb_vpc_find(const struct kb_vpc_drawing *d, struct kb_str id, unsigned *out);
/* The number of a drawn VPC. */
bool kb_vpc_number(const struct kb_vpc_drawing *d, struct kb_str vpc, unsigned *out);
/* An arrow; more between the same two boxes are one with all labels. */
void kb_vpc_join(struct kb_vpc_drawing *d, unsigned from, unsigned to, struct kb_str label);
/* "name (id)", by the tag Name. */
struct kb_str kb_vpc_title(struct kb_vpc_drawing *d, const json_t *item, struct kb_str id);

/* Gateways, and arrows from subnets by their routes. */
void kb_vpc_draw_gates(struct kb_vpc_drawing *d);
/* Security groups, and who uses them. */
void kb_vpc_draw_groups(struct kb_vpc_drawing *d);
/* What failed on things that are drawn. */
void kb_vpc_draw_marks(struct kb_vpc_drawing *d, const struct kb_result *result);

#endif
