/* A graph as a picture that needs no other program: boxes on a grid, arrows between their sides. */
#include "kube-baseline/network_graph.h"
#include "report/escape.h"

enum {
    CHAR = 7,       /* pixels of a character */
    LINE = 18,      /* of a line */
    HEAD = 26,      /* of a title */
    PAD = 10,
    GAP_X = 150, GAP_Y = 50, /* between boxes */
    LABELS_MAX = 60 /* more arrows than that tell their ports on pointing only */
};

static const char *const fills[] = {[KB_GRAPH_CLOSED] = "#e3f1e3", [KB_GRAPH_HALF] = "#fdf3d7",
                                    [KB_GRAPH_OPEN] = "#fbe3e0", [KB_GRAPH_OUTSIDE] = "#e6e9f5"};

struct place {
    int x, y, w, h, column;
};

struct picture {
    const struct kb_graph *graph;
    struct place *places;
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

static int anchor_y(const struct place *at, int line)
{
    return line == KB_GRAPH_WHOLE_BOX ? at->y + HEAD / 2 : at->y + HEAD + line * LINE + LINE / 2;
}

static struct kb_str end_text(const struct picture *p, unsigned box, int line)
{
    const struct kb_graph_box *at = &p->graph->boxes.at[box];
    return line == KB_GRAPH_WHOLE_BOX ? at->title : at->lines.at[line];
}

/* From the side that looks at the other box; within a column, around the right side. */
static void add_edge(const struct picture *p, size_t number)
{
    const struct kb_graph_edge *edge = &p->graph->edges.at[number];
    const struct place *a = &p->places[edge->from], *b = &p->places[edge->to];
    bool right = b->column >= a->column, beside = b->column == a->column;
    int x1 = right ? a->x + a->w : a->x, y1 = anchor_y(a, edge->from_line) - 3;
    int x2 = beside ? b->x + b->w : right ? b->x : b->x + b->w, y2 = anchor_y(b, edge->to_line) + 3;
    int bend = beside ? GAP_X / 3 + (int)(number % 5) * 8 : GAP_X / 2;
    int c1 = right ? x1 + bend : x1 - bend, c2 = beside ? x2 + bend : right ? x2 - bend : x2 + bend;
    bool all = kb_str_starts(edge->label, KB_STR("all"));
    kb_buf_printf(p->out, "<g class=\"%s\"><path d=\"M%d %d C%d %d %d %d %d %d\"/><title>",
                  all ? "e a" : "e", x1, y1, c1, y1, c2, y2, x2, y2);
    add_text(p->out, end_text(p, edge->from, edge->from_line));
    kb_buf_c(p->out, " -&gt; ");
    add_text(p->out, end_text(p, edge->to, edge->to_line));
    kb_buf_c(p->out, ": ");
    add_text(p->out, edge->label);
    kb_buf_c(p->out, "</title>");
    if (p->graph->edges.n <= LABELS_MAX) {
        kb_buf_printf(p->out, "<text x=\"%d\" y=\"%d\">", (x1 + 3 * c1 + 3 * c2 + x2) / 8,
                      (y1 + y2) / 2 - 3);
        add_text(p->out, edge->label);
        kb_buf_c(p->out, "</text>");
    }
    kb_buf_c(p->out, "</g>\n");
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
                  ".e text { font-size: 10px; fill: #456; text-anchor: middle; }\n"
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
    begin(&p);
    for (unsigned i = 0; i < graph->boxes.n; i++) {
        add_box(&p, i);
    }
    for (size_t i = 0; i < graph->edges.n; i++) {
        add_edge(&p, i);
    }
    kb_buf_c(out, "</svg>\n");
    kb_free(p.places);
}
