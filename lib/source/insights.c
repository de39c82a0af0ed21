/* What Logs Insights finds, as an input beside others. */
#include "source/insights.h"

#include <stdio.h>

#include "base/limits.h"
#include "data/time.h"
#include "source/line_feed.h"

enum { SPANS = 64, LINE_MAX = 2 * KB_MAX_RECORD + 4096 };

struct span {
    int64_t from_s, to_s; /* both inclusive */
};

struct kb_insights {
    struct kb_arena arena;
    struct kb_insights_asking asking;
    struct kb_buf query;
    struct kb_input_entry entry;
    struct kb_feed feed;
    struct span spans[SPANS]; /* still to be asked about; the earliest is the last */
    size_t span_count;
    json_t *answer;
    size_t next; /* row of the answer */
    struct kb_line_feed lines;
    uint64_t rows;
};

static uint64_t matched(const json_t *answer)
{
    const json_t *statistics = kb_json_object(answer, "statistics");
    double n = json_number_value(json_object_get(statistics, "recordsMatched"));
    return n > 0 ? (uint64_t)n : 0;
}

/* Each half is asked about on its own. */
static KB_RES halve(struct kb_insights *insights, struct span span, struct kb_err *err)
{
    int64_t middle = span.from_s + (span.to_s - span.from_s) / 2;
    KB_ENSURE(span.from_s < span.to_s && insights->span_count + 2 <= SPANS, err, KB_ERR_LIMIT,
              "Logs Insights: a second has more than %d such events, or takes too long; see more of "
              "them without --insights", KB_INSIGHTS_ROWS);
    insights->spans[insights->span_count++] = (struct span){middle + 1, span.to_s};
    insights->spans[insights->span_count++] = (struct span){span.from_s, middle};
    return KB_SUCCESS;
}

static KB_RES ask_next(struct kb_insights *insights, struct kb_err *err)
{
    struct span span = insights->spans[--insights->span_count];
    json_decref(insights->answer);
    insights->answer = NULL;
    insights->next = 0;
    KB_TRY(kb_insights_ask(&insights->asking, kb_buf_view(&insights->query), span.from_s, span.to_s,
                           &insights->answer, err));
    size_t rows = json_array_size(kb_json_array(insights->answer, "results"));
    bool whole = insights->answer != NULL && rows < KB_INSIGHTS_ROWS && matched(insights->answer) <= rows;
    if (!whole) {
        json_decref(insights->answer);
        insights->answer = NULL;
        return halve(insights, span, err);
    }
    insights->rows += rows;
    return KB_SUCCESS;
}

static KB_RES write_row(struct kb_insights *insights, const json_t *row, struct kb_err *err)
{
    static const char *const fields[] = {"@timestamp", "@logStream", "@message"};
    struct kb_buf *line = &insights->lines.line;
    kb_line_feed_clear(&insights->lines);
    kb_buf_c(line, "[[{\"field\":\"@log\",\"value\":");
    kb_json_quote(line, insights->asking.group);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        kb_buf_printf(line, "},{\"field\":\"%s\",\"value\":", fields[i]);
        kb_json_quote(line, kb_insights_field(row, fields[i]));
    }
    kb_buf_c(line, "}]]\n");
    KB_ENSURE(!line->full, err, KB_ERR_LIMIT, "Logs Insights: an event of more than %d bytes",
              KB_MAX_RECORD);
    return KB_SUCCESS;
}

static kb_res conclude(const struct kb_insights *insights, struct kb_err *err)
{
    return kb_fail(err, KB_ERR_IO,
                   "looked through by Logs Insights (events found: %llu, queries: %llu): nothing shows "
                   "that all events were looked at, so this is no full evidence",
                   (unsigned long long)insights->rows, (unsigned long long)insights->asking.queries);
}

static kb_res next_line(void *ctx, struct kb_err *err)
{
    struct kb_insights *insights = ctx;
    while (kb_line_feed_empty(&insights->lines)) {
        const json_t *rows = kb_json_array(insights->answer, "results");
        if (insights->next < json_array_size(rows)) {
            KB_TRY(write_row(insights, json_array_get(rows, insights->next++), err));
        } else if (insights->span_count > 0) {
            KB_TRY(ask_next(insights, err));
        } else {
            return conclude(insights, err);
        }
    }
    return KB_SUCCESS;
}

static kb_res read_rows(void *ctx, void *buf, size_t n, size_t *got, struct kb_err *err)
{
    struct kb_insights *insights = ctx;
    return kb_line_feed_give(&insights->lines, next_line, insights, buf, n, got, err);
}

static kb_res open_rows(void *ctx, struct kb_bytes *out, struct kb_err *err)
{
    struct kb_insights *insights = ctx;
    KB_ENSURE(insights->asking.queries == 0, err, KB_ERR_USAGE, "it is read once");
    kb_buf_init(&insights->lines.line, LINE_MAX);
    *out = (struct kb_bytes){read_rows, insights};
    return KB_SUCCESS;
}

static void close_rows(void *ctx)
{
    struct kb_insights *insights = ctx;
    json_decref(insights->answer);
    insights->answer = NULL;
    kb_buf_done(&insights->lines.line);
}

static void tell(const void *ctx, struct kb_feed_report *out)
{
    const struct kb_insights *insights = ctx;
    *out = (struct kb_feed_report){.pages = insights->asking.queries,
                                   .waited_ms = insights->asking.waited_ms,
                                   .first_request = kb_str_c(insights->asking.first_request),
                                   .last_request = kb_str_c(insights->asking.last_request)};
}

static void name_it(struct kb_insights *insights, const struct kb_insights_options *options)
{
    struct kb_buf name;
    kb_buf_init(&name, 1024);
    kb_buf_printf(&name, "%.*s insights", KB_FMT(options->group));
    for (int i = 0; i < 2; i++) {
        int64_t ms = i == 0 ? options->since_ms : options->until_ms;
        kb_buf_char(&name, i == 0 ? ' ' : '/');
        kb_time_format((struct kb_time){ms / 1000, (int32_t)(ms % 1000 * 1000000)}, KB_TIME_NANOS, &name);
    }
    insights->entry.name = kb_arena_copy(&insights->arena, kb_buf_view(&name));
    insights->entry.path = insights->entry.name;
    insights->entry.feed = &insights->feed;
    kb_buf_done(&name);
}

KB_RES kb_insights_open(const struct kb_insights_options *options, struct kb_insights **out,
                        struct kb_err *err)
{
    KB_ENSURE(options->since_ms >= 0 && options->since_ms < options->until_ms, err, KB_ERR_USAGE,
              "nothing to read: the time asked for ends before it begins");
    struct kb_insights *insights = kb_alloc(sizeof *insights);
    insights->lines.res = KB_SUCCESS;
    insights->asking.group = kb_arena_copy(&insights->arena, options->group);
    kb_cw_asker_init(&insights->asking.asker, options->client, kb_aws_client_region(options->client));
    kb_buf_init(&insights->query, 4 * KB_INSIGHTS_QUERY_MAX);
    kb_buf_printf(&insights->query,
                  "fields @timestamp, @logStream, @message\n"
                  "| filter @logStream like /^kube-apiserver-audit-/\n"
                  "%.*s| sort @timestamp asc\n| limit %d",
                  KB_FMT(options->filters), KB_INSIGHTS_ROWS);
    insights->spans[insights->span_count++] =
        (struct span){options->since_ms / 1000, (options->until_ms - 1) / 1000};
    insights->feed = (struct kb_feed){.ctx = insights,
                                      .open = open_rows,
                                      .close = close_rows,
                                      .tell = tell,
                                      .first_ns = options->since_ms * 1000000};
    name_it(insights, options);
    *out = insights;
    return KB_SUCCESS;
}

const struct kb_input_entry *kb_insights_input(const struct kb_insights *insights)
{
    return &insights->entry;
}

void kb_insights_close(struct kb_insights *insights)
{
    if (insights != NULL) {
        close_rows(insights);
        kb_buf_done(&insights->query);
        kb_arena_done(&insights->arena);
        kb_free(insights);
    }
}
