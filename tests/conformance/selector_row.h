/* What a row of the selector tables wants: an error, or a text and matches. */
#ifndef KB_TESTS_CONFORMANCE_SELECTOR_ROW_H
#define KB_TESTS_CONFORMANCE_SELECTOR_ROW_H

#include "data/selector.h"
#include "rows.h"

/* `selector` NULL: it was refused with `err`. */
bool kb_selector_row(const json_t *row, const struct kb_selector *selector, const struct kb_err *err);

#endif
