/* Reading the RBAC tables. */
#include "rbac_table.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

static json_t *load(const char *path)
{
    struct kb_buf text;
    char chunk[65536];
    int got = 0;
    kb_buf_init(&text, 64 << 20);
    gzFile file = gzopen(path, "rb");
    while (file != NULL && (got = gzread(file, chunk, sizeof chunk)) > 0) {
        kb_buf_add(&text, chunk, (size_t)got);
    }
    json_error_t error;
    json_t *json = json_loadb(text.n == 0 ? "" : text.p, text.n, 0, &error);
    if (json == NULL) {
        printf("%s: %s\n", path, error.text);
    }
    if (file != NULL) {
        gzclose(file);
    }
    kb_buf_done(&text);
    return json;
}

static const json_t *cases_of(const json_t *whole)
{
    return json_is_array(whole) ? whole : json_object_get(whole, "cases");
}

bool kb_rbac_has(const json_t *whole, const char *member)
{
    return json_object_get(json_array_get(cases_of(whole), 0), member) != NULL;
}

bool kb_rbac_wrong(const char *label, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    printf("%s: ", label);
    vprintf(fmt, args);
    printf("\n");
    va_end(args);
    return false;
}

static void run_file(const char *path, kb_rbac_case_fn *(*pick)(const json_t *whole),
                     struct kb_rows_tally *tally)
{
    json_t *whole = load(path);
    const json_t *cases = cases_of(whole);
    kb_rbac_case_fn *run = json_array_size(cases) > 0 ? pick(whole) : NULL;
    if (run == NULL) {
        printf("%s: not a table that this runner knows\n", path);
        tally->failed++;
    }
    const char *slash = strrchr(path, '/');
    for (size_t i = 0; run != NULL && i < json_array_size(cases); i++) {
        char label[300];
        (void)snprintf(label, sizeof label, "%s[%zu]", slash == NULL ? path : slash + 1, i);
        bool held = run(json_array_get(cases, i), whole, label);
        tally->passed += held;
        tally->failed += !held;
    }
    json_decref(whole);
}

int kb_rbac_main(int argc, char **argv, kb_rbac_case_fn *(*pick)(const json_t *whole))
{
    struct kb_rows_tally tally = {0};
    for (int i = 1; i < argc; i++) {
        run_file(argv[i], pick, &tally);
    }
    return kb_rows_close(&tally);
}

static void take_all(struct kb_rbac_policy *policy, const json_t *list, enum kb_kind_id kind)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *json = json_array_get(list, i);
        const json_t *metadata = json_object_get(json, "metadata");
        struct kb_object object = {
            .kind = &kb_kinds[kind],
            .json = json,
            .name = kb_json_view(json_object_get(metadata, "name")),
            .name_space = kb_json_view(json_object_get(metadata, "namespace")),
        };
        kb_rbac_take(policy, &object);
    }
}

void kb_rbac_world(struct kb_rbac_policy *policy, const json_t *world)
{
    *policy = (struct kb_rbac_policy){0};
    take_all(policy, json_object_get(world, "clusterRoles"), KB_KIND_CLUSTER_ROLE);
    take_all(policy, json_object_get(world, "roles"), KB_KIND_ROLE);
    take_all(policy, json_object_get(world, "clusterRoleBindings"), KB_KIND_CLUSTER_ROLE_BINDING);
    take_all(policy, json_object_get(world, "roleBindings"), KB_KIND_ROLE_BINDING);
    kb_rbac_close(policy);
}

struct kb_rbac_words kb_rbac_table_words(const json_t *list, struct kb_arena *arena)
{
    size_t n = json_array_size(list);
    struct kb_str *words = KB_NEW_ARRAY(arena, n, struct kb_str);
    for (size_t i = 0; i < n; i++) {
        words[i] = kb_json_view(json_array_get(list, i));
    }
    return (struct kb_rbac_words){words, n};
}

static bool is_path(const json_t *request)
{
    const json_t *resource = json_object_get(request, "resourceRequest");
    return json_is_true(json_object_get(request, "nonResource")) ||
           (resource != NULL && !json_is_true(resource));
}

struct kb_rbac_request kb_rbac_table_request(const json_t *request, struct kb_arena *arena)
{
    struct kb_rbac_words groups =
        kb_rbac_table_words(json_object_get(request, "groups"), arena);
    return (struct kb_rbac_request){
        .user = kb_rows_str(request, "user"),
        .groups = groups.at,
        .group_count = groups.n,
        .verb = kb_rows_str(request, "verb"),
        .path_request = is_path(request),
        .path = kb_rows_str(request, "path"),
        .group = kb_rows_str(request, "apiGroup"),
        .resource = kb_rows_str(request, "resource"),
        .subresource = kb_rows_str(request, "subresource"),
        .name_space = kb_rows_str(request, "namespace"),
        .name = kb_rows_str(request, "name"),
    };
}
