/*
 * The canonical form of a request, which Signature Version 4 signs.
 *
 * Rules: AWS General Reference, "Create a canonical request"; AWS's own test suite (aws-c-auth). Texts
 * are taken as they go over the wire.
 */
#ifndef KB_AWS_CANONICAL_H
#define KB_AWS_CANONICAL_H

#include "base/err.h"
#include "base/mem.h"

enum { KB_SIGV4_CANONICAL_MAX = 4 << 20, KB_SIGV4_HEADERS_MAX = 128 };

/* One header: its name in any case, its value without the line's end. */
struct kb_sigv4_field {
    struct kb_str name;
    struct kb_str value;
};

enum kb_sigv4_path {
    KB_SIGV4_PATH_NORMAL,  /* dot segments and doubled slashes removed, then percent-encoded again */
    KB_SIGV4_PATH_KEPT,    /* only percent-encoded again */
    KB_SIGV4_PATH_AS_SENT, /* S3: a key may hold dots and doubled slashes, and is encoded once */
};

/* Percent-encode all but A-Z a-z 0-9 - . _ ~ (and '/', where it is kept): labels of paths, names and
 * values of queries and forms. */
void kb_sigv4_encode(struct kb_str text, bool keep_slash, struct kb_buf *out);

/* An empty path is "/". */
void kb_sigv4_canonical_path(struct kb_str path, enum kb_sigv4_path form, struct kb_buf *out);

/* Decoded, encoded strictly, sorted by name, then by value. A parameter without '=' has an empty value. */
void kb_sigv4_canonical_query(struct kb_str query, struct kb_buf *out);

/*
 * Headers by name, values trimmed and their white space folded, those of one name joined by commas. Left
 * out is what proxies and HTTP libraries change on the way (user-agent, accept, connection …). `block`
 * gets lines "name:value\n", `names` the names joined by ';'. KB_ERR_LIMIT over KB_SIGV4_HEADERS_MAX.
 */
KB_RES kb_sigv4_canonical_headers(const struct kb_sigv4_field *headers, size_t n, struct kb_buf *block,
                                  struct kb_buf *names, struct kb_err *err);

#endif
