/* Where boxes and frames of a graph go. */
#include "kube-baseline/network_graph.h"
#include "report/escape.h"

enum {
    CHAR_TENTHS = 73,  /* tenths of a pixel of a character */
    CHARS_MAX = 200,
    GAP_Y = 50,        /* between rows of the grid */
    GAP_PLACED = 22,   /* between boxes of a column */
    FRAME_HEAD = 28,   /* the title of a frame, above its boxes */
    FRAME_PAD = 14,    /* a frame around boxes; one around frames is wider */
    OUTER_PAD = 34
};

struct lay {
    const struct kb_graph *graph;
    struct kb_graph_layout *out;
};

/* As it is shown: what is escaped is longer. */
int kb_graph_text_width(struct kb_str foreign, int char_tenths)
{
    struct kb_buf text = {.max = CHARS_MAX};
    kb_escape(&text, foreign, KB_ESCAPE_FOREIGN);
    size_t n = text.full ? CHARS_MAX : text.n;
    kb_buf_done(&text);
    return (int)n * char_tenths / 10 + 2 * KB_GRAPH_PAD;
}

static int text_width(struct kb_str foreign)
{
    return kb_graph_text_width(foreign, CHAR_TENTHS);
}

static int wider(int a, int b)
{
    return a > b ? a : b;
}

static void measure(const struct lay *lay, size_t i)
{
    const struct kb_graph_box *box = &lay->graph->boxes.at[i];
    struct kb_graph_place *place = &lay->out->boxes[i];
    size_t lines = box->lines.n + box->marks.n;
    place->w = text_width(box->title);
    for (size_t k = 0; k < box->lines.n; k++) {
        place->w = wider(place->w, text_width(box->lines.at[k]));
    }
    for (size_t k = 0; k < box->marks.n; k++) {
        place->w = wider(place->w, text_width(box->marks.at[k].text));
    }
    place->h = KB_GRAPH_HEAD + (int)lines * KB_GRAPH_LINE + (lines > 0 ? KB_GRAPH_PAD : 0);
}

/* Row by row; as wide as high, so far as boxes allow. */
static void grid(const struct lay *lay)
{
    unsigned n = (unsigned)lay->graph->boxes.n, columns = 1;
    while (columns * columns < n) {
        columns++;
    }
    int *widths = kb_alloc((columns + 1) * sizeof *widths);
    for (unsigned i = 0; i < n; i++) {
        widths[i % columns] = wider(widths[i % columns], lay->out->boxes[i].w);
    }
    int y = GAP_Y;
    for (unsigned row = 0; row * columns < n; row++) {
        int x = KB_GRAPH_GAP_X / 2, high = 0;
        for (unsigned c = 0; c < columns && row * columns + c < n; c++) {
            struct kb_graph_place *place = &lay->out->boxes[row * columns + c];
            place->x = x;
            place->y = y;
            place->column = (int)c;
            x += widths[c] + KB_GRAPH_GAP_X;
            high = wider(high, place->h);
            lay->out->w = wider(lay->out->w, x);
        }
        y += high + GAP_Y;
    }
    lay->out->h = y;
    kb_free(widths);
}

/* The boxes of a column, one below the other, with room for the frames that begin and end between. Returns
 * where the column ends. */
static int stack(const struct lay *lay, unsigned band, unsigned column, int x, int y)
{
    int frame = KB_GRAPH_NO_FRAME;
    bool first = true;
    for (size_t i = 0; i < lay->graph->boxes.n; i++) {
        const struct kb_graph_box *box = &lay->graph->boxes.at[i];
        struct kb_graph_place *place = &lay->out->boxes[i];
        if (box->band != band || box->column != column) {
            continue;
        }
        y += !first && box->frame != frame ? FRAME_HEAD + FRAME_PAD : 0;
        first = false;
        frame = box->frame;
        place->x = x;
        place->y = y;
        place->column = (int)column;
        y += place->h + GAP_PLACED;
    }
    return y;
}

static void place_frame(const struct lay *lay, int number)
{
    struct kb_graph_place *at = &lay->out->frames[number];
    int right = 0, bottom = 0, pad = FRAME_PAD;
    for (size_t i = 0; i < lay->graph->frames.n; i++) {
        pad = lay->graph->frames.at[i].parent == number ? OUTER_PAD : pad;
    }
    for (size_t i = 0; i < lay->graph->boxes.n; i++) {
        const struct kb_graph_place *box = &lay->out->boxes[i];
        if (!kb_graph_frame_in(lay->graph, lay->graph->boxes.at[i].frame, number)) {
            continue;
        }
        at->x = right == 0 || box->x < at->x ? box->x : at->x;
        at->y = bottom == 0 || box->y < at->y ? box->y : at->y;
        right = wider(right, box->x + box->w);
        bottom = wider(bottom, box->y + box->h);
    }
    at->w = right - at->x + 2 * pad;
    at->h = bottom - at->y + pad + (pad == OUTER_PAD ? 2 : 1) * FRAME_HEAD;
    at->x -= pad;
    at->y -= (pad == OUTER_PAD ? 2 : 1) * FRAME_HEAD;
}

static void bands(const struct lay *lay)
{
    unsigned columns = 0, last = 0;
    for (size_t i = 0; i < lay->graph->boxes.n; i++) {
        const struct kb_graph_box *box = &lay->graph->boxes.at[i];
        columns = box->column >= columns ? box->column + 1 : columns;
        last = box->band > last ? box->band : last;
    }
    int *widths = kb_alloc((columns + 1) * sizeof *widths);
    for (size_t i = 0; i < lay->graph->boxes.n; i++) {
        int *w = &widths[lay->graph->boxes.at[i].column];
        *w = wider(*w, lay->out->boxes[i].w + KB_GRAPH_GAP_X);
    }
    int y = GAP_Y / 2;
    for (unsigned band = 0; band <= last; band++) {
        int x = KB_GRAPH_GAP_X / 2, end = y;
        for (unsigned c = 0; c < columns; c++) {
            end = wider(end, stack(lay, band, c, x, y + 2 * FRAME_HEAD));
            x += widths[c];
            lay->out->w = wider(lay->out->w, x);
        }
        y = end + OUTER_PAD;
    }
    lay->out->h = y + GAP_Y / 2;
    kb_free(widths);
    for (size_t i = 0; i < lay->graph->frames.n; i++) {
        place_frame(lay, (int)i);
    }
}

void kb_graph_lay_out(const struct kb_graph *graph, struct kb_graph_layout *out)
{
    struct lay lay = {graph, out};
    *out = (struct kb_graph_layout){
        .w = KB_GRAPH_GAP_X,
        .boxes = kb_alloc((graph->boxes.n + 1) * sizeof *out->boxes),
        .frames = kb_alloc((graph->frames.n + 1) * sizeof *out->frames)};
    for (size_t i = 0; i < graph->boxes.n; i++) {
        measure(&lay, i);
    }
    (graph->placed ? bands : grid)(&lay);
    kb_graph_lay_arrows(graph, out);
}

void kb_graph_layout_done(struct kb_graph_layout *layout)
{
    kb_free(layout->boxes);
    kb_free(layout->frames);
    kb_free(layout->curves);
    kb_free(layout->labels);
}
