/* What was read of one source, the same in every report that tells it. */
#ifndef KB_REPORT_COVERAGE_H
#define KB_REPORT_COVERAGE_H

#include "baseline/result.h"
#include "data/json_write.h"

/* Whether nothing of the source is missing, as far as anybody can tell. */
bool kb_coverage_whole(const struct kb_coverage *coverage);
/* As an object. */
void kb_report_coverage(struct kb_jsonw *w, const struct kb_coverage *coverage);

#endif
