/*
 * URLs, as Go's net/url reads them (which Kubernetes' CEL library uses): absolute, or an absolute
 * path.
 */
#ifndef KB_DATA_URL_H
#define KB_DATA_URL_H

#include "base/err.h"
#include "base/mem.h"

enum { KB_URL_MAX = 64 << 10 };

/* The parts, in the arena or pointing into the text. */
struct kb_url {
    struct kb_str scheme;   /* lower case; may be empty */
    struct kb_str opaque;   /* "a@b" of mailto:a@b */
    struct kb_str user;     /* as written; has_user tells an empty one from none */
    struct kb_str host;     /* decoded, with the port */
    struct kb_str path;     /* escaped, as it would be sent */
    struct kb_str query;    /* as written, without '?' */
    struct kb_str fragment; /* as written, without '#' */
    bool has_user;
    bool has_authority;
    bool has_query;    /* a '?' was written */
    bool has_fragment; /* a non-empty fragment was written */
};

/* KB_ERR_SYNTAX with Go's message: parse "text": why. */
KB_RES kb_url_parse(struct kb_str text, struct kb_arena *arena, struct kb_url *out,
                    struct kb_err *err);
/* The host without port and brackets; the port without its colon. */
struct kb_str kb_url_hostname(const struct kb_url *uri);
struct kb_str kb_url_port(const struct kb_url *uri);
void kb_url_format(const struct kb_url *uri, struct kb_buf *out);

/* The next "key=value" of a query, decoded into the arena; *rest is moved behind it. Pairs that Go
 * drops (bad escapes, semicolons) are skipped. False at the end. */
bool kb_url_query_next(struct kb_str *rest, struct kb_arena *arena, struct kb_str *key,
                       struct kb_str *value);

#endif
