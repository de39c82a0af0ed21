/* What the process was started with, as far as AWS' settings are in it. */
#ifndef KB_AWS_ENV_H
#define KB_AWS_ENV_H

#include "base/err.h"
#include "base/mem.h"

struct kb_aws_env {
    const char *(*get)(void *ctx, const char *name); /* NULL where it is not set */
    void *ctx;
};

/* Of this process. */
struct kb_aws_env kb_aws_env_process(void);
/* A variable's value; empty where it is not set. Borrowed. */
struct kb_str kb_aws_env_get(const struct kb_aws_env *env, const char *name);
/* "true" in any case. */
bool kb_aws_is_true(struct kb_str value);

/* All of a file of at most `max` bytes, terminated, in the arena. KB_ERR_NOT_FOUND where there is none,
 * KB_ERR_LIMIT where it is longer. */
KB_RES kb_aws_read_file(struct kb_arena *arena, struct kb_str path, size_t max, struct kb_str *out,
                        struct kb_err *err);

#endif
