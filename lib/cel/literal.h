/* Values of literals. */
#ifndef KB_CEL_LITERAL_H
#define KB_CEL_LITERAL_H

#include "cel/lexer.h"
#include "cel/value.h"

/* Value of a literal token (`negative`: a '-' stood before it). NULL, or what is wrong with it. */
const char *kb_cel_literal(enum kb_cel_token_kind kind, struct kb_str text, bool negative,
                           struct kb_arena *arena, struct kb_cel_val *out);

/* A decimal or hexadecimal (0x) number without sign. */
bool kb_cel_parse_u64(struct kb_str text, uint64_t *out);
/* As Go's strconv.ParseFloat: decimal, hexadecimal, inf, nan, no white space, not out of range. */
bool kb_cel_parse_double(struct kb_str text, double *out);
/* Shortest text that reads back as the same double, in Go's %g form ("1e-07", "+Inf"). */
size_t kb_cel_format_double(double d, char out[32]);

enum { KB_CEL_FIXED_MAX = 400 };
/* The same without exponent. */
size_t kb_cel_format_fixed(double d, char out[KB_CEL_FIXED_MAX]);

#endif
