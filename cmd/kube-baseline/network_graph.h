/*
 * A picture of who reaches whom: boxes with lines of text, and arrows between them.
 *
 * Boxes are set on a grid, or, in a graph that is `placed`, in bands from top to bottom and columns from left
 * to right, with frames around those that belong together.
 *
 * Few namespaces are drawn each with its workloads (or policies); of many, those that are alike in all that
 * they reach and are reached by are one box, so that the picture stays readable.
 */
#ifndef KB_CMD_NETWORK_GRAPH_H
#define KB_CMD_NETWORK_GRAPH_H

#include "kube-baseline/network_view.h"

enum { KB_GRAPH_WHOLE_BOX = -1, KB_GRAPH_NO_FRAME = -1 };

enum kb_graph_tone {
    KB_GRAPH_CLOSED, /* a new pod is shut in both directions */
    KB_GRAPH_HALF,   /* in one */
    KB_GRAPH_OPEN,   /* in none */
    KB_GRAPH_OUTSIDE, /* not of the cluster, or of the VPC */
    KB_GRAPH_PUBLIC,  /* a subnet with a way in from the internet */
    KB_GRAPH_PRIVATE, /* one without */
    KB_GRAPH_UNSURE,  /* one whose routes were not read */
    KB_GRAPH_GATE,    /* what leads out of a VPC */
    KB_GRAPH_CLUSTER, /* control plane, node groups */
    KB_GRAPH_GUARD,   /* a security group */
    KB_GRAPH_TONES
};

/* How each tone looks, in every format. */
struct kb_graph_shape {
    const char *fill; /* colour */
    unsigned round;   /* radius of the corners */
    const char *meaning; /* with the name of the colour; NULL: its title says it */
};
extern const struct kb_graph_shape kb_graph_shapes[KB_GRAPH_TONES];

/* Something that is wrong with a box. */
struct kb_graph_mark {
    struct kb_str text, about; /* what is shown, and what is told on pointing */
};

struct kb_graph_frame {
    struct kb_str title;
    int parent; /* the frame that it is in, or KB_GRAPH_NO_FRAME */
};

struct kb_graph_box {
    struct kb_str title;
    enum kb_graph_tone tone;
    KB_VEC(struct kb_str) lines;
    KB_VEC(struct kb_graph_mark) marks; /* below the lines */
    int frame;                          /* or KB_GRAPH_NO_FRAME */
    unsigned band, column;              /* where the graph is placed */
};

struct kb_graph_edge {
    unsigned from, to;       /* boxes */
    int from_line, to_line;  /* in them, or KB_GRAPH_WHOLE_BOX */
    struct kb_str label;     /* "TCP 80", "all" */
    bool failed;             /* it ought not to be */
};

struct kb_graph {
    struct kb_network_view *view; /* NULL where it is not of objects */
    bool placed;                  /* boxes say where they are */
    KB_VEC(struct kb_graph_box) boxes;
    KB_VEC(struct kb_graph_edge) edges;
    KB_VEC(struct kb_graph_frame) frames; /* a parent before its children */
};

/* Of workloads, or, with `policies`, of policies and the namespaces that their rules name. */
void kb_graph_make(struct kb_graph *graph, struct kb_network_view *view, bool policies);
void kb_graph_done(struct kb_graph *graph);

struct kb_graph_box *kb_graph_add_box(struct kb_graph *graph, struct kb_str title,
                                      enum kb_graph_tone tone);
void kb_graph_add_line(struct kb_graph *graph, unsigned box, struct kb_str text);
void kb_graph_add_edge(struct kb_graph *graph, unsigned from, int from_line, unsigned to, int to_line,
                       struct kb_str label);

void kb_graph_add_mark(struct kb_graph *graph, unsigned box, struct kb_str text, struct kb_str about);
/* The number of the new frame. */
int kb_graph_add_frame(struct kb_graph *graph, struct kb_str title, int parent);
/* Whether a frame is `outer`, or in it. */
bool kb_graph_frame_in(const struct kb_graph *graph, int frame, int outer);

/* Where boxes and frames are, in pixels. */
struct kb_graph_place {
    int x, y, w, h, column;
};
/* An arrow: from (x1, y1) by (c1, y1) and (c2, y2) to (x2, y2). */
struct kb_graph_curve {
    int x1, y1, c1, x2, y2, c2;
};
struct kb_graph_layout {
    struct kb_graph_place *boxes, *frames; /* as many as the graph has */
    struct kb_graph_curve *curves;         /* by arrow */
    struct kb_graph_place *labels;         /* likewise; NULL: too many to be shown */
    int w, h;
};
/* Freed with kb_graph_layout_done. */
void kb_graph_lay_out(const struct kb_graph *graph, struct kb_graph_layout *out);
void kb_graph_layout_done(struct kb_graph_layout *layout);
/* Its part: curves and labels, where boxes are placed. */
void kb_graph_lay_arrows(const struct kb_graph *graph, struct kb_graph_layout *layout);
/* Pixels of a text with PAD on both sides, of characters of so many tenths of a pixel. */
int kb_graph_text_width(struct kb_str foreign, int char_tenths);
enum {
    KB_GRAPH_LINE = 18, /* pixels of a line of text */
    KB_GRAPH_HEAD = 26, /* of a title */
    KB_GRAPH_PAD = 10,
    KB_GRAPH_GAP_X = 150 /* between columns */
};

/* Things and what is between each two of them: numbers of labels, 0 for nothing. */
struct kb_graph_matrix {
    size_t n;
    uint32_t *at; /* n × n, from × to */
    const uint32_t *own; /* what a thing is by itself */
};
/* Which things are alike: *out is n numbers of classes from 0, in the order of the first of each; at most
 * about `max` classes, as coarse as that takes. Returns how many. */
size_t kb_graph_fold(const struct kb_graph_matrix *matrix, size_t max, uint32_t *out);

/* What the colours of a picture mean. */
struct kb_graph_legend {
    struct {
        const char *fill, *text;
        unsigned round;
    } at[KB_GRAPH_TONES + 1];
    size_t n;
};
void kb_graph_legend_make(const struct kb_graph *graph, struct kb_graph_legend *out);
/* Whether an arrow stands out: a control fails there, or all ports are open. */
bool kb_graph_edge_is_red(const struct kb_graph_edge *edge);

/* As Graphviz reads it, and as a picture that needs nothing else. */
void kb_graph_dot(const struct kb_graph *graph, struct kb_buf *out);
void kb_graph_svg(const struct kb_graph *graph, struct kb_buf *out);

#endif
