/*
 * The tables that tell of the reading itself, made from its coverage when it has ended.
 */
#ifndef KB_RUN_TABLES_H
#define KB_RUN_TABLES_H

#include "baseline/engine.h"
#include "run/reading.h"

/* Give the rows of audit.stream, audit.gap, audit.level and audit.source to the engine, and tell it how
 * complete every table of the reading is. `now_ns` is the clock that judges. */
void kb_tables_judge(struct kb_engine *engine, const struct kb_reading *reading, int64_t now_ns);

/* No log was named: what the tables of a log hold is not known. */
void kb_tables_unread(struct kb_engine *engine);

#endif
