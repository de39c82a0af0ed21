/* The parts of a profile file; used by profile.c. */
#ifndef KB_BASELINE_PROFILE_FILE_H
#define KB_BASELINE_PROFILE_FILE_H

#include "baseline/decode.h"

/* One file's nodes; NULL where a key is missing. */
struct kb_profile_nodes {
    struct kb_str name, extends;
    const struct kb_yaml_node *controls, *params, *settings, *tiers, *ownership, *approvals, *waivers;
};

/* Each applies its part to the profile; mistakes go to the collection. Ownership and tiers come
 * before those that are there already, so that the file that extends wins. */
void kb_profile_controls(const struct kb_decode *d, const struct kb_yaml_node *node, bool extends,
                         struct kb_profile *profile);
void kb_profile_params(const struct kb_decode *d, const struct kb_yaml_node *node,
                       struct kb_profile *profile);
void kb_profile_settings(const struct kb_decode *d, const struct kb_yaml_node *node,
                         struct kb_profile *profile);
void kb_profile_tiers(const struct kb_decode *d, const struct kb_yaml_node *node,
                      struct kb_profile *profile);
void kb_profile_ownership(const struct kb_decode *d, const struct kb_yaml_node *node,
                          struct kb_profile *profile);
void kb_profile_exceptions(const struct kb_decode *d, const struct kb_yaml_node *node, bool approvals,
                           struct kb_profile *profile);

/* Whether a glob of controls (of ids, of aka ids, or of "area/id") matches the control. */
bool kb_profile_matches(struct kb_str glob, const struct kb_control *control);
/* A glob that names one control exactly must name one that is there: else a mistake at the node. */
bool kb_profile_known(const struct kb_decode *d, const struct kb_yaml_node *node, struct kb_str glob);

#endif
