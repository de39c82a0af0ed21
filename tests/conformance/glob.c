/* Globs: the answers of gobwas/glob v0.2.3, and Velero's check of a pattern of namespaces. */
#include "backup/glob.h"

#include "backup/velero_names.h"
#include "data/json.h"
#include "rows.h"

static bool same_answers(const json_t *row, const struct kb_gobwas *glob)
{
    static const struct {
        const char *key;
        enum kb_gobwas_answer wanted;
    } lists[] = {{"matches", KB_GOBWAS_MATCH}, {"misses", KB_GOBWAS_MISS}, {"panics", KB_GOBWAS_PANIC}};
    bool ok = true;
    for (size_t i = 0; i < 3; i++) {
        const json_t *names = json_object_get(row, lists[i].key);
        for (size_t k = 0; k < json_array_size(names); k++) {
            struct kb_str name = kb_json_view(json_array_get(names, k));
            enum kb_gobwas_answer got = kb_gobwas_match(glob, name);
            ok = (got == lists[i].wanted ||
                  kb_rows_differs(row, "%s: \"%.*s\" is wanted in %s, the answer is %d",
                                  kb_rows_text(row, "pattern"), KB_FMT(name), lists[i].key,
                                  (int)got)) &&
                 ok;
        }
    }
    return ok;
}

static bool same_check(const json_t *row)
{
    struct kb_err err = {0};
    const char *wanted = kb_rows_text(row, "velero_namespace_error");
    bool refused = kb_failed(kb_velero_check_pattern(kb_rows_str(row, "pattern"), &err));
    return (refused == (wanted != NULL) && (wanted == NULL || strcmp(wanted, err.msg) == 0)) ||
           kb_rows_differs(row, "the check of a namespace says \"%s\", wanted \"%s\"", err.msg,
                           wanted == NULL ? "" : wanted);
}

static bool run(const json_t *row, void *ctx)
{
    (void)ctx;
    struct kb_arena arena = {0};
    struct kb_err err = {0};
    const struct kb_gobwas *glob = NULL;
    const char *error = kb_rows_text(row, "compile_error");
    bool ok = false;
    if (kb_failed(kb_gobwas_compile(kb_rows_str(row, "pattern"), &arena, &glob, &err))) {
        ok = (error != NULL && strcmp(error, err.msg) == 0) ||
             kb_rows_differs(row, "error %s, wanted %s", err.msg, error == NULL ? "none" : error);
    } else {
        ok = error != NULL ? kb_rows_differs(row, "compiles, wanted %s", error)
                           : same_answers(row, glob);
    }
    kb_arena_done(&arena);
    return same_check(row) && ok;
}

int main(int argc, char **argv)
{
    return kb_rows_main(argc, argv, run, NULL);
}
