/*
 * Kubernetes resource quantities: "100m", "1.5Gi", "12e6".
 * Definition: k8s.io/apimachinery resource.Quantity, including its overflows: value and milli wrap
 * silently; comparison is exact.
 *
 * Two representations, as there: a 64-bit number with a scale where it fits, and a big decimal.
 * Which one is in use shows in kb_quantity_integer, in value and in milli.
 */
#ifndef KB_DATA_QUANTITY_H
#define KB_DATA_QUANTITY_H

#include "base/err.h"
#include "data/dec.h"

enum kb_quantity_format {
    KB_QUANTITY_DECIMAL_SI,
    KB_QUANTITY_BINARY_SI,
    KB_QUANTITY_DECIMAL_EXPONENT
};

enum { KB_QUANTITY_EXPONENT_MAX = 300, KB_QUANTITY_TEXT_MAX = 400 };

struct kb_quantity {
    enum kb_quantity_format format;
    bool big; /* dec holds the value; otherwise value × 10^scale */
    int32_t scale;
    int64_t value;
    struct kb_dec dec;
    struct kb_str text; /* the input where it is kept as written, else empty; not owned */
};

/* KB_ERR_SYNTAX: not a quantity. KB_ERR_LIMIT: an exponent beyond ±KB_QUANTITY_EXPONENT_MAX or more
 * than KB_QUANTITY_TEXT_MAX characters. `out->text` points into `text`. */
KB_RES kb_quantity_parse(struct kb_str text, struct kb_quantity *out, struct kb_err *err);
/* value × 1, in format `format`. */
struct kb_quantity kb_quantity_of(int64_t value, enum kb_quantity_format format);

/* As written where Kubernetes keeps that, else canonical. */
void kb_quantity_format(const struct kb_quantity *q, struct kb_buf *out);
void kb_quantity_canonical(const struct kb_quantity *q, struct kb_buf *out);

/* The exact decimal. */
void kb_quantity_dec(const struct kb_quantity *q, struct kb_dec *out);
int kb_quantity_cmp(const struct kb_quantity *a, const struct kb_quantity *b);
/* -1, 0, 1 */
int kb_quantity_sign(const struct kb_quantity *q);
/* Whole units, or thousandths: rounded up, and wrong without notice where they overflow (as in
 * Kubernetes). */
int64_t kb_quantity_value(const struct kb_quantity *q);
int64_t kb_quantity_milli(const struct kb_quantity *q);
/* The value, where it is kept as a whole number of 64 bits. */
bool kb_quantity_integer(const struct kb_quantity *q, int64_t *out);
double kb_quantity_double(const struct kb_quantity *q);
/* a + b, a - b; false where the result is too large. */
bool kb_quantity_add(const struct kb_quantity *a, const struct kb_quantity *b,
                     struct kb_quantity *out);
bool kb_quantity_sub(const struct kb_quantity *a, const struct kb_quantity *b,
                     struct kb_quantity *out);

#endif
