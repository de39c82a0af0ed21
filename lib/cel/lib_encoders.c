/* base64.encode and base64.decode. */
#include "base/limits.h"
#include "cel/lib.h"
#include "data/base64.h"

static struct kb_cel_val encode(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    struct kb_buf out = {.max = KB_MAX_CEL_STRING};
    if (!kb_cel_lib_spend(call, kb_cel_lib_bytes(args[0].s.n))) {
        return kb_cel_lib_overspent();
    }
    kb_base64_encode(args[0].s, 0, &out);
    return kb_cel_lib_text(call, &out);
}

static struct kb_cel_val decode(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    struct kb_buf out = {.max = KB_MAX_CEL_STRING};
    size_t bad = 0;
    if (!kb_cel_lib_spend(call, kb_cel_lib_bytes(args[0].s.n))) {
        return kb_cel_lib_overspent();
    }
    if (!kb_base64_decode(args[0].s, KB_BASE64_UNPADDED | KB_BASE64_LINES, &out, &bad)) {
        kb_buf_done(&out);
        return kb_cel_error(call->arena, "illegal base64 data at input byte %zu", bad);
    }
    struct kb_cel_val v = kb_cel_lib_text(call, &out);
    return v.kind == KB_CEL_STRING ? kb_cel_bytes(v.s) : v;
}

static const struct kb_cel_func funcs[] = {
    {"base64.encode", "(bytes) -> string", encode, 0, "Bytes as base 64, padded."},
    {"base64.decode", "(string) -> bytes", decode, 0, "Bytes of base 64, padded or not."},
};

KB_CEL_LIBRARY(kb_cel_lib_encoders, "encoders");
