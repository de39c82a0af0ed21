/*
 * Logs Insights: the service looks through a log group, and only what it finds is read. Quick, and good for
 * looking; never full evidence, since nothing shows that what it looked through was whole.
 *
 * Facts: "CloudWatch Logs Insights query syntax", API reference of StartQuery and GetQueryResults.
 */
#ifndef KB_SOURCE_INSIGHTS_H
#define KB_SOURCE_INSIGHTS_H

#include "base/map.h"
#include "source/cloudwatch_ask.h"
#include "source/input.h"

enum {
    KB_INSIGHTS_QUERY_MAX = 10000, /* characters of a query */
    KB_INSIGHTS_ROWS = 5000,       /* of an answer; where there are more, its time is halved */
    KB_INSIGHTS_COUNTS = 10000,    /* rows of counts */
    KB_INSIGHTS_QUERIES = 500      /* of a run */
};

/* What is looked through. */
struct kb_insights_options {
    struct kb_aws_client *client; /* outlives the reading, and is used by nobody else during it */
    struct kb_str group;          /* "/aws/eks/prod/cluster" */
    struct kb_str filters;        /* lines of the query, as kb_insights_add_test writes them */
    int64_t since_ms, until_ms;   /* until is exclusive */
};

/* One member of an event, and globs of which one must match its text. */
struct kb_insights_test {
    const char *member; /* "verb"; NULL: any text of the event */
    bool number;        /* its value stands without quotes */
    const struct kb_str *globs;
    size_t n;
};
/* Append a filter that no event fails which passes the test. False, and nothing is appended, where the test
 * cannot be asked of Logs Insights. */
bool kb_insights_add_test(struct kb_buf *query, const struct kb_insights_test *test);

/* One query, from its start to its end: *out is the answer of GetQueryResults. Both times are inclusive.
 * *out is NULL where it took too long. */
struct kb_insights_asking {
    struct kb_cw_asker asker;
    struct kb_str group;
    uint64_t queries, waited_ms;
    char first_request[80], last_request[80];
};
KB_RES kb_insights_ask(struct kb_insights_asking *asking, struct kb_str query, int64_t from_s,
                       int64_t to_s, json_t **out, struct kb_err *err);
/* Text of a field of a row; empty where the row does not have it. */
struct kb_str kb_insights_field(const json_t *row, const char *name);

struct kb_insights;

/* Nothing is asked before the input is read. It always ends with an error that says what it is not. */
KB_RES kb_insights_open(const struct kb_insights_options *options, struct kb_insights **out,
                        struct kb_err *err);
const struct kb_input_entry *kb_insights_input(const struct kb_insights *insights);
void kb_insights_close(struct kb_insights *insights); /* NULL allowed */

/* Events of a stream, as counted. */
struct kb_insights_stream {
    struct kb_str name;
    uint64_t events;
    int64_t first_ms, last_ms;
};
/* Time without an event of any audit stream, in steps of `step_s`. */
struct kb_insights_hole {
    int64_t from_ms, to_ms;
};
struct kb_insights_count {
    struct kb_arena arena;
    struct kb_map index; /* of streams, by name: number + 1 */
    KB_VEC(struct kb_insights_stream) streams;
    KB_VEC(struct kb_insights_hole) holes;
    unsigned step_s;
    struct kb_insights_asking asking; /* as it was asked */
};
/* Count instead of reading. `out` is to be freed in both cases. */
KB_RES kb_insights_count(const struct kb_insights_options *options, struct kb_insights_count *out,
                         struct kb_err *err);
void kb_insights_count_done(struct kb_insights_count *count);

#endif
