/* CSV: any bytes, and the same rows however they arrive. The first byte is the step. */
#include "data/csv.h"
#include "fuzz.h"

enum { MAX_ROW = 4096, MAX_FIELDS = 16 };

static uint64_t read_all(struct kb_str text, size_t step)
{
    struct kb_fuzz_chunks chunks = {text, step};
    struct kb_csv *csv = kb_csv_new(kb_fuzz_bytes(&chunks), MAX_ROW, MAX_FIELDS);
    uint64_t sum = 1;
    for (size_t i = 0; i < text.n + 2; i++) {
        struct kb_csv_row row = {0};
        struct kb_err err = {0};
        kb_res res = kb_csv_next(csv, &row, &err);
        sum = kb_hash_bytes(&res.code, sizeof res.code, sum);
        if (!kb_failed(res) && row.n == 0) {
            break;
        }
        KB_HOLDS(row.n <= MAX_FIELDS);
        for (size_t f = 0; !kb_failed(res) && f < row.n; f++) {
            sum = kb_hash_bytes(row.fields[f].p, row.fields[f].n, sum);
        }
    }
    kb_csv_free(csv);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1) {
        return 0;
    }
    struct kb_str text = kb_fuzz_text(data + 1, size - 1);
    KB_HOLDS(read_all(text, 0) == read_all(text, 1 + data[0] % 13u));
    return 0;
}
