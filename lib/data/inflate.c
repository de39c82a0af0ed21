/* ISA-L for gzip, libzstd for zstd, behind one pull stream. */
#include "data/inflate.h"

#include <isa-l/igzip_lib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/limits.h"

enum {
    IN_CAP = 128 << 10,
    HEAD = 4, /* bytes that tell the kind */
    ZSTD_WINDOW_LOG_MAX = 25
};
#define RATIO_FREE (64ULL << 20) /* output below which any ratio is fine */

struct kb_inflate {
    struct kb_bytes src;
    struct kb_inflate_stats stats;
    uint8_t *in;
    size_t at;
    size_t n;
    bool src_end;
    kb_res src_res; /* a failed source; told after what came before it */
    struct kb_err src_err;
    bool open; /* inside a gzip member or a zstd frame */
    bool end;
    struct inflate_state *gzip;
    ZSTD_DCtx *zstd;
    kb_res res; /* what every further call gives */
    struct kb_err err;
};

struct kb_inflate *kb_inflate_new(struct kb_bytes src)
{
    struct kb_inflate *z = kb_alloc(sizeof *z);
    z->in = kb_alloc(IN_CAP);
    z->src = src;
    return z;
}

void kb_inflate_reset(struct kb_inflate *z, struct kb_bytes src)
{
    *z = (struct kb_inflate){.src = src, .in = z->in, .gzip = z->gzip, .zstd = z->zstd};
}

void kb_inflate_free(struct kb_inflate *z)
{
    if (z != NULL) {
        kb_free(z->in);
        kb_free(z->gzip);
        (void)ZSTD_freeDCtx(z->zstd);
        kb_free(z);
    }
}

struct kb_inflate_stats kb_inflate_stats(const struct kb_inflate *z)
{
    return z->stats;
}

enum kb_inflate_kind kb_inflate_sniff(struct kb_str head)
{
    const unsigned char *p = (const unsigned char *)head.p;
    if (head.n >= 2 && p[0] == 0x1F && p[1] == 0x8B) {
        return KB_INFLATE_GZIP;
    }
    bool frame = head.n >= 4 && p[0] == 0x28 && p[1] == 0xB5 && p[2] == 0x2F && p[3] == 0xFD;
    bool skippable =
        head.n >= 4 && (p[0] & 0xF0) == 0x50 && p[1] == 0x2A && p[2] == 0x4D && p[3] == 0x18;
    return frame || skippable ? KB_INFLATE_ZSTD : KB_INFLATE_PLAIN;
}

/* Have at least `want` bytes of input unless the source ends. */
static void fill(struct kb_inflate *z, size_t want)
{
    if (z->at > 0 && z->n - z->at < want) {
        memmove(z->in, z->in + z->at, z->n - z->at);
        z->n -= z->at;
        z->at = 0;
    }
    while (!z->src_end && z->n - z->at < want) {
        size_t got = 0;
        z->src_res = kb_bytes_read(z->src, z->in + z->n, IN_CAP - z->n, &got, &z->src_err);
        z->src_end = kb_failed(z->src_res) || got == 0;
        z->n += got;
        z->stats.in += got;
    }
}

static struct kb_str input(const struct kb_inflate *z)
{
    return (struct kb_str){(const char *)z->in + z->at, z->n - z->at};
}

/* The input ended. Inside a member or frame that is damage. */
static kb_res at_end(struct kb_inflate *z, struct kb_err *err)
{
    z->end = true;
    if (kb_failed(z->src_res)) {
        if (err != NULL) {
            *err = z->src_err;
        }
        return z->src_res;
    }
    KB_ENSURE(!z->open, err, KB_ERR_CORRUPT, "the compressed data is cut off after %llu bytes",
              (unsigned long long)z->stats.in);
    return KB_SUCCESS;
}

static kb_res damaged(const struct kb_inflate *z, const char *what, struct kb_err *err)
{
    return kb_fail(err, KB_ERR_CORRUPT, "the compressed data is damaged (%s) before byte %llu",
                   what, (unsigned long long)(z->stats.in - (z->n - z->at)));
}

/* Between members or frames: another one, padding, or something else, which ends the stream. */
static kb_res next_unit(struct kb_inflate *z, struct kb_err *err)
{
    fill(z, HEAD);
    while (z->at < z->n && z->in[z->at] == 0) {
        z->at++;
        fill(z, HEAD);
    }
    if (z->at == z->n) {
        return at_end(z, err);
    }
    if (kb_inflate_sniff(input(z)) != z->stats.kind) {
        z->stats.trailing = true;
        z->end = true;
        return KB_SUCCESS;
    }
    z->open = true;
    if (z->stats.kind == KB_INFLATE_GZIP) {
        isal_inflate_reset(z->gzip);
        z->gzip->crc_flag = ISAL_GZIP;
    }
    return KB_SUCCESS;
}

static kb_res step_gzip(struct kb_inflate *z, uint8_t *out, size_t n, size_t *got,
                        struct kb_err *err)
{
    struct inflate_state *s = z->gzip;
    s->next_in = z->in + z->at;
    s->avail_in = (uint32_t)(z->n - z->at);
    s->next_out = out;
    s->avail_out = n > (1U << 30) ? 1U << 30 : (uint32_t)n;
    int status = isal_inflate(s);
    bool moved = s->avail_in < z->n - z->at || s->next_out > out;
    z->at = z->n - s->avail_in;
    *got = (size_t)(s->next_out - out);
    if (status != ISAL_DECOMP_OK) {
        return damaged(z, status == ISAL_INCORRECT_CHECKSUM ? "checksum" : "gzip", err);
    }
    if (s->block_state == ISAL_BLOCK_FINISH) {
        z->open = false;
    } else if (!moved && z->src_end) {
        return at_end(z, err);
    }
    return KB_SUCCESS;
}

static kb_res step_zstd(struct kb_inflate *z, uint8_t *out, size_t n, size_t *got,
                        struct kb_err *err)
{
    ZSTD_inBuffer in = {z->in + z->at, z->n - z->at, 0};
    ZSTD_outBuffer to = {out, n, 0};
    size_t left = ZSTD_decompressStream(z->zstd, &to, &in);
    z->at += in.pos;
    *got = to.pos;
    if (ZSTD_isError(left)) {
        bool window = ZSTD_getErrorCode(left) == ZSTD_error_frameParameter_windowTooLarge;
        KB_ENSURE(!window, err, KB_ERR_UNSUPPORTED,
                  "the zstd data needs a window of more than %d MiB (compressed with --long or "
                  "--ultra)",
                  1 << (ZSTD_WINDOW_LOG_MAX - 20));
        return damaged(z, ZSTD_getErrorName(left), err);
    }
    z->open = left != 0;
    return z->open && to.pos == 0 && in.pos == 0 && z->src_end ? at_end(z, err) : KB_SUCCESS;
}

static kb_res detect(struct kb_inflate *z)
{
    fill(z, HEAD);
    z->stats.kind = kb_inflate_sniff(input(z));
    if (z->stats.kind == KB_INFLATE_GZIP && z->gzip == NULL) {
        z->gzip = kb_alloc(sizeof *z->gzip);
    }
    if (z->stats.kind == KB_INFLATE_GZIP) {
        isal_inflate_init(z->gzip);
    }
    if (z->stats.kind == KB_INFLATE_ZSTD) {
        z->zstd = z->zstd == NULL ? ZSTD_createDCtx() : z->zstd;
        if (z->zstd == NULL) {
            kb_oom(0);
        }
        (void)ZSTD_DCtx_reset(z->zstd, ZSTD_reset_session_only);
        (void)ZSTD_DCtx_setParameter(z->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG_MAX);
    }
    return KB_SUCCESS;
}

static kb_res read_plain(struct kb_inflate *z, uint8_t *buf, size_t n, size_t *got,
                         struct kb_err *err)
{
    if (z->at == z->n && z->src_end) {
        return at_end(z, err);
    }
    if (z->at == z->n) {
        KB_TRY(kb_bytes_read(z->src, buf, n, got, err));
        z->stats.in += *got;
        return KB_SUCCESS;
    }
    *got = n < z->n - z->at ? n : z->n - z->at;
    memcpy(buf, z->in + z->at, *got);
    z->at += *got;
    return KB_SUCCESS;
}

/* One or more bytes, or the end, or an error; an error may come with bytes. */
static kb_res pull(struct kb_inflate *z, uint8_t *buf, size_t n, size_t *got, struct kb_err *err)
{
    if (z->stats.kind == KB_INFLATE_UNKNOWN) {
        KB_TRY(detect(z));
    }
    if (z->stats.kind == KB_INFLATE_PLAIN) {
        return read_plain(z, buf, n, got, err);
    }
    while (*got == 0 && !z->end) {
        if (!z->open) {
            KB_TRY(next_unit(z, err));
            continue;
        }
        /* ISA-L takes some members for damaged when they come in small pieces. */
        fill(z, IN_CAP / 2);
        KB_TRY(z->stats.kind == KB_INFLATE_GZIP ? step_gzip(z, buf, n, got, err)
                                                : step_zstd(z, buf, n, got, err));
    }
    return KB_SUCCESS;
}

static kb_res check_ratio(const struct kb_inflate *z, struct kb_err *err)
{
    KB_ENSURE(z->stats.out <= RATIO_FREE || z->stats.out / KB_MAX_INFLATE_RATIO <= z->stats.in, err,
              KB_ERR_LIMIT, "the compressed data grows more than %d times", KB_MAX_INFLATE_RATIO);
    return KB_SUCCESS;
}

static kb_res read_inflated(void *ctx, void *buf, size_t n, size_t *got, struct kb_err *err)
{
    struct kb_inflate *z = ctx;
    *got = 0;
    if (!kb_failed(z->res)) {
        z->res = pull(z, buf, n, got, &z->err);
        z->stats.out += *got;
        if (!kb_failed(z->res)) {
            z->res = check_ratio(z, &z->err);
        }
    }
    if (kb_failed(z->res) && *got == 0) {
        if (err != NULL) {
            *err = z->err;
        }
        return z->res;
    }
    return KB_SUCCESS;
}

struct kb_bytes kb_inflate_bytes(struct kb_inflate *z)
{
    return (struct kb_bytes){read_inflated, z};
}

static kb_res inflate_source(struct kb_bytes src, struct kb_buf *out, struct kb_err *err)
{
    struct kb_inflate *z = kb_inflate_new(src);
    kb_res res = kb_bytes_all(kb_inflate_bytes(z), out, err);
    kb_inflate_free(z);
    return res;
}

KB_RES kb_inflate_all(struct kb_str packed, struct kb_buf *out, struct kb_err *err)
{
    return inflate_source(kb_bytes_of(&packed), out, err);
}

KB_RES kb_inflate_base64(struct kb_str base64, struct kb_buf *out, struct kb_err *err)
{
    struct kb_base64_source source = {.rest = base64};
    return inflate_source(kb_base64_bytes(&source), out, err);
}
