/* Table net.exposure. */
#include "facts/net_tables.h"

#include "facts/cluster_tables.h"
#include "facts/getters.h"

struct exposure_row {
    const struct kb_world *world;
    const struct kb_exposure *at;
    struct kb_str kind, name, name_space, type, class_name;
    bool any_host, own_groups, waf;
};

KB_GET(STR, exposure_row, kind)
KB_GET(STR, exposure_row, name)
KB_GET(STR, exposure_row, name_space)
KB_GET(STR, exposure_row, type)
KB_GET(STR, exposure_row, class_name)
KB_GET(BOOL, exposure_row, any_host)
KB_GET(BOOL, exposure_row, own_groups)
KB_GET(BOOL, exposure_row, waf)

static const struct kb_cel_val unknown = {.kind = KB_CEL_UNKNOWN};

#define EXPOSURE_GET(column)                                                                       \
    static void get_##column(const struct kb_exposure *at, struct kb_arena *arena,                 \
                             struct kb_cel_val *out);                                              \
    static void row_##column(const void *data, struct kb_arena *arena, struct kb_cel_val *out)     \
    {                                                                                              \
        get_##column(((const struct exposure_row *)data)->at, arena, out);                         \
    }                                                                                              \
    static void get_##column(const struct kb_exposure *at, struct kb_arena *arena,                 \
                             struct kb_cel_val *out)

EXPOSURE_GET(object)
{
    *out = kb_cel_string(kb_cluster_object(&at->at, at->kind->kind, arena));
}

EXPOSURE_GET(controller)
{
    (void)arena;
    *out = kb_cel_string(kb_str_c(kb_net_controller_name(at->front.controller)));
}

EXPOSURE_GET(balancer)
{
    (void)arena;
    *out = kb_cel_string(kb_str_c(kb_net_balancer_name(at->front.balancer)));
}

EXPOSURE_GET(target)
{
    (void)arena;
    *out = kb_cel_string(kb_str_c(kb_net_target_name(at->front.target)));
}

EXPOSURE_GET(scheme)
{
    (void)arena;
    *out = at->front.scheme == KB_NET_SCHEME_UNKNOWN
               ? unknown
               : kb_cel_string(kb_str_c(kb_net_scheme_name(at->front.scheme)));
}

EXPOSURE_GET(open)
{
    (void)arena;
    *out = at->front.open == KB_NET_UNSURE ? unknown : kb_cel_bool(at->front.open == KB_NET_YES);
}

EXPOSURE_GET(tls)
{
    (void)arena;
    *out = at->front.listeners_unknown ? unknown : kb_cel_bool(at->tls);
}

/* "HTTP/80" of the listeners; `plain`: of those that carry what is said without TLS. */
static struct kb_cel_val listeners(const struct kb_exposure *at, bool plain, struct kb_arena *arena)
{
    struct kb_str *texts = KB_NEW_ARRAY(arena, at->front.listener_count, struct kb_str);
    size_t n = 0;
    for (size_t i = 0; i < at->front.listener_count; i++) {
        const struct kb_net_listener *listener = &at->front.listeners[i];
        bool is_plain = listener->tls == KB_NET_TLS_NOWHERE && !listener->redirects &&
                        !kb_str_eq_c(listener->protocol, "UDP");
        if (!plain || is_plain) {
            texts[n++] = kb_arena_printf(arena, "%.*s/%u", KB_FMT(listener->protocol),
                                         (unsigned)listener->port);
        }
    }
    return at->front.listeners_unknown ? unknown : kb_cel_list(kb_text_list(arena, texts, n));
}

EXPOSURE_GET(ports)
{
    *out = listeners(at, false, arena);
}

EXPOSURE_GET(plain_ports)
{
    *out = listeners(at, true, arena);
}

/* Where TLS of its first such listener ends. */
EXPOSURE_GET(tls_end)
{
    (void)arena;
    enum kb_net_tls end = KB_NET_TLS_NOWHERE;
    for (size_t i = 0; i < at->front.listener_count && end == KB_NET_TLS_NOWHERE; i++) {
        end = at->front.listeners[i].tls;
    }
    *out = at->front.listeners_unknown ? unknown : kb_cel_string(kb_str_c(kb_net_tls_name(end)));
}

#define TEXTS(column, from)                                                                        \
    EXPOSURE_GET(column)                                                                           \
    {                                                                                              \
        *out = kb_cel_list(kb_text_list(arena, (from).at, (from).n));                              \
    }
TEXTS(ranges, at->front.ranges)
TEXTS(external_ips, at->external_ips)
TEXTS(hosts, at->hosts)

EXPOSURE_GET(node_ports)
{
    const struct kb_net_published *service = at->service;
    size_t n = 0, most = service == NULL ? 0 : service->port_count;
    struct kb_str *texts = KB_NEW_ARRAY(arena, most, struct kb_str);
    for (size_t i = 0; i < most; i++) {
        if (service->ports[i].node_port != 0) {
            texts[n++] = kb_arena_printf(arena, "%.*s/%u", KB_FMT(service->ports[i].protocol),
                                         (unsigned)service->ports[i].node_port);
        }
    }
    *out = kb_cel_list(kb_text_list(arena, texts, n));
}

EXPOSURE_GET(backends)
{
    struct kb_str *texts = KB_NEW_ARRAY(arena, at->backend_count, struct kb_str);
    for (size_t i = 0; i < at->backend_count; i++) {
        texts[i] = kb_arena_printf(arena, "Service/%.*s/%.*s", KB_FMT(at->backends[i].name_space),
                                   KB_FMT(at->backends[i].service));
    }
    *out = kb_cel_list(kb_text_list(arena, texts, at->backend_count));
}

EXPOSURE_GET(workloads)
{
    struct kb_str *texts = KB_NEW_ARRAY(arena, at->workload_count, struct kb_str);
    for (size_t i = 0; i < at->workload_count; i++) {
        texts[i] = kb_cluster_object(&at->workloads[i]->at, at->workloads[i]->kind->kind, arena);
    }
    *out = kb_cel_list(kb_text_list(arena, texts, at->workload_count));
}

/* "quay.io/argoproj/argocd:v2" is "argocd". */
static struct kb_str image_name(struct kb_str image)
{
    size_t from = 0, to = kb_str_find(image, KB_STR("@"), 0);
    image = kb_str_sub(image, 0, to == SIZE_MAX ? image.n : to);
    for (size_t i = 0; i < image.n; i++) {
        from = image.p[i] == '/' ? i + 1 : from;
    }
    to = kb_str_find(image, KB_STR(":"), from);
    return kb_str_sub(image, from, to == SIZE_MAX ? image.n : to);
}

EXPOSURE_GET(names)
{
    size_t n = 0, most = 0;
    for (size_t i = 0; i < at->workload_count; i++) {
        most += 1 + at->workloads[i]->pod->images.n;
    }
    struct kb_str *texts = KB_NEW_ARRAY(arena, most, struct kb_str);
    for (size_t i = 0; i < at->workload_count; i++) {
        const struct kb_texts *images = &at->workloads[i]->pod->images;
        texts[n++] = at->workloads[i]->at.name;
        for (size_t k = 0; k < images->n; k++) {
            texts[n++] = image_name(images->at[k]);
        }
    }
    *out = kb_cel_list(kb_text_list(arena, texts, n));
}

/* What is not there may only not have been read. */
static void row_dangling(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct exposure_row *row = data;
    const struct kb_net_texts *dangling = &row->at->dangling;
    bool whole = kb_world_whole(row->world, KB_KIND_SERVICE) && kb_world_workloads_whole(row->world);
    *out = dangling->n > 0 && !whole
               ? unknown
               : kb_cel_list(kb_text_list(arena, dangling->at, dangling->n));
}

static const struct kb_column columns[] = {
    {"object", "string", KB_ALWAYS, row_object, "\"Kind/namespace/name\"."},
    {"kind", "string", KB_ALWAYS, get_kind,
     "\"Service\", \"Ingress\", \"Gateway\", \"HTTPRoute\" or \"TargetGroupBinding\"."},
    {"name", "string", KB_ALWAYS, get_name, "Its name alone."},
    {"namespace", "string", KB_ALWAYS, get_name_space, "Its namespace."},
    {"type", "string", KB_ALWAYS, get_type,
     "Of a Service: \"ClusterIP\", \"NodePort\", \"LoadBalancer\", \"ExternalName\"; else empty."},
    {"class", "string", KB_ALWAYS, get_class_name,
     "Its loadBalancerClass, ingress class or gateway class; empty where it has none."},
    {"controller", "string", KB_ALWAYS, row_controller,
     "Who serves it: \"in-tree\", \"aws-load-balancer-controller\", \"eks-auto-mode\", "
     "\"ingress-nginx\", \"other\"; empty where no balancer is asked for."},
    {"balancer", "string", KB_ALWAYS, row_balancer, "\"clb\", \"nlb\", \"alb\"; empty: none, or not known."},
    {"scheme", "string", KB_ALWAYS, row_scheme,
     "\"internet-facing\", \"internal\", or \"none\" without a balancer: by its annotations, its class and "
     "the default of its controller; unknown where they do not tell."},
    {"target", "string", KB_ALWAYS, row_target,
     "\"instance\" (by the ports of nodes) or \"ip\"; empty: not told."},
    {"ports", "list(string)", KB_ALWAYS, row_ports, "Listeners, each \"HTTPS/443\"."},
    {"plain_ports", "list(string)", KB_ALWAYS, row_plain_ports,
     "Those that carry what is said without TLS: neither ending TLS, nor passing it on (443, or "
     "appProtocol https), nor only redirecting to HTTPS; UDP is not counted."},
    {"tls", "bool", KB_ALWAYS, row_tls, "Whether a listener has TLS, or redirects to one that has."},
    {"tls_end", "string", KB_ALWAYS, row_tls_end,
     "Where TLS ends: \"balancer\", \"controller\", \"workload\", \"nowhere\"."},
    {"source_ranges", "list(string)", KB_ALWAYS, row_ranges, "Ranges that may connect, as written."},
    {"open", "bool", KB_ALWAYS, row_open,
     "Whether every address may connect: no ranges, or ranges that leave out next to nothing; unknown where "
     "security groups or prefix lists of the user decide."},
    {"own_groups", "bool", KB_ALWAYS, get_own_groups,
     "Whether its balancer has security groups of the user: ranges do not count then."},
    {"waf", "bool", KB_ALWAYS, get_waf, "Whether a web ACL is before it."},
    {"node_ports", "list(string)", KB_ALWAYS, row_node_ports,
     "Ports of the nodes that it opens, each \"TCP/30080\"."},
    {"external_ips", "list(string)", KB_ALWAYS, row_external_ips, "Its spec.externalIPs."},
    {"hosts", "list(string)", KB_ALWAYS, row_hosts, "Hosts of an Ingress or a route."},
    {"any_host", "bool", KB_ALWAYS, get_any_host,
     "Whether an Ingress or a route answers for every host."},
    {"backends", "list(string)", KB_ALWAYS, row_backends,
     "Services behind it, each \"Service/namespace/name\"; of a Service itself."},
    {"dangling", "list(string)", KB_ALWAYS, row_dangling,
     "Those that do not exist, have not the port that is named, or whose selector meets no workload; unknown "
     "where Services or workloads were not all read."},
    {"workloads", "list(string)", KB_ALWAYS, row_workloads,
     "Workloads behind it, each \"Kind/namespace/name\"."},
    {"names", "list(string)", KB_ALWAYS, row_names,
     "Names of these workloads and of their images, without registry and tag: \"argocd\"."},
};

const struct kb_table kb_table_net_exposure = {
    .name = "net.exposure",
    .doc = "One row a Service, Ingress, Gateway, HTTPRoute or TargetGroupBinding: what it publishes, to whom.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct kb_exposure *at = ((const struct exposure_row *)data)->at;
    kb_cluster_row_info(&at->at, at->kind->kind, arena, out);
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    for (size_t i = 0; i < world->exposure.row_count; i++) {
        const struct kb_exposure *at = &world->exposure.rows[i];
        struct exposure_row row = {
            .world = world,
            .at = at,
            .kind = kb_str_c(at->kind->kind),
            .name = at->at.name,
            .name_space = at->at.name_space,
            .type = at->type,
            .class_name = at->class_name,
            .any_host = at->any_host,
            .own_groups = at->front.own_groups,
            .waf = at->front.waf,
        };
        struct kb_row out = {&kb_table_net_exposure, &ops, &row};
        fn(ctx, &out);
    }
}

static const enum kb_kind_id needs[] = {
    KB_KIND_SERVICE,      KB_KIND_INGRESS,       KB_KIND_INGRESS_CLASS, KB_KIND_GATEWAY,
    KB_KIND_HTTP_ROUTE,   KB_KIND_TARGET_GROUP_BINDING, KB_KIND_POD,    KB_KIND_DEPLOYMENT,
    KB_KIND_DAEMON_SET,   KB_KIND_STATEFUL_SET,  KB_KIND_REPLICA_SET,   KB_KIND_JOB,
    KB_KIND_CRON_JOB};

const struct kb_fact_source kb_facts_net_exposure = {
    .table = &kb_table_net_exposure,
    .needs = needs,
    .need_count = sizeof needs / sizeof needs[0],
    .rows = rows,
};
