/* Loading what judges. */
#include "run/baselines.h"

KB_RES kb_baselines_library(struct kb_baselines *b, struct kb_str dir, struct kb_err *err)
{
    *b = (struct kb_baselines){.library = kb_library_builtin()};
    if (dir.n == 0) {
        return KB_SUCCESS;
    }
    struct kb_arena arena = {0};
    kb_res res = kb_library_load(&b->loaded, kb_arena_copy(&arena, dir).p, err);
    kb_arena_done(&arena);
    b->library = &b->loaded;
    return res;
}

/* Of the executable's own controls, which are without a mistake, those that the profile cannot
 * select are not read: most of the time of a short run. */
static void load_controls(struct kb_baselines *b, struct kb_str profile, bool own,
                          struct kb_mistakes *mistakes)
{
    struct kb_arena arena = {0};
    const struct kb_str *globs = NULL;
    size_t n = own ? kb_profile_reach(b->library, profile, &arena, &globs) : 0;
    kb_baseline_load_some(&b->baseline, b->library, globs, n, mistakes);
    kb_arena_done(&arena);
}

KB_RES kb_baselines_load(struct kb_baselines *b, struct kb_str dir, struct kb_str profile,
                         const struct kb_str *globs, size_t glob_count,
                         struct kb_mistakes *mistakes, struct kb_err *err)
{
    KB_TRY(kb_baselines_library(b, dir, err));
    struct kb_str name = profile.n == 0 ? KB_STR(KB_DEFAULT_PROFILE) : profile;
    load_controls(b, name, dir.n == 0, mistakes);
    KB_TRY(kb_mistakes_result(mistakes, err));
    KB_TRY(kb_profile_load(&b->profile, &b->baseline, name, mistakes, err));
    KB_TRY(kb_mistakes_result(mistakes, err));
    if (glob_count > 0) {
        KB_TRY(kb_profile_filter(&b->profile, &b->baseline, globs, glob_count, err));
    }
    KB_TRY(kb_plan_new(&b->baseline, &b->profile, &b->plan, mistakes));
    return kb_mistakes_result(mistakes, err);
}

void kb_baselines_done(struct kb_baselines *b)
{
    kb_plan_free(b->plan);
    kb_profile_done(&b->profile);
    kb_baseline_done(&b->baseline);
    kb_library_done(&b->loaded);
    *b = (struct kb_baselines){0};
}
