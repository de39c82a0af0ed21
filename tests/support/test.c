/* Registry and main() over CUnit. Usage: unit_x [-s SUITE] */
#include "test.h"

#include <CUnit/Basic.h>
#include <stdarg.h>
#include <stdio.h>

enum { MAX_TESTS = 2048 };

static struct {
    const char *suite;
    const char *name;
    kb_test_fn *fn;
} tests[MAX_TESTS];
static size_t test_count;

void kb_test_register(const char *suite, const char *name, kb_test_fn *fn)
{
    if (test_count < MAX_TESTS) {
        tests[test_count].suite = suite;
        tests[test_count].name = name;
        tests[test_count].fn = fn;
        test_count++;
    }
}

bool kb_test_check(bool ok, const char *file, int line, const char *fmt, ...)
{
    char text[2048] = "";
    if (!ok) {
        va_list args;
        va_start(args, fmt);
        (void)vsnprintf(text, sizeof text, fmt, args);
        va_end(args);
        (void)fprintf(stderr, "%s:%d: %s\n", file, line, text);
    }
    CU_assertImplementation(ok, (unsigned)line, text, file, "", CU_FALSE);
    return ok;
}

bool kb_test_int(int64_t got, int64_t want, const char *what, const char *file, int line)
{
    return kb_test_check(got == want, file, line, "%s: got %" PRId64 ", want %" PRId64, what, got,
                         want);
}

bool kb_test_uint(uint64_t got, uint64_t want, const char *what, const char *file, int line)
{
    return kb_test_check(got == want, file, line, "%s: got %" PRIu64 ", want %" PRIu64, what, got,
                         want);
}

bool kb_test_str(struct kb_str got, struct kb_str want, const char *file, int line)
{
    return kb_test_check(kb_str_eq(got, want), file, line, "got \"%.*s\", want \"%.*s\"",
                         KB_FMT(got), KB_FMT(want));
}

static CU_pSuite suite_named(const char *name)
{
    CU_pSuite suite = CU_get_suite_by_name(name, CU_get_registry());
    return suite != NULL ? suite : CU_add_suite(name, NULL, NULL);
}

int main(int argc, char **argv)
{
    const char *only = argc == 3 && strcmp(argv[1], "-s") == 0 ? argv[2] : NULL;
    if (CU_initialize_registry() != CUE_SUCCESS) {
        return 2;
    }
    for (size_t i = 0; i < test_count; i++) {
        if (only == NULL || strcmp(only, tests[i].suite) == 0) {
            (void)CU_add_test(suite_named(tests[i].suite), tests[i].name, tests[i].fn);
        }
    }
    CU_basic_set_mode(CU_BRM_NORMAL);
    (void)CU_basic_run_tests();
    unsigned failed = CU_get_number_of_failures();
    unsigned ran = CU_get_number_of_tests_run();
    CU_cleanup_registry();
    if (ran == 0) {
        (void)fprintf(stderr, "no test was run\n");
    }
    return failed != 0 || ran == 0;
}
