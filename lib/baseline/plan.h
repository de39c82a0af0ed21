/*
 * A plan: the controls a profile selects, compiled with its parameters and settings; what an
 * engine runs. Read-only once made: many engines may share one.
 */
#ifndef KB_BASELINE_PLAN_H
#define KB_BASELINE_PLAN_H

#include "baseline/profile.h"

struct kb_plan;

/* Compile. Baseline and profile are borrowed and must outlive the plan. Mistakes (an expression
 * that does not fit the profile's values) go to `mistakes`, and the result is KB_ERR_INVALID
 * then. */
KB_RES kb_plan_new(const struct kb_baseline *baseline, const struct kb_profile *profile,
                   struct kb_plan **out, struct kb_mistakes *mistakes);
void kb_plan_free(struct kb_plan *plan);

/* Whether some control of the plan is over `table`: what nobody asks for need not be built. */
bool kb_plan_reads(const struct kb_plan *plan, const struct kb_table *table);

#endif
