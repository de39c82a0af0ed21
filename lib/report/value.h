/* Values of columns in machine-readable reports. */
#ifndef KB_REPORT_VALUE_H
#define KB_REPORT_VALUE_H

#include "cel/value.h"
#include "data/json_write.h"

/* `v` as JSON: times in RFC 3339, durations as Go prints them, bytes in base 64, opaque values as
 * text; unknowns and errors are null. */
void kb_report_value(struct kb_jsonw *w, const struct kb_cel_val *v);
/* A time in RFC 3339 with all digits it needs; null for INT64_MIN. */
void kb_report_time(struct kb_jsonw *w, const char *key, int64_t ns);

#endif
