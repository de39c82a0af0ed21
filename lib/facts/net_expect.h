/* What must and what must not be reached, as entries of the setting reachExpectations say it. */
#ifndef KB_FACTS_NET_EXPECT_H
#define KB_FACTS_NET_EXPECT_H

#include "facts/net_model.h"

/* "must FROM -> TO PORT" or "must-not FROM -> TO PORT"; slices of the text. */
struct kb_net_expectation {
    bool must;
    struct kb_str from, to, port; /* port: "5432", "53/UDP"; empty: any */
};

/* One end: workloads, an address, or the world. */
struct kb_net_expect_end {
    KB_VEC(const struct kb_net_group *) groups;
    struct kb_ip ip;
    bool world, address;
};

struct kb_net_expect_answer {
    bool holds;
    struct kb_str reason; /* the first pair that is otherwise; empty. In the arena given */
    kb_net_ports ports;   /* open from somebody of the one end to somebody of the other */
};

/* False: it is not written so. */
bool kb_net_expectation_read(struct kb_str text, struct kb_net_expectation *out);
/* "Kind/namespace/name", "namespace/NAME", "world" or an address; false: nothing of that name lives. Freed with
 * KB_VEC_DONE(&out->groups), also then. */
bool kb_net_expect_end_find(const struct kb_net_model *model, struct kb_str name,
                            struct kb_net_expect_end *out);
/* Whether all pairs of the ends are as they must be. One end at least has groups. */
void kb_net_expectation_judge(struct kb_net_model *model, const struct kb_net_expectation *expectation,
                              const struct kb_net_expect_end *from, const struct kb_net_expect_end *to,
                              struct kb_arena *arena, struct kb_net_expect_answer *out);
/* "5432" or "53/UDP"; false: it is neither. */
bool kb_net_expect_port(struct kb_str text, struct kb_net_range *out);

#endif
