#include "run/intake.h"

#include "test.h"

struct seen {
    unsigned events, conflicts, lines;
    char stages[16]; /* first letter after "Response", or R */
};

static bool on_event(void *ctx, const struct kb_read_event *event)
{
    struct seen *seen = ctx;
    struct kb_str stage = kb_event_raw(event->event, KB_M_STAGE);
    if (seen->events + 1 < sizeof seen->stages) {
        seen->stages[seen->events] = stage.n > 8 && stage.p[2] == 's' ? stage.p[8] : 'R';
    }
    seen->events++;
    seen->conflicts += event->conflict;
    return true;
}

struct bench {
    struct kb_cover cover;
    struct kb_intake *intake;
    struct seen seen;
    uint64_t sequence;
};

static void start(struct bench *bench)
{
    *bench = (struct bench){.sequence = 0};
    kb_cover_init(&bench->cover);
    struct kb_intake_options options = {.canonical = true,
                                        .since_ns = KB_LOG_NO_TIME,
                                        .until_ns = KB_LOG_NO_TIME,
                                        .on_event = on_event,
                                        .ctx = &bench->seen};
    bench->intake = kb_intake_new(&options, &bench->cover);
}

static void add(struct bench *bench, struct kb_str text)
{
    struct kb_event event;
    struct kb_err err;
    OK(kb_event_parse(text, false, &event, &err), &err);
    struct kb_record record = {.kind = KB_RECORD_EVENT, .text = text, .line = 1};
    struct kb_log_item item = {.record = &record,
                               .event = &event,
                               .time_ns = kb_event_time(&event, KB_M_STAGE_TIME),
                               .sequence = ++bench->sequence};
    (void)kb_intake_add(bench->intake, &item, KB_STR("a.jsonl"));
}

static void finish(struct bench *bench)
{
    kb_intake_finish(bench->intake);
    kb_intake_free(bench->intake);
    kb_cover_done(&bench->cover);
}

#define EVENT(id, stage, user, code)                                                               \
    KB_STR("{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"auditID\":\"" id              \
           "\",\"stage\":\"" stage "\",\"verb\":\"get\",\"user\":{\"username\":\"" user            \
           "\"},\"responseStatus\":{\"code\":" code                                                \
           "},\"requestReceivedTimestamp\":\"2026-01-15T10:00:00.000001Z\","                       \
           "\"stageTimestamp\":\"2026-01-15T10:00:00.000002Z\"}")

KB_TEST(intake, one_event_a_request)
{
    struct bench bench;
    start(&bench);
    add(&bench, EVENT("a", "RequestReceived", "alice", "0"));
    add(&bench, EVENT("a", "ResponseStarted", "alice", "101"));
    add(&bench, EVENT("a", "ResponseComplete", "alice", "101"));
    EQ_UINT(bench.seen.events, 1);
    EQ_C(bench.seen.stages, "S");
    EQ_UINT(kb_intake_orphans(bench.intake, 0), 0);
    finish(&bench);
}

KB_TEST(intake, a_request_never_answered_is_given_at_the_end)
{
    struct bench bench;
    start(&bench);
    add(&bench, EVENT("a", "RequestReceived", "alice", "0"));
    EQ_UINT(bench.seen.events, 0);
    EQ_UINT(kb_intake_orphans(bench.intake, 0), 1);
    kb_intake_finish(bench.intake);
    EQ_UINT(bench.seen.events, 1);
    EQ_C(bench.seen.stages, "R");
    finish(&bench);
}

KB_TEST(intake, a_copy_written_otherwise_is_a_copy)
{
    struct bench bench;
    start(&bench);
    add(&bench, KB_STR("{\"kind\":\"Event\",\"auditID\":\"a\",\"stage\":\"ResponseComplete\","
                       "\"verb\":\"get\",\"requestObject\":{\"x\":1,\"y\":\"a/b\"}}"));
    add(&bench, KB_STR("{ \"auditID\" : \"a\", \"stage\": \"ResponseComplete\", \"kind\":\"Event\","
                       "\n \"requestObject\":{\"y\":\"a\\/b\", \"x\":1}, \"verb\":\"g\\u0065t\" }"));
    EQ_UINT(bench.seen.events, 1);
    EQ_UINT(kb_intake_counts(bench.intake, 0).duplicates, 1);
    finish(&bench);
}

KB_TEST(intake, a_reused_id_does_not_hide_a_request)
{
    struct bench bench;
    start(&bench);
    add(&bench, EVENT("a", "ResponseComplete", "alice", "200"));
    add(&bench, EVENT("a", "ResponseComplete", "mallory", "200"));
    EQ_UINT(bench.seen.events, 2);
    EQ_UINT(bench.seen.conflicts, 1);
    EQ_UINT(bench.cover.streams[0].count[KB_COUNT_CONFLICTS], 1);
    EQ_UINT(bench.cover.streams[0].count[KB_COUNT_REQUESTS], 2);
    finish(&bench);
}

KB_TEST(intake, events_without_an_id_are_all_judged)
{
    struct bench bench;
    start(&bench);
    add(&bench, KB_STR("{\"kind\":\"Event\",\"verb\":\"get\"}"));
    add(&bench, KB_STR("{\"kind\":\"Event\",\"verb\":\"get\"}"));
    EQ_UINT(bench.seen.events, 2);
    finish(&bench);
}
