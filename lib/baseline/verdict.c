/* From findings to verdicts, and the result. */
#include "baseline/copy.h"
#include "baseline/engine_internal.h"

enum { REASONS_MAX = 5 };

static const struct kb_table_reading *reading_of(const struct kb_engine *engine,
                                           const struct kb_control *control)
{
    int index = control->table == NULL ? -1 : kb_plan_table_index(engine->plan, control->table);
    return index < 0 ? NULL : &engine->readings[index];
}

static bool is_empty(const struct kb_cel_val *value)
{
    return (value->kind == KB_CEL_STRING && value->s.n == 0) ||
           (value->kind == KB_CEL_LIST && value->list->n == 0);
}

struct kb_str kb_engine_missing(const struct kb_control *control, const struct kb_profile *profile)
{
    for (size_t i = 0; i < control->need_count; i++) {
        int setting = kb_setting_find(control->needs[i]);
        if (setting < 0 || is_empty(&profile->settings[setting])) {
            return control->needs[i];
        }
    }
    return KB_STR("");
}

static void tell_missing(const struct kb_running *running, struct kb_buf *out)
{
    if (running->missing.n > 0) {
        kb_buf_printf(out, "the profile does not say settings.%.*s", KB_FMT(running->missing));
    }
}

/* Why the table's rows are not all there; nothing where they are. */
static void tell_incomplete(const struct kb_table_reading *reading, const struct kb_control *control,
                            struct kb_buf *out)
{
    const char *before = out->n == 0 ? "" : "; ";
    size_t n = reading->incomplete.n;
    if (n == 0 && !reading->complete && !(reading->absent && reading->rows == 0)) {
        kb_buf_printf(out, "%s%s%s", before, control->table->name,
                      reading->rows == 0 ? " was not read" : " was not read to its end");
    }
    for (size_t i = 0; i < n && i < REASONS_MAX; i++) {
        kb_buf_printf(out, "%s%s%s%.*s", i == 0 ? before : "", i == 0 ? control->table->name : "",
                      i == 0 ? ": " : "; ", KB_FMT(reading->incomplete.at[i]));
    }
    if (n > REASONS_MAX) {
        kb_buf_printf(out, "; and %zu more reasons", n - REASONS_MAX);
    }
}

static void tell_forgotten(const struct kb_running *running, struct kb_buf *out)
{
    uint64_t forgotten =
        running->counter == NULL ? 0 : kb_counter_forgotten(running->counter);
    if (forgotten > 0) {
        kb_buf_printf(out, "%stoo many keys to count at once: %llu were forgotten",
                      out->n == 0 ? "" : "; ", (unsigned long long)forgotten);
    }
}

static void tell_strays(const struct kb_running *running, struct kb_buf *out)
{
    uint64_t strays = running->counter == NULL ? 0 : kb_counter_strays(running->counter);
    if (strays > 0) {
        kb_buf_printf(out, "%s%llu row%s of which it is not known what to count %s for may make up a "
                      "number that is too high", out->n == 0 ? "" : "; ", (unsigned long long)strays,
                      strays == 1 ? "" : "s", strays == 1 ? "it" : "them");
    }
}

static void tell_unknown_rows(const struct kb_running *running, struct kb_buf *out)
{
    uint64_t n = running->totals[KB_UNKNOWN];
    if (n > 0) {
        kb_buf_printf(out, "%s%llu %s%s could not be judged: %.*s", out->n == 0 ? "" : "; ",
                      (unsigned long long)n,
                      running->compiled->control->judgement == KB_COUNT ? "count" : "row",
                      n == 1 ? "" : "s",
                      KB_FMT(running->first_unknown));
    }
}

static enum kb_verdict decide(const struct kb_running *running, bool doubt)
{
    const struct kb_control *control = running->compiled->control;
    const struct kb_table_reading *reading = reading_of(running->engine, control);
    if (control->judgement == KB_BY_HAND) {
        return KB_MANUAL;
    }
    if (running->totals[KB_FAIL] > 0) {
        return KB_FAIL;
    }
    if (doubt) {
        return KB_UNKNOWN;
    }
    if (running->totals[KB_WAIVED] > 0) {
        return KB_WAIVED;
    }
    return reading != NULL && reading->absent && reading->rows == 0 ? KB_NOT_APPLICABLE : KB_PASS;
}

/* `min` over no row at all: nothing but a whole reading can tell that there was none. */
static void judge_none(struct kb_running *running)
{
    const struct kb_control *control = running->compiled->control;
    const struct kb_table_reading *reading = reading_of(running->engine, control);
    bool absent = reading->absent && reading->rows == 0;
    if (control->count.min > 0 && kb_counter_keys(running->counter) == 0 && !absent &&
        reading->complete && reading->incomplete.n == 0) {
        kb_report_none(running);
    }
}

static struct kb_criterion *copy_criteria(const struct kb_control *control, struct kb_arena *arena)
{
    struct kb_criterion *out = KB_NEW_ARRAY(arena, control->criterion_count, struct kb_criterion);
    for (size_t i = 0; i < control->criterion_count; i++) {
        out[i].standard = kb_arena_copy(arena, control->criteria[i].standard);
        out[i].id = kb_arena_copy(arena, control->criteria[i].id);
    }
    return out;
}

static void describe(const struct kb_compiled *compiled, struct kb_arena *arena,
                     struct kb_control_result *out)
{
    const struct kb_control *c = compiled->control;
    *out = (struct kb_control_result){
        .id = kb_arena_copy(arena, c->id),
        .title = kb_arena_copy(arena, c->title),
        .table = c->table == NULL ? KB_STR("") : kb_arena_copy(arena, kb_str_c(c->table->name)),
        .why = kb_arena_copy(arena, c->why),
        .fix = kb_arena_copy(arena, c->fix),
        .severity = compiled->severity,
        .owner = c->owner,
        .criteria = copy_criteria(c, arena),
        .criterion_count = c->criterion_count,
        .record = c->judgement == KB_RECORD,
    };
}

static void finish_control(struct kb_running *running, struct kb_arena *arena,
                           struct kb_control_result *out)
{
    const struct kb_control *control = running->compiled->control;
    const struct kb_table_reading *reading = reading_of(running->engine, control);
    struct kb_buf reason = {.max = SIZE_MAX / 2}; /* a reason that did not fit would be none: a pass */
    describe(running->compiled, arena, out);
    if (running->counter != NULL) {
        if (running->missing.n == 0) {
            judge_none(running);
        }
        kb_counter_finish(running->counter,
                          reading->complete && reading->incomplete.n == 0);
    }
    tell_missing(running, &reason);
    if (reading != NULL) {
        tell_incomplete(reading, control, &reason);
        tell_forgotten(running, &reason);
        tell_strays(running, &reason);
        tell_unknown_rows(running, &reason);
        out->rows_seen = reading->rows;
    }
    out->verdict = decide(running, reason.n > 0);
    if (out->verdict == KB_NOT_APPLICABLE) {
        kb_buf_str(&reason, reading->absent_reason);
    }
    out->reason = kb_arena_copy(arena, kb_buf_view(&reason));
    kb_buf_done(&reason);
    out->rows = running->rows;
    out->folded = running->folded;
    out->finding_count = running->kept.n;
    out->findings = kb_kept_take(&running->kept, arena);
    for (int i = 0; i < KB_VERDICT_COUNT; i++) {
        out->totals[i] = running->totals[i];
        out->findings_total += running->totals[i];
    }
}

static struct kb_str join(const struct kb_globs *globs, struct kb_arena *arena)
{
    struct kb_buf text = {.max = 1024};
    for (size_t i = 0; i < globs->n; i++) {
        kb_buf_printf(&text, "%s%.*s", i == 0 ? "" : ", ", KB_FMT(globs->at[i]));
    }
    struct kb_str out = kb_arena_copy(arena, kb_buf_view(&text));
    kb_buf_done(&text);
    return out;
}

static void finish_waivers(const struct kb_engine *engine, struct kb_result *out)
{
    const struct kb_profile *profile = engine->plan->profile;
    struct kb_waiver_use *uses =
        KB_NEW_ARRAY(&out->arena, profile->exception_count, struct kb_waiver_use);
    for (size_t i = 0; i < profile->exception_count; i++) {
        const struct kb_exception *e = &profile->exceptions[i];
        uses[i].id = kb_arena_copy(&out->arena, e->id);
        uses[i].control = join(&e->controls, &out->arena);
        uses[i].object = kb_arena_copy(&out->arena, e->pattern);
        uses[i].matched = engine->used[i];
        if (engine->options.now_ns >= e->expires_ns) {
            uses[i].state = KB_WAIVER_EXPIRED;
        } else {
            uses[i].state = engine->used[i] > 0 ? KB_WAIVER_MATCHED : KB_WAIVER_UNUSED;
        }
    }
    out->waivers = uses;
    out->waiver_count = profile->exception_count;
}

void kb_engine_finish(struct kb_engine *engine, struct kb_result *out)
{
    const struct kb_plan *plan = engine->plan;
    struct kb_control_result *controls =
        KB_NEW_ARRAY(&out->arena, plan->n, struct kb_control_result);
    for (size_t i = 0; i < plan->n; i++) {
        finish_control(&engine->controls[i], &out->arena, &controls[i]);
    }
    out->controls = controls;
    out->control_count = plan->n;
    out->control_total = plan->baseline->n;
    out->profile = kb_arena_copy(&out->arena, plan->profile->name);
    out->baseline_digest = kb_arena_copy(&out->arena, kb_str_c(plan->baseline->digest));
    out->run_id = KB_STR("");
    out->now_ns = engine->options.now_ns;
    out->started_ns = out->now_ns;
    out->finished_ns = out->now_ns;
    finish_waivers(engine, out);
    out->exit_status = kb_result_exit(out, engine->options.fail_on);
}

int kb_result_exit(const struct kb_result *result, int fail_on)
{
    bool failed = false;
    bool unknown = false;
    for (size_t i = 0; i < result->control_count; i++) {
        const struct kb_control_result *c = &result->controls[i];
        failed = failed || (c->verdict == KB_FAIL && (int)c->severity <= fail_on);
        unknown = unknown || c->verdict == KB_UNKNOWN;
    }
    return failed ? 1 : unknown ? 3 : 0;
}

void kb_result_done(struct kb_result *result)
{
    kb_arena_done(&result->arena);
    *result = (struct kb_result){0};
}
