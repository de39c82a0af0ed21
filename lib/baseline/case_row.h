/* Rows of fact tables written in YAML. */
#ifndef KB_BASELINE_CASE_ROW_H
#define KB_BASELINE_CASE_ROW_H

#include "baseline/decode.h"

struct kb_case_row {
    const struct kb_table *table;
    const struct kb_cel_val *values; /* by column */
    struct kb_str file;
    unsigned line;
    size_t number; /* orders rows of one time */
};

extern const struct kb_row_ops kb_case_row_ops;

/* A map of columns as a row; false after mistakes. A column not mentioned has its default. A column is unknown where
 * its value is {unknown: "why"}, or where the key `unknown` lists it. */
bool kb_case_row_read(const struct kb_decode *d, const struct kb_yaml_node *node,
                      const struct kb_table *table, size_t number, struct kb_case_row *out);

#endif
