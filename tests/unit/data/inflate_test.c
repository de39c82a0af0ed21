#include "data/inflate.h"

#include <zlib.h>
#include <zstd.h>

#include "base/limits.h"
#include "test.h"

/* A source that gives at most `step` bytes a call. */
struct slow {
    struct kb_str rest;
    size_t step;
};

static kb_res read_slow(void *ctx, void *buf, size_t n, size_t *got, struct kb_err *err)
{
    struct slow *slow = ctx;
    struct kb_bytes memory = kb_bytes_of(&slow->rest);
    return kb_bytes_read(memory, buf, n < slow->step ? n : slow->step, got, err);
}

static void add_gzip(struct kb_buf *out, struct kb_str text)
{
    z_stream z = {0};
    (void)deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    size_t bound = deflateBound(&z, text.n);
    char *to = kb_buf_reserve(out, bound);
    char *in = kb_alloc(text.n);
    memcpy(in, text.p, text.n);
    z.next_in = (Bytef *)in;
    z.avail_in = (uInt)text.n;
    z.next_out = (Bytef *)to;
    z.avail_out = (uInt)bound;
    (void)deflate(&z, Z_FINISH);
    out->n += bound - z.avail_out;
    (void)deflateEnd(&z);
    kb_free(in);
}

static void add_zstd(struct kb_buf *out, struct kb_str text)
{
    size_t bound = ZSTD_compressBound(text.n);
    char *to = kb_buf_reserve(out, bound);
    out->n += ZSTD_compress(to, bound, text.p, text.n, 3);
}

/* Text that does not compress too well. */
static void fill(struct kb_buf *text, size_t n)
{
    uint32_t x = 1;
    kb_buf_init(text, n + 16);
    while (text->n < n) {
        x = x * 1664525U + 1013904223U;
        kb_buf_printf(text, "%u,", x >> 20);
    }
}

static kb_res pull(struct kb_str packed, size_t step, struct kb_buf *out, struct kb_err *err)
{
    struct slow slow = {packed, step};
    struct kb_inflate *z = kb_inflate_new((struct kb_bytes){read_slow, &slow});
    kb_res res = kb_bytes_all(kb_inflate_bytes(z), out, err);
    kb_inflate_free(z);
    return res;
}

static void same_at_every_step(struct kb_str packed, struct kb_str plain)
{
    static const size_t steps[] = {1, 2, 3, 7, 8, 16, 17, 1000, 1 << 20};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct kb_buf out;
        struct kb_err err = {0};
        kb_buf_init(&out, plain.n + 1);
        OK(pull(packed, steps[i], &out, &err), &err);
        CHECK(kb_str_eq(kb_buf_view(&out), plain));
        kb_buf_done(&out);
    }
}

KB_TEST(inflate, gzip_members_padding_and_garbage)
{
    struct kb_buf text;
    struct kb_buf packed;
    fill(&text, 100000);
    kb_buf_init(&packed, 1 << 20);
    struct kb_str plain = kb_buf_view(&text);
    add_gzip(&packed, kb_str_sub(plain, 0, 10));
    add_gzip(&packed, KB_STR(""));
    add_gzip(&packed, kb_str_sub(plain, 10, 70000));
    add_gzip(&packed, kb_str_sub(plain, 70000, plain.n));
    same_at_every_step(kb_buf_view(&packed), plain);
    kb_buf_add(&packed, "\0\0\0\0\0", 5);
    same_at_every_step(kb_buf_view(&packed), plain);
    kb_buf_c(&packed, "garbage");
    same_at_every_step(kb_buf_view(&packed), plain);
    kb_buf_done(&text);
    kb_buf_done(&packed);
}

KB_TEST(inflate, zstd_frames)
{
    struct kb_buf text;
    struct kb_buf packed;
    fill(&text, 400000);
    kb_buf_init(&packed, 1 << 20);
    struct kb_str plain = kb_buf_view(&text);
    add_zstd(&packed, kb_str_sub(plain, 0, 10));
    add_zstd(&packed, kb_str_sub(plain, 10, plain.n));
    same_at_every_step(kb_buf_view(&packed), plain);
    kb_buf_done(&text);
    kb_buf_done(&packed);
}

KB_TEST(inflate, plain_passes_through)
{
    same_at_every_step(KB_STR(""), KB_STR(""));
    same_at_every_step(KB_STR("a"), KB_STR("a"));
    same_at_every_step(KB_STR("\x1f"), KB_STR("\x1f"));
    same_at_every_step(KB_STR("{\"kind\":\"Event\"}\n"), KB_STR("{\"kind\":\"Event\"}\n"));
}

static void cut_keeps_good_bytes(void (*add)(struct kb_buf *, struct kb_str))
{
    struct kb_buf text;
    struct kb_buf packed;
    fill(&text, 600000); /* several zstd blocks */
    kb_buf_init(&packed, 1 << 20);
    add(&packed, kb_buf_view(&text));
    for (size_t cut = 1; cut < packed.n - 4; cut += 1 + packed.n / 23) {
        struct kb_buf out;
        struct kb_err err = {0};
        kb_buf_init(&out, text.n + 1);
        struct kb_str part = kb_str_sub(kb_buf_view(&packed), 0, packed.n - cut);
        FAILS(pull(part, 1000, &out, &err), KB_ERR_CORRUPT);
        CHECK(kb_str_starts(kb_buf_view(&text), kb_buf_view(&out)));
        CHECK(cut > packed.n / 2 || out.n > text.n / 4);
        kb_buf_done(&out);
    }
    kb_buf_done(&text);
    kb_buf_done(&packed);
}

KB_TEST(inflate, what_is_cut_keeps_its_good_bytes)
{
    cut_keeps_good_bytes(add_gzip);
    cut_keeps_good_bytes(add_zstd);
}

KB_TEST(inflate, a_wrong_checksum_is_damage)
{
    struct kb_buf packed;
    struct kb_buf out;
    struct kb_err err = {0};
    kb_buf_init(&packed, 1 << 20);
    kb_buf_init(&out, 1 << 20);
    add_gzip(&packed, KB_STR("hello, hello, hello"));
    packed.p[packed.n - 6] ^= 1;
    FAILS(kb_inflate_all(kb_buf_view(&packed), &out, &err), KB_ERR_CORRUPT);
    EQ_STR(kb_buf_view(&out), "hello, hello, hello");
    kb_buf_done(&packed);
    kb_buf_done(&out);
}

KB_TEST(inflate, a_bomb_is_refused)
{
    struct kb_buf packed;
    struct kb_err err = {0};
    size_t n = 200U << 20;
    char *zeros = kb_alloc(n);
    kb_buf_init(&packed, 2U << 20);
    packed.n = 0;
    char *to = kb_buf_reserve(&packed, 1 << 20);
    packed.n = ZSTD_compress(to, 1 << 20, zeros, n, 3);
    kb_free(zeros);
    CHECK(packed.n < n / KB_MAX_INFLATE_RATIO / 3);
    struct kb_str rest = kb_buf_view(&packed);
    struct kb_inflate *z = kb_inflate_new(kb_bytes_of(&rest));
    static char buf[1 << 20];
    kb_res res = KB_SUCCESS;
    uint64_t total = 0;
    for (size_t got = 1; !kb_failed(res) && got > 0; total += got) {
        res = kb_bytes_read(kb_inflate_bytes(z), buf, sizeof buf, &got, &err);
    }
    FAILS(res, KB_ERR_LIMIT);
    CHECK(total <= 66U << 20);
    kb_inflate_free(z);
    kb_buf_done(&packed);
}

KB_TEST(inflate, base64_members)
{
    struct kb_buf out;
    struct kb_err err = {0};
    kb_buf_init(&out, 64);
    OK(kb_inflate_base64(KB_STR("H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA=="), &out, &err),
       &err);
    kb_buf_clear(&out);
    OK(kb_inflate_base64(KB_STR("aGVs\nbG8"), &out, &err), &err);
    EQ_STR(kb_buf_view(&out), "hello");
    kb_buf_clear(&out);
    FAILS(kb_inflate_base64(KB_STR("aGV*"), &out, &err), KB_ERR_SYNTAX);
    kb_buf_clear(&out);
    FAILS(kb_inflate_base64(KB_STR("aG==aG"), &out, &err), KB_ERR_SYNTAX);
    kb_buf_done(&out);
}

KB_TEST(inflate, one_shot_has_a_maximum)
{
    struct kb_buf packed;
    struct kb_buf out;
    struct kb_err err = {0};
    kb_buf_init(&packed, 1 << 20);
    add_gzip(&packed, KB_STR("0123456789"));
    kb_buf_init(&out, 9);
    FAILS(kb_inflate_all(kb_buf_view(&packed), &out, &err), KB_ERR_LIMIT);
    kb_buf_done(&out);
    kb_buf_init(&out, 10);
    OK(kb_inflate_all(kb_buf_view(&packed), &out, &err), &err);
    EQ_STR(kb_buf_view(&out), "0123456789");
    kb_buf_done(&out);
    kb_buf_done(&packed);
}
