/* Covers, URLs, compaction. */
#include "rbac/compact.h"
#include "rbac/covers.h"
#include "rbac_table.h"

/* An atom as the tables write one: a rule of one verb. */
static json_t *atom_json(const struct kb_rbac_atom *atom)
{
    json_t *rule = json_pack("{s:[s%]}", "verbs", atom->verb.p, atom->verb.n);
    if (atom->path) {
        json_object_set_new(rule, "nonResourceURLs",
                            json_pack("[s%]", atom->url.p, atom->url.n));
        return rule;
    }
    json_object_set_new(rule, "apiGroups", json_pack("[s%]", atom->group.p, atom->group.n));
    json_object_set_new(rule, "resources", json_pack("[s%]", atom->resource.p, atom->resource.n));
    if (atom->named) {
        json_object_set_new(rule, "resourceNames", json_pack("[s%]", atom->name.p, atom->name.n));
    }
    return rule;
}

static json_t *atoms_json(const kb_rbac_atoms *atoms)
{
    json_t *list = json_array();
    for (size_t i = 0; i < atoms->n; i++) {
        json_array_append_new(list, atom_json(&atoms->at[i]));
    }
    return list;
}

static bool run_covers(const json_t *test, const json_t *whole, const char *label)
{
    (void)whole;
    struct kb_rbac_policy policy = {0};
    kb_rbac_atoms uncovered = {0};
    struct kb_rbac_rules owner =
        kb_rbac_read_rules(&policy, json_object_get(test, "ownerRules"), NULL);
    struct kb_rbac_rules asked =
        kb_rbac_read_rules(&policy, json_object_get(test, "servantRules"), NULL);
    const json_t *flag = json_object_get(test, "covered");
    bool wanted = json_is_true(flag == NULL ? json_object_get(test, "expectedCovered") : flag);
    const json_t *list = json_object_get(test, "uncovered");
    list = list == NULL ? json_object_get(test, "expectedUncovered") : list;
    bool got = kb_rbac_covers(owner, asked, &uncovered);
    json_t *atoms = atoms_json(&uncovered);
    bool same = got == wanted &&
                (json_array_size(list) == 0 ? json_array_size(atoms) == 0 : json_equal(list, atoms));
    if (!same) {
        char *text = json_dumps(atoms, JSON_COMPACT);
        (void)kb_rbac_wrong(label, "%s; uncovered %s", got ? "covered" : "not covered", text);
        free(text);
    }
    json_decref(atoms);
    KB_VEC_DONE(&uncovered);
    kb_rbac_policy_done(&policy);
    return same;
}

static bool run_url(const json_t *test, const json_t *whole, const char *label)
{
    (void)whole;
    bool wanted = json_is_true(json_object_get(test, "covered"));
    bool got = kb_rbac_url_covers(kb_rows_str(test, "owner"), kb_rows_str(test, "requested"));
    return got == wanted || kb_rbac_wrong(label, "%s", got ? "covered" : "not covered");
}

static bool same_words(struct kb_rbac_words a, struct kb_rbac_words b)
{
    bool same = a.n == b.n;
    for (size_t i = 0; same && i < a.n; i++) {
        same = kb_str_eq(a.at[i], b.at[i]);
    }
    return same;
}

static bool same_rule(const struct kb_rbac_rule *a, const struct kb_rbac_rule *b)
{
    return same_words(a->verbs, b->verbs) && same_words(a->groups, b->groups) &&
           same_words(a->resources, b->resources) && same_words(a->names, b->names) &&
           same_words(a->urls, b->urls);
}

static bool run_compact(const json_t *test, const json_t *whole, const char *label)
{
    (void)whole;
    struct kb_rbac_policy policy = {0};
    struct kb_arena arena = {0};
    struct kb_rbac_rules wanted =
        kb_rbac_read_rules(&policy, json_object_get(test, "expectedAnyOrder"), NULL);
    struct kb_rbac_rules got = kb_rbac_compact(
        kb_rbac_read_rules(&policy, json_object_get(test, "rules"), NULL), &arena);
    size_t found = 0;
    for (size_t i = 0; i < wanted.n; i++) {
        for (size_t j = 0; j < got.n; j++) {
            if (same_rule(&wanted.at[i], &got.at[j])) {
                found++;
                break;
            }
        }
    }
    bool same = got.n == wanted.n && found == wanted.n;
    kb_rbac_policy_done(&policy);
    kb_arena_done(&arena);
    return same || kb_rbac_wrong(label, "%zu of %zu rules as wanted", found, wanted.n);
}

static kb_rbac_case_fn *pick(const json_t *whole)
{
    return kb_rbac_has(whole, "ownerRules") ? run_covers
           : kb_rbac_has(whole, "owner")    ? run_url
           : kb_rbac_has(whole, "rules")    ? run_compact
                                            : NULL;
}

int main(int argc, char **argv)
{
    return kb_rbac_main(argc, argv, pick);
}
