/* What graphs are made of, and how it looks. */
#include "kube-baseline/network_graph.h"

const struct kb_graph_shape kb_graph_shapes[KB_GRAPH_TONES] = {
    [KB_GRAPH_CLOSED] = {"#e3f1e3", 6, "green: a new pod is closed in both directions"},
    [KB_GRAPH_HALF] = {"#fdf3d7", 6, "yellow: a new pod is closed in one direction"},
    [KB_GRAPH_OPEN] = {"#fbe3e0", 6, "red: a new pod is open in both directions"},
    [KB_GRAPH_OUTSIDE] = {"#e6e9f5", 6, NULL},
    [KB_GRAPH_PUBLIC] = {"#fdf3d7", 6, "yellow: public, a route leads to an internet gateway"},
    [KB_GRAPH_PRIVATE] = {"#e3f1e3", 6, "green: private, no route leads to an internet gateway"},
    [KB_GRAPH_UNSURE] = {"#eeeeee", 6, "grey: its routes were not read"},
    [KB_GRAPH_GATE] = {"#ffffff", 16, NULL},
    [KB_GRAPH_CLUSTER] = {"#dceaf7", 6, "blue: control plane and node groups"},
    [KB_GRAPH_GUARD] = {"#f1e7f6", 0, "violet: security groups"},
};

struct kb_graph_box *kb_graph_add_box(struct kb_graph *graph, struct kb_str title,
                                      enum kb_graph_tone tone)
{
    struct kb_graph_box *box = KB_VEC_PUSH(&graph->boxes);
    *box = (struct kb_graph_box){.title = title, .tone = tone, .frame = KB_GRAPH_NO_FRAME};
    return box;
}

void kb_graph_add_line(struct kb_graph *graph, unsigned box, struct kb_str text)
{
    *KB_VEC_PUSH(&graph->boxes.at[box].lines) = text;
}

void kb_graph_add_mark(struct kb_graph *graph, unsigned box, struct kb_str text, struct kb_str about)
{
    *KB_VEC_PUSH(&graph->boxes.at[box].marks) = (struct kb_graph_mark){text, about};
}

void kb_graph_add_edge(struct kb_graph *graph, unsigned from, int from_line, unsigned to, int to_line,
                       struct kb_str label)
{
    *KB_VEC_PUSH(&graph->edges) =
        (struct kb_graph_edge){from, to, from_line, to_line, label, false};
}

int kb_graph_add_frame(struct kb_graph *graph, struct kb_str title, int parent)
{
    *KB_VEC_PUSH(&graph->frames) = (struct kb_graph_frame){title, parent};
    return (int)graph->frames.n - 1;
}

bool kb_graph_frame_in(const struct kb_graph *graph, int frame, int outer)
{
    while (frame != KB_GRAPH_NO_FRAME && frame != outer) {
        frame = graph->frames.at[frame].parent;
    }
    return frame == outer;
}

void kb_graph_done(struct kb_graph *graph)
{
    for (size_t i = 0; i < graph->boxes.n; i++) {
        KB_VEC_DONE(&graph->boxes.at[i].lines);
        KB_VEC_DONE(&graph->boxes.at[i].marks);
    }
    KB_VEC_DONE(&graph->boxes);
    KB_VEC_DONE(&graph->edges);
    KB_VEC_DONE(&graph->frames);
}
