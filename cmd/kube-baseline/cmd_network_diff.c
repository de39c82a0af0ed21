/* `network diff`: what opened and what closed between two states of a cluster. */
#include <stdlib.h>

#include "kube-baseline/commands.h"
#include "kube-baseline/listing.h"
#include "kube-baseline/network_view.h"
#include "network/space.h"

static const char *const columns[] = {"from", "to", "opened", "closed", NULL};

/* The same in both: a workload by its name; of one that is in one state only, the other is NULL. */
struct both {
    struct kb_str object;
    const struct kb_net_group *in[2];
};

struct diff {
    struct kb_network_view view[2]; /* before, after */
    struct kb_listing listing;
    struct kb_map index;
    KB_VEC(struct both) all;
    KB_VEC(struct kb_ip) edges; /* where some interval of either begins */
};

/* A set of the second state's in the store of the first. */
static kb_net_ports carried(struct diff *d, kb_net_ports ports)
{
    struct kb_net_port_set set = kb_net_ports_get(&d->view[1].net->ports, ports);
    return kb_net_ports_make(&d->view[0].net->ports, set.at, set.n);
}

static void add(struct diff *d, struct kb_str from, struct kb_str to, kb_net_ports before,
                kb_net_ports after)
{
    struct kb_net_store *store = &d->view[0].net->ports;
    kb_net_ports opened = kb_net_ports_without(store, after, before);
    kb_net_ports closed = kb_net_ports_without(store, before, after);
    if (opened == closed) { /* both none */
        return;
    }
    const struct kb_str cells[] = {
        from, to, kb_net_ports_show(d->view[0].net, opened, &d->view[0].arena),
        kb_net_ports_show(d->view[0].net, closed, &d->view[0].arena)};
    kb_listing_add(&d->listing, cells);
}

static int by_object(const void *a, const void *b)
{
    return kb_str_cmp(((const struct both *)a)->object, ((const struct both *)b)->object);
}

static void match_up(struct diff *d)
{
    for (int v = 0; v < 2; v++) {
        const struct kb_net_model *model = d->view[v].world.network;
        for (size_t i = 0; i < model->groups.n; i++) {
            bool is_new;
            const struct kb_net_group *group = &model->groups.at[i];
            struct kb_map_entry *entry = kb_map_add(&d->index, group->object, &is_new);
            if (group->host_network) {
                continue;
            }
            if (is_new) {
                entry->value.u = d->all.n;
                *KB_VEC_PUSH(&d->all) = (struct both){.object = entry->key};
            }
            d->all.at[entry->value.u].in[v] = group;
        }
    }
    if (d->all.n > 1) {
        qsort(d->all.at, d->all.n, sizeof d->all.at[0], by_object);
    }
}

static kb_net_ports pair(struct diff *d, int v, const struct both *from, const struct both *to)
{
    return from->in[v] == NULL || to->in[v] == NULL
               ? KB_NET_NO_PORTS
               : kb_net_pair(d->view[v].net, from->in[v], to->in[v]);
}

static int by_address(const void *a, const void *b)
{
    return kb_net_ip_cmp(a, b);
}

static void find_edges(struct diff *d)
{
    for (int v = 0; v < 2; v++) {
        const struct kb_net_space *space = &d->view[v].net->space;
        for (size_t i = 0; i < space->starts.n; i++) {
            *KB_VEC_PUSH(&d->edges) = space->starts.at[i];
        }
    }
    size_t n = 0;
    qsort(d->edges.at, d->edges.n, sizeof d->edges.at[0], by_address);
    for (size_t i = 0; i < d->edges.n; i++) {
        if (i == 0 || !kb_ip_equal(&d->edges.at[i], &d->edges.at[n - 1])) {
            d->edges.at[n++] = d->edges.at[i];
        }
    }
    d->edges.n = n;
}

/* The last address before the next edge of the family. */
static struct kb_ip end_of(const struct diff *d, size_t edge)
{
    struct kb_cidr all = {d->edges.at[edge], 0};
    bool last = edge + 1 == d->edges.n || d->edges.at[edge + 1].family != d->edges.at[edge].family;
    struct kb_ip end = last ? kb_net_block_end(&all) : d->edges.at[edge + 1];
    for (int i = end.family == 4 ? 3 : 15; i >= 0 && !last; i--) {
        if (end.bytes[i]-- != 0) {
            break;
        }
    }
    return end;
}

static kb_net_ports outside(struct diff *d, int v, const struct both *who,
                            enum kb_net_direction direction, const struct kb_ip *ip)
{
    struct kb_net_end end = {.ip = *ip};
    if (who->in[v] == NULL) {
        return KB_NET_NO_PORTS;
    }
    kb_net_ports ports = kb_net_one_way(d->view[v].net, direction, who->in[v]->pod, &end);
    return v == 0 ? ports : carried(d, ports);
}

/* Neighbouring intervals that changed alike are told as one. */
static void add_outside(struct diff *d, const struct both *who, enum kb_net_direction direction)
{
    size_t first = 0;
    kb_net_ports before = KB_NET_NO_PORTS, after = KB_NET_NO_PORTS;
    for (size_t i = 0; i <= d->edges.n; i++) {
        bool ends = i == d->edges.n;
        const struct kb_ip *ip = &d->edges.at[ends ? first : i];
        kb_net_ports b = ends ? before : outside(d, 0, who, direction, ip);
        kb_net_ports a = ends ? after : outside(d, 1, who, direction, ip);
        bool apart = i > 0 && (ends || b != before || a != after ||
                               ip->family != d->edges.at[first].family);
        if (apart) {
            struct kb_ip last = end_of(d, i - 1);
            struct kb_str range =
                kb_network_range_text(&d->view[0], &d->edges.at[first], &last);
            bool in = direction == KB_NET_INGRESS;
            add(d, in ? range : who->object, in ? who->object : range, before, after);
        }
        first = i == 0 || apart ? i : first;
        before = b;
        after = a;
    }
}

static void compare(struct diff *d)
{
    match_up(d);
    find_edges(d);
    for (size_t i = 0; i < d->all.n; i++) {
        for (size_t k = 0; k < d->all.n; k++) {
            if (i != k) {
                kb_net_ports after = pair(d, 1, &d->all.at[i], &d->all.at[k]);
                add(d, d->all.at[i].object, d->all.at[k].object,
                    pair(d, 0, &d->all.at[i], &d->all.at[k]), carried(d, after));
            }
        }
    }
    for (size_t i = 0; i < d->all.n; i++) {
        add_outside(d, &d->all.at[i], KB_NET_EGRESS);
        add_outside(d, &d->all.at[i], KB_NET_INGRESS);
    }
}

/* Exit status 1 where something changed. */
int kb_cmd_network_diff(struct kb_app *app)
{
    struct diff d = {0};
    kb_listing_init(&d.listing, columns);
    int status = kb_network_view_open_path(&d.view[0], app, app->args.words.at[0]);
    bool opened = status == KUBE_BASELINE_CLEAN;
    if (opened) {
        status = kb_network_view_open_path(&d.view[1], app, app->args.words.at[1]);
    }
    if (status == KUBE_BASELINE_CLEAN) {
        compare(&d);
        status = d.listing.rows.n > 0 ? KUBE_BASELINE_FAILED : KUBE_BASELINE_CLEAN;
        status = kb_network_view_end(&d.view[0], status);
        status = kb_network_view_end(&d.view[1], status);
        kb_listing_print(app, &d.listing, status, "nothing opened, nothing closed");
    }
    kb_listing_done(&d.listing);
    kb_map_done(&d.index);
    KB_VEC_DONE(&d.all);
    KB_VEC_DONE(&d.edges);
    kb_network_view_done(&d.view[0]);
    if (opened) {
        kb_network_view_done(&d.view[1]);
    }
    return status;
}
