/* Loading a profile and what it extends. */
#include "baseline/profile.h"

#include <stdio.h>

#include "base/limits.h"
#include "baseline/profile_file.h"
#include "data/glob.h"

enum { EXTENDS_MAX = 8 };

static bool keep_node(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    (void)d;
    *(const struct kb_yaml_node **)target = node;
    return true;
}

#define IN(field) offsetof(struct kb_profile_nodes, field)
static const struct kb_key profile_keys[] = {
    {"profile", kb_decode_text, IN(name), KB_KEY_REQUIRED},
    {"extends", kb_decode_text, IN(extends), 0},
    {"controls", keep_node, IN(controls), 0},
    {"params", keep_node, IN(params), 0},
    {"settings", keep_node, IN(settings), 0},
    {"tiers", keep_node, IN(tiers), 0},
    {"ownership", keep_node, IN(ownership), 0},
    {"approvals", keep_node, IN(approvals), 0},
    {"waivers", keep_node, IN(waivers), 0},
};

static void set_defaults(struct kb_profile *profile, const struct kb_baseline *baseline)
{
    *profile = (struct kb_profile){.name = KB_STR(""), .file = KB_STR("")};
    profile->selected = KB_NEW_ARRAY(&profile->arena, baseline->n, bool);
    profile->severity = KB_NEW_ARRAY(&profile->arena, baseline->n, enum kb_severity);
    profile->settings = KB_NEW_ARRAY(&profile->arena, kb_setting_count, struct kb_cel_val);
    for (size_t i = 0; i < baseline->n; i++) {
        profile->severity[i] = baseline->controls[i]->severity;
    }
    for (size_t i = 0; i < kb_setting_count; i++) {
        profile->settings[i] = kb_setting_default(i, &profile->arena);
    }
}

void kb_profile_default(struct kb_profile *profile, const struct kb_baseline *baseline)
{
    set_defaults(profile, baseline);
    profile->name = KB_STR("default");
    for (size_t i = 0; i < baseline->n; i++) {
        profile->selected[i] = true;
    }
}

void kb_profile_done(struct kb_profile *profile)
{
    kb_arena_done(&profile->arena);
    *profile = (struct kb_profile){0};
}

struct kb_cel_val kb_profile_setting(const struct kb_profile *profile, const char *name)
{
    int index = kb_setting_find(kb_str_c(name));
    return index < 0 ? kb_cel_null() : profile->settings[index];
}

struct chain {
    struct kb_profile *profile;
    struct kb_decode decode;
    struct kb_err *err;
    struct kb_str names[EXTENDS_MAX]; /* files being read, outermost first */
    size_t depth;
};

static bool is_path(struct kb_str name)
{
    return memchr(name.p, '/', name.n) != NULL || kb_str_ends(name, KB_STR(".yaml")) ||
           kb_str_ends(name, KB_STR(".yml"));
}

/* The profiles there are, for a message. */
static void not_found(const struct kb_library *library, struct kb_str name, struct kb_buf *out)
{
    kb_buf_printf(out, "there is no profile '%.*s'; there are", KB_FMT(name));
    for (size_t i = 0; i < library->n; i++) {
        struct kb_str path = library->files[i].path;
        if (kb_str_starts(path, KB_STR("profiles/"))) {
            kb_buf_printf(out, " %.*s", KB_FMT(kb_str_sub(path, 9, path.n - 5)));
        }
    }
    kb_buf_c(out, ", or give a path");
}

static kb_res find_file(struct chain *chain, struct kb_str name, struct kb_library_file *out)
{
    struct kb_arena *arena = &chain->profile->arena;
    if (is_path(name)) {
        *out = (struct kb_library_file){.path = name, .name = kb_arena_copy(arena, name)};
        return kb_library_read_file(out->name.p, arena, &out->text, chain->err);
    }
    const struct kb_library *library = chain->decode.baseline->library;
    struct kb_str path = kb_arena_printf(arena, "profiles/%.*s.yaml", KB_FMT(name));
    const struct kb_library_file *file = kb_library_find(library, path);
    if (file == NULL) {
        struct kb_buf message = {.max = 512};
        not_found(library, name, &message);
        kb_res res = kb_fail(chain->err, KB_ERR_NOT_FOUND, "%.*s", KB_FMT(kb_buf_view(&message)));
        kb_buf_done(&message);
        return res;
    }
    *out = *file;
    return KB_SUCCESS;
}

static void apply(struct chain *chain, const struct kb_profile_nodes *nodes)
{
    const struct kb_decode *d = &chain->decode;
    struct kb_profile *profile = chain->profile;
    kb_profile_controls(d, nodes->controls, nodes->extends.n > 0, profile);
    kb_profile_params(d, nodes->params, profile);
    kb_profile_settings(d, nodes->settings, profile);
    kb_profile_tiers(d, nodes->tiers, profile);
    kb_profile_ownership(d, nodes->ownership, profile);
    kb_profile_exceptions(d, nodes->approvals, true, profile);
    kb_profile_exceptions(d, nodes->waivers, false, profile);
    profile->name = nodes->name;
    profile->file = d->file;
}

static kb_res load(struct chain *chain, struct kb_str name);

static kb_res load_parent(struct chain *chain, const struct kb_profile_nodes *nodes)
{
    if (nodes->extends.n == 0) {
        return KB_SUCCESS;
    }
    struct kb_str file = chain->decode.file;
    kb_res res = load(chain, nodes->extends);
    chain->decode.file = file;
    if (kb_failed(res)) {
        kb_err_context(chain->err, "profile %.*s", KB_FMT(nodes->name));
    }
    return res;
}

static kb_res load(struct chain *chain, struct kb_str name)
{
    struct kb_library_file file;
    const struct kb_yaml_node *root;
    struct kb_profile_nodes nodes = {.name = KB_STR(""), .extends = KB_STR("")};
    struct kb_err err;
    for (size_t i = 0; i < chain->depth; i++) {
        KB_ENSURE(!kb_str_eq(chain->names[i], name), chain->err, KB_ERR_INVALID,
                  "profile '%.*s' extends itself", KB_FMT(name));
    }
    KB_ENSURE(chain->depth < EXTENDS_MAX, chain->err, KB_ERR_LIMIT,
              "profiles extend each other more than %d times", EXTENDS_MAX);
    chain->names[chain->depth++] = name;
    KB_TRY(find_file(chain, name, &file));
    chain->decode.file = file.name;
    if (kb_failed(kb_yaml_parse(&chain->profile->arena, file.name.p, file.text, &root, &err))) {
        kb_mistake_addf(chain->decode.mistakes, file.name, err.line, err.col, "%s", err.msg);
        return KB_SUCCESS;
    }
    (void)kb_decode_map(&chain->decode, root, profile_keys,
                        sizeof profile_keys / sizeof profile_keys[0], &nodes, "a profile");
    KB_TRY(load_parent(chain, &nodes));
    apply(chain, &nodes);
    return KB_SUCCESS;
}

KB_RES kb_profile_load(struct kb_profile *profile, const struct kb_baseline *baseline,
                       struct kb_str name, struct kb_mistakes *mistakes, struct kb_err *err)
{
    size_t before = mistakes->total;
    set_defaults(profile, baseline);
    struct chain chain = {.profile = profile, .err = err};
    chain.decode = (struct kb_decode){.arena = &profile->arena, .mistakes = mistakes,
                                      .baseline = baseline, .file = KB_STR("")};
    kb_res res = load(&chain, name);
    kb_mistakes_sort(mistakes);
    if (!kb_failed(res) && mistakes->total > before) {
        res = kb_mistakes_result(mistakes, err);
    }
    if (kb_failed(res)) {
        kb_profile_done(profile);
    }
    return res;
}

/* 1 where `glob` (after a '!') matches a control that is selected, and marks those. */
static bool mark(const struct kb_profile *profile, const struct kb_baseline *baseline,
                 struct kb_str glob, bool value, bool *marks)
{
    bool hit = false;
    for (size_t i = 0; i < baseline->n; i++) {
        if (profile->selected[i] && kb_profile_matches(glob, baseline->controls[i])) {
            marks[i] = value;
            hit = true;
        }
    }
    return hit;
}

KB_RES kb_profile_filter(struct kb_profile *profile, const struct kb_baseline *baseline,
                         const struct kb_str *globs, size_t n, struct kb_err *err)
{
    bool positive = false;
    for (size_t i = 0; i < n; i++) {
        positive = positive || !kb_str_starts(globs[i], KB_STR("!"));
    }
    bool *keep = KB_NEW_ARRAY(&profile->arena, baseline->n, bool);
    for (size_t i = 0; i < baseline->n; i++) {
        keep[i] = !positive;
    }
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < n; i++) {
            bool out = kb_str_starts(globs[i], KB_STR("!"));
            struct kb_str glob = kb_str_sub(globs[i], out, globs[i].n);
            if (out == (pass == 1) && !mark(profile, baseline, glob, !out, keep)) {
                const char *near = kb_baseline_suggest(baseline, glob);
                near = near != NULL && kb_str_eq_c(glob, near) ? NULL : near; /* left out by it */
                return kb_fail(err, KB_ERR_NOT_FOUND,
                               "the profile has no control '%.*s'%s%s%s", KB_FMT(glob),
                               near == NULL ? "" : " (did you mean '", near == NULL ? "" : near,
                               near == NULL ? "" : "'?)");
            }
        }
    }
    for (size_t i = 0; i < baseline->n; i++) {
        profile->selected[i] = profile->selected[i] && keep[i];
    }
    return KB_SUCCESS;
}
