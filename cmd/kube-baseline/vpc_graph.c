/* VPCs, zones, subnets, and the cluster in them. */
#include "kube-baseline/vpc_graph.h"

#include <stdlib.h>

enum { VPCS_MAX = 8, BOXES_MAX = 500, LINES_MAX = 24, LABEL_MAX = 60 };

unsigned kb_vpc_add(struct kb_vpc_drawing *d, struct kb_str id, struct kb_str title,
                    enum kb_graph_tone tone, const struct kb_vpc_spot *spot)
{
    unsigned number = (unsigned)d->graph->boxes.n;
    struct kb_graph_box *box = kb_graph_add_box(d->graph, title, tone);
    box->band = spot->vpc;
    box->column = spot->column;
    box->frame = spot->frame;
    if (id.n > 0) {
        kb_map_add(&d->boxes, id, NULL)->value.u = number + 1;
    }
    return number;
}

bool kb_vpc_has_room(struct kb_vpc_drawing *d, struct kb_str id)
{
    bool room = d->graph->boxes.n < BOXES_MAX;
    if (!room) {
        (void)kb_map_add(&d->left_out, id, NULL);
    }
    return room;
}

void kb_vpc_line(struct kb_vpc_drawing *d, unsigned box, struct kb_str text)
{
    size_t n = d->graph->boxes.at[box].lines.n;
    if (n <= LINES_MAX) {
        kb_graph_add_line(d->graph, box, n < LINES_MAX ? text : KB_STR("and more"));
    }
}

bool kb_vpc_find(const struct kb_vpc_drawing *d, struct kb_str id, unsigned *out)
{
    const struct kb_map_entry *entry = kb_map_find(&d->boxes, id);
    *out = entry == NULL ? 0 : (unsigned)entry->value.u - 1;
    return entry != NULL;
}

bool kb_vpc_number(const struct kb_vpc_drawing *d, struct kb_str vpc, unsigned *out)
{
    for (size_t i = 0; i < d->vpcs.n; i++) {
        if (kb_str_eq(d->vpcs.at[i], vpc)) {
            *out = (unsigned)i;
            return true;
        }
    }
    return false;
}

void kb_vpc_join(struct kb_vpc_drawing *d, unsigned from, unsigned to, struct kb_str label)
{
    for (size_t i = 0; i < d->graph->edges.n; i++) {
        struct kb_graph_edge *edge = &d->graph->edges.at[i];
        if (edge->from != from || edge->to != to) {
            continue;
        }
        if (edge->label.n + label.n < LABEL_MAX && kb_str_find(edge->label, label, 0) == SIZE_MAX) {
            edge->label =
                kb_arena_printf(d->arena, "%.*s, %.*s", KB_FMT(edge->label), KB_FMT(label));
        } else if (kb_str_find(edge->label, label, 0) == SIZE_MAX &&
                   !kb_str_ends(edge->label, KB_STR(" and more"))) {
            edge->label = kb_arena_printf(d->arena, "%.*s and more", KB_FMT(edge->label));
        }
        return;
    }
    kb_graph_add_edge(d->graph, from, KB_GRAPH_WHOLE_BOX, to, KB_GRAPH_WHOLE_BOX, label);
}

struct kb_str kb_vpc_title(struct kb_vpc_drawing *d, const json_t *item, struct kb_str id)
{
    const json_t *tags = kb_aws_get(item, "Tags");
    for (size_t i = 0; i < json_array_size(tags); i++) {
        const json_t *tag = json_array_get(tags, i);
        struct kb_str name = kb_aws_text(tag, "Value");
        if (kb_aws_is(tag, "Key", "Name") && name.n > 0) {
            return kb_arena_printf(d->arena, "%.*s (%.*s)", KB_FMT(name), KB_FMT(id));
        }
    }
    return id;
}

struct subnet {
    struct kb_str vpc, zone, id;
    const json_t *item;
};

static int by_place(const void *left, const void *right)
{
    const struct subnet *a = left, *b = right;
    int zone = kb_str_cmp(a->zone, b->zone);
    return zone != 0 ? zone : kb_str_cmp(a->id, b->id);
}

/* The cluster's VPC first, then those whose subnets were described, in the order of their ids. */
static void find_vpcs(struct kb_vpc_drawing *d)
{
    struct kb_str own = kb_net_vpc(d->world);
    struct kb_aws_names all = {0};
    if (own.n > 0) {
        kb_aws_names_add(&d->vpcs, d->arena, own);
    }
    KB_AWS_EACH(it, d->world, "ec2 describe-subnets", "Subnets") {
        struct kb_str id = kb_aws_text(it.item, "VpcId");
        if (id.n > 0) {
            kb_aws_names_add(&all, d->arena, id);
        }
    }
    (void)kb_aws_names_list(&all, d->arena);
    for (size_t i = 0; i < all.n; i++) {
        if (d->vpcs.n < VPCS_MAX) {
            kb_aws_names_add(&d->vpcs, d->arena, all.at[i]);
        } else if (!kb_aws_names_have(&d->vpcs, all.at[i])) {
            (void)kb_map_add(&d->left_out, all.at[i], NULL);
        }
    }
}

static void add_vpc(struct kb_vpc_drawing *d, unsigned vpc)
{
    struct kb_str id = d->vpcs.at[vpc];
    bool own = kb_str_eq(id, kb_net_vpc(d->world));
    d->frames[vpc] = kb_graph_add_frame(
        d->graph, kb_arena_printf(d->arena, "VPC %.*s%s", KB_FMT(id), own ? ", of the cluster" : ""),
        KB_GRAPH_NO_FRAME);
    struct kb_vpc_spot spot = {vpc, KB_VPC_GATES, d->frames[vpc]};
    unsigned box = kb_vpc_add(d, id, id, KB_GRAPH_GATE, &spot);
    struct kb_aws_names ranges = {0};
    KB_AWS_EACH(it, d->world, "ec2 describe-route-tables", "RouteTables") {
        const json_t *routes = kb_aws_get(it.item, "Routes");
        bool here = kb_str_eq(kb_aws_text(it.item, "VpcId"), id);
        for (size_t i = 0; here && i < json_array_size(routes); i++) {
            const json_t *route = json_array_get(routes, i);
            struct kb_str range = kb_aws_text(route, "DestinationCidrBlock");
            if (kb_aws_is(route, "GatewayId", "local") && range.n > 0) {
                kb_aws_names_add(&ranges, d->arena, range);
            }
        }
    }
    for (size_t i = 0; i < ranges.n; i++) {
        kb_vpc_line(d, box, ranges.at[i]);
    }
}

static void add_subnet(struct kb_vpc_drawing *d, const struct subnet *at, unsigned vpc, int frame)
{
    struct kb_str table = kb_net_route_table(d->world, at->item);
    bool open = kb_net_has_igw(d->world, table);
    bool known = table.n > 0 && (open || kb_aws_read(d->world, "ec2 describe-route-tables"));
    enum kb_graph_tone tone = !known ? KB_GRAPH_UNSURE : open ? KB_GRAPH_PUBLIC : KB_GRAPH_PRIVATE;
    struct kb_vpc_spot spot = {vpc, KB_VPC_SUBNETS, frame};
    unsigned box = kb_vpc_add(d, at->id, kb_vpc_title(d, at->item, at->id), tone, &spot);
    kb_vpc_line(d, box, kb_arena_printf(d->arena, "%.*s, %s", KB_FMT(kb_aws_text(at->item, "CidrBlock")),
                                      !known ? "routes not read"
                                      : open ? "public"
                                             : "private"));
    if (kb_aws_true(at->item, "MapPublicIpOnLaunch")) {
        kb_vpc_line(d, box, KB_STR("gives public addresses"));
    }
}

/* The subnets of a VPC, with a frame around those of a zone. */
static void add_subnets(struct kb_vpc_drawing *d, unsigned vpc)
{
    KB_VEC(struct subnet) list = {0};
    KB_AWS_EACH(it, d->world, "ec2 describe-subnets", "Subnets") {
        struct subnet at = {kb_aws_text(it.item, "VpcId"), kb_aws_text(it.item, "AvailabilityZone"),
                            kb_aws_text(it.item, "SubnetId"), it.item};
        if (kb_str_eq(at.vpc, d->vpcs.at[vpc])) {
            *KB_VEC_PUSH(&list) = at;
        }
    }
    if (list.n > 0) {
        qsort(list.at, list.n, sizeof list.at[0], by_place);
    }
    int frame = KB_GRAPH_NO_FRAME;
    struct kb_str zone = KB_STR("");
    for (size_t i = 0; i < list.n; i++) {
        unsigned known;
        if (kb_vpc_find(d, list.at[i].id, &known) || !kb_vpc_has_room(d, list.at[i].id)) {
            continue;
        }
        if (frame == KB_GRAPH_NO_FRAME || !kb_str_eq(zone, list.at[i].zone)) {
            zone = list.at[i].zone;
            frame = kb_graph_add_frame(d->graph, zone.n > 0 ? zone : KB_STR("zone not told"),
                                       d->frames[vpc]);
        }
        add_subnet(d, &list.at[i], vpc, frame);
    }
    KB_VEC_DONE(&list);
}

/* Arrows to the subnets of a list; a subnet that was not described is told of. */
static void join_subnets(struct kb_vpc_drawing *d, unsigned box, const json_t *subnets,
                         const char *label)
{
    for (size_t i = 0; i < json_array_size(subnets); i++) {
        struct kb_str id = kb_json_view(json_array_get(subnets, i));
        unsigned to;
        if (kb_vpc_find(d, id, &to)) {
            kb_vpc_join(d, box, to, kb_str_c(label));
        } else {
            kb_vpc_line(d, box, kb_arena_printf(d->arena, "in %.*s, not described", KB_FMT(id)));
        }
    }
}

static void add_control_plane(struct kb_vpc_drawing *d, const struct kb_vpc_spot *spot)
{
    const json_t *config = kb_net_vpc_config(d->world);
    const json_t *ranges = kb_aws_get(config, "publicAccessCidrs");
    if (config == NULL) {
        return;
    }
    unsigned box = kb_vpc_add(d, d->world->eks.arn,
                              kb_arena_printf(d->arena, "control plane of %.*s",
                                              KB_FMT(d->world->eks.name)),
                              KB_GRAPH_CLUSTER, spot);
    if (kb_aws_true(config, "endpointPrivateAccess")) {
        kb_vpc_line(d, box, KB_STR("endpoint in the VPC"));
    }
    for (size_t i = 0; kb_aws_true(config, "endpointPublicAccess") && i < json_array_size(ranges); i++) {
        kb_vpc_line(d, box, kb_arena_printf(d->arena, "public endpoint for %.*s",
                                          KB_FMT(kb_json_view(json_array_get(ranges, i)))));
    }
    join_subnets(d, box, kb_aws_get(config, "subnetIds"), "interfaces");
}

static void add_cluster(struct kb_vpc_drawing *d)
{
    unsigned vpc = 0;
    bool drawn = kb_vpc_number(d, kb_net_vpc(d->world), &vpc);
    struct kb_vpc_spot spot = {vpc, KB_VPC_CLUSTER, drawn ? d->frames[vpc] : KB_GRAPH_NO_FRAME};
    add_control_plane(d, &spot);
    KB_AWS_EACH(it, d->world, "eks describe-nodegroup", "nodegroup") {
        struct kb_str arn = kb_aws_text(it.item, "nodegroupArn");
        struct kb_str name = kb_aws_text(it.item, "nodegroupName");
        const json_t *scaling = kb_aws_get(it.item, "scalingConfig");
        unsigned box;
        if (kb_vpc_find(d, arn.n > 0 ? arn : name, &box) || !kb_vpc_has_room(d, name)) {
            continue;
        }
        box = kb_vpc_add(d, arn.n > 0 ? arn : name,
                         kb_arena_printf(d->arena, "node group %.*s", KB_FMT(name)),
                         KB_GRAPH_CLUSTER, &spot);
        if (scaling != NULL) {
            kb_graph_add_line(
                d->graph, box,
                kb_arena_printf(d->arena, "%lld to %lld nodes",
                                (long long)kb_aws_int(scaling, "minSize", 0),
                                (long long)kb_aws_int(scaling, "maxSize", 0)));
        }
        join_subnets(d, box, kb_aws_get(it.item, "subnets"), "nodes");
    }
}

void kb_vpc_graph_make(struct kb_graph *graph, struct kb_vpc_view *view)
{
    struct kb_vpc_drawing d = {.world = &view->world, .arena = &view->arena, .graph = graph};
    *graph = (struct kb_graph){.placed = true};
    find_vpcs(&d);
    d.frames = KB_NEW_ARRAY(&view->arena, d.vpcs.n + 1, int);
    d.endpoints = KB_NEW_ARRAY(&view->arena, d.vpcs.n + 1, unsigned);
    for (unsigned i = 0; i < d.vpcs.n; i++) {
        add_vpc(&d, i);
        add_subnets(&d, i);
    }
    kb_vpc_draw_gates(&d);
    add_cluster(&d);
    kb_vpc_draw_groups(&d);
    kb_vpc_draw_marks(&d, &view->result);
    if (d.left_out.n > 0) {
        struct kb_vpc_spot spot = {0, KB_VPC_OUTSIDE, KB_GRAPH_NO_FRAME};
        (void)kb_vpc_add(&d, KB_STR(""),
                         kb_arena_printf(d.arena, "and %zu more things", d.left_out.n),
                         KB_GRAPH_OUTSIDE, &spot);
    }
    kb_map_done(&d.left_out);
    kb_map_done(&d.boxes);
}
