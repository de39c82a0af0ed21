/*
 * Request URIs as the API server reads them: Go's net/url. A query pair that Go drops (a semicolon,
 * or a percent sign without two hexadecimal digits) is dropped here too: the server did not act on
 * it.
 */
#ifndef KB_AUDIT_REQUEST_URI_H
#define KB_AUDIT_REQUEST_URI_H

#include "base/mem.h"

/* Path and query of a URI, not decoded; the query without its question mark. */
struct kb_request_uri {
    struct kb_str path;
    struct kb_str query;
};
struct kb_request_uri kb_request_uri_split(struct kb_str uri);

/* Percent-decoded text, valid UTF-8 (other bytes become U+FFFD); in place where there is nothing to
 * decode. In a query
 * '+' is a space. False where an escape is wrong; *out is then the text as it stands. */
bool kb_request_uri_decode(struct kb_str raw, bool query, struct kb_arena *arena,
                           struct kb_str *out);

/* One pair of a query, decoded. */
struct kb_query_param {
    struct kb_str name;
    struct kb_str value;
};
/* The next pair; `*query` moves on. False at the end. */
bool kb_query_next(struct kb_str *query, struct kb_arena *arena, struct kb_query_param *out);
/* First value of a name; false where it does not occur. */
bool kb_query_get(struct kb_str query, struct kb_str name, struct kb_arena *arena,
                  struct kb_str *out);

#endif
