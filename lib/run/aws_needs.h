/* Which AWS settings the selected controls look at. */
#ifndef KB_RUN_AWS_NEEDS_H
#define KB_RUN_AWS_NEEDS_H

#include "baseline/plan.h"
#include "source/aws_live.h"

/* Areas (of kb_aws_area) for the tables that a control of the plan reads. */
unsigned kb_aws_needs(const struct kb_plan *plan);

#endif
