/*
 * The index over a table's controls: for each value of the index column, those controls that can be
 * anything but "not concerned". What kb_cel_required cannot bound goes into every bucket.
 */
#include "baseline/plan_internal.h"

enum { VALUES_MAX = 64 };

struct wants {
    struct kb_str values[VALUES_MAX];
    size_t n; /* 0: any */
};

static void find_wants(const struct kb_compiled *c, int column, struct wants *out)
{
    out->n = c->where == NULL || column < 0
                 ? 0
                 : kb_cel_required(c->where, (unsigned)column, out->values, VALUES_MAX);
}

static struct kb_bucket new_bucket(struct kb_plan *plan, size_t n)
{
    return (struct kb_bucket){KB_NEW_ARRAY(&plan->arena, n, unsigned), 0};
}

static void add_to(struct kb_bucket *bucket, unsigned control)
{
    /* the arena's memory is ours until the plan is done */
    unsigned *at = (unsigned *)(uintptr_t)bucket->at;
    if (bucket->n == 0 || at[bucket->n - 1] != control) {
        at[bucket->n++] = control;
    }
}

static bool concerns(const struct wants *wants, struct kb_str value)
{
    for (size_t i = 0; i < wants->n; i++) {
        if (kb_str_eq(wants->values[i], value)) {
            return true;
        }
    }
    return wants->n == 0;
}

static void fill_bucket(struct kb_plan *plan, const struct kb_plan_table *pt,
                        const struct wants *wants, struct kb_str value, struct kb_bucket *bucket)
{
    (void)plan;
    for (size_t i = 0; i < pt->all.n; i++) {
        if (concerns(&wants[i], value)) {
            add_to(bucket, pt->all.at[i]);
        }
    }
}

static void index_table(struct kb_plan *plan, struct kb_plan_table *pt)
{
    struct wants *wants = kb_alloc(pt->all.n * sizeof *wants);
    pt->any = new_bucket(plan, pt->all.n);
    for (size_t i = 0; i < pt->all.n; i++) {
        find_wants(&plan->controls[pt->all.at[i]], pt->index_column, &wants[i]);
        if (wants[i].n == 0) {
            add_to(&pt->any, pt->all.at[i]);
        }
    }
    for (size_t i = 0; i < pt->all.n; i++) {
        for (size_t k = 0; k < wants[i].n; k++) {
            bool is_new;
            struct kb_map_entry *entry = kb_map_add(&pt->by_value, wants[i].values[k], &is_new);
            if (is_new) {
                struct kb_bucket *bucket = KB_NEW(&plan->arena, struct kb_bucket);
                *bucket = new_bucket(plan, pt->all.n);
                entry->value.ptr = bucket;
                fill_bucket(plan, pt, wants, wants[i].values[k], bucket);
            }
        }
    }
    kb_free(wants);
}

static struct kb_plan_table *table_of(struct kb_plan *plan, const struct kb_table *table)
{
    int index = kb_plan_table_index(plan, table);
    if (index >= 0) {
        return &plan->tables[index];
    }
    struct kb_plan_table *pt = &plan->tables[plan->table_count++];
    *pt = (struct kb_plan_table){.table = table, .index_column = -1};
    if (table->index_column != NULL) {
        pt->index_column = kb_table_column(table, kb_str_c(table->index_column));
    }
    pt->all = new_bucket(plan, plan->n);
    return pt;
}

void kb_plan_index(struct kb_plan *plan)
{
    plan->tables = KB_NEW_ARRAY(&plan->arena, plan->n, struct kb_plan_table);
    for (size_t i = 0; i < plan->n; i++) {
        const struct kb_table *table = plan->controls[i].control->table;
        if (table != NULL) {
            add_to(&table_of(plan, table)->all, (unsigned)i);
        }
    }
    for (size_t i = 0; i < plan->table_count; i++) {
        index_table(plan, &plan->tables[i]);
    }
}
