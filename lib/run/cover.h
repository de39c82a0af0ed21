/*
 * The coverage statement of a reading: what was and was not read, in words for people.
 */
#ifndef KB_RUN_COVER_H
#define KB_RUN_COVER_H

#include "run/reading.h"

/* One entry an input, in their order, and one for the heartbeat of the log as a whole. Texts go to `arena`. */
const struct kb_coverage *kb_cover_inputs(const struct kb_reading *reading, struct kb_arena *arena,
                                          size_t *n);
/* One entry a window of a log group, one a stream, in order of name, and one for the heartbeat. */
const struct kb_coverage *kb_cover_streams(const struct kb_reading *reading, struct kb_arena *arena,
                                           size_t *n);
/* Why not all events of the inputs were read; empty where all were. */
struct kb_str kb_cover_missing(const struct kb_reading *reading, struct kb_arena *arena);
/* Why neither copies nor windows are exact in this reading; empty where they are. */
struct kb_str kb_cover_disorder(const struct kb_reading *reading, struct kb_arena *arena);

#endif
