/* What a trial opens and closes, for people. */
#ifndef KB_RUN_NET_MEND_FLOWS_H
#define KB_RUN_NET_MEND_FLOWS_H

#include "run/net_mend.h"

/* Into out->flows, texts in `arena`: pairs by name, or, where more than a few of two namespaces are alike, as one
 * line of the namespaces. Whether something opens. */
bool kb_net_mend_flows(struct kb_net_model *now, struct kb_net_model *then, const json_t *policies,
                       struct kb_arena *arena, struct kb_net_mend *out);

#endif
