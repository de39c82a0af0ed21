/* What colours mean, below a picture: those that are in it. */
#include "kube-baseline/network_graph.h"

static bool has_tone(const struct kb_graph *graph, enum kb_graph_tone tone)
{
    for (size_t i = 0; i < graph->boxes.n; i++) {
        if (graph->boxes.at[i].tone == tone) {
            return true;
        }
    }
    return false;
}

bool kb_graph_edge_is_red(const struct kb_graph_edge *edge)
{
    return edge->failed || kb_str_starts(edge->label, KB_STR("all"));
}

/* Of objects an arrow is red for what it lets through, of settings for what a control says. */
static const char *red_arrows(const struct kb_graph *graph)
{
    for (size_t i = 0; i < graph->edges.n; i++) {
        if (kb_graph_edge_is_red(&graph->edges.at[i])) {
            return graph->view != NULL ? "red arrow: all ports are open"
                                       : "red arrow: a control fails, or all is open";
        }
    }
    return NULL;
}

static void add(struct kb_graph_legend *legend, const char *fill, unsigned round, const char *text)
{
    legend->at[legend->n].fill = fill;
    legend->at[legend->n].round = round;
    legend->at[legend->n++].text = text;
}

void kb_graph_legend_make(const struct kb_graph *graph, struct kb_graph_legend *out)
{
    const char *arrows = red_arrows(graph);
    *out = (struct kb_graph_legend){0};
    for (int tone = 0; tone < KB_GRAPH_TONES; tone++) {
        const struct kb_graph_shape *shape = &kb_graph_shapes[tone];
        if (shape->meaning != NULL && has_tone(graph, (enum kb_graph_tone)tone)) {
            add(out, shape->fill, shape->round, shape->meaning);
        }
    }
    if (arrows != NULL) {
        add(out, "#c0392b", 0, arrows);
    }
}
