/*
 * NetworkPolicies that could mend what a control found.
 *
 * Nothing here is sure: a proposal is to be tried (kb_net_trial_new) and judged before anybody is told of it. All are
 * additions, as policies only add up; what a rule admits that is there already, or a policy of another tier, no
 * policy can take away, and the reason says so.
 */
#ifndef KB_FACTS_NET_FIX_H
#define KB_FACTS_NET_FIX_H

#include "facts/net_model.h"

enum kb_net_fix_shape {
    KB_NET_FIX_NONE,
    KB_NET_FIX_NAMESPACE_INGRESS, /* a new pod of the namespace is reached by nobody */
    KB_NET_FIX_NAMESPACE_EGRESS,  /* it reaches nothing but names */
    KB_NET_FIX_INGRESS,           /* only its own namespace reaches the workload */
    KB_NET_FIX_EGRESS,            /* the workload reaches its own namespace and names only */
    KB_NET_FIX_IMDS,              /* the workload reaches all but the metadata service */
    KB_NET_FIX_DNS,               /* the workload can ask for names */
    KB_NET_FIX_EXPECTATION        /* it is as the profile expects */
};

struct kb_net_fix_question {
    struct kb_net_model *model;
    enum kb_net_fix_shape shape;
    struct kb_str object; /* "Namespace/shop", "Deployment/shop/web", or the text of the expectation */
    struct kb_str toward; /* which other end makes it fail, in the words of expectations; empty: any */
    const struct kb_str *keep; /* "must FROM -> TO PORT": what is to stay open whoever is shut */
    size_t keep_count;
    struct kb_arena *arena;
};

/* The objects, a JSON array in the order in which they are read best; NULL where there is none, and why (in the
 * question's arena). What today is open inside the namespace of a workload that gets shut stays open. */
json_t *kb_net_fix_propose(const struct kb_net_fix_question *question, struct kb_str *reason);
/* Why a proposal for a namespace did not help: rules that admit something to or from every new pod. Empty. */
struct kb_str kb_net_fix_still(const struct kb_net_fix_question *question);

#endif
