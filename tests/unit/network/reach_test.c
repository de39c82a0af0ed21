/* Reach, explanations, and what lies outside. */
#include "support.h"

#define NP(ns, name, spec)                                                                         \
    "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {namespace: " ns         \
    ", name: " name "}\nspec: {" spec "}\n"
#define PODS POD("x", "a", "10.0.0.1", "") POD("x", "b", "10.0.0.2", "") POD("y", "c", "10.0.1.1", "")

KB_TEST(reach, explains)
{
    struct kb_net_world world = world_of(
        NULL, PODS NP("x", "deny", "podSelector: {}")
                  NP("x", "web", "podSelector: {matchLabels: {app: a}}, ingress: [{ports: [{port: 9}]}, "
                                 "{from: [{podSelector: {}}], ports: [{port: 80}]}]"));
    EQ_C(why(&world, "x/b", "x/a"),
         "egress default accept all; ingress rule accept TCP 9 NetworkPolicy/x/web[0]; "
         "ingress rule accept TCP 80 NetworkPolicy/x/web[1]; "
         "ingress isolation deny SCTP 1-65535,TCP 1-8,10-79,81-65535,UDP 1-65535 NetworkPolicy/x/deny; "
         "ingress isolation deny SCTP 1-65535,TCP 1-8,10-79,81-65535,UDP 1-65535 NetworkPolicy/x/web");
    EQ_C(why(&world, "8.8.8.8", "x/b"),
         "egress no subject accept all; ingress isolation deny all NetworkPolicy/x/deny");
    EQ_C(why(&world, "x/a", "x/a"), "egress same pod accept all");
    kb_net_world_done(&world);
}

KB_TEST(reach, classes_are_workloads)
{
    struct kb_net_world world = world_of(
        NULL,
        NP("x", "p", "podSelector: {matchLabels: {app: web}}, ingress: []")
        "---\n{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: p1, labels: {app: web, hash: '1'}}}\n"
        "---\n{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: p2, labels: {app: web, hash: '2'}}}\n"
        "---\n{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: p3, labels: {hash: '3'}}}\n"
        "---\n{apiVersion: v1, kind: Pod, metadata: {namespace: y, name: p1, labels: {app: web}}}\n");
    EQ_UINT(world.classes.n, 3);
    EQ_UINT(world.classes.at[0].pods, 2);
    EQ_UINT(kb_net_between(&world, 0, 0), KB_NET_NO_PORTS);
    EQ_UINT(kb_net_between(&world, 0, 1), KB_NET_ALL_PORTS);
    kb_net_world_done(&world);
}

KB_TEST(reach, finished_pods_are_nobody)
{
    struct kb_net_world world = world_of(
        NULL, PODS "---\n{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: job}, status: {phase: Failed}}\n");
    EQ_C(reach(&world, "x/a", "x/job"), "none");
    EQ_C(why(&world, "x/job", "x/a"), "egress finished deny all");
    kb_net_world_done(&world);
}

KB_TEST(reach, host_network_is_its_node)
{
    struct kb_net_world world = world_of(
        NULL, PODS POD("x", "h", "10.9.0.1", "hostNetwork: true")
                  NP("x", "p", "podSelector: {matchLabels: {app: a}}, ingress: [{from: [{podSelector: {}}]}, "
                               "{from: [{ipBlock: {cidr: 10.9.0.0/16}}], ports: [{port: 1}]}]")
                      NP("x", "h", "podSelector: {matchLabels: {app: h}}, ingress: []"));
    EQ_C(reach(&world, "x/h", "x/a"), "TCP 1");
    EQ_C(reach(&world, "y/c", "x/h"), "all");
    kb_net_world_done(&world);
}

KB_TEST(reach, named_ports_of_sidecars)
{
    struct kb_net_world world = world_of(
        NULL,
        PODS POD("x", "d", "10.0.0.4",
                 "initContainers: [{ports: [{name: web, containerPort: 1}]}, {restartPolicy: Always, ports: "
                 "[{name: web, containerPort: 2}]}], containers: [{ports: [{name: web, containerPort: 3, "
                 "protocol: UDP}]}]")
            NP("x", "p", "podSelector: {}, ingress: [{ports: [{port: web}, {port: web, protocol: UDP}]}]"));
    EQ_C(reach(&world, "y/c", "x/d"), "TCP 2,UDP 3");
    EQ_C(reach(&world, "y/c", "x/a"), "none");
    kb_net_world_done(&world);
}

KB_TEST(reach, two_families)
{
    struct kb_net_world world = world_of(
        NULL,
        "---\n{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: a}, status: {podIP: 10.0.0.1, podIPs: "
        "[{ip: 10.0.0.1}, {ip: 'fd00::1'}]}}\n"
        "---\n{apiVersion: v1, kind: Pod, metadata: {namespace: y, name: b}, status: {podIP: 10.0.0.2, podIPs: "
        "[{ip: 10.0.0.2}, {ip: 'fd00::2'}]}}\n"
        "---\n{apiVersion: v1, kind: Pod, metadata: {namespace: y, name: c}, status: {podIP: 10.0.0.3}}\n"
        NP("x", "in", "podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 4}]}, "
                      "{from: [{ipBlock: {cidr: 'fd00::/8'}}], ports: [{port: 6}]}]")
        NP("y", "out", "podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}], "
                       "ports: [{port: 6}]}, {to: [{ipBlock: {cidr: 'fd00::/8'}}]}]"));
    /* By IPv4 only port 4 comes in, which does not go out. */
    EQ_C(reach(&world, "y/b", "x/a"), "TCP 6");
    EQ_C(reach(&world, "y/c", "x/a"), "none");
    kb_net_world_done(&world);
}

static void add_range(void *ctx, const struct kb_ip *first, const struct kb_ip *last, kb_net_ports ports)
{
    struct kb_buf *text = ctx;
    kb_ip_format(first, text);
    kb_buf_char(text, '-');
    kb_ip_format(last, text);
    kb_buf_printf(text, " %u; ", (unsigned)ports);
}

KB_TEST(reach, outside_in_ranges)
{
    struct kb_net_world world = world_of(
        NULL, PODS NP("x", "p", "podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: "
                                "0.0.0.0/0, except: [10.0.0.0/8]}}, {ipBlock: {cidr: 10.4.0.0/16}}]}]"));
    struct kb_buf text;
    kb_buf_init(&text, 4096);
    kb_net_outside(&world, KB_NET_EGRESS, end_of(&world, "x/a").pod, add_range, &text);
    EQ_STR(kb_buf_view(&text),
           "0.0.0.0-9.255.255.255 0; 10.0.0.0-10.3.255.255 1; 10.4.0.0-10.4.255.255 0; "
           "10.5.0.0-10.255.255.255 1; 11.0.0.0-255.255.255.255 0; "
           "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 1; ");
    kb_buf_clear(&text);
    kb_net_outside(&world, KB_NET_INGRESS, end_of(&world, "x/a").pod, add_range, &text);
    EQ_STR(kb_buf_view(&text),
           "0.0.0.0-255.255.255.255 0; ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 0; ");
    kb_buf_done(&text);
    kb_net_world_done(&world);
}

KB_TEST(reach, default_deny_is_an_effect)
{
    struct kb_net_world world = world_of(
        NULL, PODS NP("x", "labelled", "podSelector: {matchLabels: {app: a}}")
                  NP("y", "absent", "podSelector: {matchExpressions: [{key: app, operator: DoesNotExist}]}"));
    CHECK(kb_net_isolated(&world, end_of(&world, "x/a").pod, KB_NET_INGRESS));
    CHECK(!kb_net_isolated(&world, end_of(&world, "x/a").pod, KB_NET_EGRESS));
    CHECK(!kb_net_isolates_new(&world, KB_STR("x"), KB_NET_INGRESS));
    CHECK(kb_net_isolates_new(&world, KB_STR("y"), KB_NET_INGRESS));
    CHECK(!kb_net_isolates_new(&world, KB_STR("y"), KB_NET_EGRESS));
    kb_net_world_done(&world);
}

KB_TEST(reach, namespaces_have_their_name)
{
    struct kb_net_world world = world_of(
        NULL, PODS "---\n{apiVersion: v1, kind: Namespace, metadata: {name: y, labels: {kubernetes.io/metadata.name: lie}}}\n"
        NP("x", "p", "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: "
                     "{kubernetes.io/metadata.name: y}}}]}]"));
    EQ_C(reach(&world, "y/c", "x/a"), "all");
    EQ_C(reach(&world, "x/b", "x/a"), "none");
    CHECK(world.namespaces.at[0].implied && !world.namespaces.at[1].implied);
    kb_net_world_done(&world);
}

KB_TEST(reach, dead_rules_are_counted)
{
    struct kb_net_world world =
        world_of(NULL, PODS NP("x", "p", "podSelector: {}, policyTypes: [Egress], ingress: [{}, {}], egress: [{}]"));
    EQ_UINT(world.policies.at[0]->dead_rules[KB_NET_INGRESS], 2);
    EQ_C(reach(&world, "y/c", "x/a"), "all");
    kb_net_world_done(&world);
}
