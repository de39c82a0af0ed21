/* A graph for Graphviz. */
#include "kube-baseline/network_graph.h"
#include "report/escape.h"

static const char *const fills[] = {[KB_GRAPH_CLOSED] = "#e3f1e3", [KB_GRAPH_HALF] = "#fdf3d7",
                                    [KB_GRAPH_OPEN] = "#fbe3e0", [KB_GRAPH_OUTSIDE] = "#e6e9f5"};

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

static void add_box(const struct kb_graph *graph, unsigned number, struct kb_buf *out)
{
    const struct kb_graph_box *box = &graph->boxes.at[number];
    kb_buf_printf(out, "  subgraph cluster_%u {\n    style=filled; fillcolor=\"%s\"; label=", number,
                  fills[box->tone]);
    quoted(out, box->title);
    kb_buf_printf(out, ";\n    b%u [shape=point, style=invis];\n", number);
    for (size_t i = 0; i < box->lines.n; i++) {
        kb_buf_printf(out, "    b%u_%zu [label=", number, i);
        quoted(out, box->lines.at[i]);
        kb_buf_c(out, "];\n");
    }
    kb_buf_c(out, "  }\n");
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
    kb_buf_c(out, "];\n");
}

void kb_graph_dot(const struct kb_graph *graph, struct kb_buf *out)
{
    kb_buf_c(out, "digraph network {\n  compound=true; rankdir=LR; fontname=\"sans-serif\";\n"
                  "  node [shape=box, style=filled, fillcolor=white, fontname=\"sans-serif\"];\n"
                  "  edge [fontname=\"sans-serif\", fontsize=10];\n");
    for (unsigned i = 0; i < graph->boxes.n; i++) {
        add_box(graph, i, out);
    }
    for (size_t i = 0; i < graph->edges.n; i++) {
        add_edge(&graph->edges.at[i], out);
    }
    kb_buf_c(out, "}\n");
}
