/* Joining the verbs of simple rules. */
#include "rbac/compact.h"


static bool is_simple(const struct kb_rbac_rule *rule)
{
    return rule->groups.n == 1 && rule->resources.n == 1 && rule->names.n <= 1 && rule->urls.n == 0;
}

static bool same_resource(const struct kb_rbac_rule *a, const struct kb_rbac_rule *b)
{
    return kb_str_eq(a->groups.at[0], b->groups.at[0]) &&
           kb_str_eq(a->resources.at[0], b->resources.at[0]) && a->names.n == b->names.n &&
           (a->names.n == 0 || kb_str_eq(a->names.at[0], b->names.at[0]));
}

static bool has_verb(const struct kb_rbac_rule *rule, struct kb_str verb)
{
    for (size_t i = 0; i < rule->verbs.n; i++) {
        if (kb_str_eq(rule->verbs.at[i], verb)) {
            return true;
        }
    }
    return false;
}

static void join_verbs(struct kb_rbac_rule *to, const struct kb_rbac_rule *from,
                       struct kb_arena *arena)
{
    struct kb_str *verbs = KB_NEW_ARRAY(arena, to->verbs.n + from->verbs.n, struct kb_str);
    size_t n = to->verbs.n;
    for (size_t i = 0; i < n; i++) {
        verbs[i] = to->verbs.at[i];
    }
    for (size_t i = 0; i < from->verbs.n; i++) {
        if (!has_verb(to, from->verbs.at[i])) {
            verbs[n++] = from->verbs.at[i];
        }
    }
    to->verbs = (struct kb_rbac_words){verbs, n};
    to->verb_bits |= from->verb_bits;
}

static void add_simple(struct kb_rbac_rule *simple, size_t *n, const struct kb_rbac_rule *rule,
                       struct kb_arena *arena)
{
    for (size_t i = 0; i < *n; i++) {
        if (same_resource(&simple[i], rule)) {
            join_verbs(&simple[i], rule, arena);
            return;
        }
    }
    simple[(*n)++] = *rule;
}

struct kb_rbac_rules kb_rbac_compact(struct kb_rbac_rules rules, struct kb_arena *arena)
{
    struct kb_rbac_rule *out = KB_NEW_ARRAY(arena, rules.n, struct kb_rbac_rule);
    size_t kept = 0, simple = 0;
    for (size_t i = 0; i < rules.n; i++) {
        if (!is_simple(&rules.at[i])) {
            out[kept++] = rules.at[i];
        }
    }
    for (size_t i = 0; i < rules.n; i++) {
        if (is_simple(&rules.at[i])) {
            add_simple(out + kept, &simple, &rules.at[i], arena);
        }
    }
    return (struct kb_rbac_rules){out, kept + simple};
}
