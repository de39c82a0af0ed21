/* A labelled log's context.json as a profile of the product. */
#ifndef KB_TESTS_CONFORMANCE_CONTEXT_H
#define KB_TESTS_CONFORMANCE_CONTEXT_H

#include <jansson.h>

#include "base/mem.h"

/* The text of a profile that says what the context says. */
void kb_context_profile(const json_t *context, struct kb_buf *out);

#endif
