/* Files of tests/data, plain or gzip. */
#ifndef KB_TESTS_SUPPORT_TEST_DATA_H
#define KB_TESTS_SUPPORT_TEST_DATA_H

#include <jansson.h>

#include "base/mem.h"

/* All of tests/data/NAME, decompressed; a failed check where it cannot be read. The caller frees
 * the buffer. */
struct kb_buf test_data(const char *name);
/* The same as a JSON value: a new reference, or NULL. */
json_t *test_data_json(const char *name);

#endif
