/* The table of kinds. */
#include "data/kind.h"

#define KB_KIND_ROW(sym, group, version, plural, kind, namespaced, read)                           \
    {KB_KIND_##sym, group, version, plural, kind, namespaced, KB_READ_##read},
const struct kb_kind kb_kinds[KB_KIND_COUNT] = {KB_KINDS(KB_KIND_ROW)};
#undef KB_KIND_ROW

/* "apps/v1" is group "apps"; "v1" is the core group. */
static struct kb_str group_of(struct kb_str api_version)
{
    size_t slash = kb_str_find(api_version, KB_STR("/"), 0);
    return slash < api_version.n ? kb_str_sub(api_version, 0, slash) : KB_STR("");
}

const struct kb_kind *kb_kind_find(struct kb_str api_version, struct kb_str kind)
{
    struct kb_str group = group_of(api_version);
    for (size_t i = 0; i < KB_KIND_COUNT; i++) {
        if (kb_str_eq_c(kind, kb_kinds[i].kind) && kb_str_eq_c(group, kb_kinds[i].group)) {
            return &kb_kinds[i];
        }
    }
    return NULL;
}

const struct kb_kind *kb_kind_find_list(struct kb_str api_version, struct kb_str list_kind)
{
    struct kb_str suffix = KB_STR("List");
    if (!kb_str_ends(list_kind, suffix)) {
        return NULL;
    }
    return kb_kind_find(api_version, kb_str_sub(list_kind, 0, list_kind.n - suffix.n));
}

const struct kb_kind *kb_kind_find_resource(struct kb_str resource)
{
    struct kb_str group;
    struct kb_str plural = kb_str_split(resource, '.', &group);
    for (size_t i = 0; i < KB_KIND_COUNT; i++) {
        if (kb_str_eq_c(plural, kb_kinds[i].plural) &&
            (group.n == 0 || kb_str_eq_c(group, kb_kinds[i].group))) {
            return &kb_kinds[i];
        }
    }
    return NULL;
}

const struct kb_known_config_map kb_known_config_maps[] = {
    {KB_AWS_AUTH_NAMESPACE, KB_AWS_AUTH_NAME},
    {"kube-system", "amazon-vpc-cni"},
};
const size_t kb_known_config_map_count = sizeof kb_known_config_maps / sizeof kb_known_config_maps[0];

bool kb_config_map_is_known(struct kb_str name_space, struct kb_str name)
{
    bool known = false;
    for (size_t i = 0; i < kb_known_config_map_count && !known; i++) {
        known = kb_str_eq_c(name_space, kb_known_config_maps[i].name_space) &&
                kb_str_eq_c(name, kb_known_config_maps[i].name);
    }
    return known;
}

bool kb_text_is_resource_policy(struct kb_str text)
{
    return kb_str_find(text, KB_STR("volumePolicies"), 0) != SIZE_MAX ||
           kb_str_find(text, KB_STR("includeExcludePolicy"), 0) != SIZE_MAX;
}
