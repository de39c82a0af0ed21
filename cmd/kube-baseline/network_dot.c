/* A graph for Graphviz. */
#include "kube-baseline/network_graph.h"
#include "report/escape.h"

/* A quoted string: whatever is not plainly visible is escaped before. */
static void quoted(struct kb_buf *out, struct kb_str text)
{
    struct kb_buf plain;
    kb_buf_init(&plain, SIZE_MAX / 2);
    kb_escape(&plain, text, KB_ESCAPE_FOREIGN);
    struct kb_str s = kb_buf_view(&plain);
    kb_buf_char(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\') {
            kb_buf_char(out, '\\');
        }
        kb_buf_char(out, s.p[i]);
    }
    kb_buf_char(out, '"');
    kb_buf_done(&plain);
}

static void node(struct kb_buf *out, unsigned box, int line)
{
    kb_buf_printf(out, line == KB_GRAPH_WHOLE_BOX ? "b%u" : "b%u_%d", box, line);
}

static void add_lines(const struct kb_graph_box *box, unsigned number, struct kb_buf *out)
{
    for (size_t i = 0; i < box->lines.n; i++) {
        kb_buf_printf(out, "    b%u_%zu [label=", number, i);
        quoted(out, box->lines.at[i]);
        kb_buf_c(out, "];\n");
    }
    for (size_t i = 0; i < box->marks.n; i++) {
        kb_buf_printf(out, "    b%u_m%zu [color=\"#c0392b\", fontcolor=\"#c0392b\", label=", number, i);
        quoted(out, box->marks.at[i].text);
        kb_buf_c(out, ", tooltip=");
        quoted(out, box->marks.at[i].about);
        kb_buf_c(out, "];\n");
    }
}

static void add_box(const struct kb_graph *graph, unsigned number, struct kb_buf *out)
{
    const struct kb_graph_box *box = &graph->boxes.at[number];
    kb_buf_printf(out, "  subgraph cluster_%u {\n    style=filled; fillcolor=\"%s\"; label=", number,
                  kb_graph_shapes[box->tone].fill);
    quoted(out, box->title);
    kb_buf_c(out, box->marks.n > 0 ? "; color=\"#c0392b\"" : "");
    kb_buf_printf(out, ";\n    b%u [shape=point, style=invis];\n", number);
    add_lines(box, number, out);
    kb_buf_c(out, "  }\n");
}

static void begin_frame(const struct kb_graph *graph, int frame, struct kb_buf *out)
{
    kb_buf_printf(out, "  subgraph cluster_f%d {\n    style=dashed; label=", frame);
    quoted(out, graph->frames.at[frame].title);
    kb_buf_c(out, ";\n");
}

/* What is directly in a frame, frames first; two levels there are. */
static void add_frames(const struct kb_graph *graph, struct kb_buf *out)
{
    int open = KB_GRAPH_NO_FRAME;
    for (int f = 0; f < (int)graph->frames.n; f++) {
        bool inner = graph->frames.at[f].parent != KB_GRAPH_NO_FRAME;
        if (!inner && open != KB_GRAPH_NO_FRAME) {
            kb_buf_c(out, "  }\n");
        }
        open = inner ? open : f;
        begin_frame(graph, f, out);
        for (unsigned i = 0; i < graph->boxes.n; i++) {
            if (graph->boxes.at[i].frame == f) {
                add_box(graph, i, out);
            }
        }
        kb_buf_c(out, inner ? "  }\n" : "");
    }
    kb_buf_c(out, open != KB_GRAPH_NO_FRAME ? "  }\n" : "");
}

static void add_edge(const struct kb_graph_edge *edge, struct kb_buf *out)
{
    kb_buf_c(out, "  ");
    node(out, edge->from, edge->from_line);
    kb_buf_c(out, " -> ");
    node(out, edge->to, edge->to_line);
    kb_buf_c(out, " [label=");
    quoted(out, edge->label);
    if (edge->from_line == KB_GRAPH_WHOLE_BOX) {
        kb_buf_printf(out, ", ltail=cluster_%u", edge->from);
    }
    if (edge->to_line == KB_GRAPH_WHOLE_BOX) {
        kb_buf_printf(out, ", lhead=cluster_%u", edge->to);
    }
    kb_buf_c(out, kb_graph_edge_is_red(edge) ? ", color=\"#c0392b\"" : "");
    kb_buf_c(out, "];\n");
}

/* As the label of the whole graph: lines, to the left. */
static void add_legend(const struct kb_graph *graph, struct kb_buf *out)
{
    struct kb_graph_legend legend;
    kb_graph_legend_make(graph, &legend);
    kb_buf_c(out, legend.n > 0 ? "  labelloc=b; labeljust=l; fontsize=11; label=\"" : "");
    for (size_t i = 0; i < legend.n; i++) {
        kb_buf_printf(out, "%s\\l", legend.at[i].text);
    }
    kb_buf_c(out, legend.n > 0 ? "\";\n" : "");
}

void kb_graph_dot(const struct kb_graph *graph, struct kb_buf *out)
{
    kb_buf_c(out, "digraph network {\n  compound=true; rankdir=LR; fontname=\"sans-serif\";\n"
                  "  node [shape=box, style=filled, fillcolor=white, fontname=\"sans-serif\"];\n"
                  "  edge [fontname=\"sans-serif\", fontsize=10];\n");
    add_frames(graph, out);
    for (unsigned i = 0; i < graph->boxes.n; i++) {
        if (graph->boxes.at[i].frame == KB_GRAPH_NO_FRAME) {
            add_box(graph, i, out);
        }
    }
    for (size_t i = 0; i < graph->edges.n; i++) {
        add_edge(&graph->edges.at[i], out);
    }
    add_legend(graph, out); /* last: boxes would inherit its place */
    kb_buf_c(out, "}\n");
}
