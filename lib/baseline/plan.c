/* Compiling what a profile selects. */
#include "baseline/plan_internal.h"

/* One environment a table; parameters come and go with their control. */
struct table_env {
    const struct kb_table *table;
    struct kb_cel_env *env;
};

struct build {
    struct kb_plan *plan;
    struct kb_mistakes *mistakes;
    KB_VEC(struct table_env) envs;
};

static struct kb_cel_env *table_env(struct build *b, const struct kb_table *table)
{
    for (size_t i = 0; i < b->envs.n; i++) {
        if (b->envs.at[i].table == table) {
            return b->envs.at[i].env;
        }
    }
    struct kb_cel_env *env = kb_scope_env(table, b->plan->profile->settings);
    *KB_VEC_PUSH(&b->envs) = (struct table_env){table, env};
    return env;
}

static struct kb_cel_env *env_for(struct build *b, const struct kb_control *control)
{
    struct kb_cel_env *env = table_env(b, control->table);
    kb_scope_params(env, control, b->plan->profile);
    return env;
}

static void compile_one(struct build *b, const struct kb_control *control, struct kb_compiled *out)
{
    struct kb_plan *plan = b->plan;
    if (control->judgement == KB_BY_HAND) {
        *out = (struct kb_compiled){.control = control, .distinct = -1};
        return;
    }
    struct kb_scope scope = {.env = env_for(b, control), .arena = &plan->arena,
                             .mistakes = b->mistakes, .table = control->table,
                             .terms = {plan->baseline->terms, plan->baseline->term_count,
                                       control->area},
                             .file = control->file, .source = control->source};
    (void)kb_compile(&scope, control, out);
}

static void compile_all(struct build *b)
{
    struct kb_plan *plan = b->plan;
    plan->controls = KB_NEW_ARRAY(&plan->arena, plan->baseline->n, struct kb_compiled);
    for (size_t i = 0; i < plan->baseline->n; i++) {
        if (plan->profile->selected[i]) {
            struct kb_compiled *out = &plan->controls[plan->n++];
            compile_one(b, plan->baseline->controls[i], out);
            out->severity = plan->profile->severity[i];
        }
    }
    plan->envs = KB_NEW_ARRAY(&plan->arena, b->envs.n, struct kb_cel_env *);
    plan->env_count = b->envs.n;
    for (size_t i = 0; i < b->envs.n; i++) {
        plan->envs[i] = b->envs.at[i].env;
    }
}

KB_RES kb_plan_new(const struct kb_baseline *baseline, const struct kb_profile *profile,
                   struct kb_plan **out, struct kb_mistakes *mistakes)
{
    size_t before = mistakes->total;
    struct kb_plan *plan = kb_alloc(sizeof *plan);
    *plan = (struct kb_plan){.baseline = baseline, .profile = profile};
    struct build build = {.plan = plan, .mistakes = mistakes};
    compile_all(&build);
    KB_VEC_DONE(&build.envs);
    if (mistakes->total > before) {
        kb_mistakes_sort(mistakes);
        kb_plan_free(plan);
        return (kb_res){KB_ERR_INVALID};
    }
    kb_plan_index(plan);
    *out = plan;
    return KB_SUCCESS;
}

void kb_plan_free(struct kb_plan *plan)
{
    if (plan == NULL) {
        return;
    }
    for (size_t i = 0; i < plan->env_count; i++) {
        kb_cel_env_free(plan->envs[i]);
    }
    for (size_t i = 0; i < plan->table_count; i++) {
        kb_map_done(&plan->tables[i].by_value);
    }
    kb_arena_done(&plan->arena);
    kb_free(plan);
}

int kb_plan_table_index(const struct kb_plan *plan, const struct kb_table *table)
{
    for (size_t i = 0; i < plan->table_count; i++) {
        if (plan->tables[i].table == table) {
            return (int)i;
        }
    }
    return -1;
}

bool kb_plan_reads(const struct kb_plan *plan, const struct kb_table *table)
{
    return kb_plan_table_index(plan, table) >= 0;
}
