/* Table net.workload. */
#include "facts/cluster_tables.h"
#include "facts/getters.h"
#include "facts/net_tables.h"
#include "network/public.h"

enum { NAMES_MAX = 50, DNS_PORT = 53, HTTPS_PORT = 443, METRICS_OF_DNS = 9153 };

struct pods_row {
    const struct kb_world *world;
    struct kb_net_model *model;
    const struct kb_net_group *group;
    struct kb_str object, kind, name, name_space, tenant, environment;
    bool in_scope, host_network, standalone, unenforced, vpc_cni;
    uint64_t pods;
};

static const struct kb_net_pod *pod_of(const struct pods_row *row, size_t i)
{
    return row->model->net.classes.at[row->group->classes[i]].pod;
}

/* Whether it holds for some pod. */
typedef bool pod_test(struct kb_net_world *net, const struct kb_net_pod *pod,
                      enum kb_net_direction direction);

static bool some(const struct pods_row *row, pod_test *test, enum kb_net_direction direction)
{
    bool found = false;
    for (size_t i = 0; i < row->group->class_count && !found; i++) {
        found = test(&row->model->net, pod_of(row, i), direction);
    }
    return found;
}

static bool is_isolated(struct kb_net_world *net, const struct kb_net_pod *pod,
                        enum kb_net_direction direction)
{
    return kb_net_isolated(net, pod, direction);
}

static kb_net_ports world_ports(const struct pods_row *row, enum kb_net_direction direction)
{
    struct kb_net_world *net = &row->model->net;
    kb_net_ports sum = KB_NET_NO_PORTS;
    for (size_t i = 0; i < row->group->class_count; i++) {
        sum = kb_net_ports_union(&net->ports, sum,
                                 kb_net_world_ports(net, direction, pod_of(row, i)));
    }
    return sum;
}

#define TESTED(name, test, direction)                                                              \
    static void get_##name(const void *data, struct kb_arena *arena, struct kb_cel_val *out)       \
    {                                                                                              \
        (void)arena;                                                                               \
        *out = kb_cel_bool(some(data, test, direction));                                           \
    }
TESTED(isolated_ingress, is_isolated, KB_NET_INGRESS)
TESTED(isolated_egress, is_isolated, KB_NET_EGRESS)
TESTED(open_ingress, kb_net_open, KB_NET_INGRESS)
TESTED(open_egress, kb_net_open, KB_NET_EGRESS)

static void get_world_in(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct pods_row *row = data;
    *out = kb_cel_string(
        kb_net_ports_show(&row->model->net, world_ports(row, KB_NET_INGRESS), arena));
}

static void get_world_out(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct pods_row *row = data;
    *out = kb_cel_string(
        kb_net_ports_show(&row->model->net, world_ports(row, KB_NET_EGRESS), arena));
}

static bool reaches(const struct pods_row *row, const char *address, unsigned port)
{
    return kb_net_ports_has(&row->model->net.ports,
                            kb_net_reach_ip(&row->model->net, row->group, address), KB_NET_TCP, port);
}

static void get_imds(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    enum { HTTP_PORT = 80 };
    *out = kb_cel_bool(reaches(data, "169.254.169.254", HTTP_PORT) ||
                       reaches(data, "fd00:ec2::254", HTTP_PORT));
}

static kb_net_ports dns_ports(const struct pods_row *row, bool *known)
{
    struct kb_net_world *net = &row->model->net;
    kb_net_ports sum = KB_NET_NO_PORTS;
    *known = row->model->dns_address.n > 0;
    if (*known) {
        sum = kb_net_reach_ip(net, row->group, row->model->dns_address.p);
    }
    for (size_t i = 0; i < row->model->resolvers.n; i++) {
        const struct kb_net_group *dns = &row->model->groups.at[row->model->resolvers.at[i]];
        *known = true;
        sum = kb_net_ports_union(&net->ports, sum, kb_net_pair(net, row->group, dns));
    }
    return sum;
}

/* Protocols over which it cannot ask; where no resolver is known, nothing can be said. */
static void get_dns_blocked(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct pods_row *row = data;
    struct kb_net_text_list texts = {.arena = arena, .max = 2};
    bool known;
    kb_net_ports ports = dns_ports(row, &known);
    if (!known) {
        *out = (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
        return;
    }
    if (!kb_net_ports_has(&row->model->net.ports, ports, KB_NET_TCP, DNS_PORT)) {
        kb_net_text_add(&texts, KB_STR("TCP"));
    }
    if (!kb_net_ports_has(&row->model->net.ports, ports, KB_NET_UDP, DNS_PORT)) {
        kb_net_text_add(&texts, KB_STR("UDP"));
    }
    kb_net_texts_put(&texts, out);
}

static void get_api_server(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct pods_row *row = data;
    struct kb_net_world *net = &row->model->net;
    bool found = false;
    for (size_t i = 0; i < net->services.n && !found; i++) {
        const struct kb_net_service *at = &net->services.at[i];
        if (kb_str_eq_c(at->name_space, "default") && kb_str_eq_c(at->name, "kubernetes")) {
            struct kb_buf text = {.max = 64};
            kb_ip_format(&at->ip, &text);
            kb_buf_char(&text, '\0');
            found = reaches(row, text.p, HTTPS_PORT);
            kb_buf_done(&text);
        }
    }
    for (size_t i = 0; i < row->model->api_servers.n && !found; i++) {
        struct kb_buf text = {.max = 64};
        kb_ip_format(&row->model->api_servers.at[i], &text);
        kb_buf_char(&text, '\0');
        found = reaches(row, text.p, HTTPS_PORT);
        kb_buf_done(&text);
    }
    *out = kb_cel_bool(found);
}

static void get_token(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct pods_row *row = data;
    *out = (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
    if (row->group->workload > 0) {
        const struct kb_workload *at = &row->world->cluster.workloads.at[row->group->workload - 1];
        enum kb_tri token = kb_world_token_mounted(row->world, at->pod, row->name_space);
        *out = token == KB_NOT_KNOWN ? *out : kb_cel_bool(token == KB_YES);
    }
}

static void get_node_ports(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct pods_row *row = data;
    *out = kb_cel_string(
        kb_net_ports_show(&row->model->net, kb_net_node_ports(row->model, row->group->pod), arena));
}

static kb_net_ports beyond_dns(struct kb_net_world *net, const struct kb_net_group *to,
                               kb_net_ports ports)
{
    struct kb_net_range known[16] = {{KB_NET_TCP, DNS_PORT, DNS_PORT},
                                     {KB_NET_UDP, DNS_PORT, DNS_PORT},
                                     {KB_NET_TCP, METRICS_OF_DNS, METRICS_OF_DNS}};
    size_t n = 3;
    for (size_t i = 0; i < to->pod->port_count && n < sizeof known / sizeof known[0]; i++) {
        const struct kb_net_pod_port *port = &to->pod->ports[i];
        if (kb_str_find(port->name, KB_STR("metrics"), 0) != SIZE_MAX) {
            known[n++] = (struct kb_net_range){port->protocol, port->port, port->port};
        }
    }
    return kb_net_ports_without(&net->ports, ports, kb_net_ports_make(&net->ports, known, n));
}

static void get_system(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct pods_row *row = data;
    struct kb_net_world *net = &row->model->net;
    struct kb_net_text_list texts = {.arena = arena, .max = NAMES_MAX};
    for (size_t i = row->model->system_first; i < row->model->system_end; i++) {
        const struct kb_net_group *to = &row->model->groups.at[i];
        if (to->host_network || to == row->group) {
            continue;
        }
        kb_net_ports more = beyond_dns(net, to, kb_net_pair(net, row->group, to));
        if (more != KB_NET_NO_PORTS) {
            kb_net_text_add(&texts, to->object);
        }
    }
    kb_net_texts_put(&texts, out);
}

static bool same_policies(const struct kb_net_world *net, const struct kb_net_pod *a,
                          const struct kb_net_pod *b)
{
    bool same = true;
    for (size_t i = 0; i < net->policies.n && same; i++) {
        const struct kb_net_policy *policy = net->policies.at[i];
        same = policy->tier != KB_NET_NAMESPACED ||
               kb_net_selects(policy, a) == kb_net_selects(policy, b);
    }
    return same;
}

/* Pods with which the agent of the VPC CNI mixes up the rules of this workload's. */
static void get_mixed(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct pods_row *row = data;
    const struct kb_net_world *net = &row->model->net;
    const struct kb_net_namespace *ns = &net->namespaces.at[row->group->pod->ns];
    struct kb_net_text_list texts = {.arena = arena, .max = NAMES_MAX};
    for (size_t i = 0; net->profile->shared_identifiers && i < row->group->class_count; i++) {
        const struct kb_net_class *own = &net->classes.at[row->group->classes[i]];
        for (size_t c = ns->class_first; c < ns->class_end && !own->pod->host_network; c++) {
            const struct kb_net_class *other = &net->classes.at[c];
            if (other->group == own->group && !other->pod->host_network &&
                !same_policies(net, own->pod, other->pod)) {
                kb_net_text_add(&texts, other->pod->name);
            }
        }
    }
    kb_net_texts_put(&texts, out);
}

static void get_policies(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct pods_row *row = data;
    const struct kb_net_world *net = &row->model->net;
    struct kb_net_text_list texts = {.arena = arena, .max = NAMES_MAX};
    for (size_t i = 0; i < net->policies.n; i++) {
        const struct kb_net_policy *policy = net->policies.at[i];
        bool selects = false;
        for (size_t k = 0; k < row->group->class_count && !selects; k++) {
            selects = kb_net_selects(policy, pod_of(row, k));
        }
        if (selects) {
            kb_net_text_add(&texts, kb_net_policy_text(policy, arena));
        }
    }
    kb_net_texts_put(&texts, out);
}

static void get_entries(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct pods_row *row = data;
    unsigned most = 0;
    for (size_t i = 0; i < row->group->class_count && !row->host_network && row->vpc_cni; i++) {
        unsigned n = kb_net_most_entries(&row->model->net, pod_of(row, i));
        most = n > most ? n : most;
    }
    *out = kb_cel_int(most);
}

KB_GET(STR, pods_row, object)
KB_GET(STR, pods_row, kind)
KB_GET(STR, pods_row, name)
KB_GET(STR, pods_row, name_space)
KB_GET(STR, pods_row, tenant)
KB_GET(STR, pods_row, environment)
KB_GET(BOOL, pods_row, in_scope)
KB_GET(BOOL, pods_row, host_network)
KB_GET(BOOL, pods_row, standalone)
KB_GET(BOOL, pods_row, unenforced)
KB_GET(BOOL, pods_row, vpc_cni)
KB_GET(INT, pods_row, pods)

static const struct kb_column columns[] = {
    {"object", "string", KB_ALWAYS, get_object, "\"Kind/namespace/name\" of what made the pods."},
    {"kind", "string", KB_ALWAYS, get_kind, "\"Deployment\", \"StatefulSet\", …; \"Pod\" where nothing did."},
    {"name", "string", KB_ALWAYS, get_name, "Its name alone, without kind and namespace."},
    {"namespace", "string", KB_ALWAYS, get_name_space, "Its namespace."},
    {"tenant", "string", KB_ALWAYS, get_tenant, "Value of the label settings.tenantLabel, or empty."},
    {"environment", "string", KB_ALWAYS, get_environment,
     "Value of the label settings.environmentLabel, or empty."},
    {"in_scope", "bool", KB_ALWAYS, get_in_scope,
     "Whether its namespace is none of settings.excludedNamespaces, and its pods have a network of their own."},
    {"host_network", "bool", KB_ALWAYS, get_host_network, "Whether its pods use the network of the node."},
    {"pods", "int", KB_ALWAYS, get_pods, "How many live pods it has."},
    {"standalone", "bool", KB_ALWAYS, get_standalone, "Whether it is a pod without any owner."},
    {"vpc_cni", "bool", KB_ALWAYS, get_vpc_cni, "Whether the VPC CNI of EKS is what enforces here."},
    {"unserved", "bool", KB_ALWAYS, get_unenforced,
     "Whether some pod is on a node that the engine does not serve (Fargate, Windows, hybrid)."},
    {"policies", "list(string)", KB_ALWAYS, get_policies, "Policies that select one of its pods (at most 50)."},
    {"isolated_ingress", "bool", KB_ALWAYS, get_isolated_ingress,
     "Whether only what rules admit comes in."},
    {"isolated_egress", "bool", KB_ALWAYS, get_isolated_egress, "Whether only what rules admit goes out."},
    {"open_ingress", "bool", KB_ALWAYS, get_open_ingress,
     "Whether something comes in of which no policy speaks."},
    {"open_egress", "bool", KB_ALWAYS, get_open_egress,
     "Whether something goes out of which no policy speaks."},
    {"world_in", "string", KB_ALWAYS, get_world_in,
     "Ports on which public addresses reach it, as policies have it: empty, \"all\" or \"TCP 443\"."},
    {"world_out", "string", KB_ALWAYS, get_world_out, "Ports on which it reaches public addresses."},
    {"imds", "bool", KB_ALWAYS, get_imds,
     "Whether it reaches the node's metadata service (169.254.169.254 or fd00:ec2::254, port 80)."},
    {"dns_blocked", "list(string)", KB_ALWAYS, get_dns_blocked,
     "Protocols over which it cannot ask kube-dns: \"TCP\", \"UDP\"; unknown where there is no kube-dns."},
    {"api_server", "bool", KB_ALWAYS, get_api_server,
     "Whether it reaches the API server inside the cluster on port 443."},
    {"token_mounted", "bool", KB_ALWAYS, get_token,
     "Whether its pods hold a token of their service account; unknown where that was not read."},
    {"node_ports", "string", KB_ALWAYS, get_node_ports,
     "Ports of nodes' services (22, 2379, 10250, 10256, 30000-32767) that it reaches on a node it is not on."},
    {"kube_system", "list(string)", KB_ALWAYS, get_system,
     "Workloads in kube-system that it reaches on ports other than DNS and metrics (at most 50)."},
    {"mixed_with", "list(string)", KB_ALWAYS, get_mixed,
     "VPC CNI: pods whose name differs after the last dash only, and whose policies are others."},
    {"port_entries", "int", KB_ALWAYS, get_entries,
     "Distinct entries of ports that rules hold for one peer, at most; the VPC CNI keeps 24. 0 with other engines."},
};

const struct kb_table kb_table_net_workload = {
    .name = "net.workload",
    .doc = "One row a workload with live pods: whom they reach and who reaches them, as policies have it. What holds for "
           "some of its pods is said of the workload.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct pods_row *row = data;
    struct kb_world_place place = {.uid = row->group->pod->uid};
    *out = (struct kb_row_info){.object = row->object,
                                .name_space = row->name_space,
                                .evidence = kb_world_evidence(&place, arena),
                                .time_ns = INT64_MIN,
                                .order = row->object};
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    struct kb_net_model *model = world->network;
    bool sure = kb_net_sure(world);
    for (size_t i = 0; sure && i < model->groups.n; i++) {
        const struct kb_net_group *group = &model->groups.at[i];
        struct kb_str space = group->name_space;
        struct pods_row row = {
            .world = world,
            .model = model,
            .group = group,
            .object = group->object,
            .kind = group->kind,
            .name = group->name,
            .name_space = space,
            .tenant = kb_world_namespace_label(world, space,
                                               kb_world_text_setting(world, "tenantLabel")),
            .environment = kb_world_namespace_label(
                world, space, kb_world_text_setting(world, "environmentLabel")),
            .in_scope = kb_net_in_scope(world, group),
            .host_network = group->host_network,
            .standalone = group->standalone,
            .unenforced = group->unenforced,
            .vpc_cni = model->net.profile->aws_policies,
            .pods = group->pods,
        };
        struct kb_row out = {&kb_table_net_workload, &ops, &row};
        fn(ctx, &out);
    }
}

static const enum kb_kind_id needs[] = {KB_KIND_POD, KB_KIND_SERVICE, KB_KIND_NODE};

const struct kb_fact_source kb_facts_net_workload = {
    .table = &kb_table_net_workload,
    .needs = needs,
    .need_count = sizeof needs / sizeof needs[0],
    .rows = rows,
    .missing = kb_net_missing,
};
