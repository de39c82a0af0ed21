#include "run/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

static char folder[64];

static void write_file(const char *name, const char *text)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    if (CHECK(file != NULL)) {
        (void)fputs(text, file);
        (void)fclose(file);
    }
}

static void make_folder(void)
{
    (void)snprintf(folder, sizeof folder, "/tmp/log-test-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
}

static void remove_file(const char *name)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    (void)unlink(path);
}

#define EVENT(id, at)                                                                              \
    "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"auditID\":\"" id                     \
    "\",\"stage\":\"ResponseComplete\",\"stageTimestamp\":\"2026-01-15T10:" at ".000000Z\"}\n"

static struct kb_log *open_log(struct kb_err *err)
{
    struct kb_log *log = NULL;
    struct kb_str path = kb_str_c(folder);
    struct kb_log_options options = {.paths = &path, .path_count = 1, .sha256 = true};
    kb_res res = kb_log_open(&options, &log, err);
    OK(res, err);
    return kb_failed(res) ? NULL : log;
}

/* The auditIDs' last letters, in the order given; "!" for a bad record. */
static void order_of(struct kb_log *log, char *out, size_t max)
{
    struct kb_log_item item;
    size_t n = 0;
    for (kb_log_next(log, &item); item.record->kind != KB_RECORD_END; kb_log_next(log, &item)) {
        if (n + 1 < max) {
            out[n++] = item.event == NULL ? '!' : kb_event_raw(item.event, KB_M_AUDIT_ID).p[0];
        }
    }
    out[n] = '\0';
}

KB_TEST(log, reads_overlapping_inputs_in_order_of_time)
{
    struct kb_err err = {0};
    char order[32];
    make_folder();
    write_file("1.jsonl", EVENT("a", "00:00") EVENT("c", "02:00") EVENT("e", "04:00"));
    write_file("2.jsonl", EVENT("b", "01:00") EVENT("d", "03:00"));
    write_file("3.jsonl", EVENT("f", "30:00") EVENT("g", "31:00"));
    struct kb_log *log = open_log(&err);
    if (log != NULL) {
        order_of(log, order, sizeof order);
        EQ_C(order, "abcdefg");
        EQ_UINT(kb_log_input_count(log), 3);
        CHECK(kb_log_stats(log, 0)->complete && kb_log_stats(log, 0)->ordered);
        EQ_UINT(kb_log_stats(log, 0)->events, 3);
        EQ_UINT(strlen(kb_log_stats(log, 2)->sha256), 64);
        EQ_UINT(kb_log_bytes_done(log), kb_log_bytes_total(log));
        kb_log_close(log);
    }
    remove_file("1.jsonl");
    remove_file("2.jsonl");
    remove_file("3.jsonl");
    (void)rmdir(folder);
}

KB_TEST(log, tells_of_disorder_and_of_bad_records)
{
    struct kb_err err = {0};
    char order[32];
    make_folder();
    write_file("1.jsonl", EVENT("a", "10:00") "{\"kind\":\"Event\",]\n" EVENT("b", "00:00"));
    struct kb_log *log = open_log(&err);
    if (log != NULL) {
        order_of(log, order, sizeof order);
        EQ_C(order, "a!b");
        const struct kb_log_stats *stats = kb_log_stats(log, 0);
        EQ_UINT(stats->bad, 1);
        EQ_UINT(stats->place[0].line, 2);
        CHECK(!stats->ordered);
        EQ_UINT(stats->disorder_line, 3);
        EQ_INT(stats->disorder_ns / 1000000000, 600);
        kb_log_close(log);
    }
    remove_file("1.jsonl");
    (void)rmdir(folder);
}

KB_TEST(log, more_inputs_than_can_be_open_are_all_read)
{
    struct kb_err err = {0};
    char name[16];
    char order[256];
    make_folder();
    for (int i = 0; i < KB_LOG_OPEN + 6; i++) {
        (void)snprintf(name, sizeof name, "%03d.jsonl", i);
        write_file(name, EVENT("x", "00:00"));
    }
    struct kb_log *log = open_log(&err);
    if (log != NULL) {
        order_of(log, order, sizeof order);
        EQ_UINT(strlen(order), KB_LOG_OPEN + 6);
        kb_log_close(log);
    }
    for (int i = 0; i < KB_LOG_OPEN + 6; i++) {
        (void)snprintf(name, sizeof name, "%03d.jsonl", i);
        remove_file(name);
    }
    (void)rmdir(folder);
}

KB_TEST(log, one_input_that_cannot_be_read_does_not_end_the_reading)
{
    struct kb_err err = {0};
    char order[32];
    make_folder();
    write_file("1.jsonl", EVENT("a", "00:00"));
    write_file("2.jsonl.gz", "\x1f\x8b\x08\x00\x01\x02\x03");
    struct kb_log *log = open_log(&err);
    if (log != NULL) {
        order_of(log, order, sizeof order);
        EQ_C(order, "a");
        CHECK(!kb_log_stats(log, 1)->complete);
        CHECK(kb_log_stats(log, 1)->error.msg[0] != '\0');
        kb_log_close(log);
    }
    remove_file("1.jsonl");
    remove_file("2.jsonl.gz");
    (void)rmdir(folder);
}
