/* Which files are read, in which order, and finding entries by name. */
#include "kube/kubeconfig.h"

#include <errno.h>
#include <stdio.h>

#include "base/limits.h"
#include "kube/kubeconfig_read.h"

void kb_kubeconfig_done(struct kb_kubeconfig *config)
{
    KB_VEC_DONE(&config->clusters);
    KB_VEC_DONE(&config->users);
    KB_VEC_DONE(&config->contexts);
    kb_arena_done(&config->arena);
}

#define FIND(list, wanted)                                                                         \
    do {                                                                                           \
        for (size_t i = 0; i < (list)->n; i++) {                                                   \
            if (kb_str_eq((list)->at[i].name, (wanted))) {                                         \
                return &(list)->at[i];                                                             \
            }                                                                                      \
        }                                                                                          \
        return NULL;                                                                               \
    } while (0)

const struct kb_kube_cluster *kb_kubeconfig_cluster(const struct kb_kubeconfig *config,
                                                    struct kb_str name)
{
    FIND(&config->clusters, name);
}

const struct kb_kube_user *kb_kubeconfig_user(const struct kb_kubeconfig *config, struct kb_str name)
{
    FIND(&config->users, name);
}

const struct kb_kube_context *kb_kubeconfig_context(const struct kb_kubeconfig *config,
                                                    struct kb_str name)
{
    FIND(&config->contexts, name);
}

static KB_RES read_stream(struct kb_arena *arena, FILE *file, struct kb_str path, struct kb_str *out,
                          struct kb_err *err)
{
    struct kb_buf buf;
    char chunk[4096];
    kb_buf_init(&buf, KB_MAX_YAML_BYTES);
    for (size_t n; !buf.full && (n = fread(chunk, 1, sizeof chunk, file)) > 0;) {
        kb_buf_add(&buf, chunk, n);
    }
    kb_res res = KB_SUCCESS;
    if (ferror(file)) {
        res = kb_fail(err, KB_ERR_IO, "%.*s: %s", KB_FMT(path), strerror(errno));
    } else if (buf.full) {
        res = kb_fail(err, KB_ERR_LIMIT, "%.*s: larger than %d bytes", KB_FMT(path),
                      KB_MAX_YAML_BYTES);
    } else {
        *out = kb_arena_copy(arena, kb_buf_view(&buf));
    }
    kb_buf_done(&buf);
    return res;
}

KB_RES kb_kube_read_file(struct kb_arena *arena, struct kb_str path, struct kb_str *out,
                         struct kb_err *err)
{
    FILE *file = fopen(kb_arena_copy(arena, path).p, "rbe");
    if (file == NULL) {
        return kb_fail(err, errno == ENOENT || errno == ENOTDIR ? KB_ERR_NOT_FOUND : KB_ERR_IO,
                       "%.*s: %s", KB_FMT(path), strerror(errno));
    }
    kb_res res = read_stream(arena, file, path, out, err);
    (void)fclose(file);
    return res;
}

static KB_RES add_file(struct kb_kubeconfig *config, struct kb_str path, struct kb_err *err)
{
    struct kb_str text;
    struct kb_yaml_docs docs;
    KB_TRY(kb_kube_read_file(&config->arena, path, &text, err));
    const char *name = kb_arena_copy(&config->arena, path).p;
    KB_TRY(kb_yaml_parse_all(&config->arena, name, text, &docs, err));
    if (docs.n > 0 && !kb_yaml_null(docs.at[0])) {
        KB_TRY(kb_kubeconfig_read(docs.at[0], config, err));
    }
    config->files = kb_arena_printf(&config->arena, "%.*s%s%.*s", KB_FMT(config->files),
                                    config->files.n > 0 ? ", " : "", KB_FMT(path));
    return KB_SUCCESS;
}

/* The same file again changes nothing; one that is missing is passed over. */
static KB_RES add_list(struct kb_kubeconfig *config, struct kb_str list, struct kb_err *err)
{
    struct kb_str seen[KB_KUBECONFIG_FILES_MAX];
    size_t n = 0;
    while (list.n > 0) {
        struct kb_str path = kb_str_split(list, ':', &list);
        bool known = path.n == 0;
        for (size_t i = 0; i < n && !known; i++) {
            known = kb_str_eq(seen[i], path);
        }
        if (known) {
            continue;
        }
        KB_ENSURE(n < KB_KUBECONFIG_FILES_MAX, err, KB_ERR_LIMIT, "KUBECONFIG names more than %d files",
                  KB_KUBECONFIG_FILES_MAX);
        seen[n++] = path;
        kb_res res = add_file(config, path, err);
        if (kb_failed(res) && res.code != KB_ERR_NOT_FOUND) {
            return res;
        }
    }
    return KB_SUCCESS;
}

KB_RES kb_kubeconfig_load(struct kb_str file, struct kb_str list, struct kb_str home,
                          struct kb_kubeconfig *out, struct kb_err *err)
{
    if (file.n > 0) {
        return add_file(out, file, err);
    }
    if (list.n > 0) {
        return add_list(out, list, err);
    }
    if (home.n == 0) {
        return KB_SUCCESS;
    }
    struct kb_str path = kb_arena_printf(&out->arena, "%.*s/.kube/config", KB_FMT(home));
    kb_res res = add_file(out, path, err);
    return res.code == KB_ERR_NOT_FOUND ? KB_SUCCESS : res;
}
