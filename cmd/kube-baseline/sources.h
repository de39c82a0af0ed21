/* Where cluster objects and settings are read from, as the options name it. */
#ifndef KB_CMD_SOURCES_H
#define KB_CMD_SOURCES_H

#include "kube-baseline/app.h"
#include "run/gather.h"

/* What --objects, --aws and kubectl's connection flags name. */
struct kb_named_sources {
    struct kb_sources sources;
    struct kb_kube_flags flags;
};

/* kubectl's connection flags. Borrows from the arguments. */
KB_RES kb_kube_flags_of(const struct kb_args *args, struct kb_kube_flags *out, struct kb_err *err);

/* Borrows from the arguments, and from itself: it must not move. A live cluster is read where an option
 * says so, or where `live_by_default` and nothing else is named. */
KB_RES kb_named_sources_init(struct kb_named_sources *named, const struct kb_app *app,
                             bool live_by_default, struct kb_err *err);

#endif
