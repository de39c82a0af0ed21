/* A world once more. */
#include "network/copy.h"

#include "support.h"

#define PODS POD("x", "a", "10.0.0.1", "") POD("x", "b", "10.0.0.2", "") POD("y", "c", "10.0.1.1", "")
#define NP(name, spec)                                                                             \
    "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {namespace: x, name: " name \
    "}\nspec: {" spec "}\n"
#define FROM_A NP("b", "podSelector: {matchLabels: {app: b}}, ingress: [{from: [{podSelector: {matchLabels: {app: a}}}], ports: [{port: 80}]}]")
#define OUT NP("out", "podSelector: {matchLabels: {app: a}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/16}}]}]")

static bool says(struct kb_net_world *world, const char *from, const char *to, const char *want)
{
    struct kb_net_end a = kb_net_end_pod(world->pods.at[from[0] - 'a']);
    struct kb_net_end b = kb_net_end_pod(world->pods.at[to[0] - 'a']);
    struct kb_buf text = {.max = 256};
    kb_net_ports_text(&world->ports, kb_net_allowed(world, &a, &b), &text);
    bool same = kb_str_eq_c(kb_buf_view(&text), want);
    kb_buf_done(&text);
    return same;
}

KB_TEST(copy, answers_alike)
{
    static const char *const profiles[] = {"kubernetes", "vpc-cni", "vpc-cni-strict"};
    for (size_t i = 0; i < sizeof profiles / sizeof profiles[0]; i++) {
        struct kb_net_world base = world_of(profiles[i], PODS FROM_A OUT), copy;
        kb_net_world_copy(&base, &copy);
        kb_net_close(&copy);
        CHECK(copy.classes.n == base.classes.n && copy.space.starts.n == base.space.starts.n);
        for (size_t f = 0; f < base.pods.n; f++) {
            for (size_t t = 0; t < base.pods.n; t++) {
                struct kb_net_end a = kb_net_end_pod(base.pods.at[f]), b = kb_net_end_pod(base.pods.at[t]);
                struct kb_net_end c = kb_net_end_pod(copy.pods.at[f]), d = kb_net_end_pod(copy.pods.at[t]);
                struct kb_net_port_set left = kb_net_ports_get(&base.ports, kb_net_allowed(&base, &a, &b));
                kb_net_ports carried = kb_net_ports_make(&copy.ports, left.at, left.n);
                CHECK(carried == kb_net_allowed(&copy, &c, &d));
            }
        }
        kb_net_world_done(&copy);
        kb_net_world_done(&base);
    }
}

/* What is taken later tells pods apart that were one class, and leaves the first world alone. */
KB_TEST(copy, takes_more)
{
    struct kb_net_world base = world_of(NULL, PODS FROM_A), copy;
    kb_net_world_copy(&base, &copy);
    take(&copy, NP("c", "podSelector: {matchLabels: {app: a}}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: "
                        "{matchLabels: {kubernetes.io/metadata.name: y}}}], ports: [{port: 9}]}]"));
    kb_net_close(&copy);
    CHECK(says(&base, "c", "a", "all") && says(&base, "b", "a", "all"));
    CHECK(says(&copy, "c", "a", "TCP 9") && says(&copy, "b", "a", "none"));
    CHECK(says(&copy, "a", "b", "TCP 80") && says(&copy, "c", "b", "none"));
    CHECK(base.policies.n == 1 && copy.policies.n == 2);
    kb_net_world_done(&copy);
    kb_net_world_done(&base);
}
