/*
 * Foreign text on a terminal. What a log or an object says must not move the cursor, change
 * colours, reorder or hide what is printed: everything that is not plainly visible becomes a
 * visible escape.
 */
#ifndef KB_REPORT_ESCAPE_H
#define KB_REPORT_ESCAPE_H

#include "base/mem.h"

enum kb_escape_mode {
    /* For text from logs and objects. Reversible: a backslash that could be taken for the start of
     * an escape is doubled, so that two different texts never print alike. */
    KB_ESCAPE_FOREIGN,
    /* For the texts of controls (fix, why), which hold commands to be copied: line feeds and
     * backslashes stay. */
    KB_ESCAPE_OWN
};

/*
 * Append `s`: C0 controls and DEL as \n \r \t or \xHH, bytes that are not UTF-8 as \xHH, and as
 * \uHHHH or \UHHHHHHHH the C1 controls, line and paragraph separators, bidirectional controls (UAX
 * #9), other invisible format characters, private use, and noncharacters.
 */
void kb_escape(struct kb_buf *out, struct kb_str s, enum kb_escape_mode mode);

#endif
