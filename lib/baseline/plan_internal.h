/* What a plan holds; read by the engine. */
#ifndef KB_BASELINE_PLAN_INTERNAL_H
#define KB_BASELINE_PLAN_INTERNAL_H

#include "base/map.h"
#include "baseline/compile.h"
#include "baseline/plan.h"

/* Numbers of compiled controls. */
struct kb_bucket {
    const unsigned *at;
    size_t n;
};

/* The controls over one table, pre-selected by the value of its index column. */
struct kb_plan_table {
    const struct kb_table *table;
    int index_column;       /* -1: no index */
    struct kb_bucket all;   /* every control of the table */
    struct kb_bucket any;   /* those that no value rules out */
    struct kb_map by_value; /* value → struct kb_bucket: those that want it, and `any` */
};

struct kb_plan {
    struct kb_arena arena;
    const struct kb_baseline *baseline;
    const struct kb_profile *profile;
    struct kb_compiled *controls; /* by id */
    size_t n;
    struct kb_plan_table *tables;
    size_t table_count;
    struct kb_cel_env **envs;
    size_t env_count;
};

/* Number of the table in plan->tables, or -1. */
int kb_plan_table_index(const struct kb_plan *plan, const struct kb_table *table);
void kb_plan_index(struct kb_plan *plan);

#endif
