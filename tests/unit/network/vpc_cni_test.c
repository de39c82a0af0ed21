/* What EKS' controller and agent do otherwise. */
#include "support.h"

#define NODE_POD(ns, name, ip, more)                                                               \
    "---\napiVersion: v1\nkind: Pod\nmetadata: {namespace: " ns ", name: " name ", labels: {app: " name \
    "}}\nspec: {" more "}\nstatus: {phase: Running, podIP: " ip ", hostIP: 10.9.0.1}\n"
#define PODS                                                                                       \
    NODE_POD("x", "a", "10.0.0.1", "") NODE_POD("x", "b", "10.0.0.2", "")                          \
        NODE_POD("y", "c", "10.0.1.1", "") NODE_POD("y", "h", "10.9.0.1", "hostNetwork: true")
#define NP(ns, name, spec)                                                                         \
    "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {namespace: " ns         \
    ", name: " name "}\nspec: {" spec "}\n"
#define CNP(name, rest)                                                                            \
    "---\napiVersion: networking.k8s.aws/v1alpha1\nkind: ClusterNetworkPolicy\nmetadata: {name: " name \
    "}\nspec: {subject: {namespaces: {matchLabels: {kubernetes.io/metadata.name: x}}}, " rest "}\n"

KB_TEST(vpc_cni, own_node_is_open)
{
    struct kb_net_world world = world_of(
        "vpc-cni", PODS NODE_POD("x", "far", "10.0.0.9", "") NP("x", "p", "podSelector: {}, policyTypes: [Ingress, Egress]")
        CNP("d", "tier: Admin, priority: 1, egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}]}]"));
    EQ_C(reach(&world, "x/a", "10.9.0.1"), "all");
    EQ_C(reach(&world, "y/h", "x/a"), "all");
    EQ_C(why(&world, "x/a", "y/h"), "egress own node accept all; ingress no subject accept all");
    EQ_C(reach(&world, "x/a", "10.9.0.2"), "none");
    kb_net_world_done(&world);
}

KB_TEST(vpc_cni, strict_closes_what_nothing_selects)
{
    struct kb_net_world world =
        world_of("vpc-cni-strict", PODS NP("x", "p", "podSelector: {matchLabels: {app: a}}, ingress: [{}]"));
    EQ_C(reach(&world, "x/a", "x/b"), "none");
    EQ_C(why(&world, "y/c", "x/b"), "egress default deny all; ingress default deny all");
    /* A selected pod's other direction is open. */
    EQ_C(why(&world, "x/a", "8.8.8.8"), "egress selection accept all; ingress no subject accept all");
    CHECK(kb_net_isolated(&world, end_of(&world, "x/b").pod, KB_NET_EGRESS));
    CHECK(!kb_net_isolated(&world, end_of(&world, "x/a").pod, KB_NET_EGRESS));
    CHECK(kb_net_isolates_new(&world, KB_STR("y"), KB_NET_EGRESS));
    kb_net_world_done(&world);
}

KB_TEST(vpc_cni, selecting_a_host_network_pod_admits_its_node)
{
    struct kb_net_world world = world_of(
        "vpc-cni",
        PODS "---\n{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: far-x}, status: {podIP: 10.0.3.1, hostIP: 10.9.0.2}}\n"
        NP("x", "p", "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: "
                     "{kubernetes.io/metadata.name: y}}}], ports: [{port: 80}]}]"));
    EQ_C(reach(&world, "10.9.0.1", "x/far-x"), "TCP 80");
    EQ_C(reach(&world, "10.9.0.3", "x/far-x"), "none");
    kb_net_world_done(&world);
}

KB_TEST(vpc_cni, except_closes_wider_blocks)
{
    static const char policy[] =
        PODS NP("x", "p", "podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: "
                          "[10.0.1.0/24]}}]}, {to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}]");
    struct kb_net_world world = world_of("vpc-cni", policy);
    EQ_C(why(&world, "x/a", "y/c"), "egress except deny all; ingress default accept all");
    EQ_C(reach(&world, "x/a", "10.0.2.1"), "all");
    EQ_C(reach(&world, "x/a", "8.8.8.8"), "TCP 443");
    kb_net_world_done(&world);
    world = world_of("kubernetes", policy);
    EQ_C(reach(&world, "x/a", "y/c"), "TCP 443");
    kb_net_world_done(&world);
}

KB_TEST(vpc_cni, names_before_the_last_dash_share)
{
    struct kb_net_world world = world_of(
        "vpc-cni", NODE_POD("x", "web-a", "10.0.0.1", "") NODE_POD("x", "web-b", "10.0.0.2", "")
                       NODE_POD("x", "other", "10.0.0.3", "")
                           NP("x", "p", "podSelector: {matchLabels: {app: web-a}}, ingress: []"));
    EQ_C(reach(&world, "x/other", "x/web-b"), "none");
    EQ_C(reach(&world, "x/web-b", "x/other"), "all");
    kb_net_world_done(&world);
}

KB_TEST(vpc_cni, order_within_a_policy_does_not_count)
{
    struct kb_net_world world = world_of(
        "vpc-cni", PODS CNP("p", "tier: Admin, priority: 7, egress: [{action: Accept, to: [{networks: [10.0.1.0/24]}]}, "
                                 "{action: Deny, to: [{networks: [0.0.0.0/0]}]}]"));
    EQ_C(reach(&world, "x/a", "y/c"), "none");
    kb_net_world_done(&world);
}

KB_TEST(vpc_cni, application_policies)
{
    struct kb_net_world world = world_of(
        "vpc-cni", PODS "---\n{apiVersion: networking.k8s.aws/v1alpha1, kind: ApplicationNetworkPolicy, metadata: {namespace: x, "
                        "name: p}, spec: {podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 1}]}, {to: [{domainNames: "
                        "[example.com]}]}, {to: [{ipBlock: {cidr: 10.0.0.0/8}, domainNames: [a.b]}]}, {to: [{podSelector: {}}]}]}}\n");
    EQ_C(problems(&world), "ApplicationNetworkPolicy/x/p spec.egress[2].to[0]: domainNames is for egress, and with no "
                           "other peer; it matches nothing\n");
    EQ_C(reach(&world, "x/a", "8.8.8.8"), "none");
    EQ_C(reach(&world, "x/a", "x/b"), "all");
    EQ_C(reach(&world, "x/a", "y/c"), "none");
    kb_net_world_done(&world);
}

KB_TEST(vpc_cni, first_peer_without_namespaces_ends_the_rule)
{
    struct kb_net_world world = world_of(
        "vpc-cni", PODS CNP("p", "tier: Admin, priority: 7, ingress: [{action: Deny, from: [{namespaces: {matchLabels: {no: such}}}, "
                                 "{namespaces: {}}]}]"));
    EQ_C(reach(&world, "y/c", "x/a"), "all");
    kb_net_world_done(&world);
}

#define SERVICE(name, more)                                                                        \
    "---\napiVersion: v1\nkind: Service\nmetadata: {namespace: y, name: " name "}\nspec: {" more "}\n"

KB_TEST(vpc_cni, service_addresses)
{
    struct kb_net_world world = world_of(
        "vpc-cni",
        PODS NODE_POD("y", "d", "10.0.1.7", "containers: [{ports: [{name: web, containerPort: 8080}]}]")
        SERVICE("d", "clusterIP: 172.20.0.1, selector: {app: d}, ports: [{port: 80, targetPort: 8080}, {port: 81, targetPort: web}]")
        SERVICE("wide", "clusterIP: 172.20.0.2, selector: {}, ports: [{port: 8080}]")
        SERVICE("head", "clusterIP: None, selector: {app: d}, ports: [{port: 8080}]")
        NP("x", "p", "podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}, podSelector: {matchLabels: "
                     "{app: d}}}], ports: [{port: 8080}]}]"));
    EQ_C(reach(&world, "x/a", "y/d"), "TCP 8080");
    EQ_C(reach(&world, "x/a", "172.20.0.1"), "TCP 80");
    EQ_C(reach(&world, "x/a", "172.20.0.2"), "none");
    kb_net_world_done(&world);
}

KB_TEST(vpc_cni, some_nodes_are_not_served)
{
    struct kb_net_world world = world_of(
        "vpc-cni", PODS "---\n{apiVersion: v1, kind: Node, metadata: {name: f, labels: {eks.amazonaws.com/compute-type: fargate}}}\n"
                       NODE_POD("x", "f", "10.0.0.7", "nodeName: f") NP("x", "p", "podSelector: {}, ingress: []"));
    EQ_C(why(&world, "y/c", "x/f"), "egress default accept all; ingress not enforced accept all");
    EQ_C(reach(&world, "y/c", "x/a"), "none");
    kb_net_world_done(&world);
}

KB_TEST(vpc_cni, other_family)
{
    struct kb_net_world world = world_of(
        "vpc-cni",
        "---\n{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: a}, status: {podIP: 'fd00::1', hostIP: 'fd00::9'}}\n"
        NP("x", "p", "podSelector: {}, policyTypes: [Ingress, Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: "
                     "[{port: 1}]}]"));
    EQ_C(reach(&world, "x/a", "8.8.8.8"), "all");
    EQ_C(reach(&world, "8.8.8.8", "x/a"), "none");
    EQ_C(reach(&world, "x/a", "2001:db8::1"), "none");
    kb_net_world_done(&world);
}

KB_TEST(vpc_cni, port_entries_are_counted)
{
    struct kb_buf yaml;
    kb_buf_init(&yaml, 1 << 16);
    kb_buf_c(&yaml, PODS "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {namespace: x, name: p}\n"
                         "spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 1}");
    for (int i = 3; i < 60; i += 2) {
        kb_buf_printf(&yaml, ", {port: %d}", i);
    }
    kb_buf_c(&yaml, "]}]}\n");
    kb_buf_char(&yaml, '\0');
    struct kb_net_world world = world_of("vpc-cni", yaml.p);
    struct kb_net_end a = end_of(&world, "x/a"), c = end_of(&world, "y/c");
    EQ_UINT(kb_net_entries(&world, KB_NET_INGRESS, a.pod, &c), 30);
    CHECK(strstr(why(&world, "y/c", "x/a"), "ingress limit accept") != NULL);
    kb_net_world_done(&world);
    kb_buf_done(&yaml);
}
