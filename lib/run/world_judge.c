/* From a world to rows. */
#include "run/world_judge.h"

#include "baseline/plan.h"

struct kb_cel_val kb_world_profile_setting(const void *profile, const char *name)
{
    return kb_profile_setting(profile, name);
}

static void judge_row(void *ctx, const struct kb_row *row)
{
    kb_engine_row(ctx, row);
}

static void judge_table(struct kb_engine *engine, const struct kb_world *world,
                        const struct kb_fact_source *source)
{
    struct kb_arena arena = {0};
    source->rows(world, judge_row, engine);
    kb_engine_table_complete(engine, source->table);
    struct kb_str missing = kb_world_missing(world, source, &arena);
    if (missing.n > 0) {
        kb_engine_table_incomplete(engine, source->table, missing);
    }
    kb_arena_done(&arena);
}

/* Why a table has no rows at all: nobody named a source from which it could be built. */
static const char *unnamed(const struct kb_world *world, const struct kb_fact_source *source)
{
    if (source->aws && !world->aws_read) {
        return "no AWS settings were read: name them with --aws";
    }
    if (!source->aws && !world->objects_read) {
        return "no cluster objects were read: name them with --objects";
    }
    return NULL;
}

void kb_world_judge(struct kb_engine *engine, const struct kb_plan *plan,
                    const struct kb_world *world)
{
    for (size_t i = 0; i < kb_fact_source_count; i++) {
        const struct kb_fact_source *source = kb_fact_sources[i];
        if (!kb_plan_reads(plan, source->table)) {
            continue;
        }
        const char *reason = unnamed(world, source);
        const char *absent = source->absent == NULL ? NULL : source->absent(world);
        if (absent != NULL) {
            kb_engine_table_absent(engine, source->table, kb_str_c(absent));
        } else if (reason != NULL) {
            kb_engine_table_incomplete(engine, source->table, kb_str_c(reason));
        } else {
            judge_table(engine, world, source);
        }
    }
}
