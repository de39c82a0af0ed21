/*
 * Reading columns out of the written object. Not for other tables.
 *
 * What a column does not concern (another resource, a read, a delete) has its default. What it
 * concerns but the event does not show is unknown, unless a part of the object already decides it.
 */
#ifndef KB_FACTS_AUDIT_EVENT_BODY_H
#define KB_FACTS_AUDIT_EVENT_BODY_H

#include "facts/audit_event_get.h"

/* Whether the row writes an object (not a subresource of it) of one of the resources,
 * "apps/deployments" or, in the core group, "/pods"; NULL-terminated. UNSEEN where the cut took
 * what tells. */
enum kb_find kb_audit_writes(const struct kb_audit_row *row, const char *const *resources);
/* Path of the pod's spec in the object of the row; *path is set for YES only. */
enum kb_find kb_audit_workload(const struct kb_audit_row *row, const char **path);

/* Why a column of the body is not known. */
struct kb_cel_val kb_audit_not_shown(const struct kb_body *body, struct kb_arena *arena,
                                     enum kb_audit_column column);

/* A string, or a list of strings, at `path` ("spec/type") of the written object. */
struct kb_cel_val kb_audit_body_text(const struct kb_audit_row *row, struct kb_arena *arena,
                                     const char *const *resources, const char *path,
                                     enum kb_audit_column column);
struct kb_cel_val kb_audit_body_list(const struct kb_audit_row *row, struct kb_arena *arena,
                                     const char *const *resources, const char *path,
                                     enum kb_audit_column column);

/* A list that `add` makes of each item of the array at `path`, in the whole object. */
typedef void kb_item_fn(const struct kb_span *item, const struct kb_audit_row *row,
                        struct kb_arena *arena, struct kb_values *out, bool *whole);
struct kb_cel_val kb_audit_body_items(const struct kb_audit_row *row, struct kb_arena *arena,
                                      const char *const *resources, const char *path,
                                      kb_item_fn *add, enum kb_audit_column column);

#endif
