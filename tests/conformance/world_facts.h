/* The facts of a world on its network: who reaches whom, by workload. */
#ifndef KB_TESTS_CONFORMANCE_WORLD_FACTS_H
#define KB_TESTS_CONFORMANCE_WORLD_FACTS_H

#include <jansson.h>

#include "rows.h"
#include "run/gather.h"

/* Compare `facts`, as in answers.json under facts.network, with what the files named come to. `where` is the
 * world's name in messages. Members that are not known are passed over. */
void kb_world_facts(const char *where, const struct kb_sources *sources, const json_t *params,
                    const json_t *facts, struct kb_rows_tally *tally);

#endif
