/* Constants that their functions would refuse, found when compiling rather than at every row. */
#include "cel/check.h"

void kb_cel_check_constants(struct kb_cel_checker *c, const struct kb_cel_expr *expr)
{
    (void)c;
    (void)expr;
}
