#include "audit/coverage.h"
#include "test.h"

static const int64_t second = 1000000000;

static struct kb_event_seen lease(unsigned stream, int64_t at_s)
{
    return (struct kb_event_seen){.stream = stream,
                                  .time_ns = at_s * second,
                                  .ingestion_ns = KB_NO_TIME,
                                  .api_group = KB_STR("coordination.k8s.io"),
                                  .resource = KB_STR("leases"),
                                  .verb = KB_STR("update"),
                                  .level = KB_EVENT_METADATA};
}

static void see(struct kb_cover *cover, struct kb_event_seen event)
{
    kb_cover_event(cover, &event);
}

KB_TEST(coverage, a_minute_without_a_heartbeat_is_a_hole)
{
    struct kb_cover cover;
    kb_cover_init(&cover);
    unsigned a = kb_cover_stream(&cover, KB_STR("a"));
    unsigned b = kb_cover_stream(&cover, KB_STR("b"));
    see(&cover, lease(a, 100));
    see(&cover, lease(a, 160));
    see(&cover, lease(a, 221));
    see(&cover, lease(b, 400));
    kb_cover_finish(&cover);
    EQ_UINT(cover.gap_total, 2);
    EQ_INT(cover.gaps[0].from_ns, 160 * second);
    EQ_INT(cover.gaps[0].to_ns, 221 * second);
    CHECK(!cover.gaps[0].between_streams && cover.gaps[1].between_streams);
    EQ_STR(cover.gaps[1].stream, "b");
    EQ_INT(cover.streams[a].silence_ns, 61 * second);
    kb_cover_done(&cover);
}

KB_TEST(coverage, the_edges_of_the_log_count_too)
{
    struct kb_cover cover;
    kb_cover_init(&cover);
    unsigned a = kb_cover_stream(&cover, KB_STR("a"));
    struct kb_event_seen other = lease(a, 0);
    other.resource = KB_STR("pods");
    see(&cover, other);
    see(&cover, lease(a, 90));
    other.time_ns = 200 * second;
    see(&cover, other);
    kb_cover_finish(&cover);
    EQ_UINT(cover.gap_total, 2);
    EQ_INT(cover.gaps[0].from_ns, 0);
    EQ_INT(cover.gaps[1].to_ns, 200 * second);
    kb_cover_done(&cover);
}

KB_TEST(coverage, keeps_the_least_and_the_most_level)
{
    struct kb_cover cover;
    kb_cover_init(&cover);
    unsigned a = kb_cover_stream(&cover, KB_STR("a"));
    struct kb_event_seen event = lease(a, 1);
    see(&cover, event);
    event.level = KB_EVENT_REQUEST_RESPONSE;
    see(&cover, event);
    event.verb = KB_STR("get");
    see(&cover, event);
    EQ_UINT(cover.level_count, 2);
    EQ_C(kb_level_name(cover.levels[0].lowest), "Metadata");
    EQ_C(kb_level_name(cover.levels[0].highest), "RequestResponse");
    EQ_STR(cover.levels[1].verb, "get");
    EQ_STR(cover.levels[1].resource, "leases");
    kb_cover_done(&cover);
}

KB_TEST(coverage, lag_of_ninety_nine_in_a_hundred)
{
    struct kb_cover cover;
    kb_cover_init(&cover);
    unsigned a = kb_cover_stream(&cover, KB_STR("a"));
    for (int i = 0; i < 200; i++) {
        struct kb_event_seen event = lease(a, i);
        event.ingestion_ns = event.time_ns + (i == 7 ? 300 : 4) * second;
        see(&cover, event);
    }
    int64_t p99 = kb_cover_lag_p99(&cover.streams[a]);
    CHECK(p99 >= 4 * second && p99 < 5 * second);
    EQ_INT(cover.streams[a].lag_max_ns, 300 * second);
    kb_cover_done(&cover);
}

KB_TEST(coverage, many_streams_are_folded_and_said)
{
    struct kb_cover cover;
    kb_cover_init(&cover);
    for (unsigned i = 0; i < KB_COVERAGE_STREAMS + 5; i++) {
        char name[4] = {(char)('a' + i % 26), (char)('a' + i / 26 % 26), (char)('a' + i / 676), 0};
        (void)kb_cover_stream(&cover, kb_str_c(name));
    }
    EQ_UINT(cover.stream_count, KB_COVERAGE_STREAMS);
    CHECK(cover.streams_full);
    EQ_STR(cover.streams[KB_COVERAGE_STREAMS - 1].name, "other");
    kb_cover_done(&cover);
}
