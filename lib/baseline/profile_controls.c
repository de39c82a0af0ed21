/* The parts of a profile that select controls and set values. */
#include "baseline/profile_file.h"
#include "data/glob.h"

bool kb_profile_matches(struct kb_str glob, const struct kb_control *control)
{
    if (kb_glob_match(glob, control->id)) {
        return true;
    }
    struct kb_str rest;
    struct kb_str area = kb_str_split(glob, '/', &rest);
    if (rest.p != NULL) {
        return kb_glob_match(area, control->area) && kb_glob_match(rest, control->id);
    }
    for (size_t i = 0; i < control->aka_count; i++) {
        if (kb_str_eq(control->aka[i], glob)) {
            return true;
        }
    }
    return false;
}

bool kb_profile_known(const struct kb_decode *d, const struct kb_yaml_node *node, struct kb_str glob)
{
    if (!kb_glob_valid(glob)) {
        kb_decode_mistake(d, node, "'%.*s' is no valid glob", KB_FMT(glob));
        return false;
    }
    if (kb_glob_special(glob)) {
        return true;
    }
    for (size_t i = 0; i < d->baseline->n; i++) {
        if (kb_profile_matches(glob, d->baseline->controls[i])) {
            return true;
        }
    }
    kb_decode_mistake(d, node, "there is no control '%.*s'%s", KB_FMT(glob),
                      kb_decode_hint(d, kb_baseline_suggest(d->baseline, glob)));
    return false;
}

struct selection {
    const struct kb_yaml_node *include, *exclude, *severity;
};

static bool keep_list(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    *(const struct kb_yaml_node **)target = node;
    return kb_decode_is(d, node, KB_YAML_SEQ);
}

static bool keep_map(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    *(const struct kb_yaml_node **)target = node;
    return kb_decode_is(d, node, KB_YAML_MAP);
}

static const struct kb_key selection_keys[] = {
    {"include", keep_list, offsetof(struct selection, include), 0},
    {"exclude", keep_list, offsetof(struct selection, exclude), 0},
    {"severity", keep_map, offsetof(struct selection, severity), 0},
};

static void select_all(const struct kb_decode *d, const struct kb_yaml_node *list, bool value,
                       struct kb_profile *profile)
{
    for (size_t i = 0; list != NULL && i < list->n; i++) {
        struct kb_str glob;
        if (!kb_decode_text(d, list->items[i], &glob) ||
            !kb_profile_known(d, list->items[i], glob)) {
            continue;
        }
        for (size_t k = 0; k < d->baseline->n; k++) {
            if (kb_profile_matches(glob, d->baseline->controls[k])) {
                profile->selected[k] = value;
            }
        }
    }
}

static void set_severities(const struct kb_decode *d, const struct kb_yaml_node *map,
                           struct kb_profile *profile)
{
    for (size_t i = 0; map != NULL && i < map->n; i++) {
        const struct kb_yaml_pair *pair = &map->pairs[i];
        enum kb_severity severity;
        bool known = kb_profile_known(d, pair->key, pair->key->text);
        if (!kb_decode_severity(d, pair->value, &severity) || !known) {
            continue;
        }
        for (size_t k = 0; k < d->baseline->n; k++) {
            if (kb_profile_matches(pair->key->text, d->baseline->controls[k])) {
                profile->severity[k] = severity;
            }
        }
    }
}

void kb_profile_controls(const struct kb_decode *d, const struct kb_yaml_node *node, bool extends,
                         struct kb_profile *profile)
{
    struct selection selection = {NULL, NULL, NULL};
    if (node != NULL &&
        !kb_decode_map(d, node, selection_keys, sizeof selection_keys / sizeof selection_keys[0],
                       &selection, "controls")) {
        return;
    }
    for (size_t k = 0; !extends && selection.include == NULL && k < d->baseline->n; k++) {
        profile->selected[k] = true;
    }
    select_all(d, selection.include, true, profile);
    select_all(d, selection.exclude, false, profile);
    set_severities(d, selection.severity, profile);
}

static const struct kb_param *find_param(const struct kb_control *control, struct kb_str name)
{
    for (size_t i = 0; i < control->param_count; i++) {
        if (kb_str_eq(control->params[i].name, name)) {
            return &control->params[i];
        }
    }
    return NULL;
}

static void set_param(const struct kb_decode *d, const struct kb_yaml_pair *pair,
                      struct kb_profile *profile)
{
    struct kb_str name;
    struct kb_str id = kb_str_split(pair->key->text, '.', &name);
    if (name.p == NULL) {
        kb_decode_mistake(d, pair->key, "'%.*s' should be <control>.<parameter>",
                          KB_FMT(pair->key->text));
        return;
    }
    const struct kb_control *control = kb_baseline_find(d->baseline, id);
    if (control == NULL) {
        (void)kb_profile_known(d, pair->key, id);
        return;
    }
    const struct kb_param *param = find_param(control, name);
    if (param == NULL) {
        kb_decode_mistake(d, pair->key, "the control %.*s has no parameter '%.*s'",
                          KB_FMT(control->id), KB_FMT(name));
        return;
    }
    struct kb_param_value *set = &profile->params[profile->param_count];
    *set = (struct kb_param_value){.control = control, .param = param};
    if (kb_decode_value(d, pair->value, param->type, &set->value)) {
        profile->param_count++;
    }
}

void kb_profile_params(const struct kb_decode *d, const struct kb_yaml_node *node,
                       struct kb_profile *profile)
{
    if (node == NULL || !kb_decode_is(d, node, KB_YAML_MAP)) {
        return;
    }
    struct kb_param_value *params =
        KB_NEW_ARRAY(d->arena, profile->param_count + node->n, struct kb_param_value);
    if (profile->param_count > 0) {
        memcpy(params, profile->params, profile->param_count * sizeof *params);
    }
    profile->params = params;
    for (size_t i = 0; i < node->n; i++) {
        set_param(d, &node->pairs[i], profile);
    }
}

void kb_profile_settings(const struct kb_decode *d, const struct kb_yaml_node *node,
                         struct kb_profile *profile)
{
    if (node == NULL || !kb_decode_is(d, node, KB_YAML_MAP)) {
        return;
    }
    for (size_t i = 0; i < node->n; i++) {
        const struct kb_yaml_pair *pair = &node->pairs[i];
        int index = kb_setting_find(pair->key->text);
        if (index < 0) {
            kb_decode_mistake(d, pair->key, "there is no setting '%.*s'%s", KB_FMT(pair->key->text),
                              kb_decode_hint(d, kb_setting_suggest(pair->key->text)));
            continue;
        }
        struct kb_cel_val value;
        if (kb_decode_value(d, pair->value, kb_str_c(kb_settings[index].type), &value)) {
            profile->settings[index] = value;
        }
    }
}
