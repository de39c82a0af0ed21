/* What the files of exposure share. */
#ifndef KB_NETWORK_EXPOSURE_INTERNAL_H
#define KB_NETWORK_EXPOSURE_INTERNAL_H

#include "network/exposure.h"

/* A boolean annotation as Go's strconv.ParseBool reads it; false: there is none, or it is none. */
bool kb_net_annotation_says(const struct kb_net_labels *annotations, const char *key, bool *value);
/* Names of classic and application balancers tell what they are, for AWS gives the prefix to internal ones
 * alone. */
bool kb_net_internal_name(const struct kb_net_texts *hostnames);

/* What one of a group says for all of it. */
struct kb_net_shared {
    bool redirect, prefix_lists, params_unknown, waf, own_groups;
};
enum kb_net_answer kb_net_alb_open(const struct kb_net_texts *ranges,
                                   const struct kb_net_shared *shared);

#endif
