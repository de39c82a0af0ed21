/* Macros: calls that bind names or test for presence (langdef "Macros", cel-go's extensions). */
#ifndef KB_CEL_MACROS_H
#define KB_CEL_MACROS_H

#include "cel/parser.h"

/*
 * Replaces a call by what its macro means; gives the call back where it is not one. NULL with an
 * issue where the macro's arguments are not what it takes.
 */
struct kb_cel_expr *kb_cel_macro_expand(struct kb_cel_parser *p, struct kb_cel_expr *call);

#endif
