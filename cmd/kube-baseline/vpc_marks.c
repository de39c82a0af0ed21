/* What failed, on the things that are drawn. */
#include "kube-baseline/vpc_graph.h"

#include "data/glob.h"

enum { MARKS_MAX = 20, ABOUT_MAX = 1000 };

/* Controls on the network: by their table and id. */
static const struct {
    const char *table, *id;
} judged[] = {
    {"ec2.*", "*"},
    {"eks.cluster", "api-endpoint-*"},
    {"eks.cluster", "cp-subnets-*"},
    {"eks.cluster", "vpc-*"},
    {"eks.nodegroup", "node-ssh-open"},
    {"eks.nodegroup", "nodes-*"},
};

static bool is_of_network(const struct kb_control_result *control)
{
    bool found = false;
    for (size_t i = 0; i < sizeof judged / sizeof judged[0] && !found; i++) {
        found = kb_glob_match(kb_str_c(judged[i].table), control->table) &&
                kb_glob_match(kb_str_c(judged[i].id), control->id);
    }
    return found;
}

/* Which arrows of a thing are what a control is about. */
static const struct {
    const char *table;
    bool from, to;  /* arrows that begin, or end, there */
    bool everybody; /* only those that everybody sends */
} ways[] = {
    {"ec2.peering", true, true, false},
    {"ec2.route", false, true, false},
    {"ec2.securitygroup_rule", false, true, true},
};

/* A rule of what leaves a group says nothing of who may come. */
static bool is_egress(const struct kb_finding *finding)
{
    bool egress = false;
    for (size_t i = 0; i < finding->cell_count; i++) {
        const struct kb_cell *cell = &finding->cells[i];
        egress = egress || (strcmp(cell->column, "ingress") == 0 &&
                            cell->value.kind == KB_CEL_BOOL && !cell->value.b);
    }
    return egress;
}

static void mark_ways(struct kb_vpc_drawing *d, unsigned box, size_t way)
{
    for (size_t i = 0; i < d->graph->edges.n; i++) {
        struct kb_graph_edge *edge = &d->graph->edges.at[i];
        bool near = d->graph->boxes.at[edge->from].band == d->graph->boxes.at[box].band;
        bool meant = (ways[way].from && edge->from == box) || (ways[way].to && edge->to == box && near);
        bool sent = !ways[way].everybody || edge->from + 1 == d->everybody;
        edge->failed = edge->failed || (meant && sent);
    }
}

/* By ARN, or by the id at its end. */
static bool box_of(const struct kb_vpc_drawing *d, struct kb_str object, unsigned *out)
{
    const char *slash = object.n == 0 ? NULL : memrchr(object.p, '/', object.n);
    size_t from = slash == NULL ? 0 : (size_t)(slash - object.p) + 1;
    return kb_vpc_find(d, object, out) || kb_vpc_find(d, kb_str_sub(object, from, object.n), out);
}

/* One more message; where there is no room, dots say that it is not all. */
static void tell_more(struct kb_vpc_drawing *d, struct kb_graph_mark *mark, struct kb_str message)
{
    const struct kb_str dots = KB_STR("; …");
    if (mark->about.n < ABOUT_MAX) {
        mark->about = kb_arena_printf(d->arena, "%.*s; %.*s", KB_FMT(mark->about), KB_FMT(message));
    } else if (!kb_str_ends(mark->about, dots)) {
        mark->about = kb_arena_printf(d->arena, "%.*s%.*s", KB_FMT(mark->about), KB_FMT(dots));
    }
}

static struct kb_graph_mark *find_mark(const struct kb_graph_box *box, struct kb_str text)
{
    for (size_t i = 0; i < box->marks.n; i++) {
        if (kb_str_eq(box->marks.at[i].text, text)) {
            return &box->marks.at[i];
        }
    }
    return NULL;
}

/* A control that failed a thing more than once is one mark with all that was said. So are those that have no
 * room below the others. */
static void add_mark(struct kb_vpc_drawing *d, unsigned number, struct kb_str id, struct kb_str message)
{
    struct kb_graph_box *box = &d->graph->boxes.at[number];
    struct kb_str text = kb_arena_printf(d->arena, "! %.*s", KB_FMT(id));
    struct kb_graph_mark *mark = find_mark(box, text);
    if (mark == NULL && box->marks.n >= MARKS_MAX) {
        text = KB_STR("! more");
        message = kb_arena_printf(d->arena, "%.*s: %.*s", KB_FMT(id), KB_FMT(message));
        mark = find_mark(box, text);
    }
    if (mark != NULL) {
        tell_more(d, mark, message);
    } else {
        kb_graph_add_mark(d->graph, number, text, kb_arena_copy(d->arena, message));
    }
}

static void add_failed(struct kb_vpc_drawing *d, unsigned box, const struct kb_control_result *control,
                       const struct kb_finding *finding)
{
    add_mark(d, box, control->id, finding->message);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0] && !is_egress(finding); i++) {
        if (kb_str_eq_c(control->table, ways[i].table)) {
            mark_ways(d, box, i);
        }
    }
}

void kb_vpc_draw_marks(struct kb_vpc_drawing *d, const struct kb_result *result)
{
    for (size_t i = 0; i < result->control_count; i++) {
        const struct kb_control_result *control = &result->controls[i];
        for (size_t k = 0; k < control->finding_count && is_of_network(control); k++) {
            const struct kb_finding *finding = &control->findings[k];
            unsigned box;
            if (finding->verdict == KB_FAIL && box_of(d, finding->object, &box)) {
                add_failed(d, box, control, finding);
            }
        }
    }
}
