/*
 * Semantic versions.
 * Definition: semver.org 2.0.0; read as strictly as Kubernetes reads them (blang/semver), or
 * leniently: "v1.2" is 1.2.0, leading zeros go.
 */
#ifndef KB_DATA_SEMVER_H
#define KB_DATA_SEMVER_H

#include "base/err.h"
#include "base/mem.h"

enum { KB_SEMVER_TEXT_MAX = 256 };

struct kb_semver {
    uint64_t major;
    uint64_t minor;
    uint64_t patch;
    struct kb_str pre;   /* "rc.1", or empty; not owned */
    struct kb_str build; /* "b.2", or empty; not owned */
};

/* `out` points into `text`. */
KB_RES kb_semver_parse(struct kb_str text, bool lenient, struct kb_semver *out, struct kb_err *err);
/* <0, 0, >0; build metadata does not count. */
int kb_semver_cmp(const struct kb_semver *a, const struct kb_semver *b);
void kb_semver_format(const struct kb_semver *version, struct kb_buf *out);

#endif
