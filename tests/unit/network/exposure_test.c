/* What balancers are by the objects that ask for them. */
#include "data/yaml.h"
#include "network/exposure.h"
#include "support.h"

enum { TEXT_MAX = 512 };
static char answer[TEXT_MAX];

static json_t *object_of(const char *yaml)
{
    struct kb_arena arena = {0};
    struct kb_yaml_docs docs = {0};
    struct kb_err err = {0};
    json_t *json = NULL;
    OK(kb_yaml_parse_all(&arena, NULL, kb_str_c(yaml), &docs, &err), &err);
    OK(kb_yaml_to_json(docs.at[0], &json, &err), &err);
    kb_arena_done(&arena);
    return json;
}

/* "in-tree clb internet-facing instance open; TCP/80 nowhere" */
static const char *text_of(const struct kb_net_front *front)
{
    static const char *const open[] = {"narrow", "open", "unsure"};
    struct kb_buf text;
    kb_buf_init(&text, TEXT_MAX - 1);
    kb_buf_printf(&text, "%s %s %s %s %s", kb_net_controller_name(front->controller),
                  kb_net_balancer_name(front->balancer), kb_net_scheme_name(front->scheme),
                  kb_net_target_name(front->target), open[front->open]);
    for (size_t i = 0; i < front->listener_count; i++) {
        const struct kb_net_listener *listener = &front->listeners[i];
        kb_buf_printf(&text, "; %.*s/%u %s%s", KB_FMT(listener->protocol), (unsigned)listener->port,
                      kb_net_tls_name(listener->tls), listener->redirects ? " redirects" : "");
    }
    kb_buf_c(&text, front->waf ? "; waf" : "");
    memcpy(answer, text.p, text.n);
    answer[text.n] = '\0';
    kb_buf_done(&text);
    return answer;
}

static const char *service(const char *annotations, const char *spec)
{
    struct kb_arena arena = {0};
    struct kb_buf yaml;
    struct kb_net_published read;
    struct kb_net_front front;
    kb_buf_init(&yaml, 4096);
    kb_buf_printf(&yaml, "{metadata: {annotations: {%s}}, spec: {%s%s}}", annotations,
                  strncmp(spec, "type:", 5) == 0 ? "" : "type: LoadBalancer, ", spec);
    kb_buf_char(&yaml, '\0');
    json_t *json = object_of(yaml.p);
    kb_net_read_service(json, &arena, &read);
    kb_net_service_front(&read, &arena, &front);
    const char *out = text_of(&front);
    json_decref(json);
    kb_buf_done(&yaml);
    kb_arena_done(&arena);
    return out;
}

#define LB "service.beta.kubernetes.io/aws-load-balancer-"
#define NLB "loadBalancerClass: service.k8s.aws/nlb"
#define HTTP "ports: [{port: 80}]"

KB_TEST(exposure, in_tree_balancers_are_public_unless_told)
{
    EQ_C(service("", HTTP), "in-tree clb internet-facing instance open; TCP/80 nowhere");
    EQ_C(service(LB "internal: 'true'", HTTP), "in-tree clb internal instance open; TCP/80 nowhere");
    EQ_C(service(LB "internal: 0.0.0.0/0", HTTP),
         "in-tree clb internal instance open; TCP/80 nowhere");
    EQ_C(service(LB "internal: 'false'", HTTP),
         "in-tree clb internet-facing instance open; TCP/80 nowhere");
    EQ_C(service(LB "scheme: internal", HTTP),
         "in-tree clb internet-facing instance open; TCP/80 nowhere");
    EQ_C(service(LB "type: nlb", HTTP), "in-tree nlb internet-facing instance open; TCP/80 nowhere");
}

KB_TEST(exposure, the_controllers_balancers_are_internal_unless_told)
{
    EQ_C(service("", NLB), "aws-load-balancer-controller nlb internal instance open");
    EQ_C(service(LB "scheme: internet-facing", NLB),
         "aws-load-balancer-controller nlb internet-facing instance open");
    EQ_C(service(LB "internal: 'false'", NLB),
         "aws-load-balancer-controller nlb internet-facing instance open");
    EQ_C(service(LB "internal: 'true', " LB "scheme: internet-facing", NLB),
         "aws-load-balancer-controller nlb internet-facing instance open");
    EQ_C(service(LB "scheme: public", NLB),
         "aws-load-balancer-controller nlb unknown instance open");
    EQ_C(service(LB "internal: 'yes'", NLB),
         "aws-load-balancer-controller nlb unknown instance open");
    EQ_C(service(LB "type: nlb-ip", HTTP),
         "aws-load-balancer-controller nlb internal ip open; TCP/80 nowhere");
    EQ_C(service(LB "type: external, " LB "nlb-target-type: ip", HTTP),
         "aws-load-balancer-controller nlb internal ip open; TCP/80 nowhere");
    EQ_C(service("", "loadBalancerClass: eks.amazonaws.com/nlb"),
         "eks-auto-mode nlb internal  open");
    EQ_C(service(LB "scheme: internet-facing", "loadBalancerClass: eks.amazonaws.com/nlb"),
         "eks-auto-mode nlb internet-facing  open");
    EQ_C(service("", "loadBalancerClass: tailscale"), "other  unknown  unsure");
}

KB_TEST(exposure, ranges_count_where_they_are_looked_at)
{
    EQ_C(service("", "loadBalancerSourceRanges: [192.0.2.0/24]"),
         "in-tree clb internet-facing instance narrow");
    EQ_C(service("", "loadBalancerSourceRanges: [192.0.2.0/24, '::/0']"),
         "in-tree clb internet-facing instance open");
    EQ_C(service("", "loadBalancerSourceRanges: [0.0.0.0/1, 128.0.0.0/1]"),
         "in-tree clb internet-facing instance open");
    EQ_C(service("", "loadBalancerSourceRanges: [192.0.2.0/24, everything]"),
         "in-tree clb internet-facing instance unsure");
    EQ_C(service("service.beta.kubernetes.io/load-balancer-source-ranges: '192.0.2.0/24, 198.51.100.0/24'", NLB),
         "aws-load-balancer-controller nlb internal instance narrow");
    EQ_C(service("service.beta.kubernetes.io/load-balancer-source-ranges: 192.0.2.0/24",
                 "loadBalancerClass: eks.amazonaws.com/nlb"),
         "eks-auto-mode nlb internal  open");
    EQ_C(service(LB "security-groups: sg-1", NLB ", loadBalancerSourceRanges: [192.0.2.0/24]"),
         "aws-load-balancer-controller nlb internal instance unsure");
    EQ_C(service(LB "security-group-prefix-lists: pl-1", NLB),
         "aws-load-balancer-controller nlb internal instance unsure");
    EQ_C(service(LB "disable-nlb-sg: 'true', " LB "nlb-target-type: ip",
                 NLB ", loadBalancerSourceRanges: [192.0.2.0/24]"),
         "aws-load-balancer-controller nlb internal ip open");
    EQ_C(service(LB "disable-nlb-sg: 'true', " LB "nlb-target-type: ip, " LB
                    "target-group-attributes: preserve_client_ip.enabled=true",
                 NLB ", loadBalancerSourceRanges: [192.0.2.0/24]"),
         "aws-load-balancer-controller nlb internal ip narrow");
}

KB_TEST(exposure, tls_of_services)
{
    EQ_C(service(LB "ssl-cert: arn", "ports: [{port: 80}, {port: 53, protocol: UDP}]"),
         "in-tree clb internet-facing instance open; TLS/80 balancer; UDP/53 nowhere");
    EQ_C(service(LB "ssl-cert: arn, " LB "ssl-ports: '8443, tls'",
                 "ports: [{port: 80}, {port: 8443}, {name: tls, port: 444}]"),
         "in-tree clb internet-facing instance open; TCP/80 nowhere; TLS/8443 balancer; TLS/444 balancer");
    EQ_C(service("", "ports: [{port: 443}, {port: 8443, appProtocol: https}]"),
         "in-tree clb internet-facing instance open; TCP/443 workload; TCP/8443 workload");
}

KB_TEST(exposure, no_balancer_is_no_front)
{
    EQ_C(service("", "type: NodePort"), "  none  narrow");
}

#define ALB "alb.ingress.kubernetes.io/"
enum { MOST = 4 };

/* The front of the first of some Ingresses, with the parameters of their class (NULL: none). */
static const char *alb(const char *params, size_t n, ...)
{
    struct kb_arena arena = {0};
    struct kb_net_ingress read[MOST];
    const struct kb_net_ingress *group[MOST];
    struct kb_net_class_params class;
    struct kb_net_front front;
    va_list args;
    va_start(args, n);
    for (size_t i = 0; i < n; i++) {
        json_t *json = object_of(va_arg(args, const char *));
        kb_net_read_ingress(json, &arena, &read[i]);
        json_decref(json);
        group[i] = &read[i];
        if (params != NULL) {
            json = object_of(params);
            kb_net_read_class_params(json, &arena, &class);
            json_decref(json);
            read[i].params = &class;
        }
    }
    va_end(args);
    kb_net_alb_front(group, n, 0, KB_NET_BY_LBC, &arena, &front);
    const char *out = text_of(&front);
    kb_arena_done(&arena);
    return out;
}
#define ONE(annotations) "{metadata: {annotations: {" annotations "}}}"

KB_TEST(exposure, an_alb_alone)
{
    EQ_C(alb(NULL, 1, ONE("")), "aws-load-balancer-controller alb internal  open; HTTP/80 nowhere");
    EQ_C(alb(NULL, 1, ONE(ALB "scheme: internet-facing, " ALB "certificate-arn: arn")),
         "aws-load-balancer-controller alb internet-facing  open; HTTPS/443 balancer");
    EQ_C(alb(NULL, 1, "{spec: {tls: [{hosts: [a.example]}]}}"),
         "aws-load-balancer-controller alb internal  open; HTTP/80 nowhere");
    EQ_C(alb(NULL, 1, ONE(ALB "listen-ports: '[{\"HTTP\": 80}, {\"HTTPS\": 8443}]', " ALB
                              "ssl-redirect: '8443', " ALB "wafv2-acl-arn: arn, " ALB "target-type: ip")),
         "aws-load-balancer-controller alb internal ip open; HTTP/80 nowhere redirects; HTTPS/8443 "
         "balancer; waf");
    EQ_C(alb(NULL, 1, ONE(ALB "wafv2-acl-arn: none, " ALB "inbound-cidrs: 192.0.2.0/24")),
         "aws-load-balancer-controller alb internal  narrow; HTTP/80 nowhere");
    EQ_C(alb(NULL, 1, ONE(ALB "listen-ports: '80'")), "aws-load-balancer-controller alb internal  open");
    EQ_C(alb(NULL, 1, "{metadata: {annotations: {" ALB "scheme: internet-facing}}, status: {loadBalancer: "
                      "{ingress: [{hostname: internal-k8s-a.elb.amazonaws.com}]}}}"),
         "aws-load-balancer-controller alb internal  open; HTTP/80 nowhere");
}

KB_TEST(exposure, a_class_overrides_annotations)
{
    EQ_C(alb("{spec: {scheme: internal, certificateArn: [arn], inboundCIDRs: [192.0.2.0/24]}}", 1,
             ONE(ALB "scheme: internet-facing, " ALB "inbound-cidrs: 0.0.0.0/0")),
         "aws-load-balancer-controller alb internal  narrow; HTTPS/443 balancer");
    EQ_C(alb("{spec: {scheme: internet-facing, wafv2AclArn: arn, sslRedirectPort: '443'}}", 1, ONE("")),
         "aws-load-balancer-controller alb internet-facing  open; HTTP/80 nowhere redirects; waf");
}

KB_TEST(exposure, a_group_shares_its_balancer)
{
    EQ_C(alb(NULL, 2, ONE(""), ONE(ALB "scheme: internet-facing, " ALB "wafv2-acl-arn: arn")),
         "aws-load-balancer-controller alb internet-facing  open; HTTP/80 nowhere; waf");
    EQ_C(alb(NULL, 2, ONE(ALB "scheme: internal"), ONE(ALB "scheme: internet-facing")),
         "aws-load-balancer-controller alb unknown  open; HTTP/80 nowhere");
    EQ_C(alb(NULL, 2, ONE(ALB "inbound-cidrs: 192.0.2.0/24"), ONE(ALB "inbound-cidrs: 0.0.0.0/0")),
         "aws-load-balancer-controller alb internal  open; HTTP/80 nowhere");
}

KB_TEST(exposure, backends_of_an_ingress)
{
    struct kb_arena arena = {0};
    struct kb_net_ingress read;
    json_t *json = object_of(
        "{metadata: {namespace: x, annotations: {" ALB "actions.to-tls: "
        "'{\"type\":\"redirect\",\"redirectConfig\":{\"protocol\":\"HTTPS\"}}', " ALB "actions.split: "
        "'{\"type\":\"forward\",\"forwardConfig\":{\"targetGroups\":[{\"serviceName\":\"b\",\"servicePort\":\"80\"}]}}'}}, "
        "spec: {rules: [{host: a.example, http: {paths: ["
        "{backend: {service: {name: to-tls, port: {name: use-annotation}}}},"
        "{backend: {service: {name: split, port: {name: use-annotation}}}},"
        "{backend: {service: {name: a, port: {number: 8080}}}},"
        "{backend: {service: {name: a, port: {number: 8080}}}}]}}]}}");
    kb_net_read_ingress(json, &arena, &read);
    CHECK(read.action_redirects && !read.any_host);
    EQ_UINT(read.backend_count, 2);
    EQ_STR(read.backends[0].service, "b");
    EQ_UINT(read.backends[0].port, 80);
    EQ_STR(read.backends[1].service, "a");
    json_decref(json);
    kb_arena_done(&arena);
}

KB_TEST(exposure, a_proxy_is_as_open_as_its_service)
{
    struct kb_arena arena = {0};
    struct kb_net_ingress plain = {0}, tls = {.tls = true};
    struct kb_net_listener listener = {.port = 443, .tls = KB_NET_TLS_BALANCER};
    struct kb_net_front front, behind = {.scheme = KB_NET_SCHEME_INTERNET,
                                         .open = KB_NET_YES,
                                         .balancer = KB_NET_NLB};
    kb_net_proxy_front(&plain, NULL, KB_NET_BY_NGINX, &arena, &front);
    EQ_C(text_of(&front), "ingress-nginx  unknown ip unsure; HTTP/80 nowhere");
    kb_net_proxy_front(&tls, &behind, KB_NET_BY_NGINX, &arena, &front);
    EQ_C(text_of(&front),
         "ingress-nginx nlb internet-facing ip open; HTTP/80 nowhere redirects; HTTPS/443 controller");
    behind.listeners = &listener;
    behind.listener_count = 1;
    kb_net_proxy_front(&plain, &behind, KB_NET_BY_OTHER, &arena, &front);
    EQ_C(text_of(&front), "other nlb internet-facing ip open; HTTP/80 nowhere; HTTPS/443 balancer");
    kb_arena_done(&arena);
}

KB_TEST(exposure, gateways)
{
    struct kb_arena arena = {0};
    struct kb_net_gateway gateway;
    struct kb_net_front front, service = {.scheme = KB_NET_SCHEME_INTERNET, .open = KB_NET_YES};
    json_t *json = object_of("{spec: {gatewayClassName: edge, listeners: [{protocol: HTTP, port: 80}, "
                             "{protocol: TLS, port: 443, tls: {mode: Passthrough}}, {protocol: HTTPS, port: 8443}]}}");
    kb_net_read_gateway(json, &arena, &gateway);
    gateway.controller = KB_STR("gateway.k8s.aws/alb");
    kb_net_gateway_front(&gateway, NULL, &arena, &front);
    EQ_C(text_of(&front), "aws-load-balancer-controller alb internal  open; HTTP/80 nowhere; TLS/443 "
                          "workload; HTTPS/8443 balancer");
    json_t *config = object_of("{spec: {scheme: internet-facing, sourceRanges: [192.0.2.0/24]}}");
    struct kb_net_class_params own, of_class = {.scheme = KB_STR("internal")};
    kb_net_read_configuration(config, &arena, &own);
    json_decref(config);
    gateway.params = kb_net_merge_params(NULL, &own);
    kb_net_gateway_front(&gateway, NULL, &arena, &front);
    CHECK(front.scheme == KB_NET_SCHEME_INTERNET && front.open == KB_NET_NO);
    gateway.params = kb_net_merge_params(&of_class, &own);
    kb_net_gateway_front(&gateway, NULL, &arena, &front);
    CHECK(front.scheme == KB_NET_SCHEME_INTERNAL && front.open == KB_NET_NO);
    of_class.prefers_gateway = true;
    gateway.params = kb_net_merge_params(&of_class, &own);
    kb_net_gateway_front(&gateway, NULL, &arena, &front);
    CHECK(front.scheme == KB_NET_SCHEME_INTERNET);
    gateway.params_unknown = true;
    kb_net_gateway_front(&gateway, NULL, &arena, &front);
    CHECK(front.scheme == KB_NET_SCHEME_UNKNOWN && front.open == KB_NET_UNSURE);
    gateway.controller = KB_STR("istio.io/gateway-controller");
    kb_net_gateway_front(&gateway, &service, &arena, &front);
    EQ_C(text_of(&front), "other  internet-facing ip open; HTTP/80 nowhere; TLS/443 workload; "
                          "HTTPS/8443 controller");
    json_decref(json);
    kb_arena_done(&arena);
}
