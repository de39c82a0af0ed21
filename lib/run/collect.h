/*
 * Collecting: everything that was named is read into one snapshot; nothing is judged.
 */
#ifndef KB_RUN_COLLECT_H
#define KB_RUN_COLLECT_H

#include "data/deflate.h"
#include "run/gather.h"

/* Read `sources` and write the snapshot to `out`, compressed as `kind` says. `gathered` tells what was and
 * was not read; it is to be freed also after a failure. `now_ns`: the time the snapshot carries. */
KB_RES kb_run_collect(const struct kb_sources *sources, enum kb_inflate_kind kind, int64_t now_ns,
                      struct kb_sink out, struct kb_gathered *gathered, struct kb_err *err);

#endif
