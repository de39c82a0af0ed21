/* Damage, mixtures and limits: nothing may be lost but what is broken, and that must be said. */
#include "audit/record.h"

#include <zlib.h>

#include "audit/shape.h"
#include "base/limits.h"
#include "data/inflate.h"
#include "test.h"

#define HEAD "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"auditID\":\""
#define EVENT(id) HEAD id "\",\"annotations\":{\"a\":\"b\"}}"
#define HEADESC "{\\\"kind\\\":\\\"Event\\\",\\\"apiVersion\\\":\\\"audit.k8s.io/v1\\\",\\\"auditID\\\":\\\""
#define ESCAPED(id)                                                                                \
    "{\\\"kind\\\":\\\"Event\\\",\\\"apiVersion\\\":\\\"audit.k8s.io/v1\\\",\\\"auditID\\\":\\\"" id   \
    "\\\",\\\"annotations\\\":{\\\"a\\\":\\\"b\\\"}}"

/* One word a record: the auditID of an event ('~' when truncated), or A, O, B. */
static void describe(struct kb_records *records, struct kb_buf *out)
{
    struct kb_record record;
    struct kb_err err = {0};
    for (int i = 0; i < 1000; i++) {
        kb_res res = kb_records_next(records, &record, &err);
        if (kb_failed(res)) {
            kb_buf_printf(out, "!%s", kb_code_name(res.code));
            return;
        }
        if (record.kind == KB_RECORD_END) {
            return;
        }
        size_t at = kb_str_find(record.text, KB_STR("\"auditID\":"), 0);
        if (record.kind == KB_RECORD_EVENT) {
            struct kb_str rest = kb_str_sub(record.text, at + 10, record.text.n);
            size_t quote = kb_str_find(rest, KB_STR("\""), 0);
            size_t end = kb_str_find(rest, KB_STR("\""), quote + 1);
            kb_buf_printf(out, "%.*s%s ", KB_FMT(kb_str_sub(rest, quote + 1, end)),
                          record.truncated ? "~" : "");
        } else {
            kb_buf_c(out, record.kind == KB_RECORD_OTHER           ? "O "
                          : record.kind == KB_RECORD_AUTHENTICATOR ? "A "
                                                                   : "B ");
            CHECK(record.kind == KB_RECORD_AUTHENTICATOR || record.reason != NULL);
        }
    }
    kb_buf_c(out, "endless");
}

static void reads_str(struct kb_str text, const char *want)
{
    struct kb_buf out;
    kb_buf_init(&out, 100000);
    struct kb_str rest = text;
    struct kb_records *records = kb_records_open(kb_bytes_of(&rest), "t");
    describe(records, &out);
    kb_test_check(kb_str_eq_c(kb_buf_view(&out), want), __FILE__, __LINE__,
                  "got \"%.*s\", want \"%s\" of %.*s", KB_FMT(kb_buf_view(&out)), want,
                  KB_FMT(kb_str_sub(text, 0, 300)));
    kb_records_free(records);
    kb_buf_done(&out);
}

static void reads(const char *text, const char *want)
{
    reads_str(kb_str_c(text), want);
}

KB_TEST(record, nothing)
{
    reads("", "");
    reads("\n\n  \r\n", "");
    reads("{}", "O ");
    reads("[]", "");
    reads("{\"events\":[]}", "");
    reads("hello\n", "B ");
    reads_str(KB_STR("\0\1\2\3\377\376\nxx\0"), "B B ");
}

KB_TEST(record, json_lines_and_their_neighbours)
{
    reads(EVENT("1") "\n" EVENT("2") "\r\n\n" EVENT("3"), "1 2 3 ");
    reads(EVENT("1") EVENT("2") "\n" EVENT("3"), "1 2 3 ");
    reads(EVENT("1") "\t" EVENT("2") "\n" EVENT("3") "\t" EVENT("4"), "1 2 3 4 ");
    reads(EVENT("1") ",\n" EVENT("2") "," EVENT("3") "\n", "1 2 3 ");
    reads("[" EVENT("1") ",\n" EVENT("2") "]\n" EVENT("3"), "1 2 3 ");
    reads("[\n" EVENT("1") ",\n" EVENT("2") "\n]\n", "1 2 ");
    reads("[[" EVENT("1") "],[" EVENT("2") "]]", "1 2 ");
    reads("[\"" ESCAPED("1") "\",\"" ESCAPED("2") "\"]", "1 2 ");
    reads("\"" ESCAPED("1") "\"\n\"" ESCAPED("2") "\"", "1 2 ");
    reads("{\"kind\":\"Event\",\"apiVersion\":\"v1\",\"message\":\"x\"}", "B ");
    reads("{\"kind\":\"Pod\",\"apiVersion\":\"v1\"}\n" EVENT("1"), "O 1 ");
    reads("{\"ts\":1,\"msg\":\"x\"}\n", "O ");
    reads("I0115 10:00:00.000000       1 x.go:1] hello\n" EVENT("1"), "O 1 ");
    reads("time=\"2026-01-15T09:59:58Z\" level=info msg=\"x\"\n" EVENT("1") "\n", "A 1 ");
}

KB_TEST(record, a_broken_line_keeps_its_successors)
{
    reads(HEAD "1\",\"x\":\"y\n" EVENT("2"), "1~ 2 ");
    reads(HEAD "1\",\"x\":\n" EVENT("2"), "1~ 2 ");
    reads(HEAD "1\",\"x\":[\n" EVENT("2"), "1~ 2 ");
    reads(HEAD "1\",\"x\":{\"y\":1,\n" EVENT("2"), "1~ 2 ");
    reads(HEAD "1\",\"x\":\"y[Truncated...]\n" EVENT("2"), "1~ 2 ");
    reads(HEAD "1\",\"x\":\"y", "1~ ");
    reads("{\"kind\":\"Ev\n" EVENT("2"), "B 2 ");
    reads("{\"a\":1}}\n" EVENT("2"), "O B 2 ");
    reads("k8s.io/v1\"}}\n" EVENT("2"), "B 2 ");
    reads("{\"a\":{\"b\" x\n\xd2\n" EVENT("2"), "B 2 ");
    reads("{,}\n{]\n" EVENT("2"), "O B 2 ");
    reads("{\"log\":\"" ESCAPED("1") "\\n\",\"stream\":\"stdout\"\n{\"log\":\"" ESCAPED("2") "\"}",
          "1 2 ");
    reads("{\"log\":\"" HEADESC "1\\\",\\\"x\\\":\\\"y\n{\"log\":\"" ESCAPED("2") "\"}", "1~ 2 ");
}

KB_TEST(record, pages_and_their_damage)
{
#define PAGE "{\"events\":[{\"timestamp\":1,\"message\":\"" ESCAPED("1") "\"},"
    reads(PAGE "{\"message\":\"" ESCAPED("2") "\"}],\"nextToken\":\"x\"}\n" EVENT("3"), "1 2 3 ");
    reads(PAGE "{\"message\":\"" ESCAPED("2"), "1 2~ ");
    reads(PAGE "{\"message\":\"x\n" EVENT("3"), "1 B 3 ");
    reads(PAGE, "1 B ");
    reads(PAGE "{\"message\":\"I0115 10:00:00.0 1 x\"},{\"message\":\"time=\\\"2026\\\" level=info "
               "msg=y\"},{\"message\":\"\"}]}",
          "1 O A O ");
    reads("{\"logEvents\":[{\"id\":\"\",\"message\":\"CWL CONTROL MESSAGE: x\"}],\"messageType\":"
          "\"CONTROL_MESSAGE\"}",
          "O ");
    reads("{\"messageType\":\"CONTROL_MESSAGE\",\"logEvents\":[{\"message\":\"y\"}]}", "O ");
}

KB_TEST(record, wrappers)
{
    reads("{\"records\":[{\"time\":\"2026-01-15T10:00:00Z\",\"category\":\"kube-audit\",\"properties\":"
          "{\"log\":\"" ESCAPED("1") "\",\"pod\":\"x\"}}]}",
          "1 ");
    reads("2026-01-15T10:00:01.123456789Z stdout F " EVENT("1") "\n", "1 ");
    reads("\x1b[32m2026-01-15T10:00:01.1+00:00\x1b[0m \x1b[36mkube-apiserver-audit-x\x1b[0m " EVENT(
              "1") "\n",
          "1 ");
    reads("EVENTS\t3900000000000000000000\t1768471205123\tkube-apiserver-audit-x\t" EVENT(
              "1") "\t1768471201123\n",
          "1 ");
    reads("2026-01-15T10:00:01 time=\"2026\" level=info msg=x\n", "A ");
    reads("2026-01-15T10:00:01 kube-scheduler-0123456789abcdef0123456789abcdef I0115 x\n", "O ");
    reads("{\"@timestamp\":\"2026-01-15 10:00:00.000\",\"@message\":" EVENT("1") ",\"@ptr\":\"x\"}",
          "1 ");
    reads("{\"log\":\"{\\\"log\\\":\\\"x\\\"}\"}", "B ");
    reads("{\"p_log_type\":\"Kubernetes.Audit\"," /* Panther */
          "\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"auditID\":\"1\"}",
          "1 ");
    reads("{\"auditID\":\"1\",\"stage\":\"ResponseComplete\",\"verb\":\"get\"}", "1 ");
    reads("timestamp,message\r\n1768471201123,\"{\"\"kind\"\":\"\"Event\"\",\"\"apiVersion\"\":"
          "\"\"audit.k8s.io/v1\"\",\"\"auditID\"\":\"\"1\"\"}\"\r\n1,x\n",
          "1 B ");
}

KB_TEST(record, results_without_messages_are_refused)
{
    reads("{\"results\":[[{\"field\":\"n\",\"value\":\"3\"}]]}", "!unsupported");
    reads("@timestamp,@logStream\nx,y\n", "!unsupported");
    reads("[{\"@timestamp\":\"x\",\"@ptr\":\"y\"}]", "!unsupported");
}

KB_TEST(record, annotation_keys_are_put_back)
{
    struct kb_str rest =
        KB_STR("{\"_source\":{\"kubernetes\":{\"audit\":{\"kind\":\"Event\",\"apiVersion\":"
               "\"audit.k8s.io/v1\",\"auditID\":\"1\",\"annotations\":{\"authorization_k8s_io/"
               "decision\":\"a_k8s_io/b\",\"mutation_webhook_admission_k8s_io_slash_round_0\":\"\\\"\","
               "\"plain_key\":\"x\"},\"verb\":\"get\"}}}}");
    struct kb_records *records = kb_records_open(kb_bytes_of(&rest), "t");
    struct kb_record record;
    struct kb_err err = {0};
    OK(kb_records_next(records, &record, &err), &err);
    EQ_STR(record.text,
           "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"auditID\":\"1\",\"annotations\":{"
           "\"authorization.k8s.io/decision\":\"a_k8s_io/b\",\"mutation.webhook.admission.k8s.io/"
           "round_0\":\"\\\"\",\"plain_key\":\"x\"},\"verb\":\"get\"}");
    kb_records_free(records);
}

/* HEAD id ", "x": "zzz…" } of about `n` bytes and a line end. */
static void add_long(struct kb_buf *out, size_t n)
{
    kb_buf_c(out, HEAD "long\",\"x\":{\"y\":\"");
    char *to = kb_buf_reserve(out, n);
    memset(to, 'z', n);
    out->n += n;
    kb_buf_c(out, "\"}}\n");
}

static size_t memory_of(struct kb_records *records)
{
    return records->win.cap + records->text.cap;
}

KB_TEST(record, long_lines)
{
    static const struct {
        size_t n;
        const char *want;
    } rows[] = {{3 << 20, "1 long 2 "}, {5 << 20, "1 B 2 "}, {40 << 20, "1 B 2 "}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct kb_buf text;
        struct kb_buf out;
        kb_buf_init(&text, 64 << 20);
        kb_buf_init(&out, 1000);
        kb_buf_c(&text, EVENT("1") "\n");
        add_long(&text, rows[i].n);
        kb_buf_c(&text, EVENT("2") "\n");
        struct kb_str rest = kb_buf_view(&text);
        struct kb_records *records = kb_records_open(kb_bytes_of(&rest), "t");
        describe(records, &out);
        kb_test_str(kb_buf_view(&out), kb_str_c(rows[i].want), __FILE__, __LINE__);
        CHECK(memory_of(records) <= 24 << 20);
        kb_records_free(records);
        kb_buf_done(&out);
        kb_buf_done(&text);
    }
}

KB_TEST(record, ten_thousand_brackets)
{
    struct kb_buf text;
    kb_buf_init(&text, 1 << 20);
    for (int i = 0; i < 10000; i++) {
        kb_buf_char(&text, '[');
    }
    kb_buf_c(&text, "\n" EVENT("1") "\n");
    reads_str(kb_buf_view(&text), "B 1 ");
    kb_buf_clear(&text);
    for (int i = 0; i < 10000; i++) {
        kb_buf_c(&text, "{\"message\":");
    }
    kb_buf_c(&text, "\n" EVENT("1") "\n");
    reads_str(kb_buf_view(&text), "B 1 ");
    kb_buf_done(&text);
}

KB_TEST(record, broken_utf8_passes)
{
    reads(HEAD "1\",\"x\":\"\xff\xc3\"}}\n" EVENT("2"), "1 2 ");
}

KB_TEST(record, a_cut_gzip_gives_its_good_events_and_an_error)
{
    struct kb_buf text;
    kb_buf_init(&text, 1 << 20);
    for (int i = 0; i < 50; i++) {
        kb_buf_printf(&text, HEAD "%d\",\"annotations\":{\"a\":\"%d\"}}\n", i, i * 7919 % 1000);
    }
    uLongf n = compressBound((uLong)text.n) + 100;
    unsigned char *packed = kb_alloc(n);
    z_stream z = {.next_in = (Bytef *)(void *)text.p, .avail_in = (uInt)text.n};
    (void)deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
    z.next_out = packed;
    z.avail_out = (uInt)n;
    (void)deflate(&z, Z_FINISH);
    struct kb_str rest = {(const char *)packed, z.total_out - 60};
    (void)deflateEnd(&z);
    struct kb_inflate *inflate = kb_inflate_new(kb_bytes_of(&rest));
    struct kb_records *records = kb_records_open(kb_inflate_bytes(inflate), "t.gz");
    struct kb_buf out;
    kb_buf_init(&out, 10000);
    describe(records, &out);
    CHECK(kb_str_starts(kb_buf_view(&out), KB_STR("0 1 2 3 4 5 6 7 8 9 10 ")));
    CHECK(kb_str_ends(kb_buf_view(&out), KB_STR("!corrupt")));
    kb_records_free(records);
    kb_inflate_free(inflate);
    kb_free(packed);
    kb_buf_done(&out);
    kb_buf_done(&text);
}

KB_TEST(record, places)
{
    struct kb_str rest = KB_STR("\n" EVENT("1") "\n{\"logGroup\":\"\\/g\",\"logStream\":\"s\",\"logEvents\":["
                                "\n{\"id\":\"7\",\"timestamp\":5000000000000,\"ingestionTime\":6,"
                                "\"message\":\"" ESCAPED("2") "\"}]}\n");
    struct kb_records *records = kb_records_open(kb_bytes_of(&rest), "t");
    struct kb_record record;
    struct kb_err err = {0};
    OK(kb_records_next(records, &record, &err), &err);
    EQ_UINT(record.line, 2);
    EQ_UINT(record.offset, 1);
    OK(kb_records_next(records, &record, &err), &err);
    EQ_INT(record.kind, KB_RECORD_EVENT);
    EQ_UINT(record.line, 4);
    EQ_STR(record.stream, "s");
    EQ_STR(record.log_group, "/g");
    EQ_STR(record.event_id, "7");
    EQ_INT(record.timestamp_ms, 5000000000000);
    EQ_INT(record.ingestion_ms, 6000);
    kb_records_free(records);
}
