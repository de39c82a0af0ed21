/* The story of a check: load what judges, read objects and settings, judge each request of the logs,
 * then the world, and state the coverage. */
#include <time.h>

#include "facts/aws_json.h"
#include "run/aws_needs.h"
#include "run/baselines.h"
#include "run/cover.h"
#include "run/event_row.h"
#include "run/run.h"
#include "run/tables.h"
#include "run/world_judge.h"

struct judge {
    struct kb_engine *engine;
    struct kb_world *world; /* whose grants' use is looked for; NULL: there are none */
    struct kb_event_rows rows;
};

static bool judge_event(void *ctx, const struct kb_read_event *event)
{
    struct judge *judge = ctx;
    struct kb_row row = kb_event_rows_event(&judge->rows, event);
    kb_engine_row(judge->engine, &row);
    if (judge->world != NULL) {
        kb_usage_model_event(judge->world, event->event, event->time_ns);
        kb_net_log_take(&judge->world->net_log, kb_event_raw(event->event, KB_M_REF_GROUP),
                        kb_event_raw(event->event, KB_M_REF_RESOURCE), &row);
    }
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

/* The run itself, from the first source to the last verdict. */
struct check {
    const struct kb_check_options *options;
    const struct kb_baselines *baselines;
    int64_t now_ns;
    struct kb_world world;
    struct kb_gathered gathered;
    struct kb_engine *engine;
    struct kb_reading reading;
};

static struct kb_str namespace_label(void *ctx, struct kb_str name_space, struct kb_str label)
{
    return kb_world_namespace_label(ctx, name_space, label);
}

static void check_init(struct check *check, const struct kb_check_options *options,
                       const struct kb_baselines *baselines)
{
    *check = (struct check){
        .options = options, .baselines = baselines, .now_ns = run_clock(options)};
    struct kb_engine_options engine_options = {
        .now_ns = check->now_ns,
        .fail_on = options->fail_on,
        .max_findings = options->max_findings,
    };
    check->engine = kb_engine_new(baselines->plan, &engine_options);
    kb_world_init(&check->world, check->now_ns, kb_world_profile_setting, &baselines->profile);
    check->world.backup.tiers =
        (struct kb_tiers){baselines->profile.tiers, baselines->profile.tier_count};
    kb_engine_namespace_labels(check->engine, namespace_label, &check->world);
}

static void check_done(struct check *check)
{
    kb_reading_done(&check->reading);
    kb_world_done(&check->world);
    kb_gathered_done(&check->gathered);
    kb_engine_free(check->engine);
}

/* The buckets that the profile names, beside those of objects. */
static void name_buckets(struct check *check, struct kb_aws_live_options *out)
{
    static const char *const settings[] = {"backupBuckets", "auditBuckets"};
    const struct kb_world *world = &check->world;
    struct kb_aws_names names = {0};
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        struct kb_cel_val value = world->setting(world->setting_ctx, settings[i]);
        for (size_t k = 0; value.kind == KB_CEL_LIST && k < value.list->n; k++) {
            struct kb_cel_val item = value.list->items[k];
            if (item.kind == KB_CEL_STRING) {
                kb_aws_names_add(&names, &check->gathered.arena, item.s);
            }
        }
    }
    out->buckets = names.at;
    out->bucket_count = names.n;
}

/* Objects and settings come first: who owns a namespace is asked for every finding. */
static KB_RES read_world(struct check *check, struct kb_err *err)
{
    struct kb_world *world = &check->world;
    struct kb_sources sources = check->options->sources;
    if (!kb_sources_named(&sources)) {
        return kb_gather_identity(&sources, &check->gathered, err);
    }
    sources.aws_live.areas = kb_aws_needs(check->baselines->plan);
    name_buckets(check, &sources.aws_live);
    struct kb_object_sink objects = kb_world_sink(world);
    struct kb_aws_sink aws = kb_world_aws_sink(world);
    KB_TRY(kb_gather(&sources, &objects, &aws, &check->gathered, err));
    kb_world_told_version(world, check->gathered.cluster.version);
    kb_world_close(world);
    return KB_SUCCESS;
}

/* A log with a hole, or damage, can show use, and cannot show that there was none. */
static void close_usage(struct check *check)
{
    struct kb_arena arena = {0};
    const struct kb_cover *cover = &check->reading.cover;
    struct kb_str problem = kb_cover_missing(&check->reading, &arena);
    if (problem.n == 0 && cover->gap_total > 0) {
        problem = kb_arena_printf(&arena, "the log has %llu holes", (unsigned long long)cover->gap_total);
    } else if (problem.n == 0 && cover->heartbeats == 0) {
        problem = KB_STR("the log holds no lease renewals by which holes could be told");
    }
    kb_usage_model_close(&check->world, cover->first_ns, cover->last_ns, problem);
    kb_net_log_close(&check->world, problem);
    kb_arena_done(&arena);
}

static KB_RES judge_logs(struct check *check, struct kb_err *err)
{
    const struct kb_check_options *options = check->options;
    struct judge judge = {.engine = check->engine,
                          .world = check->world.objects_read ? &check->world : NULL};
    if (options->log_count + options->feed_count == 0) {
        kb_tables_unread(check->engine);
        return KB_SUCCESS;
    }
    kb_event_rows_init(&judge.rows);
    struct kb_reading_options reading_options = {
        .logs = options->logs,
        .log_count = options->log_count,
        .feeds = options->feeds,
        .feed_count = options->feed_count,
        .since_ns = options->since_ns,
        .until_ns = options->until_ns,
        .sha256 = options->sha256,
        .progress = options->progress,
        .progress_ctx = options->progress_ctx,
        .on_event = judge_event,
        .on_line = judge_line,
        .ctx = &judge,
    };
    kb_res res = kb_reading_run(&check->reading, &reading_options, err);
    kb_event_rows_done(&judge.rows);
    if (!kb_failed(res)) {
        kb_tables_judge(check->engine, &check->reading, check->now_ns);
        close_usage(check);
    }
    return res;
}

/* What was and was not read: the logs first, then every list and call. */
static void state_coverage(const struct check *check, struct kb_result *out)
{
    size_t logs = 0, more = check->gathered.coverage.n;
    const struct kb_coverage *of_logs = NULL;
    if (check->options->log_count + check->options->feed_count > 0) {
        of_logs = kb_cover_inputs(&check->reading, &out->arena, &logs);
    }
    struct kb_coverage *all = KB_NEW_ARRAY(&out->arena, logs + more, struct kb_coverage);
    for (size_t i = 0; i < logs; i++) {
        all[i] = of_logs[i];
    }
    kb_gathered_copy(&check->gathered, &out->arena, all + logs);
    out->coverage = all;
    out->coverage_count = logs + more;
}

/* As whom the API server was asked, and AWS. */
static struct kb_str identity_of(const struct kb_gathered *gathered, struct kb_arena *arena)
{
    struct kb_str user = gathered->cluster.user, arn = gathered->aws_identity;
    return user.n > 0 && arn.n > 0 && !kb_str_eq(user, arn)
               ? kb_arena_printf(arena, "%.*s (AWS: %.*s)", KB_FMT(user), KB_FMT(arn))
               : kb_arena_copy(arena, user.n > 0 ? user : arn);
}

static void state_cluster(const struct kb_gathered *gathered, struct kb_result *out)
{
    const struct kb_cluster_identity *cluster = &gathered->cluster;
    out->identity = identity_of(gathered, &out->arena);
    out->cluster_server = kb_arena_copy(&out->arena, cluster->server);
    out->cluster_version = kb_arena_copy(&out->arena, cluster->version);
}

static void conclude(struct check *check, struct kb_result *out)
{
    *out = (struct kb_result){0};
    kb_engine_finish(check->engine, out);
    state_coverage(check, out);
    state_cluster(&check->gathered, out);
    out->run_id = run_id(&out->arena, check->now_ns, out->baseline_digest);
    out->started_ns = check->now_ns;
    out->finished_ns = run_clock(check->options);
}

static KB_RES check_with(const struct kb_check_options *options,
                         const struct kb_baselines *baselines, struct kb_result *out,
                         struct kb_err *err)
{
    struct check check;
    check_init(&check, options, baselines);
    kb_res res = read_world(&check, err);
    if (!kb_failed(res)) {
        res = judge_logs(&check, err);
    }
    if (!kb_failed(res)) {
        kb_world_judge(check.engine, baselines->plan, &check.world);
        conclude(&check, out);
    }
    check_done(&check);
    return res;
}

KB_RES kb_run_check(const struct kb_check_options *options, struct kb_result *out,
                    struct kb_mistakes *mistakes, struct kb_err *err)
{
    struct kb_baselines baselines;
    kb_res res = kb_baselines_load(&baselines, options->baseline_dir, options->profile,
                                   options->controls, options->control_count, mistakes, err);
    if (!kb_failed(res)) {
        res = check_with(options, &baselines, out, err);
    }
    kb_baselines_done(&baselines);
    return res;
}
