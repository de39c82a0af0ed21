/* Functions over arguments that are meant to hurt. */
#include "support.h"
#include "test.h"

static bool gives(const char *expression, const char *want)
{
    struct kb_arena arena = {0};
    bool same =
        kb_test_str(cel_run_plain(expression, &arena), kb_str_c(want), expression, __LINE__);
    kb_arena_done(&arena);
    return same;
}

static bool ends_in_error(const char *expression)
{
    struct kb_arena arena = {0};
    struct kb_str got = cel_run_plain(expression, &arena);
    bool error = kb_str_find(got, KB_STR("more"), 0) != SIZE_MAX ||
                 kb_str_find(got, KB_STR("cost"), 0) != SIZE_MAX ||
                 kb_str_find(got, KB_STR("steps"), 0) != SIZE_MAX ||
                 kb_str_find(got, KB_STR("longer"), 0) != SIZE_MAX ||
                 kb_str_find(got, KB_STR("too many"), 0) != SIZE_MAX;
    kb_test_check(error, __FILE__, __LINE__, "%s gives %.*s", expression,
                  (int)(got.n < 80 ? got.n : 80), got.p);
    kb_arena_done(&arena);
    return error;
}

KB_TEST(cel_hostile, what_grows_is_bounded)
{
    ends_in_error("lists.range(100000000).size()");
    ends_in_error("lists.range(9223372036854775807).size()");
    ends_in_error("lists.range(2000).map(i, lists.range(2000)).flatten().distinct().size()");
    ends_in_error("sets.contains(lists.range(5000), lists.range(5000))");
    ends_in_error("lists.range(60).map(i, 'aaaaaaaaaa').join().replace('', "
                  "lists.range(60000).map(i, 'aaaaaaaaaaaaaaaa').join()).size()");
    gives("quantity('1e1215752187')", "a quantity with an exponent beyond 300");
}

KB_TEST(cel_hostile, regular_expressions_are_bounded)
{
    ends_in_error("(lists.range(60).map(i, 'a').join() + '!').matches('^(a|a)*$')");
    ends_in_error("(lists.range(60).map(i, 'a').join() + '!').find('^(a|a)*$') == ''");
    ends_in_error("(lists.range(60).map(i, 'a').join() + '!').findAll('^(a|a)*$').size()");
    gives("'abc'.findAll('(?<=a)b').size()", "error parsing regexp: invalid named capture: "
                                             "`(?<=a)b`");
}

KB_TEST(cel_hostile, zones_do_not_leave_their_folder)
{
    gives("timestamp(0).getHours('../../etc/passwd')", "unknown time zone ../../etc/passwd");
    gives("timestamp(0).getHours('/etc/localtime')", "unknown time zone /etc/localtime");
    gives("timestamp(0).getHours('Europe')", "unknown time zone Europe");
    gives("timestamp(0).getHours(':')", "unknown time zone :");
    gives("timestamp(0).getHours('+-1:00')", "unknown time zone +-1:00");
    gives("timestamp(253402300799).getFullYear('+23:59')", "10000");
    gives("timestamp(-62135596800).getFullYear('-23:59')", "0");
}

KB_TEST(cel_hostile, extremes_of_numbers)
{
    gives("math.abs(-9223372036854775807)", "9223372036854775807");
    gives("math.bitShiftLeft(1, 9223372036854775807)", "0");
    gives("[1, 2].slice(0, 9223372036854775807)",
          "cannot slice(0, 9223372036854775807), list is length 2");
    gives("[[1]].flatten(9223372036854775807)", "[1]");
    gives("'abc'.substring(0, -9223372036854775808)",
          "invalid substring range. start: 0, end: -9223372036854775808");
    gives("'a'.split('', 9223372036854775807)", "[\"a\"]");
    gives("'%.100f'.format([1.0e308]).size()", "410");
    gives("'%b'.format([-9223372036854775808]).size()", "65");
    gives("quantity('1e300').add(quantity('1n')).isGreaterThan(quantity('1e300'))", "true");
    gives("[9223372036854775807, 1].sum()", "integer overflow");
}
