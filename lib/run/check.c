/* The story of a check: load what judges, read the logs, judge each request, state the coverage. */
#include <time.h>

#include "run/baselines.h"
#include "run/cover.h"
#include "run/event_row.h"
#include "run/run.h"
#include "run/tables.h"

struct judge {
    struct kb_engine *engine;
    struct kb_event_rows rows;
};

static bool judge_event(void *ctx, const struct kb_read_event *event)
{
    struct judge *judge = ctx;
    struct kb_row row = kb_event_rows_event(&judge->rows, event);
    kb_engine_row(judge->engine, &row);
    return true;
}

static bool judge_line(void *ctx, const struct kb_read_line *line)
{
    struct judge *judge = ctx;
    struct kb_row row = kb_event_rows_line(&judge->rows, line);
    kb_engine_row(judge->engine, &row);
    return true;
}

static int64_t clock_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Under a fixed clock a run leaves no trace of when it was made. */
static int64_t run_clock(const struct kb_check_options *options)
{
    return options->now_ns == KB_TIME_NONE ? clock_ns() : options->now_ns;
}

static struct kb_str run_id(struct kb_arena *arena, int64_t started_ns, struct kb_str digest)
{
    uint64_t seed[2] = {(uint64_t)started_ns, kb_hash_bytes(digest.p, digest.n, 1)};
    return kb_arena_printf(arena, "%016llx%016llx",
                           (unsigned long long)kb_hash_bytes(seed, sizeof seed, 2),
                           (unsigned long long)kb_hash_bytes(seed, sizeof seed, 3));
}

static KB_RES read_and_judge(const struct kb_check_options *options, struct kb_engine *engine,
                             int64_t now_ns, struct kb_reading *reading, struct kb_err *err)
{
    struct judge judge = {.engine = engine};
    kb_event_rows_init(&judge.rows);
    struct kb_reading_options reading_options = {
        .logs = options->logs,
        .log_count = options->log_count,
        .since_ns = options->since_ns,
        .until_ns = options->until_ns,
        .sha256 = options->sha256,
        .progress = options->progress,
        .progress_ctx = options->progress_ctx,
        .on_event = judge_event,
        .on_line = judge_line,
        .ctx = &judge,
    };
    kb_res res = kb_reading_run(reading, &reading_options, err);
    kb_event_rows_done(&judge.rows);
    if (!kb_failed(res)) {
        kb_tables_judge(engine, reading, now_ns);
    }
    return res;
}

static KB_RES check_with(const struct kb_check_options *options, const struct kb_plan *plan,
                         struct kb_result *out, struct kb_err *err)
{
    int64_t started_ns = run_clock(options);
    struct kb_engine_options engine_options = {
        .now_ns = started_ns,
        .fail_on = options->fail_on,
        .max_findings = options->max_findings,
    };
    struct kb_engine *engine = kb_engine_new(plan, &engine_options);
    struct kb_reading reading;
    kb_res res = read_and_judge(options, engine, started_ns, &reading, err);
    if (!kb_failed(res)) {
        *out = (struct kb_result){0};
        kb_engine_finish(engine, out);
        out->coverage = kb_cover_inputs(&reading, &out->arena, &out->coverage_count);
        out->run_id = run_id(&out->arena, started_ns, out->baseline_digest);
        out->started_ns = started_ns;
        out->finished_ns = run_clock(options);
    }
    kb_reading_done(&reading);
    kb_engine_free(engine);
    return res;
}

KB_RES kb_run_check(const struct kb_check_options *options, struct kb_result *out,
                    struct kb_mistakes *mistakes, struct kb_err *err)
{
    struct kb_baselines baselines;
    kb_res res = kb_baselines_load(&baselines, options->baseline_dir, options->profile,
                                   options->controls, options->control_count, mistakes, err);
    if (!kb_failed(res)) {
        res = check_with(options, baselines.plan, out, err);
    }
    kb_baselines_done(&baselines);
    return res;
}
