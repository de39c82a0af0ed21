/* zlib and libzstd behind one sink. */
#include "data/deflate.h"

#include <zlib.h>
#include <zstd.h>

enum { ROOM = 128 << 10, GZIP_WINDOW = 15 + 16, GZIP_MEMORY = 8, ZSTD_LEVEL = 3 };

struct kb_deflate {
    enum kb_inflate_kind kind;
    struct kb_sink out;
    z_stream gzip;
    ZSTD_CCtx *zstd;
    char room[ROOM];
};

struct kb_deflate *kb_deflate_new(enum kb_inflate_kind kind, struct kb_sink out)
{
    struct kb_deflate *d = kb_alloc(sizeof *d);
    d->kind = kind;
    d->out = out;
    if (kind == KB_INFLATE_GZIP &&
        deflateInit2(&d->gzip, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        kb_oom(ROOM);
    }
    if (kind == KB_INFLATE_ZSTD) {
        d->zstd = ZSTD_createCCtx();
        if (d->zstd == NULL) {
            kb_oom(ROOM);
        }
        (void)ZSTD_CCtx_setParameter(d->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL);
        (void)ZSTD_CCtx_setParameter(d->zstd, ZSTD_c_checksumFlag, 1);
    }
    return d;
}

void kb_deflate_free(struct kb_deflate *deflate)
{
    if (deflate != NULL) {
        if (deflate->kind == KB_INFLATE_GZIP) {
            (void)deflateEnd(&deflate->gzip);
        }
        ZSTD_freeCCtx(deflate->zstd);
        kb_free(deflate);
    }
}

static KB_RES write_gzip(struct kb_deflate *d, struct kb_str text, int flush, struct kb_err *err)
{
    d->gzip.next_in = (unsigned char *)(uintptr_t)text.p;
    d->gzip.avail_in = (unsigned)text.n;
    do {
        d->gzip.next_out = (unsigned char *)d->room;
        d->gzip.avail_out = ROOM;
        (void)deflate(&d->gzip, flush);
        KB_TRY(kb_sink_write(d->out, (struct kb_str){d->room, ROOM - d->gzip.avail_out}, err));
    } while (d->gzip.avail_out == 0);
    return KB_SUCCESS;
}

static KB_RES write_zstd(struct kb_deflate *d, struct kb_str text, ZSTD_EndDirective mode,
                         struct kb_err *err)
{
    ZSTD_inBuffer in = {text.p, text.n, 0};
    size_t left;
    do {
        ZSTD_outBuffer out = {d->room, ROOM, 0};
        left = ZSTD_compressStream2(d->zstd, &out, &in, mode);
        KB_ENSURE(!ZSTD_isError(left), err, KB_ERR_IO, "zstd: %s", ZSTD_getErrorName(left));
        KB_TRY(kb_sink_write(d->out, (struct kb_str){d->room, out.pos}, err));
    } while (in.pos < in.size || (mode == ZSTD_e_end && left > 0));
    return KB_SUCCESS;
}

static kb_res on_write(void *ctx, struct kb_str text, struct kb_err *err)
{
    struct kb_deflate *d = ctx;
    switch (d->kind) {
    case KB_INFLATE_GZIP:
        return write_gzip(d, text, Z_NO_FLUSH, err);
    case KB_INFLATE_ZSTD:
        return write_zstd(d, text, ZSTD_e_continue, err);
    case KB_INFLATE_UNKNOWN:
    case KB_INFLATE_PLAIN:
        break;
    }
    return kb_sink_write(d->out, text, err);
}

struct kb_sink kb_deflate_sink(struct kb_deflate *deflate)
{
    return (struct kb_sink){on_write, deflate};
}

KB_RES kb_deflate_finish(struct kb_deflate *deflate, struct kb_err *err)
{
    const struct kb_str nothing = {"", 0};
    return deflate->kind == KB_INFLATE_GZIP   ? write_gzip(deflate, nothing, Z_FINISH, err)
           : deflate->kind == KB_INFLATE_ZSTD ? write_zstd(deflate, nothing, ZSTD_e_end, err)
                                              : KB_SUCCESS;
}
