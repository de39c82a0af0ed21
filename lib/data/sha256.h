/* SHA-256 (FIPS 180-4) of small texts: digests of baselines, fingerprints of findings. */
#ifndef KB_DATA_SHA256_H
#define KB_DATA_SHA256_H

#include "base/str.h"

struct kb_sha256 {
    uint32_t state[8];
    uint64_t length; /* bytes so far */
    unsigned char block[64];
};

void kb_sha256_init(struct kb_sha256 *sha);
void kb_sha256_add(struct kb_sha256 *sha, const void *p, size_t n);
/* A text with its length before it, so that parts cannot run into each other. */
void kb_sha256_part(struct kb_sha256 *sha, struct kb_str s);
/* The first `bytes` (at most 32) of the digest as 2 * bytes hex digits and a terminator. */
void kb_sha256_hex(struct kb_sha256 *sha, char *out, size_t bytes);

#endif
