/* Decompression: any bytes, and the same output however they arrive. The first byte is the step. */
#include "data/inflate.h"
#include "fuzz.h"

enum { MOST = 4 << 20 };

static kb_res inflate(struct kb_str packed, size_t step, struct kb_buf *out)
{
    struct kb_fuzz_chunks chunks = {packed, step};
    struct kb_err err = {0};
    struct kb_inflate *stream = kb_inflate_new(kb_fuzz_bytes(&chunks));
    kb_res res = kb_bytes_all(kb_inflate_bytes(stream), out, &err);
    KB_HOLDS(kb_inflate_stats(stream).in <= packed.n);
    kb_inflate_free(stream);
    return res;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1) {
        return 0;
    }
    struct kb_str packed = kb_fuzz_text(data + 1, size - 1);
    struct kb_buf whole;
    struct kb_buf pieces;
    kb_buf_init(&whole, MOST);
    kb_buf_init(&pieces, MOST);
    kb_res a = inflate(packed, 0, &whole);
    kb_res b = inflate(packed, 1 + data[0], &pieces);
    KB_HOLDS(a.code == b.code);
    /* How much of a damaged block comes out depends on how it arrived. */
    struct kb_str x = kb_buf_view(&whole);
    struct kb_str y = kb_buf_view(&pieces);
    KB_HOLDS(kb_failed(a) ? kb_str_starts(x, y) || kb_str_starts(y, x) : kb_str_eq(x, y));
    kb_buf_clear(&pieces);
    struct kb_err err = {0};
    (void)!kb_failed(kb_inflate_base64(packed, &pieces, &err));
    kb_buf_done(&whole);
    kb_buf_done(&pieces);
    return 0;
}
