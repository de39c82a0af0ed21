/*
 * What the files of audit.event share: the getters, the current row's memory, and making values.
 * Not for other tables.
 */
#ifndef KB_FACTS_AUDIT_EVENT_GET_H
#define KB_FACTS_AUDIT_EVENT_GET_H

#include "audit/body.h"
#include "audit/body_pod.h"
#include "audit/reason.h"
#include "audit/request_uri.h"
#include "facts/audit_event.h"
#include "facts/audit_event_columns.h"

#define KB_AUDIT_ENUM(sym, id, name, type, presence, doc) KB_COL_##sym,
enum kb_audit_column { KB_AUDIT_COLUMNS(KB_AUDIT_ENUM) KB_AUDIT_COLUMN_COUNT };
#undef KB_AUDIT_ENUM

#define KB_AUDIT_GET(id)                                                                           \
    void kb_audit_get_##id(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
#define KB_AUDIT_DECLARE(sym, id, name, type, presence, doc) KB_AUDIT_GET(id);
KB_AUDIT_COLUMNS(KB_AUDIT_DECLARE)
#undef KB_AUDIT_DECLARE

/* What several columns need; made when the first one asks. */
struct kb_audit_shared {
    bool has_uri, has_reason, has_body, has_pod;
    struct kb_request_uri uri;
    bool reason_parsed;
    struct kb_reason reason;
    struct kb_body body;
    struct kb_pod_seen pod;
};
/* Parts of the URI; empty where it is unknown. */
struct kb_request_uri kb_audit_uri(const struct kb_audit_row *row);
/* The grant that the reason names, or NULL. */
const struct kb_reason *kb_audit_reason(const struct kb_audit_row *row);
/* The object after the write (see audit/body.h). */
const struct kb_body *kb_audit_body(const struct kb_audit_row *row);
/* What the body shows of a pod, whose spec is at `path`. */
const struct kb_pod_seen *kb_audit_pod(const struct kb_audit_row *row, const char *path);

/* What the log showed of the row's object before. */
struct kb_audit_past;
const struct kb_audit_past *kb_audit_before(const struct kb_audit_row *row);

/* Value of a column of the row, made once. */
const struct kb_cel_val *kb_audit_value(const struct kb_audit_row *row,
                                        enum kb_audit_column column);
/* Text of a string column; false (and empty) where it is unknown. */
bool kb_audit_text(const struct kb_audit_row *row, enum kb_audit_column column, struct kb_str *out);
/* Whether a bool column is known to be true. */
bool kb_audit_true(const struct kb_audit_row *row, enum kb_audit_column column);

/* An unknown value of a column. `reason` is a literal, or in `arena`. */
struct kb_cel_val kb_audit_unknown(struct kb_arena *arena, enum kb_audit_column column,
                                   const char *reason);
#define KB_CUT_OFF "cut off"

/* A member of the event that is a string; unknown where the cut took it. */
struct kb_cel_val kb_audit_member(const struct kb_audit_row *row, struct kb_arena *arena,
                                  enum kb_member member, enum kb_audit_column column);

/* Values out of spans. `*whole` becomes false where more may be hidden; it is never set to true. */
struct kb_cel_val kb_value_strings(const struct kb_span *array, struct kb_arena *arena,
                                   bool *whole);
struct kb_cel_val kb_value_string_map(const struct kb_span *object, struct kb_arena *arena,
                                      bool *whole);
struct kb_cel_val kb_value_lists_map(const struct kb_span *object, struct kb_arena *arena,
                                     bool *whole);
/* A map of the named keys, each to a list (empty where it is missing); keys NULL-terminated. */
struct kb_cel_val kb_value_lists_of(const struct kb_span *object, const char *const *keys,
                                    struct kb_arena *arena, bool *whole);
/* One text out of several. */
struct kb_str kb_value_concat(struct kb_arena *arena, const struct kb_str *parts, size_t n);
struct kb_cel_val kb_value_strs(const struct kb_strs *list, struct kb_arena *arena);
/* A growing list of values. */
struct kb_values {
    struct kb_cel_val *at;
    size_t n, cap;
};
void kb_values_add(struct kb_values *values, struct kb_arena *arena, struct kb_cel_val value);
struct kb_cel_val kb_values_list(const struct kb_values *values, struct kb_arena *arena);
/* A growing map: a key that is there already gets the new value. NULL over KB_ENTRIES_MAX: the map
 * is then not known, rather than slow to make. */
enum { KB_ENTRIES_MAX = 512 };
struct kb_entries {
    struct kb_cel_map_entry *at;
    size_t n, cap;
};
struct kb_cel_map_entry *kb_entries_set(struct kb_entries *entries, struct kb_arena *arena,
                                        struct kb_str key);
struct kb_cel_val kb_entries_map(const struct kb_entries *entries, struct kb_arena *arena);

#endif
