/* The libraries of functions there are. */
#include "cel/libraries.h"

const struct kb_cel_library *const kb_cel_libraries[] = {
    &kb_cel_lib_standard,
    &kb_cel_lib_convert,
    &kb_cel_lib_matches,
    &kb_cel_lib_optional,
};
const size_t kb_cel_library_count = sizeof kb_cel_libraries / sizeof kb_cel_libraries[0];
