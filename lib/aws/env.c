/* Environment and files. */
#include "aws/env.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>

static const char *of_process(void *ctx, const char *name)
{
    (void)ctx;
    return getenv(name);
}

struct kb_aws_env kb_aws_env_process(void)
{
    return (struct kb_aws_env){of_process, NULL};
}

struct kb_str kb_aws_env_get(const struct kb_aws_env *env, const char *name)
{
    return kb_str_c(env->get(env->ctx, name));
}

bool kb_aws_is_true(struct kb_str value)
{
    return value.n == 4 && strncasecmp(value.p, "true", 4) == 0;
}

/* What a file may take: a pipe does not say, a regular file does. */
static size_t room_for(FILE *file, size_t max)
{
    struct stat st;
    bool told = fstat(fileno(file), &st) == 0 && S_ISREG(st.st_mode);
    return told && (uint64_t)st.st_size < max ? (size_t)st.st_size : max;
}

KB_RES kb_aws_read_file(struct kb_arena *arena, struct kb_str path, size_t max, struct kb_str *out,
                        struct kb_err *err)
{
    const char *name = kb_arena_copy(arena, path).p;
    FILE *file = fopen(name, "rbe");
    if (file == NULL) {
        bool missing = errno == ENOENT || errno == ENOTDIR;
        return kb_fail(err, missing ? KB_ERR_NOT_FOUND : KB_ERR_IO, "%s: %s", name, strerror(errno));
    }
    /* One more than allowed tells a longer file; unbuffered, so that no copy of a secret stays behind. */
    (void)setvbuf(file, NULL, _IONBF, 0);
    size_t most = room_for(file, max);
    char *room = kb_arena_alloc(arena, most + 2);
    size_t n = fread(room, 1, most + 1, file);
    bool failed = ferror(file) != 0;
    (void)fclose(file);
    KB_ENSURE(!failed, err, KB_ERR_IO, "%s: cannot be read", name);
    KB_ENSURE(n <= most, err, KB_ERR_LIMIT, "%s: more than %zu bytes", name, most);
    room[n] = '\0';
    *out = (struct kb_str){room, n};
    return KB_SUCCESS;
}
