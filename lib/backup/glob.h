/*
 * Globs as Velero matches names of namespaces and resources: github.com/gobwas/glob v0.2.3, without
 * separators.
 *
 * The library is no plain glob matcher, and its own answers decide what is backed up, so they are kept, ASCII
 * or not: "?" alone and "[!a-c]" alone also match the empty text, "aa*aa" matches "aaa", a "?" beside
 * literal text misses characters of several bytes, a class holds either one range or one list, an empty "{}"
 * can make it panic. For globs of profiles see data/glob.h.
 */
#ifndef KB_BACKUP_GLOB_H
#define KB_BACKUP_GLOB_H

#include "base/err.h"
#include "base/mem.h"

enum {
    KB_GOBWAS_PATTERN_MAX = 512, /* bytes of a pattern */
    KB_GOBWAS_DEPTH_MAX = 32,    /* alternatives within alternatives */
    KB_GOBWAS_STEPS_MAX = 1 << 20 /* bytes looked at in one match */
};

/* A compiled pattern. It lives in the arena that it was compiled into. */
struct kb_gobwas;

enum kb_gobwas_answer {
    KB_GOBWAS_MISS,
    KB_GOBWAS_MATCH,
    KB_GOBWAS_PANIC, /* the library would panic */
    KB_GOBWAS_LIMIT  /* KB_GOBWAS_STEPS_MAX is used up: not known */
};

/* KB_ERR_SYNTAX with the library's message; KB_ERR_LIMIT for patterns that are too long or too deep. */
KB_RES kb_gobwas_compile(struct kb_str pattern, struct kb_arena *arena,
                         const struct kb_gobwas **out, struct kb_err *err);
/* Does the pattern match the whole text? */
enum kb_gobwas_answer kb_gobwas_match(const struct kb_gobwas *glob, struct kb_str text);

#endif
