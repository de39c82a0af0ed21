/* The libraries of functions there are. */
#include "cel/libraries.h"

const struct kb_cel_library *const kb_cel_libraries[] = {
    &kb_cel_lib_standard,   &kb_cel_lib_convert,  &kb_cel_lib_matches,  &kb_cel_lib_optional,
    &kb_cel_lib_aggregates, &kb_cel_lib_encoders, &kb_cel_lib_formats,  &kb_cel_lib_lists,
    &kb_cel_lib_math,       &kb_cel_lib_network,  &kb_cel_lib_quantity, &kb_cel_lib_regex,
    &kb_cel_lib_semver,     &kb_cel_lib_sets,     &kb_cel_lib_strings,  &kb_cel_lib_time,
    &kb_cel_lib_url,
};
const size_t kb_cel_library_count = sizeof kb_cel_libraries / sizeof kb_cel_libraries[0];
