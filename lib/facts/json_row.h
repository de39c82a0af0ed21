/*
 * A row of any table from a JSON object, as a user writes it:
 *
 *     {"verb": "create", "time": "2026-01-15T10:00:00Z", "unknown": ["workload.images"]}
 *
 * Timestamps are RFC 3339 texts, durations Go's ("1h30m"). A column that is not mentioned has its
 * default (kb_column_default); null is an absent optional column. "unknown" lists the columns that
 * could not be read.
 */
#ifndef KB_FACTS_JSON_ROW_H
#define KB_FACTS_JSON_ROW_H

#include <jansson.h>

#include "facts/table.h"

struct kb_json_row {
    const struct kb_table *table;
    const struct kb_cel_val *values; /* by column; in the arena it was read into */
    struct kb_str source;            /* for evidence; borrowed */
    size_t number;                   /* from 0: orders rows of one time */
};

/* Nothing of `object` is kept. An unknown column, a value of another type: KB_ERR_INVALID, with a
 * suggestion where one is near. */
KB_RES kb_json_row_read(const struct kb_table *table, json_t *object, struct kb_arena *arena,
                        struct kb_json_row *out, struct kb_err *err);
struct kb_row kb_json_row_view(const struct kb_json_row *row);

/* A JSON value as a CEL value of the type written in `type`: string, bool, int, double, timestamp,
 * duration, list(T), map(string, T), dyn. */
KB_RES kb_json_value(json_t *json, struct kb_str type, struct kb_arena *arena,
                     struct kb_cel_val *out, struct kb_err *err);

#endif
