/* From objects of a cluster to the rows of net.exposed and availability. */
#include "data/yaml.h"
#include "facts/cluster_tables.h"
#include "facts/net_tables.h"
#include "test.h"

enum { TEXT_MAX = 4096, KINDS = KB_KIND_COUNT };

static struct kb_cel_val no_setting(const void *ctx, const char *name)
{
    (void)ctx;
    (void)name;
    return (struct kb_cel_val){.kind = KB_CEL_NULL};
}

/* The API's lists do not repeat in each element what kind it is of. */
static void take_one(struct kb_object_sink *sink, json_t *json)
{
    struct kb_object object;
    struct kb_err err = {0};
    OK(kb_object_view(NULL, json, &object, &err), &err);
    const struct kb_kind *kind = object.kind;
    json_object_del(json, "kind");
    json_object_del(json, "apiVersion");
    OK(kb_object_view(kind, json, &object, &err), &err);
    object.source = KB_STR("test");
    sink->object(sink->ctx, &object);
}

static void take_all(struct kb_world *world, const char *yaml)
{
    struct kb_arena arena = {0};
    struct kb_yaml_docs docs = {0};
    struct kb_err err = {0};
    struct kb_object_sink sink = kb_world_sink(world);
    OK(kb_yaml_parse_all(&arena, NULL, kb_str_c(yaml), &docs, &err), &err);
    for (size_t i = 0; i < docs.n; i++) {
        json_t *json = NULL;
        OK(kb_yaml_to_json(docs.at[i], &json, &err), &err);
        take_one(&sink, json);
        json_decref(json);
    }
    for (size_t i = 0; i < KINDS; i++) {
        struct kb_list_report report = {.kind = &kb_kinds[i], .state = KB_LIST_COMPLETE};
        sink.list(sink.ctx, &report);
    }
    kb_arena_done(&arena);
}

struct printer {
    const char *const *columns;
    size_t n;
    struct kb_buf out;
};

static void print_value(struct kb_buf *out, const struct kb_cel_val *value)
{
    if (value->kind == KB_CEL_STRING) {
        kb_buf_str(out, value->s);
    } else if (value->kind == KB_CEL_BOOL) {
        kb_buf_c(out, value->b ? "true" : "false");
    } else if (value->kind == KB_CEL_INT) {
        kb_buf_printf(out, "%lld", (long long)value->i);
    } else if (value->kind == KB_CEL_LIST) {
        for (size_t i = 0; i < value->list->n; i++) {
            kb_buf_c(out, i == 0 ? "" : ",");
            print_value(out, &value->list->items[i]);
        }
    } else {
        kb_buf_c(out, "?");
    }
}

static void print_row(void *ctx, const struct kb_row *row)
{
    struct printer *printer = ctx;
    struct kb_arena arena = {0};
    for (size_t i = 0; i < printer->n; i++) {
        struct kb_cel_val value = {0};
        int column = kb_table_column(row->table, kb_str_c(printer->columns[i]));
        CHECK(column >= 0);
        row->ops->get(row->data, (unsigned)column, &arena, &value);
        kb_buf_c(&printer->out, i == 0 ? "" : " | ");
        print_value(&printer->out, &value);
    }
    kb_buf_char(&printer->out, '\n');
    kb_arena_done(&arena);
}

/* The rows of a table, a line each. */
static const char *rows_of(const struct kb_fact_source *source, const char *const *columns, size_t n,
                           const char *yaml)
{
    static char answer[TEXT_MAX];
    struct kb_world world;
    struct printer printer = {columns, n, {.max = TEXT_MAX - 1}};
    kb_world_init(&world, 0, no_setting, NULL);
    take_all(&world, yaml);
    kb_world_close(&world);
    source->rows(&world, print_row, &printer);
    kb_world_done(&world);
    memcpy(answer, printer.out.n == 0 ? "" : printer.out.p, printer.out.n);
    answer[printer.out.n] = '\0';
    kb_buf_done(&printer.out);
    return answer;
}

#define DEPLOYMENT(ns, name, more)                                                                 \
    "---\n{apiVersion: apps/v1, kind: Deployment, metadata: {name: " name ", namespace: " ns            \
    "}, spec: {" more " template: {metadata: {labels: {app: " name "}}, spec: {containers: [{name: c, image: " name \
    "}]}}}}\n"
#define POD(ns, name, node, ip)                                                                    \
    "---\n{apiVersion: v1, kind: Pod, metadata: {name: " name "-a-" node ", namespace: " ns             \
    ", labels: {app: " name "}, ownerReferences: [{kind: ReplicaSet, name: " name                      \
    "-a, controller: true}]}, spec: {nodeName: " node ", containers: [{name: c, image: " name              \
    ", ports: [{name: http, containerPort: 8080}]}]}, status: {phase: Running, podIP: " ip "}}\n"
#define PUBLIC(ns, name)                                                                           \
    "---\n{apiVersion: v1, kind: Service, metadata: {name: " name ", namespace: " ns                    \
    "}, spec: {type: LoadBalancer, selector: {app: " name "}, ports: [{port: 80, targetPort: http}]}}\n"
#define POLICY(ns, name, ingress)                                                                  \
    "---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: " ns   \
    "}, spec: {podSelector: {matchLabels: {app: " name "}}, policyTypes: [Ingress], ingress: [" ingress \
    "]}}\n"
#define NODE(name, zone)                                                                           \
    "---\n{apiVersion: v1, kind: Node, metadata: {name: " name                                         \
    ", labels: {topology.kubernetes.io/zone: " zone "}}}\n"

static const char *exposed(const char *yaml)
{
    static const char *const columns[] = {"object", "via", "internet", "ports", "isolated", "more"};
    return rows_of(&kb_facts_net_exposed, columns, sizeof columns / sizeof columns[0], yaml);
}

KB_TEST(exposure, what_policies_let_in_beside_the_balancer)
{
#define WEB DEPLOYMENT("x", "web", "") POD("x", "web", "n", "10.0.0.1") PUBLIC("x", "web")
#define LINE "Deployment/x/web | Service/x/web | true | TCP 8080 | "
    EQ_C(exposed(WEB), LINE "false | SCTP 1-65535,TCP 1-8079,8081-65535,UDP 1-65535\n");
    EQ_C(exposed(WEB POLICY("x", "web", "{ports: [{port: http}]}")), LINE "true | \n");
    EQ_C(exposed(WEB POLICY("x", "web", "{ports: [{port: 8080}, {port: 9090}]}")),
         LINE "true | TCP 9090\n");
    EQ_C(exposed(WEB POLICY("x", "web", "{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}")), LINE "true | \n");
    EQ_C(exposed(WEB POLICY("x", "web", "{from: [{ipBlock: {cidr: 8.0.0.0/8}}], ports: [{port: 22}]}")),
         LINE "true | TCP 22\n");
}

KB_TEST(exposure, only_what_the_internet_is_led_to)
{
    EQ_C(exposed(DEPLOYMENT("x", "web", "") POD("x", "web", "n", "10.0.0.1")
                     PUBLIC("y", "web") DEPLOYMENT("y", "db", "")),
         "");
    EQ_C(exposed(DEPLOYMENT("x", "web", "") PUBLIC("x", "web")), "");
}

KB_TEST(exposure, policies_of_another_engine)
{
#define CILIUM                                                                                     \
    "---\n{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: c, namespace: x}, spec: {}}\n"
#define AGENT                                                                                      \
    "---\n{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: cilium, namespace: kube-system}, spec: {template: " \
    "{spec: {containers: [{name: c, image: quay.io/cilium/cilium}]}}}}\n"
    EQ_C(exposed(WEB CILIUM), LINE "false | SCTP 1-65535,TCP 1-8079,8081-65535,UDP 1-65535\n");
    EQ_C(exposed(WEB CILIUM AGENT), LINE "? | ?\n");
}

KB_TEST(exposure, how_workloads_are_kept_there)
{
    static const char *const columns[] = {"object", "replicas", "budget",
                                          "spreads_zones", "zones", "webhook"};
    EQ_C(rows_of(&kb_facts_availability, columns, sizeof columns / sizeof columns[0],
                 DEPLOYMENT("x", "guard", "replicas: 2,") POD("x", "guard", "n1", "10.0.0.1")
                     POD("x", "guard", "n2", "10.0.0.2") NODE("n1", "b") NODE("n2", "a")
                         PUBLIC("x", "guard") DEPLOYMENT("x", "off", "replicas: 0,")
                             DEPLOYMENT("x", "one", "") POD("x", "one", "n3", "10.0.0.3")
         "---\n{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: b, namespace: x}, spec: {selector: "
         "{matchLabels: {app: guard}}}}\n"
         "---\n{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: g}, "
         "webhooks: [{name: g.example.com, clientConfig: {service: {namespace: x, name: guard}}}]}\n"),
         "Deployment/x/guard | 2 | true | false | a,b | true\n"
         "Deployment/x/one | 1 | false | false |  | false\n");
}
