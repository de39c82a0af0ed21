/* The log group and its streams: what there is to read, and what no longer is. */
#include <stdio.h>

#include "data/time.h"
#include "source/cloudwatch_internal.h"

const char *const kb_cw_prefixes[KB_CW_SERIES] = {
    [KB_CW_AUDIT] = "kube-apiserver-audit-",
    [KB_CW_AUTHENTICATOR] = "authenticator-",
};

enum {
    PAGES_MAX = 2000,
    DAY_MS = 24 * 60 * 60 * 1000,
    TOLD_LATE_MS = 2 * 60 * 60 * 1000, /* lastEventTimestamp may be an hour behind; twice that is safe */
    TEXT_MAX = 480
};

/* A list that may not be read, or not to its end, is a problem of what it would have proved. */
static void add_problem(struct kb_cloudwatch *cw, struct kb_str text)
{
    struct kb_str *problem = &cw->group.problem;
    *problem = problem->n == 0 ? kb_arena_copy(&cw->arena, text)
                               : kb_arena_printf(&cw->arena, "%.*s; %.*s", KB_FMT(*problem), KB_FMT(text));
}

/* The page after this one: false at the end. A page that asks for itself is an error. */
static KB_RES follow(json_t *params, const json_t *page, bool *more, struct kb_err *err)
{
    struct kb_str token = KB_STR(""), sent = KB_STR("");
    (void)kb_json_str(page, "nextToken", &token);
    (void)kb_json_str(params, "nextToken", &sent);
    *more = token.n > 0;
    KB_ENSURE(token.n == 0 || !kb_str_eq(token, sent), err, KB_ERR_CORRUPT,
              "a page of the list asks for itself again");
    return json_object_set_new(params, "nextToken", json_stringn(token.p, token.n)) == 0
               ? KB_SUCCESS
               : kb_fail(err, KB_ERR_CORRUPT, "a page's token is no text");
}

static KB_RES each_page(struct kb_cloudwatch *cw, enum kb_cw_call call, json_t *params,
                        bool (*take)(struct kb_cloudwatch *cw, const json_t *page), bool *answered,
                        struct kb_err *err)
{
    const struct kb_aws_operation *operation = kb_cw_operation(call);
    bool more = true;
    uint64_t waited = 0;
    *answered = true;
    for (size_t i = 0; i < PAGES_MAX && more; i++) {
        KB_AUTO(kb_json_done) json_t *page = NULL;
        struct kb_aws_status status = {0};
        kb_res res = kb_cw_ask_tree(&cw->asker, call, params, &page, &status, &waited, err);
        *answered = status.http != 0;
        KB_TRY(res);
        KB_TRY_CTX(err, follow(params, page, &more, err), "logs:%s", operation->name);
        if (!take(cw, page)) {
            return KB_SUCCESS;
        }
    }
    KB_ENSURE(!more, err, KB_ERR_LIMIT, "logs:%s: more than %d pages", operation->name,
              PAGES_MAX);
    return KB_SUCCESS;
}

/* "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/eks/x/cluster:*" */
static void set_account(struct kb_cw_group *group, const json_t *json)
{
    enum { BEFORE = 4 };
    struct kb_str rest = KB_STR("");
    (void)kb_json_str(json, "arn", &rest);
    for (int i = 0; i < BEFORE; i++) {
        (void)kb_str_split(rest, ':', &rest);
    }
    struct kb_str account = kb_str_split(rest, ':', &rest);
    (void)snprintf(group->account, sizeof group->account, "%.*s", KB_FMT(account));
}

static bool take_group(struct kb_cloudwatch *cw, const json_t *page)
{
    const json_t *list = kb_json_array(page, "logGroups");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *group = json_array_get(list, i);
        struct kb_str name = KB_STR("");
        int64_t days = 0;
        (void)kb_json_str(group, "logGroupName", &name);
        if (!kb_str_eq(name, cw->name)) {
            continue;
        }
        cw->group.created_ms = 0;
        (void)kb_json_i64(group, "creationTime", &cw->group.created_ms);
        set_account(&cw->group, group);
        if (kb_json_i64(group, "retentionInDays", &days) && days > 0 && days < 100000) {
            cw->group.kept_from_ms = cw->now_ms - days * DAY_MS;
        }
        return false;
    }
    return true;
}

KB_RES kb_cw_read_group(struct kb_cloudwatch *cw, struct kb_err *err)
{
    struct kb_err why = {0};
    KB_AUTO(kb_json_done) json_t *params =
        json_pack("{s:s%}", "logGroupNamePrefix", cw->name.p, cw->name.n);
    cw->group.created_ms = cw->group.kept_from_ms = KB_CLOUDWATCH_NO_TIME;
    bool answered;
    kb_res res = each_page(cw, KB_CW_GROUPS, params, take_group, &answered, &why);
    if (kb_failed(res) && !answered) { /* no credentials, no way there: nothing can be read */
        *err = why;
        return res;
    }
    if (kb_failed(res)) {
        struct kb_str text = kb_arena_printf(
            &cw->arena, "how long the group keeps its events is not known: %s", why.msg);
        add_problem(cw, text);
        return KB_SUCCESS;
    }
    KB_ENSURE(cw->group.created_ms != KB_CLOUDWATCH_NO_TIME, err, KB_ERR_NOT_FOUND,
              "there is no log group %.*s in %.*s: is another region meant, or is the logging of the "
              "control plane off?",
              KB_FMT(cw->name), KB_FMT(cw->region));
    return KB_SUCCESS;
}

struct kb_cw_stream *kb_cw_stream(struct kb_cloudwatch *cw, struct kb_str name)
{
    struct kb_cw_group *group = &cw->group;
    struct kb_map_entry *found = kb_map_find(&group->index, name);
    if (found != NULL) {
        return &group->streams.at[found->value.u - 1];
    }
    if (group->streams.n == KB_CLOUDWATCH_STREAMS) {
        return NULL;
    }
    struct kb_cw_stream *stream = KB_VEC_PUSH(&group->streams);
    *stream = (struct kb_cw_stream){.told_first = KB_CLOUDWATCH_NO_TIME,
                                    .told_last = KB_CLOUDWATCH_NO_TIME,
                                    .seen_last = KB_CLOUDWATCH_NO_TIME};
    struct kb_map_entry *entry = kb_map_add(&group->index, name, NULL);
    entry->value.u = group->streams.n;
    stream->name = entry->key;
    return stream;
}

static bool is_read(struct kb_str name)
{
    bool read = false;
    for (size_t i = 0; i < KB_CW_SERIES; i++) {
        read = read || kb_str_starts(name, kb_str_c(kb_cw_prefixes[i]));
    }
    return read;
}

/* Latest events first: what is long over is not looked at. */
static bool take_streams(struct kb_cloudwatch *cw, const json_t *page)
{
    const json_t *list = kb_json_array(page, "logStreams");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *json = json_array_get(list, i);
        struct kb_str name = KB_STR("");
        int64_t last = KB_CLOUDWATCH_NO_TIME;
        (void)kb_json_str(json, "logStreamName", &name);
        if (kb_json_i64(json, "lastEventTimestamp", &last) && last < cw->since_ms - TOLD_LATE_MS) {
            return false;
        }
        struct kb_cw_stream *stream = is_read(name) ? kb_cw_stream(cw, name) : NULL;
        if (stream != NULL) {
            stream->told = true;
            stream->told_last = last;
            (void)kb_json_i64(json, "firstEventTimestamp", &stream->told_first);
        } else if (is_read(name)) {
            add_problem(cw, KB_STR("the group has more streams than can be told apart"));
            return false;
        }
    }
    return true;
}

KB_RES kb_cw_read_streams(struct kb_cloudwatch *cw, struct kb_err *err)
{
    struct kb_err why = {0};
    KB_AUTO(kb_json_done) json_t *params =
        json_pack("{s:s%,s:s,s:b,s:i}", "logGroupName", cw->name.p, cw->name.n, "orderBy",
                  "LastEventTime", "descending", 1, "limit", 50);
    bool answered;
    kb_res res = each_page(cw, KB_CW_STREAMS, params, take_streams, &answered, &why);
    if (res.code == KB_ERR_NOT_FOUND) {
        return kb_fail(err, KB_ERR_NOT_FOUND, "there is no log group %.*s in %.*s", KB_FMT(cw->name),
                       KB_FMT(cw->region));
    }
    if (kb_failed(res)) {
        struct kb_str text = kb_arena_printf(
            &cw->arena, "which streams the group has is not known: %s", why.msg);
        add_problem(cw, text);
    }
    return KB_SUCCESS;
}

/* What is missing ----------------------------------------------------------------------------- */

static void add_time(struct kb_buf *out, int64_t ms)
{
    kb_time_format((struct kb_time){ms / 1000, (int32_t)(ms % 1000 * 1000000)}, KB_TIME_NANOS, out);
}

static void say(struct kb_buf *out, const char *before, int64_t ms, const char *after)
{
    kb_buf_c(out, out->n > 0 ? "; " : "");
    kb_buf_c(out, before);
    if (ms != KB_CLOUDWATCH_NO_TIME) {
        add_time(out, ms);
    }
    kb_buf_c(out, after);
}

/* A stream whose last event lies in the window must have given it. */
static void missing_ends(const struct kb_cw_window *window, struct kb_buf *out)
{
    const struct kb_cw_group *group = &window->cw->group;
    struct kb_str prefix = kb_str_c(kb_cw_prefixes[window->series]);
    for (size_t i = 0; i < group->streams.n && out->n < TEXT_MAX; i++) {
        const struct kb_cw_stream *stream = &group->streams.at[i];
        bool mine = window->stream.n > 0 ? kb_str_eq(stream->name, window->stream)
                                         : kb_str_starts(stream->name, prefix);
        bool ends_here = stream->told_last >= window->from_ms && stream->told_last <= window->to_ms &&
                         stream->told_last >= group->kept_from_ms;
        if (mine && ends_here && stream->seen_last < stream->told_last) {
            kb_buf_printf(out, "%s%.*s has an event at ", out->n > 0 ? "; " : "", KB_FMT(stream->name));
            add_time(out, stream->told_last);
            kb_buf_c(out, " that did not come");
        }
    }
}

/* What is gone for good. */
static void say_gone(const struct kb_cw_window *window, struct kb_buf *out)
{
    const struct kb_cloudwatch *cw = window->cw;
    if (window->from_ms < cw->group.kept_from_ms) {
        say(out, "the group's retention removes events from before ", cw->group.kept_from_ms, "");
    }
    if (window->from_ms < cw->group.created_ms) {
        say(out, "the group was made at ", cw->group.created_ms, ", and tells nothing from before");
    }
}

bool kb_cw_missing(const struct kb_cw_window *window, struct kb_buf *out)
{
    const struct kb_cloudwatch *cw = window->cw;
    int64_t settled = cw->now_ms - KB_CLOUDWATCH_LAG_MS;
    bool silent = window->series == KB_CW_AUDIT && window->stream.n == 0 &&
                  window->events + window->doubled == 0;
    say_gone(window, out);
    size_t gone = out->n;
    if (cw->group.problem.n > 0) {
        kb_buf_c(out, out->n > 0 ? "; " : "");
        kb_buf_str(out, cw->group.problem);
    }
    if (window->to_ms >= settled) {
        say(out, "events after ", settled, " may still be on their way");
    }
    missing_ends(window, out);
    bool for_good = out->n == gone && (!silent || window->to_ms < cw->now_ms - TOLD_LATE_MS);
    if (silent) {
        say(out, "no audit event at all: is audit logging on?", KB_CLOUDWATCH_NO_TIME, "");
    }
    return for_good;
}
