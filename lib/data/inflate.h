/*
 * Decompression as a byte stream: gzip (many members, zero padding, trailing garbage), zstd (many
 * frames), or plain bytes passed through; told apart by their first bytes, never by a name.
 *
 * All good bytes are delivered before damage is reported: data that is cut or does not match its
 * checksum ends in KB_ERR_CORRUPT, a bomb (KB_MAX_INFLATE_RATIO) in KB_ERR_LIMIT. Memory is
 * bounded; zstd frames that ask for a window over 32 MiB are KB_ERR_UNSUPPORTED.
 */
#ifndef KB_DATA_INFLATE_H
#define KB_DATA_INFLATE_H

#include "data/bytes.h"

enum kb_inflate_kind { KB_INFLATE_UNKNOWN, KB_INFLATE_PLAIN, KB_INFLATE_GZIP, KB_INFLATE_ZSTD };

struct kb_inflate;

/* `src` must outlive the stream. */
struct kb_inflate *kb_inflate_new(struct kb_bytes src);
/* Begin again with another source; keeps the memory. */
void kb_inflate_reset(struct kb_inflate *inflate, struct kb_bytes src);
void kb_inflate_free(struct kb_inflate *inflate);

/* The plain bytes, as a stream to pull. */
struct kb_bytes kb_inflate_bytes(struct kb_inflate *inflate);

/* What was found so far. */
struct kb_inflate_stats {
    enum kb_inflate_kind kind;
    uint64_t in;   /* bytes taken from the source */
    uint64_t out;  /* bytes delivered */
    bool trailing; /* other bytes followed the last member and were left out */
};
struct kb_inflate_stats kb_inflate_stats(const struct kb_inflate *inflate);

/* Bytes that begin a gzip member or a zstd frame. */
enum kb_inflate_kind kb_inflate_sniff(struct kb_str head);

/* All of `packed` in one go, added to `out`; KB_ERR_LIMIT where it is more than out->max. */
KB_RES kb_inflate_all(struct kb_str packed, struct kb_buf *out, struct kb_err *err);
/* The same for base64 of compressed (or plain) bytes, the form of `data` members in log
 * deliveries. */
KB_RES kb_inflate_base64(struct kb_str base64, struct kb_buf *out, struct kb_err *err);

/* Base64 (RFC 4648 §4, padding optional, white space skipped) as a stream of bytes. Anything
 * else in the text is KB_ERR_SYNTAX. */
struct kb_base64_source {
    struct kb_str rest;
    uint32_t bits;
    unsigned have; /* bits in `bits` */
    bool padded;
};
struct kb_bytes kb_base64_bytes(struct kb_base64_source *source);

#endif
