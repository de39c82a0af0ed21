/* The libraries of functions, each in its own file. */
#ifndef KB_CEL_LIBRARIES_H
#define KB_CEL_LIBRARIES_H

#include "cel/func.h"

extern const struct kb_cel_library kb_cel_lib_standard; /* operators */
extern const struct kb_cel_library kb_cel_lib_convert;  /* string(x), int(x) … */
extern const struct kb_cel_library kb_cel_lib_matches;
extern const struct kb_cel_library kb_cel_lib_optional;
extern const struct kb_cel_library
    kb_cel_lib_aggregates; /* Kubernetes' sums and extremes of lists */
extern const struct kb_cel_library kb_cel_lib_encoders;
extern const struct kb_cel_library kb_cel_lib_formats; /* Kubernetes' named formats */
extern const struct kb_cel_library kb_cel_lib_lists;
extern const struct kb_cel_library kb_cel_lib_math;
extern const struct kb_cel_library kb_cel_lib_network;
extern const struct kb_cel_library kb_cel_lib_quantity;
extern const struct kb_cel_library kb_cel_lib_regex;
extern const struct kb_cel_library kb_cel_lib_semver;
extern const struct kb_cel_library kb_cel_lib_sets;
extern const struct kb_cel_library kb_cel_lib_strings;
extern const struct kb_cel_library kb_cel_lib_time; /* parts of timestamps and durations */
extern const struct kb_cel_library kb_cel_lib_url;

#endif
