/* Completion of the words of a command line while it is typed: what kubectl asks of a plugin's companion,
 * kubectl_complete-baseline. */
#ifndef KB_CMD_COMPLETE_H
#define KB_CMD_COMPLETE_H

#include "kube-baseline/app.h"

/* Print what the last of `words` can become, one a line, then ":4" (no file names) or ":0" (file names too),
 * as kubectl expects it. Exit status. */
int kb_complete(struct kb_app *app, const char *const *words, size_t n);

#endif
