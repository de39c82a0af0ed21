/* Help texts, from the tables of commands and options. */
#ifndef KB_CMD_HELP_H
#define KB_CMD_HELP_H

#include "kube-baseline/app.h"

/* Help for the command named, for the group named, or for the whole program. */
void kb_help(const struct kb_app *app, struct kb_buf *out);

#endif
