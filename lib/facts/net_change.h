/* Who reaches whom otherwise in one model than in another of the same pods. */
#ifndef KB_FACTS_NET_CHANGE_H
#define KB_FACTS_NET_CHANGE_H

#include "facts/net_model.h"

struct kb_net_change {
    const struct kb_net_group *from, *to; /* of the first model; NULL: the range */
    struct kb_ip first, last;             /* of addresses outside, where one of the two is NULL */
    kb_net_ports opened, closed;          /* in the store of the first model */
};
typedef void kb_net_change_fn(void *ctx, const struct kb_net_change *change);

/* Every pair of workloads, and every workload with the ranges of outside addresses, that changed: first what comes to
 * the namespaces of the policies, then what leaves them, ranges last. Nothing else can change: a NetworkPolicy holds
 * pods of its own namespace only. Workloads with the network of their node are left out. `after` is a trial that has
 * these policies beside all that `before` has (kb_net_trial_new). */
void kb_net_changes(struct kb_net_model *before, struct kb_net_model *after, const json_t *policies,
                    kb_net_change_fn *fn, void *ctx);

#endif
