/* Where a JSON object or array ends. */
#ifndef KB_DATA_CONTAINER_H
#define KB_DATA_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the object or array that begins at `p` (at its bracket), or 0 where it does not end
 * within `n`. Kinds of brackets are not told apart; whoever walks in finds a wrong one. */
size_t kb_container_length(const char *p, size_t n);

#endif
