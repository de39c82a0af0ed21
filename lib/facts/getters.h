/*
 * Columns that are simply members of a row's struct: one line each.
 *
 *     KB_GET(STR, stream_seen, stream)            defines get_stream over struct stream_seen
 *     {"stream", "string", KB_ALWAYS, get_stream, "Name of the stream."}
 *
 * Kinds: STR, INT, BOOL, TIME and DURATION (int64_t ns; KB_ROW_NO_TIME is absent).
 */
#ifndef KB_FACTS_GETTERS_H
#define KB_FACTS_GETTERS_H

#include "facts/table.h"

#define KB_ROW_NO_TIME INT64_MIN

static inline void kb_put_str(struct kb_str s, struct kb_cel_val *out)
{
    *out = kb_cel_string(s);
}
static inline void kb_put_int(uint64_t i, struct kb_cel_val *out)
{
    *out = kb_cel_int(i > INT64_MAX ? INT64_MAX : (int64_t)i);
}
static inline void kb_put_bool(bool b, struct kb_cel_val *out)
{
    *out = kb_cel_bool(b);
}
/* Floors to whole seconds, so that nanoseconds are never negative. */
static inline void kb_put_time(int64_t ns, struct kb_cel_val *out)
{
    int64_t rest = ns % 1000000000;
    int64_t s = ns / 1000000000 - (rest < 0);
    *out = ns == KB_ROW_NO_TIME ? kb_cel_absent()
                                : kb_cel_timestamp(s, (int32_t)(rest < 0 ? rest + 1000000000 : rest));
}
static inline void kb_put_duration(int64_t ns, struct kb_cel_val *out)
{
    *out = ns == KB_ROW_NO_TIME ? kb_cel_absent() : kb_cel_duration(ns);
}

#define KB_PUT_STR kb_put_str
#define KB_PUT_INT kb_put_int
#define KB_PUT_BOOL kb_put_bool
#define KB_PUT_TIME kb_put_time
#define KB_PUT_DURATION kb_put_duration

#define KB_GET(kind, type, field)                                                                  \
    static void get_##field(const void *row, struct kb_arena *arena, struct kb_cel_val *out)       \
    {                                                                                              \
        (void)arena;                                                                               \
        KB_PUT_##kind(((const struct type *)row)->field, out);                                     \
    }

/* get() of kb_row_ops for rows that are plain structs: asks `columns`, the table's columns. */
#define KB_GET_BY_COLUMN                                                                           \
    static void get(const void *data, unsigned column, struct kb_arena *arena,                     \
                    struct kb_cel_val *out)                                                        \
    {                                                                                              \
        columns[column].get(data, arena, out);                                                     \
    }

#endif
