/*
 * JSON as a tree: jansson with limits, places in errors, and typed access. Writing is in
 * json_write.h.
 */
#ifndef KB_DATA_JSON_H
#define KB_DATA_JSON_H

#include <jansson.h>

#include "base/err.h"
#include "base/str.h"
#include "data/json_write.h" /* IWYU pragma: export */

enum kb_json_flag {
    KB_JSON_UNIQUE_KEYS = 1, /* a key that stands twice in one object is KB_ERR_SYNTAX */
};

/*
 * Parse one JSON value (RFC 8259), nothing but white space after it. `flags` is 0 or of
 * kb_json_flag; without KB_JSON_UNIQUE_KEYS the last of equal keys wins. `file` (NULL allowed) is
 * for messages only. Over KB_MAX_JSON_FILE bytes or KB_MAX_JSON_DEPTH levels: KB_ERR_LIMIT. *out is
 * a new reference.
 */
KB_RES kb_json_parse(const char *file, struct kb_str text, unsigned flags, json_t **out,
                     struct kb_err *err);

/* For KB_AUTO(kb_json_done) json_t *x = NULL. */
void kb_json_done(json_t **json);

/* Text of a JSON string; empty for anything else. Borrowed; may hold NUL. */
struct kb_str kb_json_view(const json_t *string);

/* Members of an object. NULL or false where the object (NULL allowed) has no such member or it
 * is of another type; *out is then left alone. Borrowed. */
json_t *kb_json_object(const json_t *object, const char *key);
json_t *kb_json_array(const json_t *object, const char *key);
bool kb_json_str(const json_t *object, const char *key, struct kb_str *out);
bool kb_json_i64(const json_t *object, const char *key, int64_t *out);
bool kb_json_double(const json_t *object, const char *key, double *out); /* an integer is fine */
bool kb_json_bool(const json_t *object, const char *key, bool *out);

/* Member of a member …: kb_json_dig(pod, "metadata", "labels", NULL). NULL where the way ends. */
json_t *kb_json_dig(const json_t *object, const char *key, ...) __attribute__((sentinel));

#endif
