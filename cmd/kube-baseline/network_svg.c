/*
 * A graph as a picture that needs no other program: boxes on a grid, arrows between their sides. Arrows lie under
 * boxes, each with an end of its own; labels lie over all, where there is room.
 */
#include <stdlib.h>

#include "kube-baseline/network_graph.h"
#include "report/escape.h"

enum {
    CHAR = 7,       /* pixels of a character */
    LINE = 18,      /* of a line */
    HEAD = 26,      /* of a title */
    PAD = 10,
    GAP_X = 150, GAP_Y = 50, /* between boxes */
    LABELS_MAX = 60, /* more arrows than that tell their ports on pointing only */
    LABEL_CHAR = 6, LABEL_HIGH = 12,
    STEPS = 16 /* of an arrow, where its label may stand */
};

static const char *const fills[] = {[KB_GRAPH_CLOSED] = "#e3f1e3", [KB_GRAPH_HALF] = "#fdf3d7",
                                    [KB_GRAPH_OPEN] = "#fbe3e0", [KB_GRAPH_OUTSIDE] = "#e6e9f5"};

struct place {
    int x, y, w, h, column;
};

/* A curve from (x1, y1) by (c1, y1) and (c2, y2) to (x2, y2). */
struct curve {
    int x1, y1, c1, x2, y2, c2;
};

/* One end of an arrow at a side of a box. */
struct end {
    unsigned box;
    bool right;  /* the box's right side */
    int other;   /* height of the other box */
    size_t edge;
    bool head;
};

struct picture {
    const struct kb_graph *graph;
    struct place *places;
    struct curve *curves;       /* by arrow */
    KB_VEC(struct place) taken; /* by labels */
    int w, h;
    struct kb_buf *out;
};

static void add_text(struct kb_buf *out, struct kb_str text)
{
    struct kb_buf plain;
    kb_buf_init(&plain, SIZE_MAX / 2);
    kb_escape(&plain, text, KB_ESCAPE_FOREIGN);
    struct kb_str s = kb_buf_view(&plain);
    for (size_t i = 0; i < s.n; i++) {
        switch (s.p[i]) {
        case '&': kb_buf_c(out, "&amp;"); break;
        case '<': kb_buf_c(out, "&lt;"); break;
        case '>': kb_buf_c(out, "&gt;"); break;
        case '"': kb_buf_c(out, "&quot;"); break;
        default: kb_buf_char(out, s.p[i]);
        }
    }
    kb_buf_done(&plain);
}

static int text_width(struct kb_str text)
{
    return (int)(text.n > 200 ? 200 : text.n) * CHAR;
}

static void measure(struct picture *p, unsigned i)
{
    const struct kb_graph_box *box = &p->graph->boxes.at[i];
    struct place *place = &p->places[i];
    place->w = text_width(box->title) + 2 * PAD;
    for (size_t k = 0; k < box->lines.n; k++) {
        int w = text_width(box->lines.at[k]) + 2 * PAD;
        place->w = w > place->w ? w : place->w;
    }
    place->h = HEAD + (int)box->lines.n * LINE + (box->lines.n > 0 ? PAD : 0);
}

/* Row by row; as wide as high, so far as boxes allow. */
static void lay_out(struct picture *p)
{
    unsigned n = (unsigned)p->graph->boxes.n, columns = 1;
    while (columns * columns < n) {
        columns++;
    }
    int *widths = kb_alloc((columns + 1) * sizeof *widths);
    for (unsigned i = 0; i < n; i++) {
        measure(p, i);
        int *w = &widths[i % columns];
        *w = p->places[i].w > *w ? p->places[i].w : *w;
    }
    int y = GAP_Y;
    for (unsigned row = 0; row * columns < n; row++) {
        int x = GAP_X / 2, high = 0;
        for (unsigned c = 0; c < columns && row * columns + c < n; c++) {
            struct place *place = &p->places[row * columns + c];
            place->x = x;
            place->y = y;
            place->column = (int)c;
            x += widths[c] + GAP_X;
            high = place->h > high ? place->h : high;
            p->w = x > p->w ? x : p->w;
        }
        y += high + GAP_Y;
    }
    p->h = y;
    kb_free(widths);
}

static void add_box(const struct picture *p, unsigned i)
{
    const struct kb_graph_box *box = &p->graph->boxes.at[i];
    const struct place *at = &p->places[i];
    kb_buf_printf(p->out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\" fill=\"%s\"/>\n",
                  at->x, at->y, at->w, at->h, fills[box->tone]);
    kb_buf_printf(p->out, "<text x=\"%d\" y=\"%d\" class=\"t\">", at->x + PAD, at->y + LINE);
    add_text(p->out, box->title);
    kb_buf_c(p->out, "</text>\n");
    for (size_t k = 0; k < box->lines.n; k++) {
        kb_buf_printf(p->out, "<text x=\"%d\" y=\"%d\">", at->x + PAD,
                      at->y + HEAD + (int)(k + 1) * LINE - 4);
        add_text(p->out, box->lines.at[k]);
        kb_buf_c(p->out, "</text>\n");
    }
}

static struct kb_str end_text(const struct picture *p, unsigned box, int line)
{
    const struct kb_graph_box *at = &p->graph->boxes.at[box];
    return line == KB_GRAPH_WHOLE_BOX ? at->title : at->lines.at[line];
}

/* From the side that looks at the other box; within a column, around the right side. */
static void put_curve(const struct picture *p, size_t number)
{
    const struct kb_graph_edge *edge = &p->graph->edges.at[number];
    const struct place *a = &p->places[edge->from], *b = &p->places[edge->to];
    bool right = b->column >= a->column, beside = b->column == a->column;
    int bend = beside ? GAP_X / 3 + (int)(number % 5) * 8 : GAP_X / 2;
    struct curve *curve = &p->curves[number];
    curve->x1 = right ? a->x + a->w : a->x;
    curve->x2 = beside ? b->x + b->w : right ? b->x : b->x + b->w;
    curve->c1 = right ? curve->x1 + bend : curve->x1 - bend;
    curve->c2 = beside ? curve->x2 + bend : right ? curve->x2 - bend : curve->x2 + bend;
    curve->y1 = a->y + HEAD + edge->from_line * LINE + LINE / 2 - 3;
    curve->y2 = b->y + HEAD + edge->to_line * LINE + LINE / 2 + 3;
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
static void spread(const struct picture *p, const struct end *ends, size_t n, bool lined)
{
    for (size_t first = 0, end; first < n; first = end) {
        for (end = first; end < n && ends[end].box == ends[first].box &&
                          ends[end].right == ends[first].right;
             end++) {
        }
        const struct place *box = &p->places[ends[first].box];
        int high = lined ? HEAD : box->h, all = (int)(end - first) + 1;
        for (size_t i = first; i < end; i++) {
            struct curve *curve = &p->curves[ends[i].edge];
            *(ends[i].head ? &curve->y2 : &curve->y1) = box->y + high * (int)(i - first + 1) / all;
        }
    }
}

static void put_curves(struct picture *p)
{
    KB_VEC(struct end) ends = {0};
    bool lined = false;
    p->curves = kb_alloc((p->graph->edges.n + 1) * sizeof *p->curves);
    for (size_t i = 0; i < p->graph->edges.n; i++) {
        const struct kb_graph_edge *edge = &p->graph->edges.at[i];
        const struct place *a = &p->places[edge->from], *b = &p->places[edge->to];
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

static void add_edge(const struct picture *p, size_t number)
{
    const struct kb_graph_edge *edge = &p->graph->edges.at[number];
    const struct curve *c = &p->curves[number];
    bool all = kb_str_starts(edge->label, KB_STR("all"));
    kb_buf_printf(p->out, "<g class=\"%s\"><path d=\"M%d %d C%d %d %d %d %d %d\"/><title>",
                  all ? "e a" : "e", c->x1, c->y1, c->c1, c->y1, c->c2, c->y2, c->x2, c->y2);
    add_text(p->out, end_text(p, edge->from, edge->from_line));
    kb_buf_c(p->out, " -&gt; ");
    add_text(p->out, end_text(p, edge->to, edge->to_line));
    kb_buf_c(p->out, ": ");
    add_text(p->out, edge->label);
    kb_buf_c(p->out, "</title></g>\n");
}

/* A label's room where its arrow has gone so many steps. */
static struct place label_place(const struct curve *c, int step, struct kb_str label)
{
    int u = STEPS - step, w = text_width(label) * LABEL_CHAR / CHAR;
    int parts[] = {u * u * u, 3 * u * u * step, 3 * u * step * step, step * step * step};
    int x = (parts[0] * c->x1 + parts[1] * c->c1 + parts[2] * c->c2 + parts[3] * c->x2) /
            (STEPS * STEPS * STEPS);
    int y = ((parts[0] + parts[1]) * c->y1 + (parts[2] + parts[3]) * c->y2) / (STEPS * STEPS * STEPS);
    return (struct place){.x = x - w / 2, .y = y - LABEL_HIGH + 1, .w = w, .h = LABEL_HIGH};
}

static bool overlaps(const struct place *at, size_t n, const struct place *wanted)
{
    bool found = false;
    for (size_t i = 0; i < n && !found; i++) {
        found = at[i].x < wanted->x + wanted->w && wanted->x < at[i].x + at[i].w &&
                at[i].y < wanted->y + wanted->h && wanted->y < at[i].y + at[i].h;
    }
    return found;
}

/* From the middle to both ends: the first place that is free, of labels at least. */
static void add_label(struct picture *p, size_t number)
{
    struct kb_str label = p->graph->edges.at[number].label;
    struct place best = label_place(&p->curves[number], STEPS / 2, label);
    bool apart = false, free = false;
    for (int i = 0; i < STEPS - 2 && !free; i++) {
        int step = STEPS / 2 + (i % 2 == 0 ? -i / 2 : (i + 1) / 2);
        struct place at = label_place(&p->curves[number], step, label);
        bool here = !overlaps(p->taken.at, p->taken.n, &at);
        free = here && !overlaps(p->places, p->graph->boxes.n, &at);
        best = free || (here && !apart) ? at : best;
        apart = apart || here;
    }
    *KB_VEC_PUSH(&p->taken) = best;
    kb_buf_printf(p->out, "<text x=\"%d\" y=\"%d\" class=\"l\">", best.x + best.w / 2,
                  best.y + best.h - 3);
    add_text(p->out, label);
    kb_buf_c(p->out, "</text>\n");
}

static void begin(const struct picture *p)
{
    kb_buf_printf(p->out,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
                  "height=\"%d\">\n<style>\n"
                  "text { font: 12px monospace; fill: #222; }\n"
                  ".t { font-weight: bold; }\n"
                  "rect { stroke: #888; }\n"
                  ".e path { fill: none; stroke: #5b7a99; stroke-width: 1.2; marker-end: url(#m); }\n"
                  ".l { font-size: 10px; fill: #345; text-anchor: middle; pointer-events: none; "
                  "paint-order: stroke; stroke: white; stroke-width: 3px; }\n"
                  ".a path { stroke: #c0392b; }\n"
                  ".e:hover path { stroke: #000; stroke-width: 3; }\n"
                  "</style>\n<defs><marker id=\"m\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" "
                  "markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0 L8 4 L0 8 z\" "
                  "fill=\"#567\"/></marker></defs>\n<rect width=\"%d\" height=\"%d\" fill=\"white\" "
                  "stroke=\"none\"/>\n",
                  p->w, p->h, p->w, p->h, p->w, p->h);
}

void kb_graph_svg(const struct kb_graph *graph, struct kb_buf *out)
{
    struct picture p = {.graph = graph, .out = out,
                        .places = kb_alloc((graph->boxes.n + 1) * sizeof(struct place))};
    lay_out(&p);
    put_curves(&p);
    begin(&p);
    for (size_t i = 0; i < graph->edges.n; i++) {
        add_edge(&p, i);
    }
    for (unsigned i = 0; i < graph->boxes.n; i++) {
        add_box(&p, i);
    }
    for (size_t i = 0; i < graph->edges.n && graph->edges.n <= LABELS_MAX; i++) {
        add_label(&p, i);
    }
    kb_buf_c(out, "</svg>\n");
    KB_VEC_DONE(&p.taken);
    kb_free(p.curves);
    kb_free(p.places);
}
