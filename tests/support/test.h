/*
 * The thin layer over CUnit: tests register themselves, failures print both values, and the exit
 * status tells. A failed check never jumps, so that owned resources are still freed.
 *
 *     KB_TEST(str, finds_a_needle) { EQ_UINT(kb_str_find(KB_STR("abc"), KB_STR("c"), 0), 2); }
 */
#ifndef KB_TESTS_SUPPORT_TEST_H
#define KB_TESTS_SUPPORT_TEST_H

#include <inttypes.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

typedef void kb_test_fn(void);
void kb_test_register(const char *suite, const char *name, kb_test_fn *fn);
/* Record the outcome of one check; returns `ok`. */
bool kb_test_check(bool ok, const char *file, int line, const char *fmt, ...) KB_PRINTF(4, 5);
bool kb_test_int(int64_t got, int64_t want, const char *what, const char *file, int line);
bool kb_test_uint(uint64_t got, uint64_t want, const char *what, const char *file, int line);
bool kb_test_str(struct kb_str got, struct kb_str want, const char *file, int line);

#define KB_TEST(suite, name)                                                                       \
    static void test_##suite##__##name(void);                                                      \
    __attribute__((constructor)) static void register_##suite##__##name(void)                      \
    {                                                                                              \
        kb_test_register(#suite, #name, test_##suite##__##name);                                   \
    }                                                                                              \
    static void test_##suite##__##name(void)

#define CHECK(cond) kb_test_check((cond), __FILE__, __LINE__, "%s", #cond)
#define EQ_INT(got, want) kb_test_int((int64_t)(got), (int64_t)(want), #got, __FILE__, __LINE__)
#define EQ_UINT(got, want) kb_test_uint((uint64_t)(got), (uint64_t)(want), #got, __FILE__, __LINE__)
#define EQ_STR(got, want_literal) kb_test_str((got), KB_STR(want_literal), __FILE__, __LINE__)
#define EQ_C(got, want) kb_test_str(kb_str_c(got), kb_str_c(want), __FILE__, __LINE__)
#define OK(res, err)                                                                               \
    kb_test_check(!kb_failed(res), __FILE__, __LINE__, "%s failed: %s", #res, (err)->msg)
#define FAILS(res, wanted)                                                                         \
    kb_test_check((res).code == (wanted), __FILE__, __LINE__, "%s: wanted %s", #res,               \
                  kb_code_name(wanted))

#endif
