/* Every table that is built from a world. */
#include "facts/world.h"

const struct kb_fact_source *const kb_fact_sources[] = {NULL};
const size_t kb_fact_source_count = 0;
