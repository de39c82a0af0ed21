/*
 * Where a checkpoint is kept: a file, or a ConfigMap of a cluster ("configmap/NAME",
 * "configmap/NAMESPACE/NAME"; a file of such a name is "./configmap/NAME").
 *
 * A file is locked while it is open: beside it lies `<file>.lock`, whose lock goes with the process. A
 * ConfigMap is not: of two runs the first to end moves it, and the other one fails to, since the object has
 * another resourceVersion then.
 */
#ifndef KB_SOURCE_CHECKPOINT_PLACE_H
#define KB_SOURCE_CHECKPOINT_PLACE_H

#include "kube/target.h"

enum {
    KB_CHECKPOINT_MAX = 32 << 20,          /* bytes of the text */
    KB_CHECKPOINT_FILE_KEYS = 1 << 20,     /* what fits */
    KB_CHECKPOINT_CONFIGMAP_KEYS = 60000   /* 12 bytes each after compression; an object has 1 MiB */
};

struct kb_checkpoint_place {
    void *ctx;
    struct kb_str name; /* for messages */
    size_t keys_max;
    /* Append the text. KB_ERR_NOT_FOUND: there is none yet. */
    kb_res (*read)(void *ctx, struct kb_buf *text, struct kb_err *err);
    /* Replace it, in one step. KB_ERR_INVALID where another run did since it was read. */
    kb_res (*write)(void *ctx, struct kb_str text, struct kb_err *err);
    void (*close)(void *ctx);
};

/* `flags` say which cluster a ConfigMap is in; it, and `where`, must outlive the place. KB_ERR_INVALID where
 * another run holds a file. Closed with kb_checkpoint_close, also after a failure. */
KB_RES kb_checkpoint_open(struct kb_str where, const struct kb_kube_flags *flags,
                          struct kb_checkpoint_place *out, struct kb_err *err);
void kb_checkpoint_close(struct kb_checkpoint_place *place);

/* The two of them, for kb_checkpoint_open. */
KB_RES kb_checkpoint_in_file(struct kb_str path, struct kb_checkpoint_place *out,
                             struct kb_err *err);
KB_RES kb_checkpoint_in_configmap(struct kb_str name, const struct kb_kube_flags *flags,
                                  struct kb_checkpoint_place *out, struct kb_err *err);

#endif
