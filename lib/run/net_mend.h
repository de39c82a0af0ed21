/*
 * Policies that mend what controls of the network found, tried before anybody is told of them.
 *
 * For each finding in turn a policy is proposed (facts/net_fix.h), the engine works out the cluster with it and with
 * those before it, and the controls over the tables of what is asked for judge again. It counts only where the finding
 * is gone, no other has come, what must stay reachable is, and nothing has opened that was not meant to.
 */
#ifndef KB_RUN_NET_MEND_H
#define KB_RUN_NET_MEND_H

#include "baseline/engine.h"
#include "facts/world.h"

/* What changes for who reaches whom: "Deployment/partner/report -> StatefulSet/shop/db", alike ones as one. */
struct kb_net_mend_flow {
    struct kb_str from, to;
    struct kb_str opened, closed; /* ports; empty */
    uint64_t count;               /* pairs of workloads, or of one and a range, that this line stands for */
};

/* One finding. */
struct kb_net_mend {
    struct kb_str control, object, message;
    struct kb_str detail;   /* of an expectation its text, of a flow the namespace that it is from; empty */
    json_t *policies;       /* a JSON array, owned; NULL: none of its own */
    struct kb_str reason;   /* why there is none; empty where it is mended */
    size_t by;              /* 1 + the one whose policies mend it; 0: none does */
    KB_VEC(struct kb_net_mend_flow) flows;
};

struct kb_net_mending {
    struct kb_arena arena;
    KB_VEC(struct kb_net_mend) findings; /* in the order in which they were tried */
    KB_VEC(struct kb_str) unknown; /* "control: reason": those that could not be judged */
    size_t mended;
};

struct kb_net_mend_options {
    const struct kb_plan *plan;
    int64_t now_ns;
    const struct kb_str *keep; /* "must FROM -> TO PORT", beside those of the setting reachExpectations */
    size_t keep_count;
    /* Whether a control, and a finding of one, is asked for. */
    bool (*wants_control)(const void *ctx, struct kb_str id);
    bool (*wants)(const void *ctx, const struct kb_control_result *control, const struct kb_finding *finding);
    const void *ctx;
};

/* Try all failures of the plan's controls that policies can mend. `world` is closed. Fails with KB_ERR_USAGE where
 * an entry of `keep` is not written so, or names nothing that lives. */
KB_RES kb_net_mend(const struct kb_world *world, const struct kb_net_mend_options *options,
                   struct kb_net_mending *out, struct kb_err *err);
void kb_net_mending_done(struct kb_net_mending *mending);

/* Whether policies can mend what the control finds at all. */
bool kb_net_mends(struct kb_str control);

#endif
