/*
 * Judging a world: the rows of every table that is built from one, and how whole each table is.
 */
#ifndef KB_RUN_WORLD_JUDGE_H
#define KB_RUN_WORLD_JUDGE_H

#include "baseline/engine.h"
#include "facts/world.h"

/* Settings of `profile`, for kb_world_init. `ctx` is the profile. */
struct kb_cel_val kb_world_profile_setting(const void *profile, const char *name);

/* Give the rows of the tables that `plan` reads to the engine, and tell it what is missing of each. */
void kb_world_judge(struct kb_engine *engine, const struct kb_plan *plan,
                    const struct kb_world *world);

#endif
