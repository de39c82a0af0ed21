/*
 * Tables of cases, one JSON object a line, plain or gzip, and their verdicts.
 */
#ifndef KB_TESTS_CONFORMANCE_ROWS_H
#define KB_TESTS_CONFORMANCE_ROWS_H

#include <jansson.h>

#include "base/mem.h"

/* Does the case hold? What differs is printed with kb_rows_differs. */
typedef bool kb_rows_fn(const json_t *row, void *ctx);

/* Run all rows of the files named; prints "N passed, M failed" and gives the exit status. */
int kb_rows_main(int argc, char **argv, kb_rows_fn *fn, void *ctx);

/* Print "<id>: <message>"; returns false. */
bool kb_rows_differs(const json_t *row, const char *fmt, ...) KB_PRINTF(2, 3);

/* The text of a member, or NULL where it is absent or null. */
const char *kb_rows_text(const json_t *row, const char *key);
struct kb_str kb_rows_str(const json_t *row, const char *key);

#endif
