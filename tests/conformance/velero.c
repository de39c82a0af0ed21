/* What a Velero Backup selects: the answers of Velero v1.18.3. The first file lists the cluster's types. */
#include "backup/velero_select.h"

#include <stdlib.h>

#include "data/json.h"
#include "rows.h"

struct cluster {
    struct kb_arena arena;
    KB_VEC(struct kb_velero_type) types;
};

static struct kb_velero_names names_of(const json_t *array, struct kb_arena *arena)
{
    size_t n = json_array_size(array);
    struct kb_str *at = KB_NEW_ARRAY(arena, n + 1, struct kb_str);
    for (size_t i = 0; i < n; i++) {
        at[i] = kb_arena_copy(arena, kb_json_view(json_array_get(array, i)));
    }
    return (struct kb_velero_names){at, n};
}

static bool read_type(const json_t *row, void *ctx)
{
    struct cluster *cluster = ctx;
    struct kb_arena *arena = &cluster->arena;
    struct kb_velero_type *type = KB_VEC_PUSH(&cluster->types);
    *type = (struct kb_velero_type){
        .name = kb_arena_copy(arena, kb_rows_str(row, "name")),
        .singular = kb_arena_copy(arena, kb_rows_str(row, "singular")),
        .group = kb_arena_copy(arena, kb_rows_str(row, "group")),
        .short_names = names_of(json_object_get(row, "short_names"), arena),
        .namespaced = json_is_true(json_object_get(row, "namespaced"))};
    type->full = kb_velero_full_name(arena, type->name, type->group);
    return true;
}

static void read_lists(const json_t *from, struct kb_velero_names lists[KB_VELERO_LISTS],
                       struct kb_arena *arena)
{
    for (size_t i = 0; i < KB_VELERO_LISTS; i++) {
        const char *key = kb_velero_list_name((enum kb_velero_list)i);
        lists[i] = names_of(json_object_get(from, key), arena);
    }
}

static bool same_names(const json_t *row, const char *what, struct kb_velero_names got,
                       const json_t *wanted)
{
    bool same = got.n == json_array_size(wanted);
    for (size_t i = 0; same && i < got.n; i++) {
        same = kb_str_eq(got.at[i], kb_json_view(json_array_get(wanted, i)));
    }
    if (same) {
        return true;
    }
    KB_AUTO(kb_buf_done) struct kb_buf text = {.max = 4096};
    for (size_t i = 0; i < got.n; i++) {
        kb_buf_c(&text, i == 0 ? "" : " | ");
        kb_buf_str(&text, got.at[i]);
    }
    char *json = json_dumps(wanted, JSON_ENCODE_ANY | JSON_COMPACT);
    (void)kb_rows_differs(row, "%s: %.*s; wanted %s", what, KB_FMT(kb_buf_view(&text)),
                          json == NULL ? "nothing" : json);
    free(json);
    return false;
}

static struct kb_velero_names set_names(const struct kb_velero_set *set, struct kb_arena *arena)
{
    struct kb_str *at = KB_NEW_ARRAY(arena, set->n + 1, struct kb_str);
    for (size_t i = 0; i < set->n; i++) {
        at[i] = set->at[i].name;
    }
    return (struct kb_velero_names){at, set->n};
}

/* Those of the names that are in the backup, sorted. */
static struct kb_velero_names kept(const struct kb_velero_namespaces *namespaces,
                                   struct kb_velero_names active, struct kb_velero_names asked,
                                   struct kb_arena *arena)
{
    struct kb_velero_set set = {0};
    struct kb_velero_names lists[2] = {active, asked};
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; i < lists[k].n; i++) {
            if (kb_velero_has_namespace(namespaces, lists[k].at[i], NULL)) {
                kb_velero_set_add(&set, arena, lists[k].at[i]);
            }
        }
    }
    return set_names(&set, arena);
}

static bool same_namespaces(const json_t *row, const struct kb_velero_namespaces *got,
                            struct kb_arena *arena)
{
    const json_t *wanted = json_object_get(row, "namespaces");
    struct kb_velero_names active = names_of(json_object_get(row, "active_namespaces"), arena);
    struct kb_velero_names asked = names_of(json_object_get(row, "asked_namespaces"), arena);
    struct kb_velero_names none = {0};
    bool flags = json_is_true(json_object_get(wanted, "expanded")) == got->expanded &&
                 json_is_true(json_object_get(wanted, "include_everything")) == got->everything;
    bool ok = flags || kb_rows_differs(row, "expanded %d, everything %d", got->expanded,
                                       got->everything);
    ok = same_names(row, "includes", set_names(&got->in, arena),
                    json_object_get(wanted, "effective_includes")) && ok;
    ok = same_names(row, "excludes", set_names(&got->out, arena),
                    json_object_get(wanted, "effective_excludes")) && ok;
    ok = same_names(row, "backed up", kept(got, active, none, arena),
                    json_object_get(wanted, "backed_up")) && ok;
    return same_names(row, "should include", kept(got, active, asked, arena),
                      json_object_get(wanted, "should_include")) && ok;
}

typedef bool ask_fn(const struct kb_velero_filter *filter, const struct kb_velero_type *type,
                    bool *unsure);

static bool same_types(const json_t *row, const char *key, ask_fn *ask,
                       const struct kb_velero_filter *filter, struct kb_velero_types types,
                       struct kb_arena *arena)
{
    const json_t *wanted = json_object_get(row, key);
    struct kb_str *at = KB_NEW_ARRAY(arena, types.n + 1, struct kb_str);
    size_t n = 0;
    bool unsure = false;
    for (size_t i = 0; i < types.n; i++) {
        if (ask(filter, &types.at[i], &unsure)) {
            at[n++] = types.at[i].full;
        }
    }
    return !json_is_array(wanted) || same_names(row, key, (struct kb_velero_names){at, n}, wanted);
}

static bool same_spec(const json_t *row, const struct kb_velero_spec *got)
{
    const json_t *wanted = json_object_get(row, "effective_spec");
    bool ok = true;
    for (size_t i = 0; i < KB_VELERO_LISTS; i++) {
        const char *key = kb_velero_list_name((enum kb_velero_list)i);
        ok = same_names(row, key, got->lists[i], json_object_get(wanted, key)) && ok;
    }
    return ok;
}

static enum kb_velero_switch switch_of(const json_t *value)
{
    return json_is_boolean(value) ? (json_is_true(value) ? KB_VELERO_TRUE : KB_VELERO_FALSE)
                                  : KB_VELERO_UNSET;
}

static bool run_in(const json_t *row, struct kb_velero_types types, struct kb_arena *arena,
                   struct kb_velero_problems *problems)
{
    const json_t *spec_json = json_object_get(row, "spec");
    const json_t *policy_json = json_object_get(row, "resource_policy");
    struct kb_velero_spec spec = {
        .cluster_resources = switch_of(json_object_get(spec_json, "includeClusterResources"))};
    struct kb_velero_spec effective;
    struct kb_velero_policy policy;
    const struct kb_velero_policy *used = json_is_object(policy_json) ? &policy : NULL;
    struct kb_velero_namespaces namespaces;
    struct kb_velero_filter filter;
    struct kb_err err = {0};
    read_lists(spec_json, spec.lists, arena);
    read_lists(policy_json, policy.lists, arena);
    kb_velero_prepare(&spec, used, arena, &effective, problems);
    bool ok = same_names(row, "errors", (struct kb_velero_names){problems->at, problems->n},
                         json_object_get(row, "validation_errors"));
    bool old = json_is_true(json_object_get(row, "uses_old_filters"));
    ok = (old == kb_velero_old_filters(&spec) || kb_rows_differs(row, "old filters")) && ok;
    ok = same_spec(row, &effective) && ok;
    struct kb_velero_names active = names_of(json_object_get(row, "active_namespaces"), arena);
    kb_res res = kb_velero_expand(&effective, active, arena, &namespaces, &err);
    const char *error = kb_rows_text(json_object_get(row, "namespaces"), "error");
    if (kb_failed(res) || error != NULL) {
        return ((error != NULL && strcmp(err.msg, error) == 0) ||
                kb_rows_differs(row, "error %s, wanted %s", err.msg, error == NULL ? "" : error)) && ok;
    }
    ok = same_namespaces(row, &namespaces, arena) && ok;
    kb_velero_filter_init(&filter, &effective, used, types, &namespaces, arena);
    ok = same_types(row, "types_included", kb_velero_includes, &filter, types, arena) && ok;
    return same_types(row, "types_excluded", kb_velero_excludes, &filter, types, arena) && ok;
}

static bool run(const json_t *row, void *ctx)
{
    const struct cluster *cluster = ctx;
    struct kb_arena arena = {0};
    struct kb_velero_problems problems = {0};
    struct kb_velero_types types = {cluster->types.at, cluster->types.n};
    bool ok = run_in(row, types, &arena, &problems);
    KB_VEC_DONE(&problems);
    kb_arena_done(&arena);
    return ok;
}

int main(int argc, char **argv)
{
    struct cluster cluster = {0};
    struct kb_rows_tally types = {0}, tally = {0};
    for (int i = 1; i < argc; i++) {
        kb_rows_file(argv[i], i == 1 ? read_type : run, &cluster, i == 1 ? &types : &tally);
    }
    tally.failed += types.failed;
    int status = kb_rows_close(&tally);
    KB_VEC_DONE(&cluster.types);
    kb_arena_done(&cluster.arena);
    return status;
}
