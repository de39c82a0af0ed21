/* The escalation check on generated worlds. */
#include "rbac/escalation.h"
#include "rbac_table.h"

static enum kb_rbac_escalation try_binding(const struct kb_rbac_policy *policy,
                                           const struct kb_rbac_identity *who, const json_t *test,
                                           kb_rbac_atoms *missing)
{
    const json_t *ref = json_object_get(test, "roleRef");
    bool cluster = strcmp(kb_rows_text(ref, "kind"), "ClusterRole") == 0;
    return kb_rbac_may_bind(policy, who, kb_rows_str(test, "namespace"), cluster,
                            kb_rows_str(ref, "name"), missing);
}

static enum kb_rbac_escalation try_role(struct kb_rbac_policy *policy,
                                        const struct kb_rbac_identity *who, const json_t *test,
                                        kb_rbac_atoms *missing)
{
    const char *op = kb_rows_text(test, "op");
    bool cluster = strstr(op, "clusterrole") != NULL;
    bool create = strncmp(op, "create", 6) == 0;
    struct kb_rbac_rules rules =
        kb_rbac_read_rules(policy, json_object_get(test, "rules"), NULL);
    return kb_rbac_may_write_role(policy, who,
                                  cluster ? KB_STR("") : kb_rows_str(test, "namespace"),
                                  create ? KB_STR("") : kb_rows_str(test, "name"), rules,
                                  json_is_true(json_object_get(test, "hasAggregationRule")), missing);
}

/* The tables name the verb that let it pass. */
static bool as_wanted(enum kb_rbac_escalation got, const char *why)
{
    bool by_verb = strcmp(why, "bind") == 0 || strcmp(why, "escalate") == 0;
    return by_verb ? got == KB_RBAC_BY_VERB : strcmp(kb_rbac_escalation_name(got), why) == 0;
}

/* Number of missing atoms: their form is checked by the covers tables. */
static size_t wanted_missing(const json_t *test)
{
    return json_array_size(json_object_get(test, "missing"));
}

static bool run_case(struct kb_rbac_policy *policy, const json_t *test, const char *label)
{
    struct kb_arena arena = {0};
    kb_rbac_atoms missing = {0};
    struct kb_rbac_words groups = kb_rbac_table_words(json_object_get(test, "groups"), &arena);
    struct kb_rbac_identity who = {kb_rows_str(test, "user"), groups.at, groups.n};
    const char *why = kb_rows_text(test, "why");
    bool binding = strcmp(kb_rows_text(test, "op"), "create-binding") == 0;
    enum kb_rbac_escalation got = binding ? try_binding(policy, &who, test, &missing)
                                          : try_role(policy, &who, test, &missing);
    bool passes = json_is_true(json_object_get(test, "escalationCheckPasses"));
    bool ok = kb_rbac_escalation_passes(got) == passes && as_wanted(got, why) &&
              (passes || wanted_missing(test) == missing.n);
    if (!ok) {
        (void)kb_rbac_wrong(label, "%s with %zu missing, wanted %s with %zu",
                            kb_rbac_escalation_name(got), missing.n, why, wanted_missing(test));
    }
    KB_VEC_DONE(&missing);
    kb_arena_done(&arena);
    return ok;
}

static bool run_world(const json_t *test, const json_t *whole, const char *label)
{
    (void)whole;
    struct kb_rbac_policy policy;
    const json_t *cases = json_object_get(test, "cases");
    bool ok = true;
    kb_rbac_world(&policy, json_object_get(test, "world"));
    for (size_t i = 0; i < json_array_size(cases); i++) {
        char place[320];
        (void)snprintf(place, sizeof place, "%s.cases[%zu]", label, i);
        ok = run_case(&policy, json_array_get(cases, i), place) && ok;
    }
    kb_rbac_policy_done(&policy);
    return ok;
}

static kb_rbac_case_fn *pick(const json_t *whole)
{
    return kb_rbac_has(whole, "cases") ? run_world : NULL;
}

int main(int argc, char **argv)
{
    return kb_rbac_main(argc, argv, pick);
}
