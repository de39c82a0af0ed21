/* Where cluster objects and settings are read from, as the options name it. */
#ifndef KB_CMD_SOURCES_H
#define KB_CMD_SOURCES_H

#include "kube-baseline/app.h"
#include "run/gather.h"

/* --objects, --aws. Borrows from the arguments. */
struct kb_sources kb_sources_of(const struct kb_app *app);

#endif
