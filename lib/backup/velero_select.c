/* Selection of namespaces and types. */
#include "backup/velero_select.h"

static bool should_expand(struct kb_velero_names in, struct kb_velero_names out)
{
    bool pattern = false;
    for (size_t i = 0; i < out.n; i++) {
        pattern = pattern || kb_velero_is_pattern(out.at[i]);
    }
    for (size_t i = 0; i < in.n; i++) {
        pattern = pattern || kb_velero_is_pattern(in.at[i]);
    }
    return pattern && in.n > 0 && !kb_velero_names_have(in, KB_STR("*"));
}

static kb_res expand_one(struct kb_str pattern, struct kb_velero_names active,
                         struct kb_arena *arena, struct kb_velero_set *out, struct kb_err *err)
{
    const struct kb_gobwas *glob = NULL;
    KB_TRY(kb_gobwas_compile(pattern, arena, &glob, err));
    for (size_t i = 0; i < active.n; i++) {
        enum kb_gobwas_answer answer = kb_gobwas_match(glob, active.at[i]);
        KB_ENSURE(answer != KB_GOBWAS_LIMIT && answer != KB_GOBWAS_PANIC, err, KB_ERR_LIMIT,
                  "the pattern %.*s cannot be followed", KB_FMT(pattern));
        if (answer == KB_GOBWAS_MATCH) {
            kb_velero_set_add(out, arena, active.at[i]);
        }
    }
    return KB_SUCCESS;
}

static kb_res expand(const struct kb_velero_set *set, struct kb_velero_names active,
                     struct kb_arena *arena, struct kb_velero_set *out, struct kb_err *err)
{
    for (size_t i = 0; i < set->n; i++) {
        KB_TRY(kb_velero_check_pattern(set->at[i].name, err));
    }
    for (size_t i = 0; i < set->n; i++) {
        if (kb_velero_is_pattern(set->at[i].name)) {
            KB_TRY(expand_one(set->at[i].name, active, arena, out, err));
        } else {
            kb_velero_set_add(out, arena, set->at[i].name);
        }
    }
    return KB_SUCCESS;
}

/* Everything by a star, by an empty list, or by the names of all that are active, in that order. */
static bool is_everything(const struct kb_velero_namespaces *namespaces,
                          struct kb_velero_names active)
{
    const struct kb_velero_set *in = &namespaces->in;
    if (namespaces->out.n > 0) {
        return false;
    }
    bool same = in->n == active.n;
    for (size_t i = 0; same && i < in->n; i++) {
        same = kb_str_eq(in->at[i].name, active.at[i]);
    }
    return same || in->n == 0 || (in->n == 1 && kb_str_eq_c(in->at[0].name, "*"));
}

kb_res kb_velero_expand(const struct kb_velero_spec *spec, struct kb_velero_names active,
                        struct kb_arena *arena, struct kb_velero_namespaces *out,
                        struct kb_err *err)
{
    struct kb_velero_names in = spec->lists[KB_VELERO_INCLUDED_NAMESPACES];
    struct kb_velero_names ex = spec->lists[KB_VELERO_EXCLUDED_NAMESPACES];
    struct kb_velero_namespaces expanded = {.expanded = true};
    *out = (struct kb_velero_namespaces){0};
    kb_velero_set_add_all(&out->in, arena, in);
    kb_velero_set_add_all(&out->out, arena, ex);
    if (should_expand(in, ex)) {
        KB_TRY(expand(&out->in, active, arena, &expanded.in, err));
        KB_TRY(expand(&out->out, active, arena, &expanded.out, err));
        *out = expanded;
    }
    out->everything = is_everything(out, active);
    return KB_SUCCESS;
}

bool kb_velero_has_namespace(const struct kb_velero_namespaces *namespaces, struct kb_str name,
                             bool *unsure)
{
    const struct kb_velero_set *in = &namespaces->in;
    if ((namespaces->expanded && in->n == 0) ||
        kb_velero_set_match(&namespaces->out, name, unsure)) {
        return false;
    }
    return in->n == 0 || kb_velero_set_has(in, KB_STR("*")) || kb_velero_set_match(in, name, unsure);
}

/* What a name of a list stands for: the type's full name, or itself where no type has it; empty where the type
 * is of the other scope. */
static struct kb_str meaning(struct kb_velero_types types, struct kb_str name, const bool *namespaced)
{
    const struct kb_velero_type *type = kb_velero_resolve(types, name);
    if (type == NULL) {
        return name;
    }
    return namespaced != NULL && type->namespaced != *namespaced ? KB_STR("") : type->full;
}

/* Add the meanings of a list to a set. */
static void add_list(struct kb_velero_set *set, struct kb_velero_names names,
                     struct kb_velero_types types, const bool *namespaced, struct kb_arena *arena)
{
    for (size_t i = 0; i < names.n; i++) {
        bool star = kb_str_eq_c(names.at[i], "*");
        struct kb_str key = star ? names.at[i] : meaning(types, names.at[i], namespaced);
        if (key.n > 0) {
            kb_velero_set_add(set, arena, key);
        }
    }
}

/* A policy's list counts where the Backup's own lists say nothing. */
static void add_policy(struct kb_velero_filter *filter, struct kb_velero_names names, size_t scope,
                       bool include, struct kb_velero_types types, struct kb_arena *arena)
{
    bool namespaced = scope == 0;
    for (size_t i = 0; i < names.n; i++) {
        struct kb_str key = meaning(types, names.at[i], &namespaced);
        if (key.n > 0 && !kb_velero_set_match(&filter->in[scope], key, NULL) &&
            !kb_velero_set_match(&filter->out[scope], key, NULL)) {
            kb_velero_set_add(include ? &filter->in[scope] : &filter->out[scope], arena, key);
        }
    }
}

static void init_new(struct kb_velero_filter *filter, const struct kb_velero_spec *spec,
                     const struct kb_velero_policy *policy, struct kb_velero_types types,
                     struct kb_arena *arena)
{
    static const enum kb_velero_list included[2] = {KB_VELERO_INCLUDED_NAMESPACED,
                                                    KB_VELERO_INCLUDED_CLUSTER};
    for (size_t scope = 0; scope < 2; scope++) {
        bool namespaced = scope == 0;
        size_t list = included[scope];
        add_list(&filter->in[scope], spec->lists[list], types, &namespaced, arena);
        add_list(&filter->out[scope], spec->lists[list + 1], types, &namespaced, arena);
        if (policy != NULL) {
            add_policy(filter, policy->lists[list + 1], scope, false, types, arena);
            add_policy(filter, policy->lists[list], scope, true, types, arena);
        }
    }
}

void kb_velero_filter_init(struct kb_velero_filter *filter, const struct kb_velero_spec *spec,
                           const struct kb_velero_policy *policy, struct kb_velero_types types,
                           const struct kb_velero_namespaces *namespaces, struct kb_arena *arena)
{
    *filter = (struct kb_velero_filter){.old = kb_velero_old_filters(spec),
                                        .cluster_resources = spec->cluster_resources,
                                        .everything = namespaces->everything};
    if (!filter->old) {
        init_new(filter, spec, policy, types, arena);
        return;
    }
    struct kb_velero_names out = spec->lists[KB_VELERO_EXCLUDED_RESOURCES];
    add_list(&filter->in[0], spec->lists[KB_VELERO_INCLUDED_RESOURCES], types, NULL, arena);
    for (size_t i = 0; i < out.n; i++) { /* a star is not heeded here */
        if (!kb_str_eq_c(out.at[i], "*")) {
            add_list(&filter->out[0], (struct kb_velero_names){&out.at[i], 1}, types, NULL, arena);
        }
    }
}

static bool in_lists(const struct kb_velero_filter *filter, size_t scope, struct kb_str name,
                     bool *unsure)
{
    const struct kb_velero_set *in = &filter->in[scope];
    if (kb_velero_set_match(&filter->out[scope], name, unsure)) {
        return false;
    }
    return in->n == 0 || kb_velero_set_has(in, KB_STR("*")) || kb_velero_set_match(in, name, unsure);
}

static bool is_namespaces(const struct kb_velero_type *type)
{
    return kb_str_eq_c(type->full, "namespaces");
}

static bool includes_old(const struct kb_velero_filter *filter, const struct kb_velero_type *type,
                         bool *unsure)
{
    bool automatic = filter->cluster_resources == KB_VELERO_UNSET;
    if (!type->namespaced && (filter->cluster_resources == KB_VELERO_FALSE ||
                              (automatic && !is_namespaces(type) && !filter->everything))) {
        return false;
    }
    return in_lists(filter, 0, type->full, unsure);
}

static bool set_is_everything(const struct kb_velero_set *in, const struct kb_velero_set *out)
{
    return out->n == 0 && (in->n == 0 || (in->n == 1 && kb_str_eq_c(in->at[0].name, "*")));
}

static bool includes_new(const struct kb_velero_filter *filter, const struct kb_velero_type *type,
                         bool *unsure)
{
    const struct kb_velero_set *in = &filter->in[1], *out = &filter->out[1];
    if (type->namespaced) {
        return !kb_velero_set_has(&filter->out[0], KB_STR("*")) &&
               in_lists(filter, 0, type->full, unsure);
    }
    if (kb_velero_set_has(out, KB_STR("*")) || kb_velero_set_match(out, type->full, unsure)) {
        return false;
    }
    if (in->n == 0 && out->n == 0 && filter->everything &&
        set_is_everything(&filter->in[0], &filter->out[0])) {
        return true;
    }
    return kb_velero_set_has(in, KB_STR("*")) || kb_velero_set_match(in, type->full, unsure) ||
           is_namespaces(type);
}

bool kb_velero_includes(const struct kb_velero_filter *filter, const struct kb_velero_type *type,
                        bool *unsure)
{
    return filter->old ? includes_old(filter, type, unsure) : includes_new(filter, type, unsure);
}

bool kb_velero_excludes(const struct kb_velero_filter *filter, const struct kb_velero_type *type,
                        bool *unsure)
{
    size_t scope = filter->old || type->namespaced ? 0 : 1;
    if (kb_velero_set_match(&filter->out[scope], type->full, unsure)) {
        return true;
    }
    if (!filter->old || type->namespaced) {
        return false;
    }
    return filter->cluster_resources == KB_VELERO_FALSE ||
           (filter->cluster_resources == KB_VELERO_UNSET && !in_lists(filter, 0, type->full, unsure));
}
