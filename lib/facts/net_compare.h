/* What the controller of the VPC CNI resolved, beside what it should have. */
#ifndef KB_FACTS_NET_COMPARE_H
#define KB_FACTS_NET_COMPARE_H

#include "facts/net_tables.h"

struct kb_net_drift {
    struct kb_net_text_list missing_pods, extra_pods, missing_peers, extra_peers;
};

/* Compare the PolicyEndpoints from `first` on (UINT32_MAX: there are none) with the policy. Pods that came
 * later than `now_ns` less two minutes may still be on their way, and count on neither side. Lists are begun
 * by the caller. */
void kb_net_compare(struct kb_net_model *model, const struct kb_net_policy *policy, uint32_t first,
                    int64_t now_ns, struct kb_net_drift *out);

#endif
