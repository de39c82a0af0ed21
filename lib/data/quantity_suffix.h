/* The suffixes of quantities and what they stand for. */
#ifndef KB_DATA_QUANTITY_SUFFIX_H
#define KB_DATA_QUANTITY_SUFFIX_H

#include "data/quantity.h"

#define KB_QUANTITY_SYNTAX                                                                         \
    "quantities must match the regular expression "                                                \
    "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

struct kb_quantity_suffix {
    enum kb_quantity_format format;
    int32_t exponent; /* of ten, or of two for BINARY_SI */
};

/* False where there is no such suffix. */
bool kb_quantity_suffix_read(struct kb_str text, struct kb_quantity_suffix *out);
/* Appends nothing where the format has no suffix for the exponent. */
void kb_quantity_suffix_write(const struct kb_quantity_suffix *suffix, struct kb_buf *out);

#endif
