#include "backup/cron.h"

#include "test.h"

#include <stdio.h>

static struct kb_time at(const char *text)
{
    struct kb_time t = {0};
    struct kb_err err;
    OK(kb_time_parse(kb_str_c(text), KB_TIME_STRICT, &t, &err), &err);
    return t;
}

static struct kb_cron parsed(const char *text)
{
    struct kb_cron cron = {0};
    struct kb_err err;
    OK(kb_cron_parse(KB_CRON_STANDARD, kb_str_c(text), &cron, &err), &err);
    return cron;
}

static void fires(const char *text, const char *from, const char *wanted)
{
    struct kb_cron cron = parsed(text);
    struct kb_time next = {0};
    CHECK(kb_cron_next(&cron, NULL, at(from), &next));
    kb_test_int(next.s, at(wanted).s, text, __FILE__, __LINE__);
}

static struct kb_cron_span counted(const char *text, const char *from, int days)
{
    struct kb_cron cron = parsed(text);
    struct kb_time start = at(from);
    return kb_cron_count(&cron, NULL, start, (struct kb_time){.s = start.s + days * 86400}, 100000);
}

static void refuses(enum kb_cron_dialect dialect, const char *text, enum kb_code code, const char *msg)
{
    struct kb_cron cron;
    struct kb_err err = {0};
    FAILS(kb_cron_parse(dialect, kb_str_c(text), &cron, &err), code);
    EQ_C(err.msg, msg);
}

KB_TEST(cron, fires_next)
{
    fires("0 2 * * *", "2026-01-01T00:00:00Z", "2026-01-01T02:00:00Z");
    fires("0 2 * * *", "2026-01-01T02:00:00Z", "2026-01-02T02:00:00Z");
    fires("0 0 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z");
    fires("0 0 */2 * 1", "2026-01-01T12:00:00Z", "2026-01-03T00:00:00Z");
    fires("0 0 * * 1", "2026-01-01T12:00:00Z", "2026-01-05T00:00:00Z");
    fires("@every 500ms", "2026-01-01T00:00:00.9Z", "2026-01-01T00:00:01Z");
    fires("@every 1h30m10.7s", "2026-01-01T00:00:00Z", "2026-01-01T01:30:10Z");
    fires("CRON_TZ=America/New_York 30 2 * * *", "2026-01-01T00:00:00Z", "2026-01-01T07:30:00Z");
    fires("TZ=UTC  @daily ", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
}

KB_TEST(cron, changing_clocks)
{
    /* a missing hour drops the fire, one that comes twice repeats it */
    EQ_INT(counted("CRON_TZ=Europe/Amsterdam 30 2 * * *", "2026-01-01T00:00:00Z", 365).max_gap_s,
           47 * 3600);
    fires("TZ=Europe/Amsterdam 30 2 * * *", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z");
    /* a time before its argument is told by the search, and passed over by the count */
    fires("TZ=Pacific/Chatham 0 3 * * *", "2026-04-04T13:59:59Z", "2026-04-04T13:15:00Z");
    EQ_UINT(counted("TZ=Pacific/Chatham 0 3 * * *", "2026-04-04T13:59:59Z", 1).count, 1);
    EQ_UINT(counted("TZ=Pacific/Chatham */5 3 * * *", "2026-04-04T00:00:00Z", 2).count, 34);
}

KB_TEST(cron, the_scheduler_has_a_zone)
{
    const struct kb_tz *zone = NULL;
    struct kb_err err;
    struct kb_cron cron = parsed("0 2 * * *");
    struct kb_time next = {0};
    OK(kb_tz_find(KB_STR("Asia/Kolkata"), &zone, &err), &err);
    CHECK(kb_cron_next(&cron, zone, at("2026-01-01T00:00:00Z"), &next));
    EQ_INT(next.s, at("2026-01-01T20:30:00Z").s);
    cron = parsed("TZ=Local 0 2 * * *");
    CHECK(cron.zone == NULL);
}

KB_TEST(cron, never)
{
    static const char *const texts[] = {"0 2 30 2 *", "0 0 , * *"};
    for (size_t i = 0; i < 2; i++) {
        struct kb_cron cron = parsed(texts[i]);
        struct kb_time next;
        CHECK(!kb_cron_next(&cron, NULL, at("2026-01-01T00:00:00Z"), &next));
        EQ_UINT(counted(texts[i], "2026-01-01T00:00:00Z", 400).count, 0);
    }
}

KB_TEST(cron, counts_and_gaps)
{
    EQ_UINT(counted("0 2 * * 1-5", "2026-01-01T00:00:00Z", 365).count, 261);
    EQ_INT(counted("0 2 * * 1-5", "2026-01-01T00:00:00Z", 365).max_gap_s, 72 * 3600);
    EQ_INT(counted("0 0 29 2 *", "2028-01-01T00:00:00Z", 365).max_gap_s, -1);
    CHECK(counted("* * * * *", "2026-01-01T00:00:00Z", 365).capped);
    EQ_UINT(counted("* * * * *", "2026-01-01T00:00:00Z", 365).count, 100000);
}

KB_TEST(cron, refused)
{
    enum kb_cron_dialect five = KB_CRON_STANDARD, six = KB_CRON_SECONDS;
    refuses(five, "", KB_ERR_SYNTAX, "empty spec string");
    refuses(six, "", KB_ERR_SYNTAX, "Empty spec string");
    refuses(five, "0 2 * *", KB_ERR_SYNTAX, "expected exactly 5 fields, found 4: [0 2 * *]");
    refuses(six, "0 0 2 *", KB_ERR_SYNTAX, "Expected 5 to 6 fields, found 4: 0 0 2 *");
    refuses(five, "0 2 * * 7", KB_ERR_SYNTAX, "end of range (7) above maximum (6): 7");
    refuses(five, "0 2 0 * *", KB_ERR_SYNTAX, "beginning of range (0) below minimum (1): 0");
    refuses(five, "0 2 * * */0", KB_ERR_SYNTAX, "step of range should be a positive number: */0");
    refuses(five, "0 2 * * */-1", KB_ERR_SYNTAX, "negative number (-1) not allowed: -1");
    refuses(five, "99999999999999999999x * * * *", KB_ERR_SYNTAX,
            "failed to parse int from 99999999999999999999x: strconv.Atoi: parsing "
            "\"99999999999999999999x\": value out of range");
    refuses(five, "@reboot", KB_ERR_SYNTAX, "unrecognized descriptor: @reboot");
    refuses(five, "CRON_TZ=UTC", KB_ERR_INVALID,
            "panic: runtime error: slice bounds out of range [:-1]");
    refuses(five, "TZ=Europe @daily", KB_ERR_SYNTAX, "provided bad location Europe: is a directory");
    refuses(five, "TZ=Europe/London/ @daily", KB_ERR_SYNTAX,
            "provided bad location Europe/London/: not a directory");
    refuses(five, "TZ=../x @daily", KB_ERR_SYNTAX,
            "provided bad location ../x: time: invalid location name");
    refuses(six, "TZ=UTC 0 0 2 * * *", KB_ERR_SYNTAX,
            "Expected 5 to 6 fields, found 7: TZ=UTC 0 0 2 * * *");
}

/* What counting from one fire to the next gives. */
static struct kb_cron_span walked(const struct kb_cron *cron, int64_t s, int64_t until)
{
    struct kb_cron_span span = {.max_gap_s = -1};
    struct kb_time from = {.s = s}, next;
    int64_t last = s;
    while (kb_cron_next(cron, NULL, from, &next) && next.s <= until) {
        if (next.s <= from.s) {
            from.s++;
            continue;
        }
        int64_t gap = next.s - last;
        span.max_gap_s = span.count > 0 && gap > span.max_gap_s ? gap : span.max_gap_s;
        span.count++;
        last = next.s;
        from = next;
    }
    return span;
}

KB_TEST(cron, whole_days_are_counted_as_fire_by_fire)
{
    static const char *const zones[] = {"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
                                        "Africa/Casablanca", "Asia/Beirut", "Pacific/Apia", "America/Santiago"};
    static const char *const times[] = {"*/5 0-3 * * *", "30 2 * * *", "0 0 * * *", "7 */3 1,15 * 1", "15 23 * * 1-5",
                                        "0 0 31 */2 *", "59 23 * * 0", "*/20 8-17 * 3,10 *", "0 0 29 2 *"};
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        for (size_t k = 0; k < sizeof times / sizeof times[0]; k++) {
            char text[96];
            (void)snprintf(text, sizeof text, "CRON_TZ=%s %s", zones[i], times[k]);
            struct kb_cron cron = parsed(text);
            int64_t from = at("2026-02-10T11:22:33Z").s, until = from + INT64_C(100) * 86400;
            struct kb_cron_span got = kb_cron_count(&cron, NULL, (struct kb_time){.s = from},
                                                    (struct kb_time){.s = until}, 1000000);
            struct kb_cron_span wanted = walked(&cron, from, until);
            kb_test_int((int64_t)got.count, (int64_t)wanted.count, text, __FILE__, __LINE__);
            kb_test_int(got.max_gap_s, wanted.max_gap_s, text, __FILE__, __LINE__);
        }
    }
}

KB_TEST(cron, counts_what_comes_at_a_distance)
{
    struct kb_cron cron = parsed("@every 1m");
    struct kb_time from = at("2026-01-01T00:00:00Z"), until = at("2026-01-01T00:10:00Z");
    struct kb_cron_span span = kb_cron_count(&cron, NULL, from, until, 1000);
    EQ_UINT(span.count, 10);
    EQ_INT(span.max_gap_s, 60);
    CHECK(!span.capped);
    span = kb_cron_count(&cron, NULL, from, until, 10);
    CHECK(span.capped);
    span = kb_cron_count(&cron, NULL, from, (struct kb_time){.s = from.s + 60}, 10);
    EQ_UINT(span.count, 1);
    EQ_INT(span.max_gap_s, -1);
}
