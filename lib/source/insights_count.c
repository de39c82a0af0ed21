/* Events counted by Logs Insights, by stream and step of time. */
#include <stdio.h>

#include "data/time.h"
#include "source/insights.h"

enum {
    STEPS = 1500, /* of time at most: a step has a row for each stream */
    HOLES = 64
};

/* Steps that a person can read. */
static const struct {
    unsigned seconds;
    const char *bin;
} steps[] = {{60, "1m"},      {300, "5m"},    {900, "15m"},  {3600, "1h"},
             {21600, "6h"}, {86400, "1d"}, {604800, "7d"}};

static const char *choose_step(int64_t span_s, unsigned *seconds)
{
    size_t i = 0;
    while (i + 1 < sizeof steps / sizeof steps[0] && span_s / steps[i].seconds > STEPS) {
        i++;
    }
    *seconds = steps[i].seconds;
    return steps[i].bin;
}

/* "2026-01-15 10:00:00.000", or milliseconds since 1970. */
static bool read_ms(struct kb_str text, int64_t *out)
{
    char iso[40];
    struct kb_time time;
    if (kb_str_i64(text, out)) {
        return *out >= 0 && *out / 1000 <= KB_TIME_MAX_S;
    }
    int n = snprintf(iso, sizeof iso, "%.*sZ", KB_FMT(text));
    if (n != (int)text.n + 1 || text.n < 19) {
        return false;
    }
    iso[10] = 'T';
    if (kb_failed(kb_time_parse(kb_str_c(iso), KB_TIME_STRICT, &time, NULL))) {
        return false;
    }
    *out = time.s * 1000 + time.ns / 1000000;
    return true;
}

static struct kb_insights_stream *stream_of(struct kb_insights_count *count, struct kb_str name)
{
    bool added;
    struct kb_str key = kb_arena_copy(&count->arena, name);
    struct kb_map_entry *entry = kb_map_add(&count->index, key, &added);
    if (added) {
        struct kb_insights_stream *stream = KB_VEC_PUSH(&count->streams);
        *stream = (struct kb_insights_stream){.name = key, .first_ms = INT64_MAX, .last_ms = INT64_MIN};
        entry->value.u = count->streams.n;
    }
    return &count->streams.at[entry->value.u - 1];
}

static void add_hole(struct kb_insights_count *count, int64_t from_ms, int64_t to_ms)
{
    if (to_ms > from_ms && count->holes.n < HOLES) {
        *KB_VEC_PUSH(&count->holes) = (struct kb_insights_hole){from_ms, to_ms};
    }
}

static KB_RES take_row(struct kb_insights_count *count, const json_t *row, int64_t *covered_ms,
                       struct kb_err *err)
{
    int64_t step_ms, first_ms, last_ms;
    uint64_t events;
    struct kb_str name = kb_insights_field(row, "@logStream");
    bool whole = name.n > 0 && kb_str_u64(kb_insights_field(row, "events"), &events) &&
                 read_ms(kb_insights_field(row, "step"), &step_ms) &&
                 read_ms(kb_insights_field(row, "first"), &first_ms) &&
                 read_ms(kb_insights_field(row, "last"), &last_ms);
    KB_ENSURE(whole, err, KB_ERR_CORRUPT, "Logs Insights: a row of counts that is not whole (request %s)",
              count->asking.last_request);
    struct kb_insights_stream *stream = stream_of(count, name);
    stream->events += events;
    stream->first_ms = first_ms < stream->first_ms ? first_ms : stream->first_ms;
    stream->last_ms = last_ms > stream->last_ms ? last_ms : stream->last_ms;
    add_hole(count, *covered_ms, step_ms);
    step_ms += (int64_t)count->step_s * 1000;
    *covered_ms = step_ms > *covered_ms ? step_ms : *covered_ms;
    return KB_SUCCESS;
}

static KB_RES take_rows(struct kb_insights_count *count, const json_t *answer,
                        const struct kb_insights_options *options, struct kb_err *err)
{
    size_t i;
    json_t *row;
    json_t *rows = json_object_get(answer, "results");
    int64_t step_ms = (int64_t)count->step_s * 1000;
    int64_t covered_ms = options->since_ms / step_ms * step_ms;
    json_array_foreach(rows, i, row) {
        KB_TRY(take_row(count, row, &covered_ms, err));
    }
    add_hole(count, covered_ms, options->until_ms);
    return KB_SUCCESS;
}

KB_RES kb_insights_count(const struct kb_insights_options *options, struct kb_insights_count *out,
                         struct kb_err *err)
{
    struct kb_buf query;
    KB_AUTO(kb_json_done) json_t *answer = NULL;
    *out = (struct kb_insights_count){0};
    KB_ENSURE(options->since_ms >= 0 && options->since_ms < options->until_ms, err, KB_ERR_USAGE,
              "nothing to count: the time asked for ends before it begins");
    out->asking.group = kb_arena_copy(&out->arena, options->group);
    kb_cw_asker_init(&out->asking.asker, options->client, kb_aws_client_region(options->client));
    const char *bin = choose_step((options->until_ms - options->since_ms) / 1000, &out->step_s);
    kb_buf_init(&query, KB_INSIGHTS_QUERY_MAX);
    kb_buf_printf(&query,
                  "filter @logStream like /^kube-apiserver-audit-/\n"
                  "| stats count(*) as events, min(@timestamp) as first, max(@timestamp) as last "
                  "by @logStream, bin(%s) as step\n| sort step asc\n| limit %d",
                  bin, KB_INSIGHTS_COUNTS);
    kb_res res = kb_insights_ask(&out->asking, kb_buf_view(&query), options->since_ms / 1000,
                                 (options->until_ms - 1) / 1000, &answer, err);
    kb_buf_done(&query);
    KB_TRY(res);
    KB_ENSURE(answer != NULL, err, KB_ERR_IO, "Logs Insights: counting took too long; ask for less time");
    KB_ENSURE(json_array_size(json_object_get(answer, "results")) < KB_INSIGHTS_COUNTS, err,
              KB_ERR_LIMIT, "Logs Insights: more than %d counts; ask for less time", KB_INSIGHTS_COUNTS);
    return take_rows(out, answer, options, err);
}

void kb_insights_count_done(struct kb_insights_count *count)
{
    kb_map_done(&count->index);
    KB_VEC_DONE(&count->streams);
    KB_VEC_DONE(&count->holes);
    kb_arena_done(&count->arena);
}
