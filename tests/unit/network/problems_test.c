/* What is wrong in objects is told where it stands, and the rest counts. */
#include "data/yaml.h"
#include "support.h"

#define PODS POD("x", "a", "10.0.0.1", "") POD("x", "b", "10.0.0.2", "") POD("y", "c", "10.0.1.1", "")

static void check(const char *policy, const char *problem, const char *from, const char *ports)
{
    struct kb_net_world world;
    kb_net_world_init(&world, NULL);
    take(&world, PODS);
    take(&world, policy);
    kb_net_close(&world);
    EQ_C(problems(&world), problem);
    EQ_C(reach(&world, from, "x/a"), ports);
    kb_net_world_done(&world);
}

/* A policy with one rule that is right, TCP 1 from y, and one that is not. */
#define POLICY(rule)                                                                               \
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {namespace: x, name: p}\n"    \
    "spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 1}]}, " rule "]}\n"

KB_TEST(problems, blocks)
{
    check(POLICY("{from: [{ipBlock: {cidr: 10.0.0.0/33}}]}"),
          "NetworkPolicy/x/p spec.ingress[1].from[0].ipBlock.cidr: network '10.0.0.0/33': bad prefix length\n",
          "x/b", "TCP 1");
    check(POLICY("{from: [{ipBlock: {except: []}}]}"),
          "NetworkPolicy/x/p spec.ingress[1].from[0].ipBlock.cidr: a block of addresses is missing\n",
          "x/b", "TCP 1");
    check(POLICY("{from: [{ipBlock: {cidr: 10.0.0.0/24, except: [10.1.0.0/24, 10.0.0.0/24x]}}]}"),
          "NetworkPolicy/x/p spec.ingress[1].from[0].ipBlock.except[0]: is no part of the block that it is "
          "excepted from\n"
          "NetworkPolicy/x/p spec.ingress[1].from[0].ipBlock.except[1]: network '10.0.0.0/24x': bad prefix "
          "length\n",
          "x/b", "all");
    check(POLICY("{from: [{ipBlock: {cidr: 10.0.0.0/24}, podSelector: {}}]}"),
          "NetworkPolicy/x/p spec.ingress[1].from[0]: has ipBlock and another peer; it matches nothing\n",
          "x/b", "TCP 1");
}

KB_TEST(problems, old_blocks_are_read)
{
    check(POLICY("{from: [{ipBlock: {cidr: 010.000.0.07/08}}], ports: [{port: 2}]}"), "", "x/b", "TCP 1-2");
}

KB_TEST(problems, ports)
{
    check(POLICY("{ports: [{port: 80, endPort: 79}, {port: 5}]}"),
          "NetworkPolicy/x/p spec.ingress[1].ports[0].endPort: is below port\n", "x/b", "TCP 1,5");
    check(POLICY("{ports: [{endPort: 79}, {port: web, endPort: 80}]}"),
          "NetworkPolicy/x/p spec.ingress[1].ports[0].endPort: needs a port that is a number\n"
          "NetworkPolicy/x/p spec.ingress[1].ports[1].endPort: needs a port that is a number\n",
          "x/b", "TCP 1");
    check(POLICY("{ports: [{port: sixteen-letters-}, {port: sixteen-letter-x}, {port: '80'}, {port: 0}]}"),
          "NetworkPolicy/x/p spec.ingress[1].ports[0].port: the name of a port has 1 to 15 characters\n"
          "NetworkPolicy/x/p spec.ingress[1].ports[1].port: the name of a port has 1 to 15 characters\n"
          "NetworkPolicy/x/p spec.ingress[1].ports[2].port: the name of a port has a letter\n"
          "NetworkPolicy/x/p spec.ingress[1].ports[3].port: a port is a number from 1 to 65535\n",
          "x/b", "TCP 1");
    check(POLICY("{ports: [{port: 80, protocol: ICMP}, {port: 65536}]}"),
          "NetworkPolicy/x/p spec.ingress[1].ports[0].protocol: the protocol is not TCP, UDP or SCTP\n"
          "NetworkPolicy/x/p spec.ingress[1].ports[1].port: a port is a number from 1 to 65535\n",
          "x/b", "TCP 1");
}

KB_TEST(problems, peers)
{
    check(POLICY("{from: [{}]}"),
          "NetworkPolicy/x/p spec.ingress[1].from[0]: names no peer; it matches nothing\n", "x/b", "TCP 1");
    check(POLICY("{from: [{podSelector: {matchExpressions: [{key: a, operator: Like, values: [b]}]}}]}"),
          "NetworkPolicy/x/p spec.ingress[1].from[0].podSelector: \"Like\" is not a valid label selector "
          "operator; it selects nothing\n",
          "x/b", "TCP 1");
    check(POLICY("[], {from: 7, ports: {}}"),
          "NetworkPolicy/x/p spec.ingress[1]: is no object; the rule allows nothing\n"
          "NetworkPolicy/x/p spec.ingress[2].from: is no list\n"
          "NetworkPolicy/x/p spec.ingress[2].ports: is no list\n",
          "x/b", "all");
}

KB_TEST(problems, whole_policies)
{
    check("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {namespace: x, name: p}\n"
          "spec: {podSelector: {matchLabels: {app: 7}}, policyTypes: [ingress]}\n",
          "NetworkPolicy/x/p spec.podSelector: matchLabels: a value is no text; it selects nothing\n"
          "NetworkPolicy/x/p spec.policyTypes[0]: is neither Ingress nor Egress\n",
          "x/b", "all");
    check(POLICY("{}") "---\n" POLICY("{}"), "NetworkPolicy/x/p : is there twice; the first one counts\n",
          "x/b", "all");
}

KB_TEST(problems, hostile_types)
{
    static const char *const objects[] = {
        "null", "[]", "{}", "{apiVersion: v1, kind: Pod}", "{apiVersion: 7, kind: Pod}",
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy}",
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, spec: [1], metadata: {name: [], namespace: {}}}",
        "{apiVersion: v1, kind: Pod, metadata: [], spec: 3, status: {podIPs: {}, podIP: 5}}",
        "{apiVersion: v1, kind: Pod, metadata: {name: a, labels: [1]}, spec: {containers: [1, {ports: [2]}]}}",
        "{apiVersion: v1, kind: Namespace, metadata: {name: n, labels: 5}}",
        "{apiVersion: v1, kind: Node, status: {addresses: [3, {address: x}]}}",
        "{apiVersion: v1, kind: Service, spec: {clusterIP: 1.2.3.4, ports: [{}, 4], selector: []}}",
        "{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, spec: {ingress: [{}, 4]}}",
        "{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, spec: {egress: [{action: Deny, to: [5]}]}}",
    };
    for (int p = 0; p < 2; p++) {
        struct kb_net_world world;
        kb_net_world_init(&world, kb_net_profile_find(kb_str_c(p == 0 ? "kubernetes" : "vpc-cni")));
        for (size_t i = 0; i < sizeof objects / sizeof objects[0]; i++) {
            struct kb_str text = kb_str_c(objects[i]);
            json_t *json = NULL;
            struct kb_err err = {0};
            struct kb_arena arena = {0};
            const struct kb_yaml_node *node = NULL;
            OK(kb_yaml_parse(&arena, NULL, text, &node, &err), &err);
            OK(kb_yaml_to_json(node, &json, &err), &err);
            (void)kb_net_take(&world, json);
            json_decref(json);
            kb_arena_done(&arena);
        }
        kb_net_close(&world);
        CHECK(world.problem_count > 0);
        kb_net_world_done(&world);
    }
}

KB_TEST(problems, nothing_at_all)
{
    struct kb_net_world world = world_of(NULL, POD("x", "a", "", ""));
    EQ_C(reach(&world, "x/a", "1.2.3.4"), "all");
    kb_net_world_done(&world);
    kb_net_world_init(&world, NULL);
    kb_net_close(&world);
    EQ_UINT(world.classes.n, 0);
    kb_net_world_done(&world);
}
