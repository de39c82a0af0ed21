/* Judging rows. */
#include "base/limits.h"
#include "baseline/engine_internal.h"

/* Outcome of an expression over a row. */
enum answer { NO, YES, MAYBE };

static struct kb_counter *new_counter(struct kb_running *running)
{
    const struct kb_count_rule *rule = &running->compiled->control->count;
    struct kb_counter_rule counted = {.max = running->compiled->max, .min = rule->min,
                                      .within_ns = rule->within_ns,
                                      .distinct = running->compiled->distinct >= 0,
                                      .keyed = running->compiled->per_count > 0};
    struct kb_counter_hooks hooks = {kb_report_open, kb_report_close, running};
    return kb_counter_new(&counted, &hooks);
}

static void start_controls(struct kb_engine *engine)
{
    const struct kb_plan *plan = engine->plan;
    size_t max = engine->options.max_findings == 0 ? KB_MAX_FINDINGS : engine->options.max_findings;
    engine->controls = kb_alloc(plan->n * sizeof *engine->controls);
    for (size_t i = 0; i < plan->n; i++) {
        struct kb_running *running = &engine->controls[i];
        *running = (struct kb_running){.engine = engine, .compiled = &plan->controls[i]};
        running->missing = kb_engine_missing(plan->controls[i].control, plan->profile);
        kb_kept_init(&running->kept, max);
        if (plan->controls[i].control->judgement == KB_COUNT) {
            running->counter = new_counter(running);
        }
    }
}

struct kb_engine *kb_engine_new(const struct kb_plan *plan, const struct kb_engine_options *options)
{
    struct kb_engine *engine = kb_alloc(sizeof *engine);
    engine->plan = plan;
    engine->options = *options;
    size_t columns = 1;
    for (size_t i = 0; i < plan->table_count; i++) {
        columns = plan->tables[i].table->n > columns ? plan->tables[i].table->n : columns;
    }
    kb_row_state_init(&engine->row, columns);
    engine->readings = kb_alloc(plan->table_count * sizeof *engine->readings);
    engine->used = kb_alloc(plan->profile->exception_count * sizeof *engine->used);
    kb_buf_init(&engine->text, KB_MAX_ROW_BYTES);
    kb_buf_init(&engine->key, KB_MAX_ROW_BYTES);
    start_controls(engine);
    return engine;
}

void kb_engine_free(struct kb_engine *engine)
{
    if (engine == NULL) {
        return;
    }
    for (size_t i = 0; i < engine->plan->n; i++) {
        kb_counter_free(engine->controls[i].counter);
        kb_kept_done(&engine->controls[i].kept);
    }
    for (size_t i = 0; i < engine->plan->table_count; i++) {
        KB_VEC_DONE(&engine->readings[i].incomplete);
    }
    kb_free(engine->controls);
    kb_free(engine->readings);
    kb_free(engine->used);
    kb_row_state_done(&engine->row);
    kb_buf_done(&engine->text);
    kb_buf_done(&engine->key);
    kb_arena_done(&engine->arena);
    kb_free(engine);
}

void kb_engine_namespace_labels(struct kb_engine *engine, kb_namespace_label_fn *fn, void *ctx)
{
    engine->label = fn;
    engine->label_ctx = ctx;
}

static enum answer ask(struct kb_engine *engine, const struct kb_cel_program *program,
                       struct kb_cel_val *value)
{
    if (program == NULL) {
        return YES;
    }
    *value = kb_cel_eval(program, &engine->row.activation, &engine->row.arena);
    if (value->kind == KB_CEL_BOOL) {
        return value->b ? YES : NO;
    }
    return MAYBE;
}

/* require and forbid: `good` is the answer that is wanted of every row. */
static void judge_condition(struct kb_running *running, enum answer selected,
                            const struct kb_cel_val *why_selected, enum answer good)
{
    struct kb_cel_val why = kb_cel_null();
    enum answer answer = ask(running->engine, running->compiled->condition, &why);
    if (answer == good) {
        return;
    }
    if (selected == MAYBE) {
        kb_report_row(running, KB_UNKNOWN, why_selected);
    } else if (answer == MAYBE) {
        kb_report_row(running, KB_UNKNOWN, &why);
    } else {
        kb_report_row(running, KB_FAIL, NULL);
    }
}

/* 128 bits of a column's value; false where it is not known. */
static bool hash_value(struct kb_engine *engine, unsigned column, struct kb_hit_key *out)
{
    const struct kb_cel_val *value = kb_row_state_get(&engine->row, column);
    kb_buf_clear(&engine->key);
    kb_buf_char(&engine->key, (char)value->kind);
    bool known = value->kind != KB_CEL_UNKNOWN && value->kind != KB_CEL_ERROR;
    if (known && value->kind != KB_CEL_ABSENT) {
        kb_cel_print(value, &engine->key);
    }
    struct kb_str text = kb_buf_view(&engine->key);
    out->h[0] = kb_hash_bytes(text.p, text.n, kb_hash_seed() ^ out->h[0]);
    out->h[1] = kb_hash_bytes(text.p, text.n, ~kb_hash_seed() ^ out->h[1]);
    return known;
}

static void count_row(struct kb_running *running, enum answer selected)
{
    struct kb_engine *engine = running->engine;
    const struct kb_compiled *c = running->compiled;
    const struct kb_row_info *info = kb_row_state_info(&engine->row);
    if (c->control->count.within_ns > 0 && info->time_ns == INT64_MIN) {
        kb_report_row_because(running, KB_UNKNOWN, KB_STR("the row has no time to be counted by"));
        return;
    }
    struct kb_hit_row hit = {.time_ns = info->time_ns, .evidence = info->evidence};
    for (size_t i = 0; i < c->per_count; i++) {
        hit.keyless = !hash_value(engine, c->per[i], &hit.key) || hit.keyless;
    }
    if (c->distinct >= 0) {
        hit.valueless = !hash_value(engine, (unsigned)c->distinct, &hit.value);
    }
    hit.maybe = selected == MAYBE || hit.keyless || hit.valueless;
    kb_counter_add(running->counter, &hit);
}

static void judge(struct kb_running *running)
{
    if (running->missing.n > 0) {
        running->rows++;
        return;
    }
    struct kb_cel_val why = kb_cel_null();
    enum answer selected = ask(running->engine, running->compiled->where, &why);
    if (selected == NO) {
        return;
    }
    running->rows++;
    switch (running->compiled->control->judgement) {
    case KB_REQUIRE:
        judge_condition(running, selected, &why, YES);
        break;
    case KB_FORBID:
        judge_condition(running, selected, &why, NO);
        break;
    case KB_COUNT:
        count_row(running, selected);
        break;
    case KB_RECORD:
        kb_report_row(running, selected == YES ? KB_PASS : KB_UNKNOWN,
                      selected == YES ? NULL : &why);
        break;
    case KB_BY_HAND:
    case KB_JUDGEMENT_COUNT:
        break;
    }
}

/* The controls that may be concerned. */
static const struct kb_bucket *choose(struct kb_engine *engine, const struct kb_plan_table *pt)
{
    if (pt->index_column < 0) {
        return &pt->all;
    }
    const struct kb_cel_val *value = kb_row_state_get(&engine->row, (unsigned)pt->index_column);
    if (value->kind != KB_CEL_STRING) {
        return &pt->all;
    }
    const struct kb_bucket *bucket = kb_map_get(&pt->by_value, value->s);
    return bucket == NULL ? &pt->any : bucket;
}

void kb_engine_row(struct kb_engine *engine, const struct kb_row *row)
{
    int index = kb_plan_table_index(engine->plan, row->table);
    if (index < 0) {
        return;
    }
    kb_row_state_set(&engine->row, row);
    engine->readings[index].rows++;
    const struct kb_bucket *bucket = choose(engine, &engine->plan->tables[index]);
    for (size_t i = 0; i < bucket->n; i++) {
        judge(&engine->controls[bucket->at[i]]);
    }
}

static struct kb_table_reading *reading_of(struct kb_engine *engine, const struct kb_table *table)
{
    int index = kb_plan_table_index(engine->plan, table);
    return index < 0 ? NULL : &engine->readings[index];
}

void kb_engine_table_complete(struct kb_engine *engine, const struct kb_table *table)
{
    struct kb_table_reading *reading = reading_of(engine, table);
    if (reading != NULL) {
        reading->complete = true;
    }
}

void kb_engine_table_incomplete(struct kb_engine *engine, const struct kb_table *table,
                                struct kb_str reason)
{
    struct kb_table_reading *reading = reading_of(engine, table);
    if (reading == NULL) {
        return;
    }
    for (size_t i = 0; i < reading->incomplete.n; i++) {
        if (kb_str_eq(reading->incomplete.at[i], reason)) {
            return;
        }
    }
    *KB_VEC_PUSH(&reading->incomplete) = kb_arena_copy(&engine->arena, reason);
}

void kb_engine_table_absent(struct kb_engine *engine, const struct kb_table *table,
                            struct kb_str reason)
{
    struct kb_table_reading *reading = reading_of(engine, table);
    if (reading != NULL) {
        reading->absent = true;
        reading->absent_reason = kb_arena_copy(&engine->arena, reason);
    }
}
