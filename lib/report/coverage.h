/* What was read of one source, the same in every report that tells it. */
#ifndef KB_REPORT_COVERAGE_H
#define KB_REPORT_COVERAGE_H

#include "baseline/result.h"
#include "data/json_write.h"

/* Whether nothing of the source is missing, as far as anybody can tell. */
bool kb_coverage_whole(const struct kb_coverage *coverage);
/* Whether it tells of the heartbeat of all sources together, not of a source. */
bool kb_coverage_is_heartbeat(const struct kb_coverage *coverage);
/* As an object. */
void kb_report_coverage(struct kb_jsonw *w, const struct kb_coverage *coverage);

#endif
