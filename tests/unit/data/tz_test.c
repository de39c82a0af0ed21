#include "data/tz.h"

#include "data/time.h"
#include "data/tz_rule.h"
#include "test.h"

static int32_t hours(const char *zone, const char *when)
{
    const struct kb_tz *tz = NULL;
    struct kb_err err;
    struct kb_time t = {0};
    OK(kb_tz_find(kb_str_c(zone), &tz, &err), &err);
    OK(kb_time_parse(kb_str_c(when), KB_TIME_STRICT, &t, &err), &err);
    return tz == NULL ? -999 : kb_tz_offset(tz, t.s);
}

KB_TEST(tz, offsets_before_within_and_after_the_table)
{
    EQ_INT(hours("Europe/Berlin", "2026-01-15T00:00:00Z"), 3600);
    EQ_INT(hours("Europe/Berlin", "2026-07-15T00:00:00Z"), 7200);
    EQ_INT(hours("Europe/Berlin", "2026-03-29T00:59:59Z"), 3600);
    EQ_INT(hours("Europe/Berlin", "2026-03-29T01:00:00Z"), 7200);
    EQ_INT(hours("Europe/Berlin", "2095-07-15T00:00:00Z"), 7200);
    EQ_INT(hours("Europe/Berlin", "2095-12-15T00:00:00Z"), 3600);
    EQ_INT(hours("Europe/Berlin", "1850-01-01T00:00:00Z"), 3208);
    EQ_INT(hours("America/Sao_Paulo", "2090-01-15T00:00:00Z"), -10800);
    EQ_INT(hours("Australia/Sydney", "2090-01-15T00:00:00Z"), 39600);
    EQ_INT(hours("Australia/Sydney", "2090-07-15T00:00:00Z"), 36000);
    EQ_INT(hours("Asia/Kolkata", "2026-07-15T00:00:00Z"), 19800);
    EQ_INT(hours("UTC", "2026-07-15T00:00:00Z"), 0);
    EQ_INT(hours("", "2026-07-15T00:00:00Z"), 0);
    EQ_INT(hours("Europe/Dublin", "2090-01-15T00:00:00Z"), 0);
    EQ_INT(hours("Europe/Dublin", "2090-07-15T00:00:00Z"), 3600);
}

KB_TEST(tz, names_do_not_leave_the_folder)
{
    static const char *const bad[] = {
        "../../etc/passwd", "/etc/passwd",  "Europe/../../x", "Europe", ".", "x y",
        "europe/berlin",    "Nowhere/City", "zone.tab"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct kb_tz *tz;
        CHECK(kb_failed(kb_tz_find(kb_str_c(bad[i]), &tz, NULL)));
    }
    const struct kb_tz *tz;
    CHECK(kb_failed(kb_tz_find(KB_STR("UTC\0x"), &tz, NULL)));
}

KB_TEST(tz, damaged_files_are_refused)
{
    struct kb_tz *tz = NULL;
    char head[44 + 6] = "TZif";
    FAILS(kb_tz_parse(KB_STR(""), &tz, NULL), KB_ERR_CORRUPT);
    FAILS(kb_tz_parse(KB_STR("TZif2"), &tz, NULL), KB_ERR_CORRUPT);
    FAILS(kb_tz_parse((struct kb_str){head, sizeof head}, &tz, NULL),
          KB_ERR_CORRUPT); /* no types */
    head[39] = 1;
    struct kb_err err;
    OK(kb_tz_parse((struct kb_str){head, sizeof head}, &tz, &err), &err);
    EQ_INT(kb_tz_offset(tz, 0), 0);
    kb_tz_free(tz);
    head[35] = 1; /* a transition that is not there */
    FAILS(kb_tz_parse((struct kb_str){head, sizeof head}, &tz, NULL), KB_ERR_CORRUPT);
    head[35] = 0;
    head[32] = 0x7F;
    FAILS(kb_tz_parse((struct kb_str){head, sizeof head}, &tz, NULL), KB_ERR_CORRUPT);
}

KB_TEST(tz, rules)
{
    struct kb_tz_rule rule;
    CHECK(kb_tz_rule_parse(KB_STR("<-03>3"), &rule) && rule.std == -10800 && !rule.has_dst);
    CHECK(kb_tz_rule_parse(KB_STR("EST5EDT,M3.2.0,M11.1.0"), &rule) && rule.dst == -14400);
    CHECK(kb_tz_rule_parse(KB_STR("AAA0BBB,J60/0,J300/-1:30"), &rule) && rule.end.time == -5400);
    CHECK(!kb_tz_rule_parse(KB_STR(""), &rule));
    CHECK(!kb_tz_rule_parse(KB_STR("AB1"), &rule));
    CHECK(!kb_tz_rule_parse(KB_STR("EST5EDT"), &rule));
    CHECK(!kb_tz_rule_parse(KB_STR("EST5EDT,M13.2.0,M11.1.0"), &rule));
    CHECK(!kb_tz_rule_parse(KB_STR("EST99999999"), &rule));
}
