/*
 * Framing: any bytes, and the same records however the bytes arrive (the last byte is the step). A
 * whole event on a line of its own is seen, whatever stands before it.
 */
#include "audit/event.h"
#include "audit/record.h"
#include "fuzz.h"

#define LAST                                                                                       \
    "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"auditID\":\"the-last\",\"annotations\":"  \
    "{\"a\":\"b\"}}"

static uint64_t mix(uint64_t sum, const void *p, size_t n)
{
    return kb_hash_bytes(p, n, sum);
}

static void parse_event(const struct kb_record *record)
{
    struct kb_event event;
    struct kb_err err = {0};
    if (!kb_failed(kb_event_parse(record->text, record->truncated, &event, &err))) {
        (void)kb_event_digest(&event);
    }
}

/* A sum over all records and where they begin. */
static uint64_t read_all(struct kb_str text, size_t step)
{
    struct kb_fuzz_chunks chunks = {text, step};
    struct kb_records *records = kb_records_open(kb_fuzz_bytes(&chunks), "fuzz");
    struct kb_record record;
    struct kb_err err = {0};
    uint64_t sum = 1;
    size_t limit = text.n + 16; /* every record but the last takes at least a byte */
    while (!kb_failed(kb_records_next(records, &record, &err)) && record.kind != KB_RECORD_END) {
        KB_HOLDS(limit-- > 0);
        KB_HOLDS((record.reason != NULL) ==
                 (record.kind == KB_RECORD_OTHER || record.kind == KB_RECORD_BAD));
        const uint64_t numbers[] = {record.kind, record.truncated, record.line, record.offset};
        sum = mix(sum, numbers, sizeof numbers);
        sum = mix(sum, record.stream.p, record.stream.n);
        if (record.reason == NULL) { /* else it is an excerpt: what there was of it at hand */
            sum = mix(sum, record.text.p, record.text.n);
        }
        if (record.kind == KB_RECORD_EVENT) {
            parse_event(&record);
        }
    }
    kb_records_free(records);
    return sum;
}

static bool sees_last(struct kb_str text)
{
    struct kb_records *records = kb_records_open(kb_bytes_of(&text), "fuzz");
    struct kb_record record;
    struct kb_err err = {0};
    bool seen = false;
    while (!kb_failed(kb_records_next(records, &record, &err)) && record.kind != KB_RECORD_END) {
        seen = seen || (record.kind == KB_RECORD_EVENT && kb_str_eq(record.text, KB_STR(LAST)));
    }
    kb_records_free(records);
    return seen;
}

/* Behind these words everything may be CSV or an Insights result. */
static bool may_be_results(struct kb_str text)
{
    return kb_str_find(text, KB_STR("message"), 0) != SIZE_MAX ||
           kb_str_find(text, KB_STR("field"), 0) != SIZE_MAX ||
           kb_str_find(text, KB_STR("@"), 0) != SIZE_MAX;
}

static void check_last(struct kb_str text)
{
    struct kb_buf longer;
    kb_buf_init(&longer, text.n + 4096);
    kb_buf_str(&longer, text);
    kb_buf_c(&longer, "\n" LAST "\n");
    KB_HOLDS(sees_last(kb_buf_view(&longer)) || may_be_results(text));
    kb_buf_done(&longer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1) {
        return 0;
    }
    struct kb_str text = kb_fuzz_text(data, size);
    KB_HOLDS(read_all(text, 0) == read_all(text, 1 + data[size - 1] % 67u));
    check_last(text);
    return 0;
}
