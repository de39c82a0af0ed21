/*
 * What judges: library, baseline, profile and plan, loaded together and freed together.
 */
#ifndef KB_RUN_BASELINES_H
#define KB_RUN_BASELINES_H

#include "baseline/plan.h"

struct kb_baselines {
    const struct kb_library *library; /* the executable's, or &loaded */
    struct kb_library loaded;
    struct kb_baseline baseline;
    struct kb_profile profile;
    struct kb_plan *plan;
};

/* Library of folder `dir`; empty: the executable's. Freed with kb_baselines_done, also after a failure. */
KB_RES kb_baselines_library(struct kb_baselines *b, struct kb_str dir, struct kb_err *err);

/* All of it: library, baseline, profile (empty: KB_DEFAULT_PROFILE) narrowed to `globs`, plan. Mistakes of any
 * file go to `mistakes`, and the result is KB_ERR_INVALID then. */
KB_RES kb_baselines_load(struct kb_baselines *b, struct kb_str dir, struct kb_str profile,
                         const struct kb_str *globs, size_t glob_count,
                         struct kb_mistakes *mistakes, struct kb_err *err);
void kb_baselines_done(struct kb_baselines *b);

#define KB_DEFAULT_PROFILE "audit-log"

#endif
