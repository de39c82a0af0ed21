/* Small inputs of commands, read whole. */
#ifndef KB_CMD_WHOLE_FILE_H
#define KB_CMD_WHOLE_FILE_H

#include "base/mem.h"

/* All of the file (terminated path; "-" is standard input) at the end of `out`. KB_ERR_LIMIT where it does
 * not fit into out->max. */
KB_RES kb_whole_file(struct kb_str path, struct kb_buf *out, struct kb_err *err);

#endif
