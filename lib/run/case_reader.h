/*
 * Raw audit events of cases, taken through the real intake.
 */
#ifndef KB_RUN_CASE_READER_H
#define KB_RUN_CASE_READER_H

#include "baseline/cases.h"

/* For kb_cases_run. Stages are joined and copies dropped, as in a reading. */
extern const struct kb_case_reader kb_case_reader;

#endif
