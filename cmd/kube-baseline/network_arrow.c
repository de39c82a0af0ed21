/*
 * Where the arrows of a graph go, and their labels. Each arrow has an end of its own; a label stands on its arrow,
 * where there is room.
 */
#include <stdlib.h>

#include "kube-baseline/network_graph.h"

enum {
    LABELS_MAX = 60, /* more arrows than that tell their ports on pointing only */
    LABEL_CHAR_TENTHS = 60, LABEL_HIGH = 12,
    STEPS = 16 /* of an arrow, where its label may stand */
};

/* One end of an arrow at a side of a box. */
struct end {
    unsigned box;
    bool right;  /* the box's right side */
    int other;   /* height of the other box */
    size_t edge;
    bool head;
};

struct arrows {
    const struct kb_graph *graph;
    struct kb_graph_layout *at;
};

/* From the side that looks at the other box; within a column, around the right side. */
static void put_curve(const struct arrows *p, size_t number)
{
    const struct kb_graph_edge *edge = &p->graph->edges.at[number];
    const struct kb_graph_place *a = &p->at->boxes[edge->from], *b = &p->at->boxes[edge->to];
    bool right = b->column >= a->column, beside = b->column == a->column;
    int bend = beside ? KB_GRAPH_GAP_X / 3 + (int)(number % 5) * 8 : KB_GRAPH_GAP_X / 2;
    struct kb_graph_curve *curve = &p->at->curves[number];
    curve->x1 = right ? a->x + a->w : a->x;
    curve->x2 = beside ? b->x + b->w : right ? b->x : b->x + b->w;
    curve->c1 = right ? curve->x1 + bend : curve->x1 - bend;
    curve->c2 = beside ? curve->x2 + bend : right ? curve->x2 - bend : curve->x2 + bend;
    curve->y1 = a->y + KB_GRAPH_HEAD + edge->from_line * KB_GRAPH_LINE + KB_GRAPH_LINE / 2 - 3;
    curve->y2 = b->y + KB_GRAPH_HEAD + edge->to_line * KB_GRAPH_LINE + KB_GRAPH_LINE / 2 + 3;
}

static int by_side(const void *a, const void *b)
{
    const struct end *x = a, *y = b;
    if (x->box != y->box) {
        return x->box < y->box ? -1 : 1;
    }
    if (x->right != y->right) {
        return x->right ? 1 : -1;
    }
    if (x->other != y->other) {
        return x->other < y->other ? -1 : 1;
    }
    return x->edge != y->edge ? (x->edge < y->edge ? -1 : 1) : (int)x->head - (int)y->head;
}

/* Ends at a whole box, each for itself: along its side, or its title where other ends are at its lines. */
static void spread(const struct arrows *p, const struct end *ends, size_t n, bool lined)
{
    for (size_t first = 0, end; first < n; first = end) {
        for (end = first; end < n && ends[end].box == ends[first].box &&
                          ends[end].right == ends[first].right;
             end++) {
        }
        const struct kb_graph_place *box = &p->at->boxes[ends[first].box];
        int high = lined ? KB_GRAPH_HEAD : box->h, all = (int)(end - first) + 1;
        for (size_t i = first; i < end; i++) {
            struct kb_graph_curve *curve = &p->at->curves[ends[i].edge];
            *(ends[i].head ? &curve->y2 : &curve->y1) = box->y + high * (int)(i - first + 1) / all;
        }
    }
}

static void put_curves(const struct arrows *p)
{
    KB_VEC(struct end) ends = {0};
    bool lined = false;
    p->at->curves = kb_alloc((p->graph->edges.n + 1) * sizeof *p->at->curves);
    for (size_t i = 0; i < p->graph->edges.n; i++) {
        const struct kb_graph_edge *edge = &p->graph->edges.at[i];
        const struct kb_graph_place *a = &p->at->boxes[edge->from], *b = &p->at->boxes[edge->to];
        bool from = edge->from_line == KB_GRAPH_WHOLE_BOX, to = edge->to_line == KB_GRAPH_WHOLE_BOX;
        put_curve(p, i);
        lined = lined || !from || !to;
        if (from) {
            *KB_VEC_PUSH(&ends) =
                (struct end){edge->from, b->column >= a->column, b->y, i, false};
        }
        if (to) {
            *KB_VEC_PUSH(&ends) = (struct end){edge->to, b->column <= a->column, a->y, i, true};
        }
    }
    if (ends.n > 1) {
        qsort(ends.at, ends.n, sizeof ends.at[0], by_side);
    }
    spread(p, ends.at, ends.n, lined);
    KB_VEC_DONE(&ends);
}

/* A label's room where its arrow has gone so many steps. */
static struct kb_graph_place label_place(const struct kb_graph_curve *c, int step, struct kb_str label)
{
    int u = STEPS - step, w = kb_graph_text_width(label, LABEL_CHAR_TENTHS);
    int parts[] = {u * u * u, 3 * u * u * step, 3 * u * step * step, step * step * step};
    int x = (parts[0] * c->x1 + parts[1] * c->c1 + parts[2] * c->c2 + parts[3] * c->x2) /
            (STEPS * STEPS * STEPS);
    int y = ((parts[0] + parts[1]) * c->y1 + (parts[2] + parts[3]) * c->y2) / (STEPS * STEPS * STEPS);
    return (struct kb_graph_place){.x = x - w / 2, .y = y - LABEL_HIGH + 1, .w = w, .h = LABEL_HIGH};
}

static bool overlaps(const struct kb_graph_place *at, size_t n, const struct kb_graph_place *wanted)
{
    bool found = false;
    for (size_t i = 0; i < n && !found; i++) {
        found = at[i].x < wanted->x + wanted->w && wanted->x < at[i].x + at[i].w &&
                at[i].y < wanted->y + wanted->h && wanted->y < at[i].y + at[i].h;
    }
    return found;
}

/* From the middle to both ends: the first place that is free, or free of boxes at least. */
static struct kb_graph_place find_place(const struct arrows *p, size_t number)
{
    struct kb_str label = p->graph->edges.at[number].label;
    struct kb_graph_place best = label_place(&p->at->curves[number], STEPS / 2, label);
    unsigned best_free = 0; /* of labels 1, of boxes 2: a box's own text is what is missed most */
    for (int i = 0; i < STEPS - 2 && best_free < 3; i++) {
        int step = STEPS / 2 + (i % 2 == 0 ? -i / 2 : (i + 1) / 2);
        struct kb_graph_place at = label_place(&p->at->curves[number], step, label);
        unsigned here = overlaps(p->at->labels, number, &at) ? 0 : 1;
        here += overlaps(p->at->boxes, p->graph->boxes.n, &at) ? 0 : 2;
        best = here > best_free ? at : best;
        best_free = here > best_free ? here : best_free;
    }
    return best;
}

void kb_graph_lay_arrows(const struct kb_graph *graph, struct kb_graph_layout *layout)
{
    struct arrows p = {graph, layout};
    size_t n = graph->edges.n;
    put_curves(&p);
    if (n > LABELS_MAX) {
        return;
    }
    layout->labels = kb_alloc((n + 1) * sizeof *layout->labels);
    for (size_t i = 0; i < n; i++) {
        layout->labels[i] = find_place(&p, i);
    }
}
