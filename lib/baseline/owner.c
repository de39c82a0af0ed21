/* Ownership, approvals and waivers of one finding. */
#include "baseline/engine_internal.h"
#include "baseline/profile_file.h"
#include "data/glob.h"

/* No globs match everything; globs match no row that has no such thing. */
static bool matches(const struct kb_globs *globs, struct kb_str text)
{
    bool hit = globs->n == 0;
    for (size_t i = 0; !hit && text.n > 0 && i < globs->n; i++) {
        hit = kb_glob_match(globs->at[i], text);
    }
    return hit;
}

static bool names_control(const struct kb_globs *globs, const struct kb_control *control)
{
    bool hit = globs->n == 0;
    for (size_t i = 0; !hit && i < globs->n; i++) {
        hit = kb_profile_matches(globs->at[i], control);
    }
    return hit;
}

static struct kb_str label_of(const struct kb_engine *engine, struct kb_str name_space,
                              struct kb_str label)
{
    return engine->label == NULL || name_space.n == 0
               ? KB_STR("")
               : engine->label(engine->label_ctx, name_space, label);
}

/* Whether the rule decides; *owner is then its owner. */
static bool decides(const struct kb_engine *engine, const struct kb_ownership_rule *rule,
                    const struct kb_control *control, const struct kb_row_info *info,
                    enum kb_owner *owner)
{
    if (!names_control(&rule->controls, control) || !matches(&rule->namespaces, info->name_space) ||
        !matches(&rule->subjects, info->subject)) {
        return false;
    }
    struct kb_str label = KB_STR("");
    if (rule->namespace_label.n > 0) {
        label = label_of(engine, info->name_space, rule->namespace_label);
        if (label.n == 0) {
            return false;
        }
    }
    int named = rule->from_label ? kb_owner_find(label) : (int)rule->owner;
    if (named >= 0) {
        *owner = (enum kb_owner)named;
    }
    return named >= 0;
}

enum kb_owner kb_owner_resolve(const struct kb_engine *engine, const struct kb_control *control,
                               const struct kb_row_info *info)
{
    const struct kb_profile *profile = engine->plan->profile;
    enum kb_owner owner = control->owner;
    for (size_t i = 0; i < profile->ownership_count; i++) {
        if (decides(engine, &profile->ownership[i], control, info, &owner)) {
            break;
        }
    }
    return owner;
}

const struct kb_exception *kb_exception_find(const struct kb_engine *engine,
                                             const struct kb_control *control,
                                             const struct kb_row_info *info, enum kb_owner owner,
                                             const struct kb_exception **expired)
{
    const struct kb_profile *profile = engine->plan->profile;
    int64_t now = engine->options.now_ns;
    *expired = NULL;
    for (size_t i = 0; i < profile->exception_count; i++) {
        const struct kb_exception *e = &profile->exceptions[i];
        struct kb_str about = e->approval ? info->subject : info->object;
        if (!names_control(&e->controls, control) || !kb_glob_match(e->pattern, about) ||
            (e->has_owner && e->owner != owner) || now < e->created_ns) {
            continue;
        }
        if (now < e->expires_ns) {
            engine->used[i]++;
            return e;
        }
        *expired = *expired == NULL ? e : *expired;
    }
    return NULL;
}
