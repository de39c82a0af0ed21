/* The same three events in every shape: each must give them back, and nothing else. */
#include <jansson.h>
#include <stdio.h>

#include "audit/record.h"
#include "base/limits.h"
#include "data/inflate.h"
#include "data/json.h"
#include "test.h"

#define SHAPES KB_TEST_DATA "/shapes/"

struct file {
    FILE *handle;
};

static kb_res read_file(void *ctx, void *buf, size_t n, size_t *got, struct kb_err *err)
{
    struct file *file = ctx;
    *got = fread(buf, 1, n, file->handle);
    return ferror(file->handle) ? kb_fail(err, KB_ERR_IO, "read") : KB_SUCCESS;
}

struct source {
    struct file file;
    struct kb_inflate *inflate;
    struct kb_records *records;
};

static void open_shape(struct source *s, const char *path)
{
    s->file.handle = fopen(path, "rb");
    if (!CHECK(s->file.handle != NULL)) {
        return;
    }
    s->inflate = kb_inflate_new((struct kb_bytes){read_file, &s->file});
    s->records = kb_records_open(kb_inflate_bytes(s->inflate), path);
}

static void close_shape(struct source *s)
{
    kb_records_free(s->records);
    kb_inflate_free(s->inflate);
    if (s->file.handle != NULL) {
        (void)fclose(s->file.handle);
    }
}

static json_t *wanted[3];

static void load_wanted(void)
{
    struct source s = {0};
    open_shape(&s, SHAPES "01-raw.jsonl");
    struct kb_err err = {0};
    for (int i = 0; i < 3; i++) {
        struct kb_record record;
        OK(kb_records_next(s.records, &record, &err), &err);
        EQ_INT(record.kind, KB_RECORD_EVENT);
        EQ_UINT(record.line, i + 1);
        OK(kb_json_parse(NULL, record.text, 0, &wanted[i], &err), &err);
    }
    close_shape(&s);
}

static void drop_wanted(void)
{
    for (int i = 0; i < 3; i++) {
        kb_json_done(&wanted[i]);
    }
}

static void check_shape(const char *name, const char *stream, int64_t first_ms, const char *first_id)
{
    char path[1024];
    struct source s = {0};
    (void)snprintf(path, sizeof path, "%s%s", SHAPES, name);
    open_shape(&s, path);
    unsigned n = 0;
    struct kb_record record = {0};
    struct kb_err err = {0};
    for (;;) {
        kb_res res = kb_records_next(s.records, &record, &err);
        kb_test_check(!kb_failed(res), __FILE__, __LINE__, "%s: %s", name, err.msg);
        if (kb_failed(res) || record.kind == KB_RECORD_END) {
            break;
        }
        if (record.kind == KB_RECORD_OTHER &&
            kb_str_eq_c(kb_str_c(record.reason), "control message of the delivery")) {
            continue;
        }
        bool event = kb_test_check(record.kind == KB_RECORD_EVENT, __FILE__, __LINE__,
                                   "%s: record %u at line %u: %s: %.*s", name, n,
                                   (unsigned)record.line, record.reason == NULL ? "" : record.reason,
                                   KB_FMT(record.text));
        KB_AUTO(kb_json_done) json_t *got = NULL;
        if (event) {
            OK(kb_json_parse(name, record.text, 0, &got, &err), &err);
            kb_test_check(n < 3 && json_equal(got, wanted[n]), __FILE__, __LINE__,
                          "%s: event %u differs: %.*s", name, n, KB_FMT(record.text));
            kb_test_check(kb_str_eq_c(record.stream, stream), __FILE__, __LINE__, "%s: stream %.*s",
                          name, KB_FMT(record.stream));
            CHECK(!record.truncated && record.line > 0);
        }
        if (n == 0 && event) {
            kb_test_int(record.timestamp_ms, first_ms, name, __FILE__, __LINE__);
            kb_test_check(kb_str_eq_c(record.event_id, first_id), __FILE__, __LINE__, "%s: id %.*s",
                          name, KB_FMT(record.event_id));
        }
        n++;
    }
    kb_test_check(n == 3, __FILE__, __LINE__, "%s: %u records", name, n);
    close_shape(&s);
}

KB_TEST(shapes, all_give_the_same_three_events)
{
    static const char stream[] = "kube-apiserver-audit-0123456789abcdef0123456789abcdef";
    static const char id[] = "39000000000000000000000000000000000000000000000000000000";
    const int64_t ms = 1768471201123;
    load_wanted();
    check_shape("01-raw.jsonl", "", 0, "");
    check_shape("02-filter-log-events.json", stream, ms, id);
    check_shape("03-get-log-events.json", "", ms, "");
    check_shape("04-tail-detailed.txt", stream, ms, "");
    check_shape("05-tail-short.txt", "", ms - 123, "");
    check_shape("06-tail-json.txt", stream, ms, "");
    check_shape("07-s3-export-000000.gz", "", ms, "");
    check_shape("08-subscription-lambda.json", stream, ms, id);
    check_shape("09-firehose-concatenated.gz", stream, ms, id);
    check_shape("10-firehose-decompressed-concatenated.json", stream, ms, id);
    check_shape("11-insights-get-query-results.json", stream, ms, "");
    check_shape("12-insights.csv", "", ms, "");
    check_shape("13-eventlist.json", "", 0, "");
    check_shape("14-elastic-search-response.json", "", ms - 23, "0");
    check_shape("15-opensearch-cwl-docs.ndjson", stream, ms, "0");
    check_shape("17-fluentbit-wrapped.jsonl", "", ms, "");
    drop_wanted();
}

KB_TEST(shapes, a_cut_line_is_an_event_that_says_so)
{
    struct source s = {0};
    struct kb_err err = {0};
    struct kb_record record;
    open_shape(&s, SHAPES "16-truncated.jsonl");
    for (int i = 0; i < 3; i++) {
        OK(kb_records_next(s.records, &record, &err), &err);
        EQ_INT(record.kind, KB_RECORD_EVENT);
        EQ_INT(record.truncated, i == 1);
    }
    OK(kb_records_next(s.records, &record, &err), &err);
    EQ_INT(record.kind, KB_RECORD_END);
    close_shape(&s);
}

KB_TEST(shapes, the_authenticator_log)
{
    struct source s = {0};
    struct kb_err err = {0};
    struct kb_record record;
    open_shape(&s, SHAPES "18-authenticator.log");
    for (int i = 0; i < 3; i++) {
        OK(kb_records_next(s.records, &record, &err), &err);
        EQ_INT(record.kind, KB_RECORD_AUTHENTICATOR);
        CHECK(kb_str_starts(record.text, KB_STR("time=\"2026-01-15T")));
        EQ_UINT(record.line, i + 1);
    }
    OK(kb_records_next(s.records, &record, &err), &err);
    EQ_INT(record.kind, KB_RECORD_END);
    close_shape(&s);
}
