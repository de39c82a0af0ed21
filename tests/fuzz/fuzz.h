/*
 * What fuzz targets share. A target defines LLVMFuzzerTestOneInput, libFuzzer's entry point, so that the
 * same file serves libFuzzer and the standalone driver.
 */
#ifndef KB_TESTS_FUZZ_FUZZ_H
#define KB_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "data/bytes.h"

/* One input. Returns 0; a mistake shows by crashing or aborting. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold for every input. */
#define KB_HOLDS(condition)                                                                        \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            (void)fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                  \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

static inline struct kb_str kb_fuzz_text(const uint8_t *data, size_t size)
{
    return (struct kb_str){size == 0 ? "" : (const char *)data, size};
}

/* Memory as a stream that gives at most `step` bytes at a time (0: all). */
struct kb_fuzz_chunks {
    struct kb_str rest;
    size_t step;
};

static inline kb_res kb_fuzz_read_chunk(void *ctx, void *buf, size_t n, size_t *got,
                                        struct kb_err *err)
{
    struct kb_fuzz_chunks *chunks = ctx;
    (void)err;
    n = n < chunks->rest.n ? n : chunks->rest.n;
    n = chunks->step != 0 && chunks->step < n ? chunks->step : n;
    if (n > 0) {
        memcpy(buf, chunks->rest.p, n);
        chunks->rest = kb_str_sub(chunks->rest, n, SIZE_MAX);
    }
    *got = n;
    return KB_SUCCESS;
}

static inline struct kb_bytes kb_fuzz_bytes(struct kb_fuzz_chunks *chunks)
{
    return (struct kb_bytes){kb_fuzz_read_chunk, chunks};
}

#endif
