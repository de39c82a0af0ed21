/* A graph as a picture that needs no other program. Arrows lie under boxes, labels over all. */
#include "kube-baseline/network_graph.h"
#include "report/escape.h"

enum { LEGEND_X = 40 };

struct picture {
    const struct kb_graph *graph;
    struct kb_graph_layout at;
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

static void add_frame(const struct picture *p, size_t i)
{
    const struct kb_graph_place *at = &p->at.frames[i];
    kb_buf_printf(p->out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"8\" class=\"f\"/>\n",
                  at->x, at->y, at->w, at->h);
    kb_buf_printf(p->out, "<text x=\"%d\" y=\"%d\" class=\"t\">", at->x + KB_GRAPH_PAD,
                  at->y + KB_GRAPH_LINE);
    add_text(p->out, p->graph->frames.at[i].title);
    kb_buf_c(p->out, "</text>\n");
}

static int line_y(const struct kb_graph_place *at, size_t line)
{
    return at->y + KB_GRAPH_HEAD + (int)(line + 1) * KB_GRAPH_LINE - 4;
}

static void add_marks(const struct picture *p, unsigned i)
{
    const struct kb_graph_box *box = &p->graph->boxes.at[i];
    const struct kb_graph_place *at = &p->at.boxes[i];
    for (size_t k = 0; k < box->marks.n; k++) {
        kb_buf_printf(p->out, "<text x=\"%d\" y=\"%d\" class=\"w\">", at->x + KB_GRAPH_PAD,
                      line_y(at, box->lines.n + k));
        add_text(p->out, box->marks.at[k].text);
        kb_buf_c(p->out, "<title>");
        add_text(p->out, box->marks.at[k].about);
        kb_buf_c(p->out, "</title></text>\n");
    }
}

static void add_box(const struct picture *p, unsigned i)
{
    const struct kb_graph_box *box = &p->graph->boxes.at[i];
    const struct kb_graph_place *at = &p->at.boxes[i];
    const struct kb_graph_shape *shape = &kb_graph_shapes[box->tone];
    kb_buf_printf(p->out,
                  "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%u\" fill=\"%s\"%s/>\n",
                  at->x, at->y, at->w, at->h, shape->round, shape->fill,
                  box->marks.n > 0 ? " class=\"w\"" : "");
    kb_buf_printf(p->out, "<text x=\"%d\" y=\"%d\" class=\"t\">", at->x + KB_GRAPH_PAD,
                  at->y + KB_GRAPH_LINE);
    add_text(p->out, box->title);
    kb_buf_c(p->out, "</text>\n");
    for (size_t k = 0; k < box->lines.n; k++) {
        kb_buf_printf(p->out, "<text x=\"%d\" y=\"%d\">", at->x + KB_GRAPH_PAD, line_y(at, k));
        add_text(p->out, box->lines.at[k]);
        kb_buf_c(p->out, "</text>\n");
    }
    add_marks(p, i);
}

static struct kb_str end_text(const struct picture *p, unsigned box, int line)
{
    const struct kb_graph_box *at = &p->graph->boxes.at[box];
    return line == KB_GRAPH_WHOLE_BOX ? at->title : at->lines.at[line];
}

static void add_edge(const struct picture *p, size_t number)
{
    const struct kb_graph_edge *edge = &p->graph->edges.at[number];
    const struct kb_graph_curve *c = &p->at.curves[number];
    kb_buf_printf(p->out, "<g class=\"%s\"><path d=\"M%d %d C%d %d %d %d %d %d\"/><title>",
                  kb_graph_edge_is_red(edge) ? "e a" : "e", c->x1, c->y1, c->c1, c->y1, c->c2, c->y2, c->x2, c->y2);
    add_text(p->out, end_text(p, edge->from, edge->from_line));
    kb_buf_c(p->out, " -&gt; ");
    add_text(p->out, end_text(p, edge->to, edge->to_line));
    kb_buf_c(p->out, ": ");
    add_text(p->out, edge->label);
    kb_buf_c(p->out, "</title></g>\n");
}

static void add_label(const struct picture *p, size_t number)
{
    const struct kb_graph_place *at = &p->at.labels[number];
    kb_buf_printf(p->out, "<text x=\"%d\" y=\"%d\" class=\"l\">", at->x + at->w / 2,
                  at->y + at->h - 3);
    add_text(p->out, p->graph->edges.at[number].label);
    kb_buf_c(p->out, "</text>\n");
}

static void add_legend(const struct picture *p, const struct kb_graph_legend *legend, int y)
{
    for (size_t i = 0; i < legend->n; i++, y += KB_GRAPH_LINE) {
        kb_buf_printf(p->out,
                      "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"12\" rx=\"%u\" fill=\"%s\"/>\n"
                      "<text x=\"%d\" y=\"%d\">%s</text>\n",
                      LEGEND_X, y, legend->at[i].round / 2, legend->at[i].fill, LEGEND_X + 22, y + 10,
                      legend->at[i].text);
    }
}

/* Room below what is drawn; where it begins. */
static int make_room(struct kb_graph_layout *at, const struct kb_graph_legend *legend)
{
    int y = at->h;
    at->h += legend->n == 0 ? 0 : (int)legend->n * KB_GRAPH_LINE + 2 * KB_GRAPH_PAD;
    for (size_t i = 0; i < legend->n; i++) {
        int wanted = LEGEND_X + 22 + (int)strlen(legend->at[i].text) * 8 + LEGEND_X;
        at->w = at->w < wanted ? wanted : at->w;
    }
    return y;
}

static void begin(const struct picture *p)
{
    kb_buf_printf(p->out,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
                  "height=\"%d\">\n<style>\n"
                  "text { font: 12px monospace; fill: #222; }\n"
                  ".t { font-weight: bold; }\n"
                  "rect { stroke: #888; }\n"
                  ".f { fill: none; stroke: #aaa; stroke-dasharray: 5 3; }\n"
                  "rect.w { stroke: #c0392b; stroke-width: 2; }\n"
                  "text.w { fill: #c0392b; }\n"
                  ".e path { fill: none; stroke: #5b7a99; stroke-width: 1.2; marker-end: url(#m); }\n"
                  ".l { font-size: 10px; fill: #345; text-anchor: middle; pointer-events: none; "
                  "paint-order: stroke; stroke: white; stroke-width: 3px; }\n"
                  ".a path { stroke: #c0392b; }\n"
                  ".e:hover path { stroke: #000; stroke-width: 3; }\n"
                  "</style>\n<defs><marker id=\"m\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" "
                  "markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0 L8 4 L0 8 z\" "
                  "fill=\"#567\"/></marker></defs>\n<rect width=\"%d\" height=\"%d\" fill=\"white\" "
                  "stroke=\"none\"/>\n",
                  p->at.w, p->at.h, p->at.w, p->at.h, p->at.w, p->at.h);
}

void kb_graph_svg(const struct kb_graph *graph, struct kb_buf *out)
{
    struct picture p = {.graph = graph, .out = out};
    struct kb_graph_legend legend;
    kb_graph_lay_out(graph, &p.at);
    kb_graph_legend_make(graph, &legend);
    int legend_y = make_room(&p.at, &legend);
    begin(&p);
    for (size_t i = 0; i < graph->frames.n; i++) {
        add_frame(&p, i);
    }
    for (size_t i = 0; i < graph->edges.n; i++) {
        add_edge(&p, i);
    }
    for (unsigned i = 0; i < graph->boxes.n; i++) {
        add_box(&p, i);
    }
    for (size_t i = 0; i < graph->edges.n && p.at.labels != NULL; i++) {
        add_label(&p, i);
    }
    add_legend(&p, &legend, legend_y);
    kb_buf_c(out, "</svg>\n");
    kb_graph_layout_done(&p.at);
}
