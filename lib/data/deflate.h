/*
 * Compression as a sink: what is written into it comes out of it as one gzip member or zstd frame.
 */
#ifndef KB_DATA_DEFLATE_H
#define KB_DATA_DEFLATE_H

#include "data/bytes.h"
#include "data/inflate.h"

struct kb_deflate;

/* `kind` is KB_INFLATE_PLAIN, KB_INFLATE_GZIP or KB_INFLATE_ZSTD. `out` must outlive it. */
struct kb_deflate *kb_deflate_new(enum kb_inflate_kind kind, struct kb_sink out);
void kb_deflate_free(struct kb_deflate *deflate);
struct kb_sink kb_deflate_sink(struct kb_deflate *deflate);
/* Write what is left, with the checksum. Nothing may be written after it. */
KB_RES kb_deflate_finish(struct kb_deflate *deflate, struct kb_err *err);

#endif
