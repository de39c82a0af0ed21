/* What rules come to, and what they say without effect. */
#include "network/expected.h"
#include "network/public.h"
#include "network/rules.h"
#include "support.h"

#define PODS POD("x", "a", "10.0.0.1", "") POD("x", "b", "10.0.0.2", "") POD("y", "c", "10.0.1.1", "")
#define NP(name, spec)                                                                             \
    "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {namespace: x, name: " name \
    "}\nspec: {" spec "}\n"
#define CNP(name, rest)                                                                            \
    "---\napiVersion: networking.k8s.aws/v1alpha1\nkind: ClusterNetworkPolicy\nmetadata: {name: " name \
    "}\nspec: {tier: Admin, subject: {namespaces: {matchLabels: {kubernetes.io/metadata.name: x}}}, " rest "}\n"
#define ACCEPT_THEN_DENY                                                                           \
    "egress: [{action: Accept, to: [{networks: [10.1.0.0/16]}]}, {action: Deny, to: [{networks: [0.0.0.0/0]}]}]"

/* Rule `number` of the only policy of that name. */
static struct kb_net_of_rule rule_of(struct kb_net_world *world, const char *name,
                                     enum kb_net_direction direction, size_t number)
{
    struct kb_net_of_rule of = {.world = world, .direction = direction};
    for (size_t i = 0; i < world->policies.n; i++) {
        if (kb_str_eq_c(world->policies.at[i]->name, name)) {
            of.policy = world->policies.at[i];
            of.rule = &of.policy->rules[direction].at[number];
        }
    }
    return of;
}

static bool is_public(const char *first, const char *last)
{
    struct kb_ip a = {0}, b = {0};
    CHECK(!kb_failed(kb_ip_parse(kb_str_c(first), &a, NULL)));
    CHECK(!kb_failed(kb_ip_parse(kb_str_c(last), &b, NULL)));
    return kb_net_is_public(&a, &b);
}

KB_TEST(rules, what_is_public)
{
    CHECK(is_public("8.8.8.8", "8.8.8.8"));
    CHECK(!is_public("10.0.0.0", "10.255.255.255"));
    CHECK(is_public("10.0.0.0", "11.0.0.0"));
    CHECK(!is_public("100.64.0.0", "100.127.255.255"));
    CHECK(!is_public("224.0.0.0", "255.255.255.255"));
    CHECK(is_public("172.15.255.255", "172.16.0.0"));
    CHECK(!is_public("fd00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
    CHECK(is_public("2600::1", "2600::2"));
    CHECK(!is_public("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
}

KB_TEST(rules, a_new_pod_is_shut_by_effect)
{
    struct kb_net_world world = world_of(
        NULL, PODS NP("deny", "podSelector: {}, policyTypes: [Ingress, Egress]")
        NP("dns", "podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}]}]")
        NP("one", "podSelector: {matchLabels: {app: a}}, ingress: [{}]"));
    uint32_t x = end_of(&world, "x/a").pod->ns, y = end_of(&world, "y/c").pod->ns;
    CHECK(kb_net_denies_new(&world, x, KB_NET_INGRESS));
    CHECK(kb_net_denies_new(&world, x, KB_NET_EGRESS));
    CHECK(!kb_net_denies_new(&world, y, KB_NET_INGRESS));
    CHECK(kb_net_open(&world, end_of(&world, "y/c").pod, KB_NET_EGRESS));
    CHECK(!kb_net_open(&world, end_of(&world, "x/a").pod, KB_NET_INGRESS));
    kb_net_world_done(&world);
    world = world_of(NULL, PODS NP("deny", "podSelector: {}, policyTypes: [Ingress]")
                                NP("all", "podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]"));
    CHECK(!kb_net_denies_new(&world, end_of(&world, "x/a").pod->ns, KB_NET_INGRESS));
    kb_net_world_done(&world);
}

KB_TEST(rules, everyone_and_nobody)
{
    struct kb_net_world world = world_of(
        NULL, PODS NP("p", "podSelector: {}, ingress: [{}, {from: [{ipBlock: {cidr: 0.0.0.0/0}}]}, "
                           "{from: [{ipBlock: {cidr: 0.0.0.0/1}}, {ipBlock: {cidr: 128.0.0.0/1}}]}, "
                           "{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}, "
                           "{from: [{namespaceSelector: {}}]}, "
                           "{from: [{podSelector: {matchLabels: {app: z}}}], ports: [{port: web}]}]"));
    static const bool everyone[] = {true, true, true, false, false, false};
    for (size_t i = 0; i < 6; i++) {
        struct kb_net_of_rule of = rule_of(&world, "p", KB_NET_INGRESS, i);
        CHECK(kb_net_rule_everyone(&of) == everyone[i]);
        CHECK(kb_net_rule_all_namespaces(&of) == (i == 4));
        CHECK(kb_net_rule_redundant(&of) == (i != 0));
    }
    struct kb_net_of_rule of = rule_of(&world, "p", KB_NET_INGRESS, 5);
    CHECK(kb_net_peer_nobody(&of, &of.rule->peers[0]));
    CHECK(kb_net_port_unresolved(&of, &of.rule->ports[0]));
    kb_net_world_done(&world);
}

KB_TEST(rules, order_and_ties_of_admin_policies)
{
    struct kb_net_world world =
        world_of("vpc-cni", PODS CNP("a", "priority: 1, " ACCEPT_THEN_DENY)
                 CNP("b", "priority: 2, egress: [{action: Deny, to: [{networks: [10.0.0.0/8]}]}]")
                 CNP("c", "priority: 2, egress: [{action: Accept, to: [{networks: [10.2.0.0/16]}]}]"));
    struct kb_net_of_rule a = rule_of(&world, "a", KB_NET_EGRESS, 0);
    struct kb_net_of_rule b = rule_of(&world, "b", KB_NET_EGRESS, 0);
    struct kb_net_of_rule c = rule_of(&world, "c", KB_NET_EGRESS, 0);
    CHECK(kb_net_order_matters(&world, a.policy));
    CHECK(!kb_net_order_matters(&world, b.policy));
    CHECK(kb_net_policy_tie(&world, b.policy) == c.policy);
    CHECK(kb_net_policy_tie(&world, a.policy) == NULL);
    kb_net_world_done(&world);
}

KB_TEST(rules, exceptions_that_shut_others)
{
    struct kb_net_world world = world_of(
        "vpc-cni",
        PODS NP("p", "podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: "
                     "[10.0.1.0/24]}}]}, {to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}]"));
    struct kb_net_of_rule shuts = rule_of(&world, "p", KB_NET_EGRESS, 0);
    struct kb_net_of_rule other = rule_of(&world, "p", KB_NET_EGRESS, 1);
    CHECK(kb_net_rule_shuts(&shuts));
    CHECK(!kb_net_rule_shuts(&other));
    kb_net_world_done(&world);
}

static void count(void *ctx, const struct kb_net_entry *entry)
{
    *(unsigned *)ctx += entry->pod != NULL ? 100 : 1;
}

KB_TEST(rules, what_a_controller_should_resolve)
{
    struct kb_net_world world = world_of(
        "vpc-cni", PODS NP("p", "podSelector: {matchLabels: {app: a}}, ingress: [{from: [{podSelector: {}}, "
                                "{ipBlock: {cidr: 10.3.0.0/16}}]}, {ports: [{port: 80}]}]"));
    struct kb_net_of_rule of = rule_of(&world, "p", KB_NET_INGRESS, 0);
    unsigned n = 0;
    kb_net_expect(&world, of.policy, count, &n);
    EQ_INT(n, 203); /* two pods; a block; everybody, in both families */
    EQ_INT(kb_net_subject_pods(&world, of.policy), 1);
    kb_net_world_done(&world);
}

KB_TEST(rules, without_an_engine_all_is_open)
{
    struct kb_net_world world =
        world_of("none", PODS NP("deny", "podSelector: {}, policyTypes: [Ingress, Egress]"));
    EQ_C(reach(&world, "y/c", "x/a"), "all");
    CHECK(!kb_net_denies_new(&world, end_of(&world, "x/a").pod->ns, KB_NET_INGRESS));
    kb_net_world_done(&world);
}
