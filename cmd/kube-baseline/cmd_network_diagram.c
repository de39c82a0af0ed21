/* `network diagram`: a picture of who reaches whom, or of the policies. */
#include "kube-baseline/baseline.h"
#include "kube-baseline/commands.h"
#include "kube-baseline/network_graph.h"

int kb_cmd_network_diagram(struct kb_app *app)
{
    struct kb_network_view view;
    int status = kb_network_view_open(&view, app);
    if (status == KUBE_BASELINE_CLEAN) {
        struct kb_graph graph;
        struct kb_buf text;
        bool policies = app->args.layer != NULL && strcmp(app->args.layer, "policy") == 0;
        kb_buf_init(&text, SIZE_MAX / 2);
        kb_graph_make(&graph, &view, policies);
        if (kb_format_is(app, "svg")) {
            kb_graph_svg(&graph, &text);
        } else {
            kb_graph_dot(&graph, &text);
        }
        kb_print(app, kb_buf_view(&text));
        kb_buf_done(&text);
        kb_graph_done(&graph);
        status = kb_network_view_end(&view, status);
    }
    kb_network_view_done(&view);
    return status;
}
