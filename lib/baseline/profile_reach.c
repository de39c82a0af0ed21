/* Which controls a profile of the library can select, told before they are read. */
#include "baseline/profile.h"

#include "data/yaml.h"

enum { CHAIN_MAX = 8 };

struct reach {
    struct kb_arena *arena;
    KB_VEC(struct kb_str) globs;
};

/* Only globs of the form "area/glob": any other may be an id or an aka of anywhere. */
static bool add_globs(struct reach *reach, const struct kb_yaml_node *list)
{
    for (size_t i = 0; i < list->n; i++) {
        struct kb_str glob = list->items[i]->text;
        if (list->items[i]->kind != KB_YAML_SCALAR || memchr(glob.p, '/', glob.n) == NULL) {
            return false;
        }
        *KB_VEC_PUSH(&reach->globs) = glob;
    }
    return true;
}

/* Without a mistake only: what is wrong with a profile is told by its loading. */
static bool add_file(struct reach *reach, const struct kb_library_file *file, struct kb_str *parent)
{
    struct kb_err err;
    const struct kb_yaml_node *root;
    if (kb_failed(kb_yaml_parse(reach->arena, file->name.p, file->text, &root, &err))) {
        return false;
    }
    const struct kb_yaml_node *extends = kb_yaml_get(root, "extends");
    const struct kb_yaml_node *include = kb_yaml_get(kb_yaml_get(root, "controls"), "include");
    *parent = extends == NULL ? KB_STR("") : extends->text;
    if (include == NULL) {
        return extends != NULL; /* a profile without either is all controls */
    }
    return include->kind == KB_YAML_SEQ && add_globs(reach, include);
}

size_t kb_profile_reach(const struct kb_library *library, struct kb_str name,
                        struct kb_arena *arena, const struct kb_str **globs)
{
    struct reach reach = {.arena = arena};
    bool known = true;
    for (int i = 0; known && name.n > 0; i++) {
        struct kb_str path = kb_arena_printf(arena, "profiles/%.*s.yaml", KB_FMT(name));
        const struct kb_library_file *file = kb_library_find(library, path);
        known = file != NULL && i < CHAIN_MAX && add_file(&reach, file, &name);
    }
    size_t n = known ? reach.globs.n : 0;
    struct kb_str *out = KB_NEW_ARRAY(arena, n, struct kb_str);
    for (size_t i = 0; i < n; i++) {
        out[i] = reach.globs.at[i];
    }
    *globs = out;
    KB_VEC_DONE(&reach.globs);
    return n;
}
