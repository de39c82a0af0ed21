/*
 * Decimal numbers of bounded size: sign, up to KB_DEC_LIMBS * 32 bits of magnitude, and a scale.
 * The value is ±magnitude / 10^scale. Operations that would leave the size answer false.
 */
#ifndef KB_DATA_DEC_H
#define KB_DATA_DEC_H

#include "base/mem.h"

enum { KB_DEC_LIMBS = 48, KB_DEC_SCALE_MAX = 2000 };

struct kb_dec {
    bool negative; /* never with a magnitude of zero */
    uint8_t n;     /* limbs in use */
    int32_t scale;
    uint32_t limb[KB_DEC_LIMBS]; /* least significant first */
};

/* Digits only (an empty text is zero), with `scale` of them behind the point. */
bool kb_dec_from_digits(struct kb_str digits, int32_t scale, struct kb_dec *out);
/* value × 10^exponent. */
bool kb_dec_from_i64(int64_t value, int32_t exponent, struct kb_dec *out);

static inline bool kb_dec_is_zero(const struct kb_dec *d)
{
    return d->n == 0;
}

/* Multiply the magnitude (not the scale) by a small number. */
bool kb_dec_mul(struct kb_dec *d, uint32_t factor);
/* Divide the magnitude by `divisor` (> 0), towards zero; the remainder. */
uint32_t kb_dec_div(struct kb_dec *d, uint32_t divisor);
/* The same value at another scale; digits that go are rounded away from zero, and *exact (may be
 * NULL) tells whether there were any. */
bool kb_dec_rescale(struct kb_dec *d, int32_t scale, bool *exact);
bool kb_dec_add(const struct kb_dec *a, const struct kb_dec *b, struct kb_dec *out);
/* <0, 0, >0. Both must be within KB_DEC_SCALE_MAX of each other's scale and fit; *ok tells. */
int kb_dec_cmp(const struct kb_dec *a, const struct kb_dec *b, bool *ok);
/* The lowest 64 bits of the signed unscaled value, in two's complement. */
int64_t kb_dec_low64(const struct kb_dec *d);
/* Compare the unscaled value with INT64_MAX: is it below? */
bool kb_dec_below_max64(const struct kb_dec *d);
/* The unscaled value, rounded to nearest. */
double kb_dec_double(const struct kb_dec *d);
/* The unscaled value's digits, with sign. */
void kb_dec_digits(const struct kb_dec *d, struct kb_buf *out);
/* The value in plain decimal: "-1.500", "1000". */
void kb_dec_format(const struct kb_dec *d, struct kb_buf *out);

#endif
