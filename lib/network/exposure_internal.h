/* What the files of exposure share. */
#ifndef KB_NETWORK_EXPOSURE_INTERNAL_H
#define KB_NETWORK_EXPOSURE_INTERNAL_H

#include "network/exposure.h"

/* A boolean annotation as Go's strconv.ParseBool reads it; false: there is none, or it is none. */
bool kb_net_annotation_says(const struct kb_net_labels *annotations, const char *key, bool *value);
/* Names of classic and application balancers tell what they are, for AWS gives the prefix to internal ones
 * alone. */
bool kb_net_internal_name(const struct kb_net_texts *hostnames);

#endif
