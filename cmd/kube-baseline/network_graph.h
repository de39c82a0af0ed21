/*
 * A picture of who reaches whom: boxes with lines of text, and arrows between them.
 *
 * Few namespaces are drawn each with its workloads (or policies); of many, those that are alike in all that
 * they reach and are reached by are one box, so that the picture stays readable.
 */
#ifndef KB_CMD_NETWORK_GRAPH_H
#define KB_CMD_NETWORK_GRAPH_H

#include "kube-baseline/network_view.h"

enum { KB_GRAPH_WHOLE_BOX = -1 };

enum kb_graph_tone {
    KB_GRAPH_CLOSED, /* a new pod is shut in both directions */
    KB_GRAPH_HALF,   /* in one */
    KB_GRAPH_OPEN,   /* in none */
    KB_GRAPH_OUTSIDE /* not of the cluster */
};

struct kb_graph_box {
    struct kb_str title;
    enum kb_graph_tone tone;
    KB_VEC(struct kb_str) lines;
};

struct kb_graph_edge {
    unsigned from, to;       /* boxes */
    int from_line, to_line;  /* in them, or KB_GRAPH_WHOLE_BOX */
    struct kb_str label;     /* "TCP 80", "all" */
};

struct kb_graph {
    struct kb_network_view *view;
    KB_VEC(struct kb_graph_box) boxes;
    KB_VEC(struct kb_graph_edge) edges;
};

/* Of workloads, or, with `policies`, of policies and the namespaces that their rules name. */
void kb_graph_make(struct kb_graph *graph, struct kb_network_view *view, bool policies);
void kb_graph_done(struct kb_graph *graph);

struct kb_graph_box *kb_graph_add_box(struct kb_graph *graph, struct kb_str title,
                                      enum kb_graph_tone tone);
void kb_graph_add_line(struct kb_graph *graph, unsigned box, struct kb_str text);
void kb_graph_add_edge(struct kb_graph *graph, unsigned from, int from_line, unsigned to, int to_line,
                       struct kb_str label);

/* Things and what is between each two of them: numbers of labels, 0 for nothing. */
struct kb_graph_matrix {
    size_t n;
    uint32_t *at; /* n × n, from × to */
    const uint32_t *own; /* what a thing is by itself */
};
/* Which things are alike: *out is n numbers of classes from 0, in the order of the first of each; at most
 * about `max` classes, as coarse as that takes. Returns how many. */
size_t kb_graph_fold(const struct kb_graph_matrix *matrix, size_t max, uint32_t *out);

/* As Graphviz reads it, and as a picture that needs nothing else. */
void kb_graph_dot(const struct kb_graph *graph, struct kb_buf *out);
void kb_graph_svg(const struct kb_graph *graph, struct kb_buf *out);

#endif
