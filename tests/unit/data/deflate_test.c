#include "data/deflate.h"
#include "test.h"

/* What is written in pieces of `step` comes back whole. */
static void round_trip(enum kb_inflate_kind kind, size_t size, size_t step)
{
    struct kb_err err = {0};
    struct kb_buf plain, packed, back;
    kb_buf_init(&plain, size + 1);
    kb_buf_init(&packed, 2 * size + 4096);
    kb_buf_init(&back, size + 1);
    for (size_t i = 0; i < size; i++) {
        kb_buf_char(&plain, (char)(i * i >> 3));
    }
    struct kb_deflate *deflate = kb_deflate_new(kind, kb_sink_of(&packed));
    for (size_t i = 0; i < size; i += step) {
        struct kb_str piece = kb_str_sub(kb_buf_view(&plain), i, i + step);
        OK(kb_sink_write(kb_deflate_sink(deflate), piece, &err), &err);
    }
    OK(kb_deflate_finish(deflate, &err), &err);
    kb_deflate_free(deflate);
    OK(kb_inflate_all(kb_buf_view(&packed), &back, &err), &err);
    CHECK(kb_str_eq(kb_buf_view(&plain), kb_buf_view(&back)));
    CHECK(size == 0 || kb_inflate_sniff(kb_buf_view(&packed)) == kind);
    kb_buf_done(&plain);
    kb_buf_done(&packed);
    kb_buf_done(&back);
}

KB_TEST(deflate, comes_back_whole)
{
    static const enum kb_inflate_kind kinds[] = {KB_INFLATE_GZIP, KB_INFLATE_ZSTD};
    for (size_t i = 0; i < 2; i++) {
        round_trip(kinds[i], 0, 1);
        round_trip(kinds[i], 1, 1);
        round_trip(kinds[i], 1 << 20, 4099);
        round_trip(kinds[i], 1 << 20, 1 << 20);
    }
}

static kb_res refuse(void *ctx, struct kb_str text, struct kb_err *err)
{
    (void)ctx;
    (void)text;
    return kb_fail(err, KB_ERR_IO, "full");
}

KB_TEST(deflate, tells_that_the_sink_is_full)
{
    struct kb_err err = {0};
    struct kb_deflate *deflate = kb_deflate_new(KB_INFLATE_GZIP, (struct kb_sink){refuse, NULL});
    kb_res written = kb_sink_write(kb_deflate_sink(deflate), KB_STR("x"), &err);
    kb_res finished = kb_deflate_finish(deflate, &err);
    CHECK(kb_failed(written) || kb_failed(finished));
    EQ_C(err.msg, "full");
    kb_deflate_free(deflate);
}
