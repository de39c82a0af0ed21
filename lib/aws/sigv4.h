/*
 * AWS Signature Version 4: the headers, or the query, that prove who sends a request.
 *
 * Rules: AWS General Reference, "Signature Version 4"; AWS's own test suite and botocore's answers are the
 * measure (tests/conformance/sigv4.c).
 */
#ifndef KB_AWS_SIGV4_H
#define KB_AWS_SIGV4_H

#include "aws/canonical.h"
#include "aws/secret.h"

enum { KB_SIGV4_SCOPE_MAX = 160, KB_SIGV4_ADDED_MAX = 4 };

/* Who signs. The token is empty for long-lived keys. */
struct kb_sigv4_key {
    struct kb_str access_key_id;
    struct kb_aws_secret secret;
    struct kb_aws_secret token;
};

/* A request as it goes over the wire, its body whole. */
struct kb_sigv4_request {
    struct kb_str method;
    struct kb_str path;  /* percent-encoded */
    struct kb_str query; /* percent-encoded, without '?' */
    const struct kb_sigv4_field *headers; /* with Host, and its port where it is not the scheme's own */
    size_t header_count;
    struct kb_str body;
};

enum kb_sigv4_payload {
    KB_SIGV4_PAYLOAD_HASHED,
    KB_SIGV4_PAYLOAD_TOLD,    /* hashed, and the hash is sent as X-Amz-Content-SHA256 (S3) */
    KB_SIGV4_PAYLOAD_UNSIGNED /* "UNSIGNED-PAYLOAD" stands for the hash (presigned S3 URLs) */
};

struct kb_sigv4_params {
    struct kb_str region, service; /* of the credential scope: "eu-central-1", "eks" */
    int64_t time_s;                /* since 1970 */
    enum kb_sigv4_path path;
    enum kb_sigv4_payload payload;
    bool token_later;  /* the session token is sent, but not signed */
    int64_t expires_s; /* of a presigned URL */
};

/* The key derived for one day, region and service; zeroed memory is an empty one. */
struct kb_sigv4_cache {
    char scope[KB_SIGV4_SCOPE_MAX + 160]; /* access key id and scope; empty: none is derived */
    unsigned char key[32];
};
void kb_sigv4_cache_done(struct kb_sigv4_cache *cache); /* wipes it */

/* A signature and what led to it. */
struct kb_sigv4_signed {
    char date[17]; /* "20261121T102030Z" */
    char payload[65];
    char signature[65]; /* hex */
    char scope[KB_SIGV4_SCOPE_MAX];
    struct kb_buf names;         /* signed headers, joined by ';' */
    struct kb_buf canonical;     /* the canonical request */
    struct kb_buf to_sign;
    struct kb_buf authorization; /* the header's value */
    struct kb_buf query;         /* of a presigned URL, whole */
    struct kb_sigv4_field added[KB_SIGV4_ADDED_MAX]; /* headers to be sent too; they borrow from here and
                                                      * from the key */
    size_t added_count;
};
void kb_sigv4_signed_done(struct kb_sigv4_signed *out); /* wipes it */

/* Sign by headers. `cache` may be NULL; `out` is to be freed in both cases and must not be moved. */
KB_RES kb_sigv4_sign(const struct kb_sigv4_request *request, const struct kb_sigv4_params *params,
                     const struct kb_sigv4_key *key, struct kb_sigv4_cache *cache,
                     struct kb_sigv4_signed *out, struct kb_err *err);

/* Sign by query: out->query is the request's with the signature. The headers given are signed, and the
 * one who uses the URL must send them. */
KB_RES kb_sigv4_presign(const struct kb_sigv4_request *request, const struct kb_sigv4_params *params,
                        const struct kb_sigv4_key *key, struct kb_sigv4_cache *cache,
                        struct kb_sigv4_signed *out, struct kb_err *err);

#endif
