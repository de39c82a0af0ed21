/* How many columns text takes on a terminal. */
#ifndef KB_REPORT_WIDTH_H
#define KB_REPORT_WIDTH_H

#include "base/str.h"

/* Columns of text that was escaped before: combining marks take none, East Asian wide and fullwidth
 * characters and emoji two (UAX #11), all else one. */
size_t kb_width(struct kb_str s);
/* Byte offset up to which `s` fits into `columns`. */
size_t kb_width_fit(struct kb_str s, size_t columns);

#endif
