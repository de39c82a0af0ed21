/*
 * The object that a write left behind, as far as an event shows it.
 *
 * That is responseObject (the whole object after the write), unless it is a Status (a refused
 * request); else requestObject, which is the whole object for create and update, but only a part of
 * it for patch. A JSON patch becomes one partial object for each operation that sets something.
 */
#ifndef KB_AUDIT_BODY_H
#define KB_AUDIT_BODY_H

#include "audit/event.h"

struct kb_body {
    const struct kb_span *docs; /* objects; all of them show parts of one object */
    size_t n;
    bool whole;      /* docs[0] is all of the object, and the only one */
    const char *why; /* where not whole: why the rest is unknown, such as "cut off" */
};

/* Texts are in the event or in `arena`. `patch`: the request was one. */
void kb_body_written(const struct kb_event *event, bool patch, struct kb_arena *arena,
                     struct kb_body *out);

/* What a patch asked for (requestObject only), as partial objects. */
void kb_body_patch(const struct kb_event *event, struct kb_arena *arena, struct kb_body *out);

/* Objects that a JSON patch (RFC 6902; an array) sets, at most KB_PATCH_OPS: {"op": "add", "path":
 * "/a/0", "value": 1} becomes {"a": [1]}. Returns how many; *docs is in `arena`. *whole: every
 * operation could be read. */
enum { KB_PATCH_OPS = 1000, KB_PATCH_DEPTH = 64 };
size_t kb_body_json_patch(const struct kb_span *patch, struct kb_arena *arena,
                          const struct kb_span **docs, bool *whole);

#endif
