/* From the network to boxes and arrows. */
#include "kube-baseline/network_graph.h"

#include "network/public.h"

enum { SPACES_MAX = 12, LINES_MAX = 120, FOLDED_MAX = 30, LINES_SHOWN = 12 };

/* A namespace with something to draw. */
struct space {
    struct kb_str name;
    uint32_t number;   /* in the engine's namespaces */
    size_t first, end; /* of its groups */
    enum kb_graph_tone tone;
};

struct drawing {
    struct kb_graph *graph;
    struct kb_network_view *view;
    struct kb_net_model *model;
    KB_VEC(struct space) spaces;
    struct kb_map labels; /* texts by number, from 1 */
    uint32_t *between;    /* spaces × spaces: labels */
    bool policies;
};

static enum kb_graph_tone tone_of(struct kb_net_world *net, uint32_t ns)
{
    int closed = kb_net_denies_new(net, ns, KB_NET_INGRESS) + kb_net_denies_new(net, ns, KB_NET_EGRESS);
    return closed == 2 ? KB_GRAPH_CLOSED : closed == 1 ? KB_GRAPH_HALF : KB_GRAPH_OPEN;
}

static uint32_t label_number(struct drawing *d, struct kb_str text)
{
    bool is_new;
    struct kb_map_entry *entry = kb_map_add(&d->labels, text, &is_new);
    if (is_new) {
        entry->value.u = d->labels.n;
    }
    return (uint32_t)entry->value.u;
}

static struct kb_str label_text(const struct drawing *d, uint32_t number)
{
    return d->labels.entries[number - 1].key;
}

static void find_spaces(struct drawing *d)
{
    for (size_t i = 0, end; i < d->model->groups.n; i = end) {
        const struct kb_net_group *group = &d->model->groups.at[i];
        for (end = i; end < d->model->groups.n &&
                      kb_str_eq(d->model->groups.at[end].name_space, group->name_space);
             end++) {
        }
        if (kb_network_is_meant(d->view, group, NULL)) {
            *KB_VEC_PUSH(&d->spaces) = (struct space){
                group->name_space, group->pod->ns, i, end, tone_of(d->view->net, group->pod->ns)};
        }
    }
}

static bool is_drawn(const struct kb_net_group *group)
{
    return !group->host_network;
}

/* Ports between all of one namespace and all of another, as one. */
static kb_net_ports space_ports(const struct drawing *d, const struct space *from,
                                const struct space *to)
{
    kb_net_ports sum = KB_NET_NO_PORTS;
    for (size_t i = from->first; i < from->end && sum != KB_NET_ALL_PORTS; i++) {
        for (size_t k = to->first; k < to->end; k++) {
            const struct kb_net_group *a = &d->model->groups.at[i], *b = &d->model->groups.at[k];
            if (i != k && is_drawn(a) && is_drawn(b)) {
                sum = kb_net_ports_union(&d->view->net->ports, sum, kb_net_pair(d->view->net, a, b));
            }
        }
    }
    return sum;
}

/* Whether policies of `from` name pods of `to` in rules for what goes out, or comes in the other way. */
static struct kb_str named_ports(const struct drawing *d, const struct space *from,
                                 const struct space *to)
{
    struct kb_net_world *net = d->view->net;
    struct kb_str found = KB_STR("");
    for (size_t i = 0; i < net->policies.n && found.n == 0; i++) {
        const struct kb_net_policy *policy = net->policies.at[i];
        for (int dir = 0; dir < KB_NET_DIRECTIONS; dir++) {
            const struct space *own = dir == KB_NET_EGRESS ? from : to;
            const struct space *other = dir == KB_NET_EGRESS ? to : from;
            for (size_t k = 0; k < policy->rules[dir].n && kb_str_eq(policy->name_space, own->name); k++) {
                struct kb_net_of_rule of = {net, policy, (enum kb_net_direction)dir,
                                            &policy->rules[dir].at[k]};
                for (size_t p = 0; p < of.rule->peer_count && found.n == 0; p++) {
                    found = kb_net_peer_in(&of, &of.rule->peers[p], other->number)
                                ? kb_net_policy_text(policy, &d->view->arena)
                                : found;
                }
            }
        }
    }
    return found;
}

static void fill_matrix(struct drawing *d)
{
    size_t n = d->spaces.n;
    d->between = kb_alloc((n * n + 1) * sizeof *d->between);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < n; k++) {
            const struct space *from = &d->spaces.at[i], *to = &d->spaces.at[k];
            if (d->policies) {
                struct kb_str text = i == k ? KB_STR("") : named_ports(d, from, to);
                d->between[i * n + k] = text.n == 0 ? 0 : label_number(d, KB_STR("named"));
                continue;
            }
            kb_net_ports ports = space_ports(d, from, to);
            if (ports != KB_NET_NO_PORTS) {
                d->between[i * n + k] = label_number(d, kb_network_ports_text(d->view, ports));
            }
        }
    }
}

/* The public addresses, where some workload has to do with them. */
static kb_net_ports world_ports(const struct drawing *d, const struct space *space,
                                enum kb_net_direction direction)
{
    kb_net_ports sum = KB_NET_NO_PORTS;
    for (size_t i = space->first; i < space->end; i++) {
        const struct kb_net_group *group = &d->model->groups.at[i];
        if (is_drawn(group)) {
            sum = kb_net_ports_union(&d->view->net->ports, sum,
                                     kb_net_world_ports(d->view->net, direction, group->pod));
        }
    }
    return sum;
}

static void add_world(struct drawing *d, const uint32_t *box_of, size_t boxes)
{
    static const char *const title = "public addresses";
    unsigned world = 0;
    for (size_t b = 0; b < boxes * KB_NET_DIRECTIONS && !d->policies; b++) {
        enum kb_net_direction direction = (enum kb_net_direction)(b % KB_NET_DIRECTIONS);
        unsigned box = (unsigned)(b / KB_NET_DIRECTIONS);
        kb_net_ports ports = KB_NET_NO_PORTS;
        for (size_t i = 0; i < d->spaces.n; i++) {
            if (box_of[i] == box) {
                ports = kb_net_ports_union(&d->view->net->ports, ports,
                                           world_ports(d, &d->spaces.at[i], direction));
            }
        }
        if (ports == KB_NET_NO_PORTS) {
            continue;
        }
        if (world == 0) {
            world = (unsigned)d->graph->boxes.n;
            kb_graph_add_box(d->graph, kb_str_c(title), KB_GRAPH_OUTSIDE);
        }
        bool in = direction == KB_NET_INGRESS;
        kb_graph_add_edge(d->graph, in ? world : box, KB_GRAPH_WHOLE_BOX, in ? box : world,
                          KB_GRAPH_WHOLE_BOX, kb_network_ports_text(d->view, ports));
    }
}

/* Whether every pair between two namespaces has the same ports; *out are they. */
static bool is_uniform(const struct drawing *d, const struct space *from, const struct space *to,
                       kb_net_ports *out)
{
    bool some = false;
    for (size_t i = from->first; i < from->end; i++) {
        for (size_t k = to->first; k < to->end; k++) {
            const struct kb_net_group *a = &d->model->groups.at[i], *b = &d->model->groups.at[k];
            if (i == k || !is_drawn(a) || !is_drawn(b)) {
                continue;
            }
            kb_net_ports ports = kb_net_pair(d->view->net, a, b);
            if (some && ports != *out) {
                return false;
            }
            *out = ports;
            some = true;
        }
    }
    return some;
}

static int line_of(const struct drawing *d, const struct space *space, size_t group)
{
    int line = -1;
    for (size_t i = space->first; i <= group; i++) {
        line += is_drawn(&d->model->groups.at[i]);
    }
    return line;
}

/* One workload: from all of a namespace alike, or from each that reaches it. */
static void add_to_workload(struct drawing *d, unsigned from, unsigned to, size_t target)
{
    const struct space *space = &d->spaces.at[from];
    struct space only = {.first = target, .end = target + 1};
    int to_line = line_of(d, &d->spaces.at[to], target);
    kb_net_ports ports = KB_NET_NO_PORTS;
    if (from != to && is_uniform(d, space, &only, &ports)) {
        if (ports != KB_NET_NO_PORTS) {
            kb_graph_add_edge(d->graph, from, KB_GRAPH_WHOLE_BOX, to, to_line,
                              kb_network_ports_text(d->view, ports));
        }
        return;
    }
    for (size_t i = space->first; i < space->end; i++) {
        const struct kb_net_group *a = &d->model->groups.at[i];
        ports = i == target || !is_drawn(a)
                    ? KB_NET_NO_PORTS
                    : kb_net_pair(d->view->net, a, &d->model->groups.at[target]);
        if (ports != KB_NET_NO_PORTS) {
            kb_graph_add_edge(d->graph, from, line_of(d, space, i), to, to_line,
                              kb_network_ports_text(d->view, ports));
        }
    }
}

static void add_between(struct drawing *d, unsigned from, unsigned to)
{
    const struct space *a = &d->spaces.at[from], *b = &d->spaces.at[to];
    kb_net_ports ports = KB_NET_NO_PORTS;
    if (is_uniform(d, a, b, &ports)) {
        if (ports != KB_NET_NO_PORTS) {
            kb_graph_add_edge(d->graph, from, KB_GRAPH_WHOLE_BOX, to, KB_GRAPH_WHOLE_BOX,
                              kb_network_ports_text(d->view, ports));
        }
        return;
    }
    for (size_t k = b->first; k < b->end; k++) {
        if (is_drawn(&d->model->groups.at[k])) {
            add_to_workload(d, from, to, k);
        }
    }
}

static void add_workloads(struct drawing *d, unsigned box)
{
    const struct space *space = &d->spaces.at[box];
    for (size_t i = space->first; i < space->end; i++) {
        const struct kb_net_group *group = &d->model->groups.at[i];
        if (is_drawn(group)) {
            kb_graph_add_line(d->graph, box,
                              kb_arena_printf(&d->view->arena, "%.*s %.*s", KB_FMT(group->kind),
                                              KB_FMT(group->name)));
        }
    }
}

/* The policies of a namespace, each with how many pods it is about. */
static void add_policies(struct drawing *d, unsigned box)
{
    struct kb_net_world *net = d->view->net;
    for (size_t i = 0; i < net->policies.n; i++) {
        const struct kb_net_policy *policy = net->policies.at[i];
        if (kb_str_eq(policy->name_space, d->spaces.at[box].name)) {
            size_t pods = kb_net_subject_pods(net, policy);
            kb_graph_add_line(
                d->graph, box,
                kb_arena_printf(&d->view->arena, "%.*s: %zu pod%s, %zu in, %zu out",
                                KB_FMT(policy->name), pods, pods == 1 ? "" : "s",
                                policy->rules[KB_NET_INGRESS].n, policy->rules[KB_NET_EGRESS].n));
        }
    }
}

/* Arrows of traffic between a policy and the namespaces that its rules name. */
static void add_named(struct drawing *d, unsigned box, const struct kb_net_policy *policy, int line)
{
    for (unsigned other = 0; other < d->spaces.n; other++) {
        for (int dir = 0; dir < KB_NET_DIRECTIONS && other != box; dir++) {
            bool named = false;
            for (size_t k = 0; k < policy->rules[dir].n; k++) {
                struct kb_net_of_rule of = {d->view->net, policy, (enum kb_net_direction)dir,
                                            &policy->rules[dir].at[k]};
                for (size_t p = 0; p < of.rule->peer_count && !named; p++) {
                    named = kb_net_peer_in(&of, &of.rule->peers[p], d->spaces.at[other].number);
                }
            }
            bool in = dir == KB_NET_INGRESS;
            if (named) {
                kb_graph_add_edge(d->graph, in ? other : box, in ? KB_GRAPH_WHOLE_BOX : line,
                                  in ? box : other, in ? line : KB_GRAPH_WHOLE_BOX,
                                  kb_str_c(kb_net_direction_name((enum kb_net_direction)dir)));
            }
        }
    }
}

static void add_rules(struct drawing *d, unsigned box)
{
    int line = 0;
    for (size_t i = 0; i < d->view->net->policies.n; i++) {
        const struct kb_net_policy *policy = d->view->net->policies.at[i];
        if (kb_str_eq(policy->name_space, d->spaces.at[box].name)) {
            add_named(d, box, policy, line++);
        }
    }
}

static void draw_all(struct drawing *d)
{
    uint32_t *box_of = kb_alloc((d->spaces.n + 1) * sizeof *box_of);
    for (unsigned i = 0; i < d->spaces.n; i++) {
        kb_graph_add_box(d->graph, d->spaces.at[i].name, d->spaces.at[i].tone);
        (d->policies ? add_policies : add_workloads)(d, i);
        box_of[i] = i;
    }
    for (unsigned i = 0; i < d->spaces.n; i++) {
        if (d->policies) {
            add_rules(d, i);
        }
        for (unsigned k = 0; k < d->spaces.n && !d->policies; k++) {
            add_between(d, i, k);
        }
    }
    add_world(d, box_of, d->spaces.n);
    kb_free(box_of);
}

/* The lines of a box of namespaces: their names, the first few of them. */
static void add_names(struct drawing *d, const uint32_t *box_of, unsigned box)
{
    size_t all = 0;
    for (size_t i = 0; i < d->spaces.n; i++) {
        if (box_of[i] == box && all++ < LINES_SHOWN) {
            kb_graph_add_line(d->graph, box, d->spaces.at[i].name);
        }
    }
    if (all > LINES_SHOWN) {
        kb_graph_add_line(d->graph, box,
                          kb_arena_printf(&d->view->arena, "and %zu more", all - LINES_SHOWN));
    }
    d->graph->boxes.at[box].title =
        all == 1 ? d->graph->boxes.at[box].lines.at[0]
                 : kb_arena_printf(&d->view->arena, "%zu namespaces alike", all);
    if (all == 1) {
        d->graph->boxes.at[box].lines.n = 0;
    }
}

/* What is between two boxes: one label where all agree, else how many pairs of namespaces. */
static void add_folded(struct drawing *d, const uint32_t *box_of, unsigned from, unsigned to)
{
    size_t pairs = 0;
    uint32_t label = 0;
    bool same = true;
    for (size_t i = 0; i < d->spaces.n * d->spaces.n; i++) {
        size_t a = i / d->spaces.n, b = i % d->spaces.n;
        if (a == b || box_of[a] != from || box_of[b] != to || d->between[i] == 0) {
            continue;
        }
        same = same && (label == 0 || label == d->between[i]);
        label = d->between[i];
        pairs++;
    }
    if (pairs > 0) {
        struct kb_str text = same ? label_text(d, label) : KB_STR("various ports");
        kb_graph_add_edge(d->graph, from, KB_GRAPH_WHOLE_BOX, to, KB_GRAPH_WHOLE_BOX,
                          kb_arena_printf(&d->view->arena, "%.*s (%zu pair%s)", KB_FMT(text), pairs,
                                          pairs == 1 ? "" : "s"));
    }
}

static void draw_folded(struct drawing *d)
{
    size_t n = d->spaces.n;
    uint32_t *box_of = kb_alloc((n + 1) * sizeof *box_of), *own = kb_alloc((n + 1) * sizeof *own);
    fill_matrix(d);
    for (size_t i = 0; i < n; i++) {
        own[i] = (uint32_t)d->spaces.at[i].tone << 16 | (uint32_t)(d->between[i * n + i] != 0) << 2;
        for (int dir = 0; dir < KB_NET_DIRECTIONS && !d->policies; dir++) {
            bool open = world_ports(d, &d->spaces.at[i], (enum kb_net_direction)dir) != KB_NET_NO_PORTS;
            own[i] |= (uint32_t)open << dir;
        }
    }
    struct kb_graph_matrix matrix = {n, d->between, own};
    size_t boxes = kb_graph_fold(&matrix, FOLDED_MAX, box_of);
    for (unsigned b = 0; b < boxes; b++) {
        enum kb_graph_tone tone = KB_GRAPH_CLOSED;
        for (size_t i = 0; i < n; i++) {
            tone = box_of[i] == b ? d->spaces.at[i].tone : tone;
        }
        kb_graph_add_box(d->graph, KB_STR(""), tone);
        add_names(d, box_of, b);
    }
    for (unsigned b = 0; b < boxes * boxes; b++) {
        add_folded(d, box_of, (unsigned)(b / boxes), (unsigned)(b % boxes));
    }
    add_world(d, box_of, boxes);
    kb_free(box_of);
    kb_free(own);
    kb_free(d->between);
}

static size_t count_lines(const struct drawing *d)
{
    size_t n = 0;
    for (size_t i = 0; i < d->spaces.n; i++) {
        n += d->spaces.at[i].end - d->spaces.at[i].first;
    }
    return n;
}

void kb_graph_make(struct kb_graph *graph, struct kb_network_view *view, bool policies)
{
    struct drawing d = {.graph = graph, .view = view, .model = view->world.network, .policies = policies};
    *graph = (struct kb_graph){.view = view};
    find_spaces(&d);
    if (d.spaces.n <= SPACES_MAX && count_lines(&d) <= LINES_MAX) {
        draw_all(&d);
    } else {
        draw_folded(&d);
    }
    KB_VEC_DONE(&d.spaces);
    kb_map_done(&d.labels);
}
