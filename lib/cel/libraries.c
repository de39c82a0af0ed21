/* The libraries of functions there are. */
#include "cel/func.h"

const struct kb_cel_library *const kb_cel_libraries[] = {NULL};
const size_t kb_cel_library_count = 0;
