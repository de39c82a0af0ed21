/* Network policies: whatever objects say, quick answers are those of the full evaluation. */
#include <jansson.h>

#include "fuzz.h"
#include "network/reach.h"

enum { MOST_PODS = 8 };

static void ignore_step(void *ctx, const struct kb_net_step *step)
{
    (void)ctx;
    KB_HOLDS(step->ports != KB_NET_NO_PORTS);
}

static void ignore_range(void *ctx, const struct kb_ip *first, const struct kb_ip *last,
                         kb_net_ports ports)
{
    (void)ports;
    (void)ctx;
    KB_HOLDS(kb_net_ip_cmp(first, last) <= 0);
}

static void ask_all(struct kb_net_world *world)
{
    size_t n = world->pods.n < MOST_PODS ? world->pods.n : MOST_PODS;
    for (size_t i = 0; i < n; i++) {
        struct kb_net_end from = kb_net_end_pod(world->pods.at[i]);
        kb_net_outside(world, KB_NET_EGRESS, from.pod, ignore_range, NULL);
        kb_net_outside(world, KB_NET_INGRESS, from.pod, ignore_range, NULL);
        for (size_t j = 0; j < n; j++) {
            struct kb_net_end to = kb_net_end_pod(world->pods.at[j]);
            kb_net_ports quick = kb_net_allowed(world, &from, &to);
            KB_HOLDS(quick == kb_net_explain(world, &from, &to, ignore_step, NULL));
            bool alike = i != j && !from.pod->finished && !to.pod->finished &&
                         !world->profile->own_node_open;
            KB_HOLDS(!alike || quick == kb_net_between(world, from.pod->cls, to.pod->cls));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const profiles[] = {"kubernetes", "vpc-cni", "vpc-cni-strict"};
    json_t *list = NULL;
    if (kb_failed(kb_json_parse(NULL, kb_fuzz_text(data, size), 0, &list, NULL))) {
        return 0;
    }
    for (size_t p = 0; p < sizeof profiles / sizeof profiles[0]; p++) {
        struct kb_net_world world;
        kb_net_world_init(&world, kb_net_profile_find(kb_str_c(profiles[p])));
        for (size_t i = 0; i < json_array_size(list); i++) {
            (void)kb_net_take(&world, json_array_get(list, i));
        }
        kb_net_close(&world);
        ask_all(&world);
        kb_net_world_done(&world);
    }
    json_decref(list);
    return 0;
}
