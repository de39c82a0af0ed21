/* `network diagram`: a picture of who reaches whom, of the policies, or of the VPCs around. */
#include "kube-baseline/baseline.h"
#include "kube-baseline/commands.h"
#include "kube-baseline/vpc_graph.h"

static void print(struct kb_app *app, const struct kb_graph *graph)
{
    struct kb_buf text;
    kb_buf_init(&text, SIZE_MAX / 2);
    (kb_format_is(app, "svg") ? kb_graph_svg : kb_graph_dot)(graph, &text);
    kb_print(app, kb_buf_view(&text));
    kb_buf_done(&text);
}

static int draw_vpcs(struct kb_app *app)
{
    struct kb_vpc_view view;
    int status = kb_vpc_view_open(&view, app);
    if (status == KUBE_BASELINE_CLEAN) {
        struct kb_graph graph;
        kb_vpc_graph_make(&graph, &view);
        print(app, &graph);
        kb_graph_done(&graph);
        status = kb_vpc_view_end(&view);
    }
    kb_vpc_view_done(&view);
    return status;
}

static int draw_objects(struct kb_app *app, bool policies)
{
    struct kb_network_view view;
    int status = kb_network_view_open(&view, app);
    if (status == KUBE_BASELINE_CLEAN) {
        struct kb_graph graph;
        kb_graph_make(&graph, &view, policies);
        print(app, &graph);
        kb_graph_done(&graph);
        status = kb_network_view_end(&view, status);
    }
    kb_network_view_done(&view);
    return status;
}

int kb_cmd_network_diagram(struct kb_app *app)
{
    const char *layer = app->args.layer;
    return layer != NULL && strcmp(layer, "vpc") == 0
               ? draw_vpcs(app)
               : draw_objects(app, layer != NULL && strcmp(layer, "policy") == 0);
}
