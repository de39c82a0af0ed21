/* The libraries of functions, each in its own file. */
#ifndef KB_CEL_LIBRARIES_H
#define KB_CEL_LIBRARIES_H

#include "cel/func.h"

extern const struct kb_cel_library kb_cel_lib_standard; /* operators */
extern const struct kb_cel_library kb_cel_lib_convert;  /* string(x), int(x) … */
extern const struct kb_cel_library kb_cel_lib_matches;
extern const struct kb_cel_library kb_cel_lib_optional;

#endif
