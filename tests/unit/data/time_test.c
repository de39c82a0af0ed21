#include "data/time.h"

#include "data/duration.h"
#include "test.h"

static struct kb_time at(const char *text)
{
    struct kb_time t = {0};
    struct kb_err err;
    OK(kb_time_parse(kb_str_c(text), KB_TIME_STRICT, &t, &err), &err);
    return t;
}

static bool word_is(const char *word, const char *want)
{
    struct kb_time t = {0};
    struct kb_err err;
    OK(kb_time_word(kb_str_c(word), at("2026-01-15T10:30:00.5Z"), &t, &err), &err);
    KB_AUTO(kb_buf_done) struct kb_buf out = {.max = 64};
    kb_time_format(t, KB_TIME_NANOS, &out);
    return kb_test_str(kb_buf_view(&out), kb_str_c(want), word, __LINE__);
}

KB_TEST(time, civil_calendar_round_trips)
{
    for (int64_t s = KB_TIME_MIN_S; s <= KB_TIME_MAX_S; s += 86400LL * 1234 + 4321) {
        struct kb_civil c = kb_time_civil(s);
        EQ_INT(kb_time_from_civil(&c), s);
    }
    struct kb_civil leap = kb_time_civil(1709164800);
    EQ_INT(leap.month, 2);
    EQ_INT(leap.day, 29);
    EQ_INT(leap.weekday, 4);
    EQ_INT(leap.year_day, 59);
}

KB_TEST(time, strict_form_refuses_the_lenient_ones)
{
    static const char *const bad[] = {"2026-01-15T6:13:05Z",
                                      "2026-01-15T06:13:05,5Z",
                                      "2026-01-15t06:13:05Z",
                                      "2026-01-15T06:13:05z",
                                      "2026-01-15T06:13:60Z",
                                      "2026-02-29T06:13:05Z",
                                      "2026-01-15T24:00:00Z",
                                      "2026-01-15T06:13:05+24:00",
                                      "2026-01-15T06:13:05.Z",
                                      "2026-01-15T06:13:05",
                                      "",
                                      "26-01-15T06:13:05Z"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct kb_time t;
        FAILS(kb_time_parse(kb_str_c(bad[i]), KB_TIME_STRICT, &t, NULL), KB_ERR_SYNTAX);
        CHECK(!kb_time_parse_audit(kb_str_c(bad[i]), &t));
    }
}

KB_TEST(time, fast_path_agrees_with_the_full_one)
{
    static const char *const texts[] = {"2026-01-15T10:00:01.123456Z", "2026-01-15T10:00:01Z",
                                        "2026-01-15T10:00:01.5+01:00",
                                        "1969-12-31T23:59:59.999999Z"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct kb_time t = {0};
        CHECK(kb_time_parse_audit(kb_str_c(texts[i]), &t));
        EQ_INT(kb_time_cmp(t, at(texts[i])), 0);
    }
    struct kb_time t;
    CHECK(!kb_time_parse_audit(KB_STR("2026-01-15T10:00:01.12345xZ"), &t));
    CHECK(!kb_time_parse_audit(KB_STR("2026-13-15T10:00:01.123456Z"), &t));
}

KB_TEST(time, words_of_the_command_line)
{
    word_is("now", "2026-01-15T10:30:00.5Z");
    word_is("today", "2026-01-15T00:00:00Z");
    word_is("yesterday", "2026-01-14T00:00:00Z");
    word_is("this-week", "2026-01-12T00:00:00Z");
    word_is("week-ago", "2026-01-08T10:30:00.5Z");
    word_is("this-month", "2026-01-01T00:00:00Z");
    word_is("-24h", "2026-01-14T10:30:00.5Z");
    word_is("-1d", "2026-01-14T10:30:00.5Z");
    word_is("-30d", "2025-12-16T10:30:00.5Z");
    word_is("2026-02-01", "2026-02-01T00:00:00Z");
    word_is("2026-02-01T10:00Z", "2026-02-01T10:00:00Z");
    word_is("2026-02-01T10:00", "2026-02-01T10:00:00Z");
    word_is("2026-02-01T10:00+02:00", "2026-02-01T08:00:00Z");
    word_is("2026-02-01 10:00:07", "2026-02-01T10:00:07Z");
    word_is("2026-02-01T10:00:07.25Z", "2026-02-01T10:00:07.25Z");
}

KB_TEST(time, words_that_are_none_list_the_forms)
{
    static const char *const bad[] = {"",           "tomorrow",    "24h", "-1w", "-d", "--1d", "-1000000d", "-1.5d",
                                      "2026-02-30", "2026-02-01T", "-"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct kb_time t;
        struct kb_err err;
        FAILS(kb_time_word(kb_str_c(bad[i]), (struct kb_time){0}, &t, &err), KB_ERR_USAGE);
        CHECK(strstr(err.msg, "this-month") != NULL);
    }
}

KB_TEST(time, arithmetic_stays_in_range)
{
    struct kb_time t;
    int64_t ns = 0;
    CHECK(!kb_time_add(at("9999-12-31T23:59:59.999999999Z"), 1, &t));
    CHECK(!kb_time_add(at("0001-01-01T00:00:00Z"), -1, &t));
    CHECK(kb_time_add(at("2026-01-01T00:00:00.9Z"), 200 * KB_NS_PER_MS, &t) &&
          t.ns == 100 * KB_NS_PER_MS);
    CHECK(!kb_time_diff(at("9999-12-31T23:59:59Z"), at("0001-01-01T00:00:00Z"), &ns));
    CHECK(kb_time_diff(at("2026-01-01T00:00:00.25Z"), at("2026-01-01T00:00:01Z"), &ns) &&
          ns == -750000000);
}
