/* From options to queries, and from counts to coverage. */
#include "kube-baseline/insights.h"

#include "kube-baseline/values.h"

/* Options whose globs can be asked for, and the member of an event that they are about. Each is a filter
 * that lets more through than the option: what it lets through is held against the option here. */
static const struct {
    size_t offset; /* of the option's words in struct kb_args */
    const char *member;
    bool number;
} asked[] = {
    {offsetof(struct kb_args, user), "username", false},
    {offsetof(struct kb_args, verb), "verb", false},
    {offsetof(struct kb_args, resource), "resource", false},
    {offsetof(struct kb_args, name_space), "namespace", false},
    {offsetof(struct kb_args, name), "name", false},
    {offsetof(struct kb_args, code), "code", true},
    {offsetof(struct kb_args, source_ip), NULL, false},
};

KB_RES kb_insights_plan(const struct kb_app *app, const struct kb_log_span *span, struct kb_str group,
                        struct kb_buf *filters, struct kb_insights_options *out, struct kb_err *err)
{
    KB_ENSURE(app->args.checkpoint == NULL, err, KB_ERR_USAGE,
              "--checkpoint needs all events: it does not go with --insights");
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        const kb_words *globs =
            (const kb_words *)(const void *)((const char *)&app->args + asked[i].offset);
        const struct kb_insights_test test = {asked[i].member, asked[i].number, globs->at, globs->n};
        if (globs->n > 0) {
            (void)kb_insights_add_test(filters, &test);
        }
    }
    int64_t until_ns = span->until_ns != KB_TIME_NONE
                           ? span->until_ns
                           : span->now_ns - (int64_t)KB_CLOUDWATCH_LAG_MS * 1000000;
    int64_t since_ns = span->since_ns != KB_TIME_NONE
                           ? span->since_ns
                           : until_ns - (int64_t)KB_CLOUDWATCH_SPAN_MS * 1000000;
    *out = (struct kb_insights_options){.group = group,
                                        .filters = kb_buf_view(filters),
                                        .since_ms = since_ns / 1000000,
                                        .until_ms = until_ns / 1000000};
    return KB_SUCCESS;
}

/* Coverage ------------------------------------------------------------------------------------- */

static struct kb_str *only(struct kb_arena *arena, struct kb_str text)
{
    struct kb_str *list = KB_NEW_ARRAY(arena, 1, struct kb_str);
    list[0] = text;
    return list;
}

static struct kb_coverage stream_entry(const struct kb_insights_stream *stream, struct kb_arena *arena)
{
    return (struct kb_coverage){
        .source = kb_arena_copy(arena, stream->name),
        .what = KB_STR("audit"),
        .again = true,
        .items = stream->events,
        .first_ns = stream->first_ms * 1000000,
        .last_ns = stream->last_ms * 1000000,
        .errors = only(arena, KB_STR("counted by Logs Insights, not read")),
        .error_count = 1,
    };
}

static struct kb_coverage group_entry(const struct kb_insights_count *count, struct kb_arena *arena)
{
    struct kb_gap *gaps = KB_NEW_ARRAY(arena, count->holes.n, struct kb_gap);
    for (size_t i = 0; i < count->holes.n; i++) {
        gaps[i] = (struct kb_gap){KB_STR("no audit event"), count->holes.at[i].from_ms * 1000000,
                                  count->holes.at[i].to_ms * 1000000};
    }
    struct kb_str why = kb_arena_printf(arena,
                                        "counted by Logs Insights in steps of %u s, not read: nothing shows that "
                                        "it counted all, so this is no full evidence",
                                        count->step_s);
    return (struct kb_coverage){
        .source = kb_arena_printf(arena, "%.*s insights", KB_FMT(count->asking.group)),
        .what = KB_STR("audit"),
        .pages = count->asking.queries,
        .first_ns = INT64_MIN,
        .last_ns = INT64_MIN,
        .gaps = gaps,
        .gap_count = count->holes.n,
        .errors = only(arena, why),
        .error_count = 1,
        .waited_ms = count->asking.waited_ms,
        .first_request = kb_arena_copy(arena, kb_str_c(count->asking.first_request)),
        .last_request = kb_arena_copy(arena, kb_str_c(count->asking.last_request)),
    };
}

static void cover(const struct kb_insights_count *count, struct kb_logs_coverage *out)
{
    struct kb_coverage *entries = KB_NEW_ARRAY(&out->arena, count->streams.n + 1, struct kb_coverage);
    entries[0] = group_entry(count, &out->arena);
    for (size_t i = 0; i < count->streams.n; i++) {
        struct kb_coverage *entry = &entries[i + 1];
        *entry = stream_entry(&count->streams.at[i], &out->arena);
        entries[0].items += entry->items;
        bool earlier = i == 0 || entry->first_ns < entries[0].first_ns;
        entries[0].first_ns = earlier ? entry->first_ns : entries[0].first_ns;
        entries[0].last_ns = entry->last_ns > entries[0].last_ns ? entry->last_ns : entries[0].last_ns;
    }
    out->at = entries;
    out->n = count->streams.n + 1;
}

KB_RES kb_insights_coverage(const struct kb_app *app, struct kb_logs_coverage *out,
                            struct kb_err *err)
{
    struct kb_log_span span;
    struct kb_insights_options options;
    struct kb_insights_count count = {0};
    struct kb_aws_client *aws = NULL;
    struct kb_buf name, filters;
    KB_ENSURE(app->args.words.n == 0, err, KB_ERR_USAGE,
              "--insights is for a log group, not for log files");
    kb_buf_init(&name, KB_LOG_GROUP_NAME_MAX);
    kb_buf_init(&filters, KB_INSIGHTS_QUERY_MAX);
    kb_res res = kb_log_group_name(&app->args, &name, err);
    if (!kb_failed(res)) {
        res = kb_log_span_read(app, &span, err);
    }
    if (!kb_failed(res)) {
        res = kb_insights_plan(app, &span, kb_buf_view(&name), &filters, &options, err);
    }
    if (!kb_failed(res)) {
        res = kb_aws_open(app, &aws, err);
    }
    if (!kb_failed(res)) {
        options.client = aws;
        res = kb_insights_count(&options, &count, err);
    }
    if (!kb_failed(res)) {
        cover(&count, out);
    }
    kb_insights_count_done(&count);
    kb_aws_client_free(aws);
    kb_buf_done(&filters);
    kb_buf_done(&name);
    return res;
}
