/* One finding as JSON, the same in every format that has it. */
#ifndef KB_REPORT_FINDING_H
#define KB_REPORT_FINDING_H

#include "baseline/result.h"
#include "data/json_write.h"

/* The members of a finding, into an object that is open. */
void kb_report_finding(struct kb_jsonw *w, const struct kb_finding *finding);
/* "criteria": {"soc2": ["CC6.1"]} */
void kb_report_criteria(struct kb_jsonw *w, const struct kb_control_result *control);

#endif
