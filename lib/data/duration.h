/*
 * Durations as text, as Go's time package reads and prints them: "1h30m", "-1.5s", "250ms".
 * Definition: Go's documentation of time.ParseDuration and time.Duration.String.
 */
#ifndef KB_DATA_DURATION_H
#define KB_DATA_DURATION_H

#include "base/err.h"
#include "base/mem.h"

enum { KB_NS_PER_US = 1000, KB_NS_PER_MS = 1000000, KB_NS_PER_S = 1000000000 };

/* Nanoseconds of a signed sequence of decimal numbers with units (ns us µs ms s m h); "0" needs no
 * unit. Days are no unit. KB_ERR_SYNTAX with Go's message where the text is not one. */
KB_RES kb_duration_parse(struct kb_str text, int64_t *out_ns, struct kb_err *err);

/* "1h0m5.5s", "1.5ms", "0s". */
void kb_duration_format(int64_t ns, struct kb_buf *out);

#endif
