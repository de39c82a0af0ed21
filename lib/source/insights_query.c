/* Queries: their text, and asking them. */
#include <stdio.h>

#include "data/glob.h"
#include "source/insights.h"

enum { FIRST_POLL_MS = 200, LONGEST_POLL_MS = 2000, POLLS = 2000 };

/* Text ----------------------------------------------------------------------------------------- */

/* Texts of which every character stands in JSON as it is, and of which every glob is one here. */
static bool can_ask(struct kb_str glob)
{
    for (size_t i = 0; i < glob.n; i++) {
        char c = glob.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word && strchr("-_.:@/*? ,=", c) == NULL) {
            return false;
        }
    }
    return !kb_glob_match(glob, KB_STR("")); /* what is not there would match as well */
}

/* A JSON text's character, escaped or not. */
#define CHARACTER "([^\"\\\\]|\\\\.)"

static void add_glob(struct kb_buf *query, struct kb_str glob, bool number)
{
    for (size_t i = 0; i < glob.n; i++) {
        char c = glob.p[i];
        if (c == '*' || c == '?') {
            kb_buf_c(query, number ? "[0-9]" : CHARACTER);
            kb_buf_c(query, c == '*' ? "*" : number ? "" : "{1,12}"); /* \uXXXX\uXXXX */
        } else {
            kb_buf_c(query, c == '.' || c == '/' ? "\\" : "");
            kb_buf_char(query, c);
        }
    }
}

bool kb_insights_add_test(struct kb_buf *query, const struct kb_insights_test *test)
{
    for (size_t i = 0; i < test->n; i++) {
        if (!can_ask(test->globs[i])) {
            return false;
        }
    }
    kb_buf_c(query, "| filter @message like /");
    if (test->member != NULL) {
        kb_buf_printf(query, "\"%s\":\\s*", test->member);
    }
    kb_buf_c(query, test->number ? "(" : "\"(");
    for (size_t i = 0; i < test->n; i++) {
        kb_buf_c(query, i == 0 ? "" : "|");
        add_glob(query, test->globs[i], test->number);
    }
    kb_buf_c(query, test->number ? ")\\b/\n" : ")\"/\n");
    return true;
}

/* Asking --------------------------------------------------------------------------------------- */

static KB_RES start(struct kb_insights_asking *asking, struct kb_str query, int64_t from_s,
                    int64_t to_s, json_t **out, struct kb_err *err)
{
    struct kb_aws_status status;
    KB_AUTO(kb_json_done) json_t *params =
        json_pack("{s:s%,s:I,s:I,s:s%}", "logGroupName", asking->group.p, asking->group.n, "startTime",
                  (json_int_t)from_s, "endTime", (json_int_t)to_s, "queryString", query.p, query.n);
    KB_ENSURE(++asking->queries <= KB_INSIGHTS_QUERIES, err, KB_ERR_LIMIT,
              "Logs Insights: more than %d queries; ask for less time, or for less of it",
              KB_INSIGHTS_QUERIES);
    KB_TRY(kb_cw_ask_tree(&asking->asker, KB_CW_QUERY, params, out, &status, &asking->waited_ms, err));
    if (asking->queries == 1) {
        memcpy(asking->first_request, status.request_id, sizeof asking->first_request);
    }
    return KB_SUCCESS;
}

static bool is_one_of(struct kb_str status, const char *a, const char *b)
{
    return kb_str_eq_c(status, a) || kb_str_eq_c(status, b);
}

/* Rows of a query that still runs are only some of them. *out stays NULL where it took too long. */
static KB_RES await(struct kb_insights_asking *asking, const json_t *params, json_t **out,
                    struct kb_err *err)
{
    int64_t pause_ms = FIRST_POLL_MS;
    for (int i = 0; i < POLLS; i++) {
        struct kb_str state = KB_STR("");
        struct kb_aws_status status;
        KB_AUTO(kb_json_done) json_t *answer = NULL;
        KB_TRY(kb_cw_ask_tree(&asking->asker, KB_CW_RESULTS, params, &answer, &status,
                              &asking->waited_ms, err));
        memcpy(asking->last_request, status.request_id, sizeof asking->last_request);
        (void)kb_json_str(answer, "status", &state);
        if (kb_str_eq_c(state, "Complete")) {
            KB_ENSURE(json_is_array(json_object_get(answer, "results")), err, KB_ERR_CORRUPT,
                      "Logs Insights: an answer without its rows (request %s)", status.request_id);
            *out = json_incref(answer);
            return KB_SUCCESS;
        }
        if (kb_str_eq_c(state, "Timeout")) {
            return KB_SUCCESS;
        }
        KB_ENSURE(is_one_of(state, "Running", "Scheduled"), err, KB_ERR_IO,
                  "Logs Insights: the query ended as \"%.*s\" (request %s)", KB_FMT(state),
                  status.request_id);
        kb_cw_wait_ms(pause_ms);
        asking->waited_ms += (uint64_t)pause_ms;
        pause_ms = pause_ms * 2 > LONGEST_POLL_MS ? LONGEST_POLL_MS : pause_ms * 2;
    }
    return kb_fail(err, KB_ERR_LIMIT, "Logs Insights: the query has not ended after more than an hour (request %s)",
                   asking->last_request);
}

KB_RES kb_insights_ask(struct kb_insights_asking *asking, struct kb_str query, int64_t from_s,
                       int64_t to_s, json_t **out, struct kb_err *err)
{
    struct kb_str id = KB_STR("");
    KB_AUTO(kb_json_done) json_t *started = NULL;
    *out = NULL;
    KB_ENSURE(query.n <= KB_INSIGHTS_QUERY_MAX, err, KB_ERR_LIMIT,
              "Logs Insights: a query of more than %d characters", KB_INSIGHTS_QUERY_MAX);
    KB_TRY(start(asking, query, from_s, to_s, &started, err));
    KB_ENSURE(kb_json_str(started, "queryId", &id), err, KB_ERR_CORRUPT,
              "Logs Insights: a query without its id");
    KB_AUTO(kb_json_done) json_t *params = json_pack("{s:s%}", "queryId", id.p, id.n);
    return await(asking, params, out, err);
}

struct kb_str kb_insights_field(const json_t *row, const char *name)
{
    size_t i;
    json_t *field;
    json_array_foreach(row, i, field) {
        struct kb_str key = KB_STR(""), value = KB_STR("");
        if (kb_json_str(field, "field", &key) && kb_str_eq_c(key, name)) {
            (void)kb_json_str(field, "value", &value);
            return value;
        }
    }
    return KB_STR("");
}
