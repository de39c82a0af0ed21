/* Atoms, and whether one rule covers one of them. */
#include "rbac/covers.h"

static bool holds(struct kb_rbac_words words, struct kb_str value)
{
    for (size_t i = 0; i < words.n; i++) {
        if (kb_str_eq(words.at[i], value)) {
            return true;
        }
    }
    return false;
}

static bool holds_or_all(struct kb_rbac_words words, struct kb_str value)
{
    return holds(words, KB_STR("*")) || holds(words, value);
}

/* "x/sub" is covered by "*" "/sub" too. */
static bool covers_resource(struct kb_rbac_words words, struct kb_str asked)
{
    if (holds_or_all(words, asked)) {
        return true;
    }
    size_t slash = kb_str_find(asked, KB_STR("/"), 0);
    if (slash == SIZE_MAX) {
        return false;
    }
    struct kb_str sub = kb_str_sub(asked, slash, asked.n);
    for (size_t i = 0; i < words.n; i++) {
        if (words.at[i].n == sub.n + 1 && *words.at[i].p == '*' && kb_str_ends(words.at[i], sub)) {
            return true;
        }
    }
    return false;
}

bool kb_rbac_url_covers(struct kb_str owner, struct kb_str asked)
{
    if (kb_str_eq(owner, asked)) {
        return true;
    }
    if (!kb_str_ends(owner, KB_STR("*"))) {
        return false;
    }
    while (kb_str_ends(owner, KB_STR("*"))) {
        owner.n--;
    }
    return kb_str_starts(asked, owner);
}

static bool covers_url(struct kb_rbac_words words, struct kb_str asked)
{
    for (size_t i = 0; i < words.n; i++) {
        if (kb_rbac_url_covers(words.at[i], asked)) {
            return true;
        }
    }
    return false;
}

static bool rule_covers(const struct kb_rbac_rule *rule, const struct kb_rbac_atom *atom)
{
    if (!holds_or_all(rule->verbs, atom->verb) ||
        !(rule->names.n == 0 || (atom->named && holds(rule->names, atom->name)))) {
        return false;
    }
    return atom->path ? covers_url(rule->urls, atom->url)
                      : holds_or_all(rule->groups, atom->group) &&
                            covers_resource(rule->resources, atom->resource);
}

struct asker {
    const struct kb_rbac_rule *const *owner;
    size_t owner_count;
    kb_rbac_atoms *uncovered;
    bool covered;
};

static void ask(struct asker *asker, const struct kb_rbac_atom *atom)
{
    for (size_t i = 0; i < asker->owner_count; i++) {
        if (rule_covers(asker->owner[i], atom)) {
            return;
        }
    }
    asker->covered = false;
    if (asker->uncovered != NULL) {
        *KB_VEC_PUSH(asker->uncovered) = *atom;
    }
}

static void ask_names(struct asker *asker, const struct kb_rbac_rule *rule,
                      struct kb_rbac_atom *atom)
{
    if (rule->names.n == 0) {
        ask(asker, atom);
    }
    for (size_t i = 0; i < rule->names.n; i++) {
        struct kb_rbac_atom named = *atom;
        named.named = true;
        named.name = rule->names.at[i];
        ask(asker, &named);
    }
}

/* Groups, resources, verbs, names: the order of validation.BreakdownRule. */
static void ask_rule(struct asker *asker, const struct kb_rbac_rule *rule)
{
    for (size_t g = 0; g < rule->groups.n; g++) {
        for (size_t r = 0; r < rule->resources.n; r++) {
            for (size_t v = 0; v < rule->verbs.n; v++) {
                struct kb_rbac_atom atom = {.verb = rule->verbs.at[v],
                                            .group = rule->groups.at[g],
                                            .resource = rule->resources.at[r]};
                ask_names(asker, rule, &atom);
            }
        }
    }
    for (size_t u = 0; u < rule->urls.n; u++) {
        for (size_t v = 0; v < rule->verbs.n; v++) {
            struct kb_rbac_atom atom = {
                .verb = rule->verbs.at[v], .url = rule->urls.at[u], .path = true};
            ask(asker, &atom);
        }
    }
}

bool kb_rbac_covers_each(const struct kb_rbac_rule *const *owner, size_t owner_count,
                         struct kb_rbac_rules asked, kb_rbac_atoms *uncovered)
{
    struct asker asker = {owner, owner_count, uncovered, true};
    for (size_t i = 0; i < asked.n && (asker.covered || uncovered != NULL); i++) {
        ask_rule(&asker, &asked.at[i]);
    }
    return asker.covered;
}

bool kb_rbac_covers(struct kb_rbac_rules owner, struct kb_rbac_rules asked, kb_rbac_atoms *uncovered)
{
    struct kb_arena arena = {0};
    const struct kb_rbac_rule **each = KB_NEW_ARRAY(&arena, owner.n, const struct kb_rbac_rule *);
    for (size_t i = 0; i < owner.n; i++) {
        each[i] = &owner.at[i];
    }
    bool covered = kb_rbac_covers_each(each, owner.n, asked, uncovered);
    kb_arena_done(&arena);
    return covered;
}

struct kb_str kb_rbac_atom_text(const struct kb_rbac_atom *atom, struct kb_arena *arena)
{
    if (atom->path) {
        return kb_arena_printf(arena, "%.*s %.*s", KB_FMT(atom->verb), KB_FMT(atom->url));
    }
    return kb_arena_printf(arena, "%.*s %.*s%s%.*s%s%.*s", KB_FMT(atom->verb),
                           KB_FMT(atom->resource), atom->group.n > 0 ? "." : "",
                           KB_FMT(atom->group), atom->named ? " named " : "", KB_FMT(atom->name));
}
