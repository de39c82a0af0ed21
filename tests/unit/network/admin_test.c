/* Policies of administrators: three kinds of policy.networking.k8s.io. */
#include "support.h"

#define PODS POD("x", "a", "10.0.0.1", "") POD("x", "b", "10.0.0.2", "") POD("y", "c", "10.0.1.1", "")
#define ADMIN(name, priority, rest)                                                                \
    "---\napiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: " name \
    "}\nspec: {priority: " priority ", subject: {namespaces: {}}, " rest "}\n"
#define BASELINE(rest)                                                                             \
    "---\napiVersion: policy.networking.k8s.io/v1alpha1\nkind: BaselineAdminNetworkPolicy\nmetadata: "     \
    "{name: default}\nspec: {subject: {namespaces: {}}, " rest "}\n"
#define CLUSTER(name, rest)                                                                        \
    "---\napiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: " name \
    "}\nspec: {" rest "}\n"
#define NP(ns, name, spec)                                                                         \
    "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {namespace: " ns         \
    ", name: " name "}\nspec: {" spec "}\n"

KB_TEST(admin, first_match_decides)
{
    struct kb_net_world world = world_of(
        NULL, PODS ADMIN("late", "20", "ingress: [{action: Deny, from: [{namespaces: {}}]}]")
                  ADMIN("early", "10", "ingress: [{action: Allow, from: [{namespaces: {}}], ports: "
                                       "[{portNumber: {protocol: TCP, port: 80}}]}, {action: Pass, from: "
                                       "[{namespaces: {}}], ports: [{portRange: {protocol: TCP, start: 81, end: 90}}]}]")
                      NP("x", "p", "podSelector: {}, ingress: [{ports: [{port: 85}, {port: 100}]}]"));
    EQ_C(reach(&world, "y/c", "x/a"), "TCP 80,85");
    EQ_C(reach(&world, "x/a", "y/c"), "TCP 80-90");
    EQ_C(reach(&world, "8.8.8.8", "x/a"), "TCP 85,100");
    EQ_C(why(&world, "y/c", "x/a"),
         "egress default accept all; ingress rule accept TCP 80 AdminNetworkPolicy/early[0]; "
         "ingress rule pass TCP 81-90 AdminNetworkPolicy/early[1]; "
         "ingress rule deny SCTP 1-65535,TCP 1-79,91-65535,UDP 1-65535 AdminNetworkPolicy/late[0]; "
         "ingress rule accept TCP 85 NetworkPolicy/x/p[0]; "
         "ingress isolation deny TCP 81-84,86-90 NetworkPolicy/x/p");
    kb_net_world_done(&world);
}

KB_TEST(admin, baseline_yields_to_namespaces)
{
    struct kb_net_world world =
        world_of(NULL, PODS BASELINE("ingress: [{action: Allow, from: [{namespaces: {matchLabels: "
                                     "{kubernetes.io/metadata.name: x}}}]}, {action: Deny, from: [{namespaces: {}}]}]")
                           NP("y", "p", "podSelector: {}, ingress: [{}]"));
    EQ_C(reach(&world, "x/b", "x/a"), "all");
    EQ_C(reach(&world, "y/c", "x/a"), "none");
    EQ_C(reach(&world, "x/a", "y/c"), "all");
    EQ_C(reach(&world, "8.8.8.8", "x/a"), "all");
    kb_net_world_done(&world);
}

KB_TEST(admin, cluster_policies_have_tiers_and_protocols)
{
    struct kb_net_world world = world_of(
        NULL,
        PODS POD("y", "d", "10.0.1.2", "containers: [{ports: [{name: dns, containerPort: 53, protocol: UDP}, "
                                       "{name: dns, containerPort: 54}]}]")
            "---\n{apiVersion: v1, kind: Node, metadata: {name: n, labels: {pool: a}}, status: {addresses: [{address: "
            "10.9.0.1}]}}\n"
        CLUSTER("a", "tier: Admin, priority: 1, subject: {pods: {podSelector: {matchLabels: {app: a}}}}, egress: ["
                     "{action: Accept, to: [{pods: {namespaceSelector: {}, podSelector: {}}}], protocols: "
                     "[{destinationNamedPort: dns}, {tcp: {destinationPort: {range: {start: 8, end: 9}}}}]}, "
                     "{action: Accept, to: [{nodes: {matchLabels: {pool: a}}}], protocols: [{udp: {destinationPort: "
                     "{number: 7}}}]}, {action: Accept, to: [{domainNames: [example.com]}]}, "
                     "{action: Deny, to: [{networks: [0.0.0.0/0]}]}]")
        CLUSTER("b", "tier: Baseline, priority: 1, subject: {namespaces: {}}, egress: [{action: Deny, to: "
                     "[{networks: [8.0.0.0/8]}]}]"));
    EQ_C(problems(&world), "");
    EQ_C(reach(&world, "x/a", "y/d"), "TCP 8-9,54,UDP 53");
    EQ_C(reach(&world, "x/a", "y/c"), "TCP 8-9");
    EQ_C(reach(&world, "x/a", "10.9.0.1"), "UDP 7");
    EQ_C(reach(&world, "x/a", "9.9.9.9"), "none");
    EQ_C(reach(&world, "x/b", "9.9.9.9"), "all");
    EQ_C(reach(&world, "x/b", "8.8.8.8"), "none");
    kb_net_world_done(&world);
}

KB_TEST(admin, what_is_not_known_closes)
{
    struct kb_net_world world = world_of(
        NULL, PODS CLUSTER("a", "tier: Admin, priority: 1, subject: {namespaces: {matchLabels: "
                                "{kubernetes.io/metadata.name: x}}}, ingress: [{action: Accept, from: [{namespaces: {}}, "
                                "{planets: {}}]}, {action: Pass, from: [{planets: {}}]}]"));
    EQ_C(problems(&world),
         "ClusterNetworkPolicy/a spec.ingress[0].from[1]: is no peer that is known; the rule matches nothing\n"
         "ClusterNetworkPolicy/a spec.ingress[1].from[0]: is no peer that is known; the rule denies all\n");
    EQ_C(reach(&world, "y/c", "x/a"), "none");
    EQ_C(reach(&world, "x/a", "y/c"), "all");
    EQ_C(reach(&world, "8.8.8.8", "x/a"), "none");
    kb_net_world_done(&world);
}

KB_TEST(admin, mistakes)
{
    struct kb_net_world world = world_of(
        NULL, PODS ADMIN("a", "2000", "ingress: [{action: Accept, from: [{namespaces: {}}]}, {action: Deny, from: []}, "
                                      "{action: Deny, from: [{namespaces: {}}], ports: [{portNumber: {port: 0}}, {}, "
                                      "{portRange: {start: 9, end: 8}}]}]")
                  CLUSTER("b", "tier: Middle, priority: 1, subject: {}, egress: [{action: Deny, to: [{networks: [x]}]}]"));
    EQ_C(problems(&world),
         "AdminNetworkPolicy/a spec.priority: is no number from 0 to 1000; it counts as 1000\n"
         "AdminNetworkPolicy/a spec.ingress[0].action: is no action of AdminNetworkPolicy; the rule does nothing\n"
         "AdminNetworkPolicy/a spec.ingress[1].from: a rule has at least one peer\n"
         "AdminNetworkPolicy/a spec.ingress[2].ports[0].portNumber.port: a port is a number from 1 to 65535\n"
         "AdminNetworkPolicy/a spec.ingress[2].ports[1]: has not exactly one of portNumber, portRange and namedPort\n"
         "AdminNetworkPolicy/a spec.ingress[2].ports[2].portRange.end: is below start\n"
         "ClusterNetworkPolicy/b spec.tier: is neither Admin nor Baseline; it does nothing\n"
         "ClusterNetworkPolicy/b spec.subject: has not exactly one of namespaces and pods; it selects nothing\n"
         "ClusterNetworkPolicy/b spec.egress[0].to[0].networks[0]: network 'x': no '/'\n");
    kb_net_world_done(&world);
}

KB_TEST(admin, inert_under_the_vpc_cni)
{
    struct kb_net_world world =
        world_of("vpc-cni", PODS ADMIN("a", "1", "ingress: [{action: Deny, from: [{namespaces: {}}]}]"));
    EQ_C(reach(&world, "y/c", "x/a"), "all");
    CHECK(world.policies.at[0]->inert);
    kb_net_world_done(&world);
}
