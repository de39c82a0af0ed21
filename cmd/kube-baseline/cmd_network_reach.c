/* `network reach`: who reaches whom, on which ports. */
#include "kube-baseline/commands.h"
#include "kube-baseline/listing.h"
#include "kube-baseline/network_view.h"

static const char *const columns[] = {"from", "to", "ports", NULL};

enum { ROWS_MAX = 500000 };

struct reach {
    struct kb_network_view *view;
    struct kb_listing listing;
    struct kb_net_range port; /* family of the question; protocol unused where !asked */
    bool asked, full;
    struct kb_ip from_ip, to_ip;
    bool from_address, to_address;
    const struct kb_net_group *group; /* the workload whose outside is being told */
    enum kb_net_direction direction;
};

static void add(struct reach *r, struct kb_str from, struct kb_str to, kb_net_ports ports)
{
    struct kb_net_store *store = &r->view->net->ports;
    bool shown = ports != KB_NET_NO_PORTS &&
                 (!r->asked || kb_net_ports_has(store, ports, (enum kb_net_protocol)r->port.protocol,
                                                r->port.first));
    if (!shown) {
        return;
    }
    if (r->listing.rows.n >= ROWS_MAX) {
        r->full = true;
        return;
    }
    const struct kb_str cells[] = {from, to, kb_network_ports_text(r->view, ports)};
    kb_listing_add(&r->listing, cells);
}

static void add_outside(void *ctx, const struct kb_ip *first, const struct kb_ip *last,
                        kb_net_ports ports)
{
    struct reach *r = ctx;
    struct kb_str range = kb_network_range_text(r->view, first, last);
    bool in = r->direction == KB_NET_INGRESS;
    add(r, in ? range : r->group->object, in ? r->group->object : range, ports);
}

/* `row` is by group; hostNetwork pods are asked for themselves. */
static kb_net_ports pair(struct reach *r, const kb_net_ports *row, const struct kb_net_group *from,
                         size_t number)
{
    const struct kb_net_group *to = &r->view->world.network->groups.at[number];
    if (!from->host_network && !to->host_network) {
        return row[number];
    }
    struct kb_net_end a = kb_net_end_pod(from->pod), b = kb_net_end_pod(to->pod);
    return kb_net_allowed(r->view->net, &a, &b);
}

static bool is_shown(const struct reach *r, const struct kb_net_group *group)
{
    return !group->host_network || r->view->app->args.all;
}

/* With -n and neither --from nor --to, one end is to be there. */
static void add_targets(struct reach *r, const struct kb_net_group *from, kb_net_ports *row)
{
    const struct kb_args *args = &r->view->app->args;
    struct kb_net_model *model = r->view->world.network;
    bool from_meant = kb_network_is_meant(r->view, from, args->from);
    bool both = args->from != NULL || args->to != NULL;
    if (!is_shown(r, from) || (both && !from_meant)) {
        return;
    }
    kb_net_group_targets(model, from, row);
    for (size_t k = 0; k < model->groups.n; k++) {
        const struct kb_net_group *to = &model->groups.at[k];
        bool to_meant = kb_network_is_meant(r->view, to, args->to);
        bool meant = both ? to_meant : from_meant || to_meant;
        if (from != to && meant && is_shown(r, to)) {
            add(r, from->object, to->object, pair(r, row, from, k));
        }
    }
}

static void add_pairs(struct reach *r)
{
    const struct kb_net_model *model = r->view->world.network;
    kb_net_ports *row = kb_alloc((model->groups.n + 1) * sizeof *row);
    for (size_t i = 0; i < model->groups.n && !r->from_address && !r->to_address; i++) {
        add_targets(r, &model->groups.at[i], row);
    }
    kb_free(row);
}

static void add_ranges(struct reach *r, const struct kb_net_group *group)
{
    const struct kb_args *args = &r->view->app->args;
    r->group = group;
    if (args->to == NULL && kb_network_is_meant(r->view, group, args->from)) {
        r->direction = KB_NET_EGRESS;
        kb_net_outside(r->view->net, KB_NET_EGRESS, group->pod, add_outside, r);
    }
    if (args->from == NULL && kb_network_is_meant(r->view, group, args->to)) {
        r->direction = KB_NET_INGRESS;
        kb_net_outside(r->view->net, KB_NET_INGRESS, group->pod, add_outside, r);
    }
}

/* One end is an address. */
static void add_address(struct reach *r, const struct kb_net_group *group)
{
    const struct kb_args *args = &r->view->app->args;
    struct kb_net_end pod = kb_net_end_pod(group->pod);
    if (r->to_address && kb_network_is_meant(r->view, group, args->from)) {
        struct kb_net_end to = kb_net_end_ip(r->view->net, &r->to_ip);
        add(r, group->object, kb_str_c(args->to), kb_net_allowed(r->view->net, &pod, &to));
    }
    if (r->from_address && kb_network_is_meant(r->view, group, args->to)) {
        struct kb_net_end from = kb_net_end_ip(r->view->net, &r->from_ip);
        add(r, kb_str_c(args->from), group->object, kb_net_allowed(r->view->net, &from, &pod));
    }
}

static void list(struct reach *r)
{
    const struct kb_net_model *model = r->view->world.network;
    add_pairs(r);
    for (size_t i = 0; i < model->groups.n; i++) {
        const struct kb_net_group *group = &model->groups.at[i];
        if (!is_shown(r, group) || group->host_network) {
            continue;
        }
        if (r->from_address || r->to_address) {
            add_address(r, group);
        } else {
            add_ranges(r, group);
        }
    }
}

/* A name that nothing has would look like nothing that is reached. */
static KB_RES require_named(const struct kb_network_view *view, const char *option, const char *glob,
                            struct kb_err *err)
{
    const struct kb_net_model *model = view->world.network;
    bool found = glob == NULL;
    for (size_t i = 0; i < model->groups.n && !found; i++) {
        found = kb_network_is_meant(view, &model->groups.at[i], glob);
    }
    KB_ENSURE(found, err, KB_ERR_USAGE,
              "%s: no workload is called \"%s\": write NAMESPACE/NAME, KIND/NAMESPACE/NAME or a glob of these",
              option, glob);
    return KB_SUCCESS;
}

static KB_RES read_question(struct reach *r, struct kb_err *err)
{
    const struct kb_args *args = &r->view->app->args;
    r->from_address = args->from != NULL && !kb_failed(kb_ip_parse(kb_str_c(args->from), &r->from_ip, NULL));
    r->to_address = args->to != NULL && !kb_failed(kb_ip_parse(kb_str_c(args->to), &r->to_ip, NULL));
    KB_ENSURE(!r->from_address || !r->to_address, err, KB_ERR_USAGE,
              "--from and --to are both addresses: no pod, no policy");
    KB_TRY(require_named(r->view, "--from", r->from_address ? NULL : args->from, err));
    KB_TRY(require_named(r->view, "--to", r->to_address ? NULL : args->to, err));
    r->asked = args->port != NULL;
    return r->asked ? kb_network_port_read(kb_str_c(args->port), &r->port, err) : KB_SUCCESS;
}

int kb_cmd_network_reach(struct kb_app *app)
{
    struct kb_network_view view;
    struct kb_err err = {0};
    struct reach r = {.view = &view};
    kb_listing_init(&r.listing, columns);
    int status = kb_network_view_open(&view, app);
    if (status == KUBE_BASELINE_CLEAN && kb_failed(read_question(&r, &err))) {
        status = kb_trouble(app, &err);
    }
    if (status == KUBE_BASELINE_CLEAN) {
        list(&r);
        status = kb_network_view_end(&view, status);
        kb_listing_print(app, &r.listing, status, "nobody reaches anybody");
        if (r.full) {
            kb_complain(app, "more than %d lines: name --from, --to, --port or -n", ROWS_MAX);
            status = KUBE_BASELINE_UNKNOWN;
        }
    }
    kb_listing_done(&r.listing);
    kb_network_view_done(&view);
    return status;
}
