/* Table net.expectation. */
#include "facts/getters.h"
#include "facts/net_tables.h"
#include "network/public.h"

struct expectation_row {
    struct kb_str text, from, to, port, object, name_space, reason, ports_text;
    bool must, readable, holds;
};

KB_GET(STR, expectation_row, text)
KB_GET(STR, expectation_row, from)
KB_GET(STR, expectation_row, to)
KB_GET(STR, expectation_row, port)
KB_GET(STR, expectation_row, reason)
KB_GET(STR, expectation_row, ports_text)
KB_GET(BOOL, expectation_row, must)

static void get_holds(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct expectation_row *row = data;
    *out = row->readable ? kb_cel_bool(row->holds) : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

static const struct kb_column columns[] = {
    {"text", "string", KB_ALWAYS, get_text, "The expectation, as the profile has it."},
    {"must", "bool", KB_ALWAYS, get_must, "Whether it must be reached, or must not."},
    {"from", "string", KB_ALWAYS, get_from,
     "Who: a workload \"Kind/namespace/name\", \"namespace/NAME\", \"world\", or an address."},
    {"to", "string", KB_ALWAYS, get_to, "Whom, likewise."},
    {"port", "string", KB_ALWAYS, get_port, "\"5432\", \"53/UDP\"; empty: any."},
    {"ports", "string", KB_ALWAYS, get_ports_text,
     "Ports that are open from somebody there to somebody there, or empty."},
    {"holds", "bool", KB_ALWAYS, get_holds,
     "Whether it is as expected: must for all pairs, must not for none; unknown where an end cannot be found."},
    {"reason", "string", KB_ALWAYS, get_reason, "Why it cannot be judged, or the pair that is otherwise."},
};

const struct kb_table kb_table_net_expectation = {
    .name = "net.expectation",
    .doc = "One row an entry of settings.reachExpectations: \"must FROM -> TO PORT\" or \"must-not FROM -> TO PORT\".",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct expectation_row *row = data;
    (void)arena;
    *out = (struct kb_row_info){.object = row->object,
                                .name_space = row->name_space,
                                .evidence = {KB_STR("profile"), KB_STR("settings.reachExpectations"),
                                             KB_STR("")},
                                .time_ns = INT64_MIN,
                                .order = row->text};
}

struct ends {
    KB_VEC(const struct kb_net_group *) groups;
    struct kb_ip ip;
    bool world, address;
};

static bool find_ends(const struct kb_net_model *model, struct kb_str name, struct ends *out)
{
    struct kb_str space = kb_str_sub(name, strlen("namespace/"), name.n);
    bool whole_space = kb_str_starts(name, KB_STR("namespace/"));
    out->world = kb_str_eq_c(name, "world");
    out->address = !kb_failed(kb_ip_parse(name, &out->ip, NULL));
    for (size_t i = 0; i < model->groups.n; i++) {
        const struct kb_net_group *group = &model->groups.at[i];
        if (whole_space ? kb_str_eq(group->name_space, space) && !group->host_network
                        : kb_str_eq(group->object, name)) {
            *KB_VEC_PUSH(&out->groups) = group;
        }
    }
    return out->world || out->address || out->groups.n > 0;
}

static kb_net_ports group_world(struct kb_net_world *net, enum kb_net_direction direction,
                                const struct kb_net_group *group)
{
    kb_net_ports sum = KB_NET_NO_PORTS;
    for (size_t i = 0; i < group->class_count; i++) {
        sum = kb_net_ports_union(
            &net->ports, sum,
            kb_net_world_ports(net, direction, net->classes.at[group->classes[i]].pod));
    }
    return sum;
}

/* One pair, of which at least one end is a workload; `row` has the ports from `a` to each. */
static kb_net_ports pair_ports(struct kb_net_model *model, const struct ends *from,
                               const struct kb_net_group *a, const struct ends *to,
                               const struct kb_net_group *b, const kb_net_ports *row)
{
    struct kb_net_world *net = &model->net;
    if (a != NULL && b != NULL) {
        return row[b - model->groups.at];
    }
    if (a == NULL && from->world) {
        return group_world(net, KB_NET_INGRESS, b);
    }
    if (b == NULL && to->world) {
        return group_world(net, KB_NET_EGRESS, a);
    }
    struct kb_net_end source = a == NULL ? kb_net_end_ip(net, &from->ip) : kb_net_end_pod(a->pod);
    struct kb_net_end target = b == NULL ? kb_net_end_ip(net, &to->ip) : kb_net_end_pod(b->pod);
    return kb_net_allowed(net, &source, &target);
}

/* "5432" or "53/UDP"; empty: any. */
static bool read_port(struct kb_str text, struct kb_net_range *out)
{
    struct kb_str protocol, number = kb_str_split(text, '/', &protocol);
    uint64_t port = 0;
    bool fits = protocol.p == NULL || kb_net_protocol_find(protocol, &out->protocol);
    out->protocol = protocol.p == NULL ? KB_NET_TCP : out->protocol;
    fits = fits && kb_str_u64(number, &port) && port >= 1 && port <= KB_NET_PORT_MAX;
    out->first = out->last = (uint16_t)port;
    return fits;
}

static bool is_open(struct kb_net_world *net, kb_net_ports ports, struct kb_str port)
{
    struct kb_net_range range = {0};
    if (port.n == 0 || !read_port(port, &range)) {
        return ports != KB_NET_NO_PORTS;
    }
    return kb_net_ports_has(&net->ports, ports, (enum kb_net_protocol)range.protocol, range.first);
}

/* Those from one end, or from outside, to all others. */
static kb_net_ports judge_from(struct kb_net_model *model, const struct ends *from,
                               const struct kb_net_group *a, const struct ends *to,
                               const kb_net_ports *row, struct expectation_row *out,
                               struct kb_arena *arena)
{
    size_t n = to->groups.n == 0 ? 1 : to->groups.n;
    kb_net_ports sum = KB_NET_NO_PORTS;
    for (size_t k = 0; k < n; k++) {
        const struct kb_net_group *b = to->groups.n == 0 ? NULL : to->groups.at[k];
        if (a == b) {
            continue;
        }
        kb_net_ports ports = pair_ports(model, from, a, to, b, row);
        sum = kb_net_ports_union(&model->net.ports, sum, ports);
        if (is_open(&model->net, ports, out->port) != out->must && out->holds) {
            out->holds = false;
            out->reason = kb_arena_printf(arena, "%.*s -> %.*s",
                                          KB_FMT(a == NULL ? out->from : a->object),
                                          KB_FMT(b == NULL ? out->to : b->object));
        }
    }
    return sum;
}

static void judge(struct kb_net_model *model, const struct ends *from, const struct ends *to,
                  struct expectation_row *row, struct kb_arena *arena)
{
    kb_net_ports *reached = kb_alloc((model->groups.n + 1) * sizeof *reached);
    kb_net_ports sum = KB_NET_NO_PORTS;
    row->holds = true;
    for (size_t i = 0; i == 0 || i < from->groups.n; i++) {
        const struct kb_net_group *a = from->groups.n == 0 ? NULL : from->groups.at[i];
        if (a != NULL && to->groups.n > 0) {
            kb_net_group_targets(model, a, reached);
        }
        sum = kb_net_ports_union(&model->net.ports, sum,
                                 judge_from(model, from, a, to, reached, row, arena));
    }
    row->ports_text = kb_net_ports_show(&model->net, sum, arena);
    kb_free(reached);
}

/* "must FROM -> TO PORT". */
static bool parse(struct kb_str text, struct expectation_row *row)
{
    struct kb_str rest, word = kb_str_split(text, ' ', &rest), arrow;
    row->must = kb_str_eq_c(word, "must");
    if (!row->must && !kb_str_eq_c(word, "must-not")) {
        return false;
    }
    row->from = kb_str_split(rest, ' ', &rest);
    arrow = kb_str_split(rest, ' ', &rest);
    row->to = kb_str_split(rest, ' ', &rest);
    row->port = rest.p == NULL ? KB_STR("") : rest;
    struct kb_net_range range;
    return kb_str_eq_c(arrow, "->") && row->to.n > 0 && row->from.n > 0 &&
           (row->port.n == 0 || read_port(row->port, &range));
}

static struct kb_str space_of(struct kb_str object)
{
    struct kb_str rest, name;
    (void)kb_str_split(object, '/', &rest);
    name = kb_str_split(rest, '/', &rest);
    return name.p == NULL ? KB_STR("") : name;
}

static void one(const struct kb_world *world, struct kb_str text, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    struct kb_arena arena = {0};
    struct ends from = {0}, to = {0};
    struct expectation_row row = {.text = text, .object = text};
    if (!parse(text, &row)) {
        row.reason = KB_STR("is not written \"must FROM -> TO PORT\" or \"must-not FROM -> TO PORT\"");
    } else if (!find_ends(world->network, row.from, &from)) {
        row.reason = kb_arena_printf(&arena, "%.*s has no live pods", KB_FMT(row.from));
    } else if (!find_ends(world->network, row.to, &to)) {
        row.reason = kb_arena_printf(&arena, "%.*s has no live pods", KB_FMT(row.to));
    } else if (from.groups.n == 0 && to.groups.n == 0) {
        row.reason = KB_STR("neither end is in the cluster");
    } else {
        row.readable = true;
        row.object = to.groups.n > 0 ? row.to : row.from;
        row.name_space = space_of(row.object);
        judge(world->network, &from, &to, &row, &arena);
    }
    struct kb_row out = {&kb_table_net_expectation, &ops, &row};
    fn(ctx, &out);
    KB_VEC_DONE(&from.groups);
    KB_VEC_DONE(&to.groups);
    kb_arena_done(&arena);
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_cel_val list = world->setting(world->setting_ctx, "reachExpectations");
    bool sure = kb_net_sure(world);
    for (size_t i = 0; sure && list.kind == KB_CEL_LIST && i < list.list->n; i++) {
        if (list.list->items[i].kind == KB_CEL_STRING) {
            one(world, list.list->items[i].s, fn, ctx);
        }
    }
}

static const enum kb_kind_id needs[] = {KB_KIND_POD};

const struct kb_fact_source kb_facts_net_expectation = {
    .table = &kb_table_net_expectation,
    .needs = needs,
    .need_count = sizeof needs / sizeof needs[0],
    .rows = rows,
    .missing = kb_net_missing,
};
