/* Cron expressions: the answers of robfig/cron v3.0.1 and v1.2.0. */
#include "backup/cron.h"

#include <stdio.h>

#include "data/json.h"
#include "rows.h"

enum { DAYS = 400, DAY_S = 86400, MOST = 100000, NEXT = 3 };

static bool same_error(const json_t *row, kb_res res, const struct kb_err *err)
{
    const char *error = kb_rows_text(row, "error");
    bool panics = json_is_true(json_object_get(row, "panic"));
    const char *got = kb_failed(res) ? err->msg : "a value";
    return (error != NULL && kb_failed(res) && strcmp(error, got) == 0 &&
            panics == (res.code == KB_ERR_INVALID)) ||
           kb_rows_differs(row, "wanted %s, got %s", error == NULL ? "a value" : error, got);
}

static bool time_of(struct kb_str text, struct kb_time *out)
{
    return !kb_failed(kb_time_parse(text, KB_TIME_STRICT, out, NULL));
}

static bool same_fires(const json_t *row, const json_t *base, const struct kb_cron *cron,
                       const struct kb_tz *local, struct kb_time from)
{
    const json_t *next = json_object_get(base, "next");
    for (size_t i = 0; i < NEXT; i++) {
        struct kb_time got = {0}, wanted = {0};
        bool fires = kb_cron_next(cron, local, from, &got);
        bool should = i < json_array_size(next);
        if (fires != should) {
            bool ends = json_is_true(json_object_get(base, "never"));
            return (!fires && ends) || (i > 0 && fires && !ends) ||
                   kb_rows_differs(row, "fire %zu of %s", i + 1, fires ? "what never fires" : "never");
        }
        if (!fires) {
            return true;
        }
        if (!time_of(kb_json_view(json_array_get(next, i)), &wanted) ||
            kb_time_cmp(got, wanted) != 0) {
            return kb_rows_differs(row, "fire %zu at %lld, wanted %s", i + 1, (long long)got.s,
                                   json_string_value(json_array_get(next, i)));
        }
        from = got;
    }
    return true;
}

static bool run_base(const json_t *row, const json_t *base, const struct kb_cron *cron,
                     const struct kb_tz *local)
{
    struct kb_time from = {0};
    if (!time_of(kb_rows_str(base, "from"), &from)) {
        return kb_rows_differs(row, "no time to start from");
    }
    if (!same_fires(row, base, cron, local, from)) {
        return false;
    }
    struct kb_time until = {.s = from.s + DAYS * DAY_S, .ns = from.ns};
    struct kb_cron_span span = kb_cron_count(cron, local, from, until, MOST);
    const json_t *gap = json_object_get(base, "max_gap_s");
    int64_t wanted_gap = json_is_integer(gap) ? json_integer_value(gap) : -1;
    int64_t wanted = json_integer_value(json_object_get(base, "count"));
    bool capped = json_is_true(json_object_get(base, "capped"));
    return ((int64_t)span.count == wanted && span.max_gap_s == wanted_gap &&
            span.capped == capped) ||
           kb_rows_differs(row, "from %s: %lld fires%s, gap %lld; wanted %lld%s, %lld",
                           kb_rows_text(base, "from"), (long long)span.count,
                           span.capped ? " capped" : "", (long long)span.max_gap_s,
                           (long long)wanted, capped ? " capped" : "", (long long)wanted_gap);
}

static bool run(const json_t *row, void *ctx)
{
    (void)ctx;
    const struct kb_tz *local = NULL;
    struct kb_cron cron;
    struct kb_err err = {0};
    bool old = kb_str_starts(kb_rows_str(row, "impl"), KB_STR("v1"));
    if (kb_failed(kb_tz_find(kb_rows_str(row, "local_zone"), &local, &err))) {
        return kb_rows_differs(row, "%s", err.msg);
    }
    kb_res res = kb_cron_parse(old ? KB_CRON_SECONDS : KB_CRON_STANDARD, kb_rows_str(row, "expr"),
                               &cron, &err);
    if (kb_failed(res) || !json_is_true(json_object_get(row, "valid"))) {
        return same_error(row, res, &err);
    }
    const json_t *bases = json_object_get(row, "bases");
    for (size_t i = 0; i < json_array_size(bases); i++) {
        if (!run_base(row, json_array_get(bases, i), &cron, local)) {
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    return kb_rows_main(argc, argv, run, NULL);
}
