#include "backup/cron.h"
#include "test.h"

static struct kb_time at(const char *text)
{
    struct kb_time t = {0};
    struct kb_err err;
    OK(kb_time_parse(kb_str_c(text), KB_TIME_STRICT, &t, &err), &err);
    return t;
}

static void fires_in(const char *zone_name, const char *text, const char *from, const char *wanted)
{
    const struct kb_tz *zone = NULL;
    struct kb_cron cron = {0};
    struct kb_time next = {0};
    struct kb_err err = {0};
    OK(kb_tz_find(kb_str_c(zone_name), &zone, &err), &err);
    OK(kb_cron_parse(KB_CRON_AWS, kb_str_c(text), &cron, &err), &err);
    bool found = kb_cron_next(&cron, zone, at(from), &next);
    kb_test_int(found ? next.s : 0, wanted == NULL ? 0 : at(wanted).s, text, __FILE__, __LINE__);
}

static void fires(const char *text, const char *from, const char *wanted)
{
    fires_in("", text, from, wanted);
}

static void refuses(const char *text)
{
    struct kb_cron cron;
    struct kb_err err = {0};
    kb_test_check(kb_cron_parse(KB_CRON_AWS, kb_str_c(text), &cron, &err).code == KB_ERR_SYNTAX,
                  __FILE__, __LINE__, "%s is not refused", text);
}

KB_TEST(cron_aws, examples_of_the_guide)
{
    fires("cron(0 10 * * ? *)", "2026-01-01T10:00:00Z", "2026-01-02T10:00:00Z");
    fires("cron(15 12 * * ? *)", "2026-01-01T00:00:00Z", "2026-01-01T12:15:00Z");
    fires("cron(0 18 ? * MON-FRI *)", "2026-01-02T18:00:00Z", "2026-01-05T18:00:00Z");
    fires("cron(0 8 1 * ? *)", "2026-01-01T08:00:00Z", "2026-02-01T08:00:00Z");
    fires("cron(0/15 * * * ? *)", "2026-01-01T00:16:00Z", "2026-01-01T00:30:00Z");
    fires("cron(0/10 * ? * MON-FRI *)", "2026-01-02T23:50:00Z", "2026-01-05T00:00:00Z");
    fires("cron(0/5 8-17 ? * MON-FRI *)", "2026-01-02T17:55:00Z", "2026-01-05T08:00:00Z");
    fires("rate(5 minutes)", "2026-01-01T00:00:30Z", "2026-01-01T00:05:30Z");
    fires("rate(1 day)", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
}

KB_TEST(cron_aws, words)
{
    fires("cron(0 5 L * ? *)", "2026-02-01T00:00:00Z", "2026-02-28T05:00:00Z");
    fires("cron(0 5 LW * ? *)", "2026-02-01T00:00:00Z", "2026-02-27T05:00:00Z");
    fires("cron(0 5 3W * ? *)", "2026-01-01T00:00:00Z", "2026-01-02T05:00:00Z"); /* the 3rd is a Saturday */
    fires("cron(0 5 1W * ? *)", "2026-08-01T00:00:00Z", "2026-08-03T05:00:00Z");
    fires("cron(0 5 31W * ? *)", "2026-05-01T00:00:00Z", "2026-05-29T05:00:00Z");
    fires("cron(0 5 ? * 3#2 *)", "2026-01-01T00:00:00Z", "2026-01-13T05:00:00Z");
    fires("cron(0 5 ? * 6L *)", "2026-01-01T00:00:00Z", "2026-01-30T05:00:00Z");
    fires("cron(0 5 ? * L *)", "2026-01-01T00:00:00Z", "2026-01-03T05:00:00Z");
    fires("cron(0 5 ? * 1 *)", "2026-01-01T00:00:00Z", "2026-01-04T05:00:00Z");
    fires("cron(0 5 1 1 ? 2030)", "2026-01-02T00:00:00Z", "2030-01-01T05:00:00Z");
    fires("cron(0 5 1 1 ? 2020)", "2026-01-02T00:00:00Z", NULL);
    fires("cron(0 5 30 2 ? *)", "2026-01-02T00:00:00Z", NULL);
}

KB_TEST(cron_aws, changing_clocks)
{
    /* missing: dropped; twice: once */
    fires_in("America/New_York", "cron(30 2 * * ? *)", "2026-03-07T12:00:00Z", "2026-03-09T06:30:00Z");
    fires_in("America/New_York", "cron(30 1 * * ? *)", "2026-11-01T00:00:00Z", "2026-11-01T05:30:00Z");
    fires_in("America/New_York", "cron(30 1 * * ? *)", "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z");
}

KB_TEST(cron_aws, refused)
{
    static const char *const texts[] = {
        "",
        "0 10 * * ? *",
        "cron(0 10 * * ? *",
        "cron(0 10 * * ?)",
        "cron(0 10 * * ? * *)",
        "cron(0 10 * * * *)",
        "cron(0 10 ? * ? *)",
        "cron(? 10 * * ? *)",
        "cron(60 10 * * ? *)",
        "cron(0 10 0 * ? *)",
        "cron(0 10 ? * 8 *)",
        "cron(0 10 ? * 0 *)",
        "cron(0 10 ? * FRI-MON *)",
        "cron(0/0 10 * * ? *)",
        "cron(0, 10 * * ? *)",
        "cron(0 10 * * ? 1969)",
        "cron(0 10 ? * 3#6 *)",
        "rate(0 minutes)",
        "rate(1 minutes)",
        "rate(5 minute)",
        "rate(5 weeks)",
        "at(2026-01-01T00:00:00)",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        refuses(texts[i]);
    }
}
