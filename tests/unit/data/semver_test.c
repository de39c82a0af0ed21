#include "data/semver.h"

#include "test.h"

static struct kb_semver of(const char *text, bool lenient)
{
    struct kb_semver version = {0};
    struct kb_err err;
    OK(kb_semver_parse(kb_str_c(text), lenient, &version, &err), &err);
    return version;
}

static bool refused(const char *text, bool lenient, const char *want)
{
    struct kb_semver version;
    struct kb_err err = {0};
    FAILS(kb_semver_parse(kb_str_c(text), lenient, &version, &err), KB_ERR_SYNTAX);
    return kb_test_str(kb_str_c(err.msg), kb_str_c(want), text, __LINE__);
}

/* The example of the specification, §11. */
KB_TEST(semver, order)
{
    static const char *const ascending[] = {"1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta",
                                            "1.0.0-beta",  "1.0.0-beta.2",  "1.0.0-beta.11",
                                            "1.0.0-rc.1",  "1.0.0",         "1.0.1",
                                            "1.2.0",       "1.10.0",        "2.0.0-0"};
    for (size_t i = 1; i < sizeof ascending / sizeof *ascending; i++) {
        struct kb_semver a = of(ascending[i - 1], false);
        struct kb_semver b = of(ascending[i], false);
        kb_test_check(kb_semver_cmp(&a, &b) < 0 && kb_semver_cmp(&b, &a) > 0, __FILE__, __LINE__,
                      "%s before %s", ascending[i - 1], ascending[i]);
    }
    struct kb_semver a = of("1.0.0+a", false);
    struct kb_semver b = of("1.0.0+b", false);
    EQ_INT(kb_semver_cmp(&a, &b), 0);
}

KB_TEST(semver, lenient_text)
{
    struct kb_semver version = of("v01.2", true);
    KB_AUTO(kb_buf_done) struct kb_buf out = {.max = 64};
    kb_semver_format(&version, &out);
    EQ_STR(kb_buf_view(&out), "1.2.0");
}

KB_TEST(semver, refuses)
{
    refused("", false, "Version string empty");
    refused("1.2", false, "No Major.Minor.Patch elements found");
    refused("01.2.3", false, "Major number must not contain leading zeroes \"01\"");
    refused("v1.2.3", false, "Invalid character(s) found in major number \"v1\"");
    refused("1.2.3.4", false, "Invalid character(s) found in patch number \"3.4\"");
    refused("1.2.3-", false, "Prerelease is empty");
    refused("1.2.3-a..b", false, "Prerelease is empty");
    refused("1.2.3-01", false, "Numeric PreRelease version must not contain leading zeroes \"01\"");
    refused("1.2.3-a_b", false, "Invalid character(s) found in prerelease \"a_b\"");
    refused("1.2.3+", false, "Build meta data is empty");
    refused("99999999999999999999.0.0", false,
            "strconv.ParseUint: parsing \"99999999999999999999\": value out of range");
    refused("1.2-rc", true, "short version cannot contain PreRelease/Build meta data");
}

KB_TEST(semver, long_text_is_a_limit)
{
    char text[KB_SEMVER_TEXT_MAX + 2];
    memset(text, '1', sizeof text);
    struct kb_semver version;
    FAILS(kb_semver_parse((struct kb_str){text, sizeof text}, true, &version, NULL), KB_ERR_LIMIT);
}
