/*
 * Tables of cases, one JSON object a line, plain or gzip, and their verdicts.
 */
#ifndef KB_TESTS_CONFORMANCE_ROWS_H
#define KB_TESTS_CONFORMANCE_ROWS_H

#include <jansson.h>

#include "base/mem.h"

/* Does the case hold? What differs is printed with kb_rows_differs. */
typedef bool kb_rows_fn(const json_t *row, void *ctx);

/* Rows that hold, and rows that do not. */
struct kb_rows_tally {
    unsigned passed, failed;
};

/* Run all rows of one file, and add to the tally; a file that cannot be read is one failure. */
void kb_rows_file(const char *path, kb_rows_fn *fn, void *ctx, struct kb_rows_tally *tally);
/* Print "N passed, M failed" and give the exit status: nothing passed is a failure too. */
int kb_rows_close(const struct kb_rows_tally *tally);

/* Run all rows of the files named; prints "N passed, M failed" and gives the exit status. */
int kb_rows_main(int argc, char **argv, kb_rows_fn *fn, void *ctx);

/* Print "<id>: <message>"; returns false. */
bool kb_rows_differs(const json_t *row, const char *fmt, ...) KB_PRINTF(2, 3);

/* The text of a member, or NULL where it is absent or null. */
const char *kb_rows_text(const json_t *row, const char *key);
struct kb_str kb_rows_str(const json_t *row, const char *key);

#endif
