/* Columns of audit.event as text, for tables of expectations. */
#ifndef KB_TESTS_UNIT_FACTS_SHOW_H
#define KB_TESTS_UNIT_FACTS_SHOW_H

#include "base/mem.h"
#include "cel/value.h"

/* "text", [a, b], {k: v}, 7, true, "absent", "unknown: why"; times as seconds.nanoseconds. */
void show_value(const struct kb_cel_val *value, struct kb_buf *out);

/* Checks that `column` of the event (JSON text) shows as `want`. */
void check_column(const char *event, const char *column, const char *want, const char *file,
                  int line);
#define COLUMN(event, column, want) check_column((event), (column), (want), __FILE__, __LINE__)

#endif
