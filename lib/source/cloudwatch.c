/* The run over a log group: its span, its windows, and the checkpoint at the end. */
#include "source/cloudwatch.h"

#include <stdio.h>

#include "data/time.h"
#include "source/cloudwatch_internal.h"

enum {
    TOLD_LATE_MS = 2 * 60 * 60 * 1000, /* after this a stream is sure to be in the list */
    STREAMS_ALONE = 3,                 /* of a window, that are read one by one: each takes memory */
    CLOCK_MS = 5000                    /* a clock that is no more off is right */
};

/* Span ---------------------------------------------------------------------------------------- */

static KB_RES read_checkpoint(struct kb_cloudwatch *cw, const struct kb_cloudwatch_options *options,
                              struct kb_err *err)
{
    cw->before = (struct kb_checkpoint){.group = cw->name, .region = cw->region};
    if (options->checkpoint.n == 0) {
        cw->before.until_ms = KB_CLOUDWATCH_NO_TIME;
        return KB_SUCCESS;
    }
    KB_TRY(kb_checkpoint_open(kb_arena_copy(&cw->arena, options->checkpoint), options->flags, &cw->place, err));
    kb_res res = kb_checkpoint_read(&cw->place, &cw->before, err);
    if (res.code == KB_ERR_NOT_FOUND) {
        cw->before.until_ms = KB_CLOUDWATCH_NO_TIME;
        return KB_SUCCESS;
    }
    return res;
}

/* Whether this run can go on where the last one ended. */
static KB_RES check_before(const struct kb_cloudwatch *cw, const struct kb_cloudwatch_options *options,
                           struct kb_err *err)
{
    const char *then = cw->before.account, *now = cw->group.account;
    char at[40];
    struct kb_buf time;
    kb_buf_init(&time, sizeof at);
    kb_time_format((struct kb_time){cw->before.until_ms / 1000, 0}, KB_TIME_SECONDS, &time);
    (void)snprintf(at, sizeof at, "%.*s", KB_FMT(kb_buf_view(&time)));
    kb_buf_done(&time);
    KB_ENSURE(then[0] == '\0' || now[0] == '\0' || strcmp(then, now) == 0, err, KB_ERR_INVALID,
              "%.*s: the checkpoint is of account %s, and these credentials see the log group of account %s",
              KB_FMT(cw->place.name), then, now);
    KB_ENSURE(cw->before.until_ms <= cw->now_ms, err, KB_ERR_INVALID,
              "%.*s: the checkpoint is at %s, which is yet to come; without it, the next run begins at --since",
              KB_FMT(cw->place.name), at);
    KB_ENSURE(options->until_ms == KB_CLOUDWATCH_NO_TIME || options->until_ms >= cw->before.until_ms, err,
              KB_ERR_USAGE, "%.*s: the checkpoint is at %s, after --until; without --checkpoint, any time can be read",
              KB_FMT(cw->place.name), at);
    return KB_SUCCESS;
}

/* From where the last run, or the user, says; to where the user says, or to what has settled. */
static KB_RES set_span(struct kb_cloudwatch *cw, const struct kb_cloudwatch_options *options,
                       struct kb_err *err)
{
    int64_t settled = cw->now_ms - KB_CLOUDWATCH_LAG_MS;
    cw->until_ms = options->until_ms == KB_CLOUDWATCH_NO_TIME ? settled : options->until_ms;
    cw->since_ms = options->since_ms == KB_CLOUDWATCH_NO_TIME ? cw->until_ms - KB_CLOUDWATCH_SPAN_MS
                                                              : options->since_ms;
    if (cw->before.until_ms != KB_CLOUDWATCH_NO_TIME) {
        KB_TRY(check_before(cw, options, err));
        cw->since_ms = cw->before.overlap_ms;
        cw->until_ms = cw->until_ms < cw->before.until_ms ? cw->before.until_ms : cw->until_ms;
    }
    KB_ENSURE(cw->since_ms >= 0 && cw->since_ms < cw->until_ms, err, KB_ERR_USAGE,
              "nothing to read: the time asked for ends before it begins (what is younger than %d "
              "minutes is left to the next run)",
              KB_CLOUDWATCH_LAG_MS / 60000);
    return KB_SUCCESS;
}

/* Windows ------------------------------------------------------------------------------------- */

static bool overlaps(const struct kb_cw_stream *stream, enum kb_cw_series series, int64_t from_ms,
                     int64_t to_ms)
{
    bool begins = stream->told_first == KB_CLOUDWATCH_NO_TIME || stream->told_first <= to_ms;
    bool ends = stream->told_last == KB_CLOUDWATCH_NO_TIME ||
                stream->told_last >= from_ms - TOLD_LATE_MS;
    return kb_str_starts(stream->name, kb_str_c(kb_cw_prefixes[series])) && begins && ends;
}

static void name_window(struct kb_cloudwatch *cw, const struct kb_cw_window *window,
                        struct kb_input_entry *entry)
{
    struct kb_buf name;
    kb_buf_init(&name, 1024);
    kb_buf_printf(&name, "%.*s %.*s", KB_FMT(cw->name),
                  KB_FMT(window->stream.n > 0 ? window->stream
                         : window->series == KB_CW_AUDIT ? KB_STR("audit") : KB_STR("authenticator")));
    for (int i = 0; i < 2; i++) {
        int64_t ms = i == 0 ? window->from_ms : window->to_ms + 1;
        kb_buf_char(&name, i == 0 ? ' ' : '/');
        kb_time_format((struct kb_time){ms / 1000, (int32_t)(ms % 1000 * 1000000)}, KB_TIME_NANOS, &name);
    }
    entry->name = kb_arena_copy(&cw->arena, kb_buf_view(&name));
    entry->path = entry->name;
    entry->feed = &window->feed;
    kb_buf_done(&name);
}

static void add_window(struct kb_cloudwatch *cw, enum kb_cw_series series, struct kb_str stream,
                       int64_t from_ms, int64_t to_ms)
{
    struct kb_cw_window *window = &cw->windows[cw->window_count];
    *window = (struct kb_cw_window){
        .cw = cw, .series = series, .stream = stream, .from_ms = from_ms, .to_ms = to_ms};
    kb_cw_window_feed(window);
    name_window(cw, window, &cw->entries[cw->window_count++]);
}

static bool keeps(const struct kb_cloudwatch *cw)
{
    return cw->place.ctx != NULL;
}

/* One stream at a time where that is faster, and where no stream can be missing in the list. */
static bool read_alone(const struct kb_cloudwatch *cw, size_t streams, int64_t to_ms)
{
    return !keeps(cw) && cw->group.problem.n == 0 && kb_cw_get_is_better(&cw->asker) &&
           streams > 0 && streams <= STREAMS_ALONE && to_ms < cw->now_ms - TOLD_LATE_MS;
}

static void add_series(struct kb_cloudwatch *cw, enum kb_cw_series series, int64_t from_ms,
                       int64_t to_ms)
{
    const struct kb_cw_stream *found[STREAMS_ALONE] = {NULL};
    size_t n = 0;
    for (size_t i = 0; i < cw->group.streams.n; i++) {
        if (overlaps(&cw->group.streams.at[i], series, from_ms, to_ms)) {
            if (n < STREAMS_ALONE) {
                found[n] = &cw->group.streams.at[i];
            }
            n++;
        }
    }
    bool nothing = n == 0 && series != KB_CW_AUDIT && cw->group.problem.n == 0 &&
                   to_ms < cw->now_ms - TOLD_LATE_MS;
    if (nothing) {
        return;
    }
    if (!read_alone(cw, n, to_ms)) {
        add_window(cw, series, KB_STR(""), from_ms, to_ms);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        add_window(cw, series, found[i]->name, from_ms, to_ms);
    }
}

static void plan_windows(struct kb_cloudwatch *cw)
{
    int64_t span = KB_CLOUDWATCH_SPAN_MS;
    while ((cw->until_ms - cw->since_ms + span - 1) / span > KB_CLOUDWATCH_WINDOWS) {
        span *= 2;
    }
    size_t most = (size_t)KB_CLOUDWATCH_WINDOWS * KB_CW_SERIES * STREAMS_ALONE;
    cw->windows = KB_NEW_ARRAY(&cw->arena, most, struct kb_cw_window);
    cw->entries = KB_NEW_ARRAY(&cw->arena, most, struct kb_input_entry);
    for (int64_t from = cw->since_ms; from < cw->until_ms; from += span) {
        int64_t end = from + span < cw->until_ms ? from + span : cw->until_ms;
        for (int series = 0; series < KB_CW_SERIES; series++) {
            add_series(cw, (enum kb_cw_series)series, from, end - 1);
        }
    }
}

/* Life ---------------------------------------------------------------------------------------- */

static KB_RES begin(struct kb_cloudwatch *cw, const struct kb_cloudwatch_options *options,
                    struct kb_err *err)
{
    cw->region = kb_arena_copy(&cw->arena, kb_aws_client_region(options->client));
    KB_ENSURE(cw->region.n > 0, err, KB_ERR_USAGE,
              "no AWS region is known: name one with --region, AWS_REGION or the profile");
    kb_cw_asker_init(&cw->asker, options->client, cw->region);
    KB_TRY(read_checkpoint(cw, options, err));
    KB_TRY(kb_cw_read_group(cw, err));
    /* The first answer has shown whether this machine's clock can be trusted. */
    int64_t ahead_ms = options->now_fixed ? 0 : 1000 * kb_aws_client_clock_ahead_s(options->client);
    ahead_ms = ahead_ms < CLOCK_MS && ahead_ms > -CLOCK_MS ? 0 : ahead_ms;
    cw->now_ms += ahead_ms;
    if (cw->group.kept_from_ms != KB_CLOUDWATCH_NO_TIME) {
        cw->group.kept_from_ms += ahead_ms;
    }
    KB_TRY(set_span(cw, options, err));
    KB_TRY(kb_cw_read_streams(cw, err));
    plan_windows(cw);
    return KB_SUCCESS;
}

KB_RES kb_cloudwatch_open(const struct kb_cloudwatch_options *options, struct kb_cloudwatch **out,
                          struct kb_err *err)
{
    struct kb_cloudwatch *cw = kb_alloc(sizeof *cw);
    cw->name = kb_arena_copy(&cw->arena, options->group);
    cw->now_ms = options->now_ms;
    kb_res res = begin(cw, options, err);
    if (kb_failed(res)) {
        kb_cloudwatch_close(cw);
        return res;
    }
    *out = cw;
    return KB_SUCCESS;
}

const struct kb_input_entry *kb_cloudwatch_inputs(const struct kb_cloudwatch *cw, size_t *n)
{
    *n = cw->window_count;
    return cw->entries;
}

KB_RES kb_cloudwatch_commit(struct kb_cloudwatch *cw, bool *moved, struct kb_err *err)
{
    *moved = keeps(cw);
    for (size_t i = 0; i < cw->window_count; i++) {
        *moved = *moved && cw->windows[i].over;
    }
    if (!*moved) {
        return KB_SUCCESS;
    }
    struct kb_checkpoint next = {.group = cw->name,
                                 .region = cw->region,
                                 .until_ms = cw->until_ms,
                                 .overlap_ms = cw->until_ms - KB_CLOUDWATCH_OVERLAP_MS};
    memcpy(next.account, cw->group.account, sizeof next.account);
    if (next.overlap_ms < cw->since_ms) {
        next.overlap_ms = cw->since_ms;
    }
    /* Only as far back as all keys are known: an event must not count twice. */
    if (cw->seen.dropped && next.overlap_ms <= cw->seen.dropped_ms) {
        next.overlap_ms = cw->seen.dropped_ms + 1;
    }
    return kb_checkpoint_write(&cw->place, &next, &cw->seen, err);
}

const char *kb_cloudwatch_missing(const struct kb_cloudwatch *cw)
{
    const struct kb_cw_window *found = NULL;
    for (size_t i = 0; i < cw->window_count; i++) {
        const struct kb_cw_window *window = &cw->windows[i];
        bool first = found == NULL || (found->over && !window->over);
        found = first && !window->complete && kb_failed(window->lines.res) ? window : found;
    }
    return found == NULL ? NULL : found->lines.err.msg;
}

void kb_cloudwatch_close(struct kb_cloudwatch *cw)
{
    if (cw == NULL) {
        return;
    }
    for (size_t i = 0; i < cw->window_count; i++) {
        kb_cw_window_done(&cw->windows[i]);
    }
    kb_checkpoint_close(&cw->place);
    kb_checkpoint_done(&cw->before);
    kb_seen_done(&cw->seen);
    kb_map_done(&cw->group.index);
    KB_VEC_DONE(&cw->group.streams);
    kb_arena_done(&cw->arena);
    kb_free(cw);
}
