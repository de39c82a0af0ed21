/* The authorizer: Kubernetes' own tables, traps, and answers on generated worlds. */
#include "rbac/who_can.h"
#include "rbac_table.h"

/* Every sufficient source of a request, as text. */
struct sources {
    const struct kb_rbac_request *request;
    struct kb_arena *arena;
    const struct kb_rbac_binding *last;
    json_t *texts;
};

static bool add_source(void *ctx, const struct kb_rbac_source *source)
{
    struct sources *sources = ctx;
    if (kb_rbac_rule_allows(source->rule, sources->request) && source->binding != sources->last) {
        struct kb_str text = kb_rbac_source_text(source, sources->arena);
        json_array_append_new(sources->texts, json_stringn(text.p, text.n));
        sources->last = source->binding;
    }
    return true;
}

static int by_text(const void *a, const void *b)
{
    return kb_str_cmp(kb_json_view(*(json_t *const *)a), kb_json_view(*(json_t *const *)b));
}

/* The same texts, in whatever order. */
static bool same_set(const json_t *got, const json_t *wanted, struct kb_arena *arena)
{
    size_t n = json_array_size(wanted);
    if (json_array_size(got) != n) {
        return false;
    }
    const json_t **a = KB_NEW_ARRAY(arena, n + 1, const json_t *);
    const json_t **b = KB_NEW_ARRAY(arena, n + 1, const json_t *);
    for (size_t i = 0; i < n; i++) {
        a[i] = json_array_get(got, i);
        b[i] = json_array_get(wanted, i);
    }
    qsort(a, n, sizeof *a, by_text);
    qsort(b, n, sizeof *b, by_text);
    for (size_t i = 0; i < n; i++) {
        if (!json_equal(a[i], b[i])) {
            return false;
        }
    }
    return true;
}

/* The reason names one sufficient source; those of cluster scope come first, the order of the rest is
 * nobody's promise. */
static bool reason_fits(struct kb_str got, struct kb_str wanted)
{
    struct kb_str cluster = KB_STR("RBAC: allowed by ClusterRoleBinding ");
    return kb_str_starts(got, cluster) == kb_str_starts(wanted, cluster);
}

static bool check_sources(const struct kb_rbac_policy *policy, const struct kb_rbac_request *request,
                          const json_t *wanted, struct kb_str reason, const char *label,
                          struct kb_arena *arena)
{
    struct sources sources = {.request = request, .arena = arena, .texts = json_array()};
    kb_rbac_visit(policy, request->user, request->groups, request->group_count,
                  request->path_request ? KB_STR("") : request->name_space, add_source, &sources);
    bool same = same_set(sources.texts, wanted, arena);
    bool named = reason.n == 0;
    for (size_t i = 0; i < json_array_size(wanted); i++) {
        named = named || kb_str_ends(reason, kb_json_view(json_array_get(wanted, i)));
    }
    json_decref(sources.texts);
    return (same && named) || kb_rbac_wrong(label, "other sufficient sources");
}

static bool run_request(const struct kb_rbac_policy *policy, const json_t *test, const char *label)
{
    struct kb_arena arena = {0};
    struct kb_rbac_request request = kb_rbac_table_request(test, &arena);
    struct kb_rbac_answer answer;
    kb_rbac_authorize(policy, &request, &answer);
    bool wanted = json_is_true(json_object_get(test, "allowed"));
    struct kb_str reason = kb_rbac_reason(&answer, &arena);
    bool ok = (answer.kind != KB_RBAC_DENIED) == wanted ||
              kb_rbac_wrong(label, "%s instead of %s", wanted ? "denied" : "allowed",
                            wanted ? "allowed" : "denied");
    const char *text = kb_rows_text(test, "reason");
    if (ok && text != NULL && answer.kind != KB_RBAC_PRIVILEGED) {
        const json_t *all = json_object_get(test, "allSources");
        ok = reason_fits(reason, kb_str_c(text)) ||
             kb_rbac_wrong(label, "reason %.*s, wanted %s", KB_FMT(reason), text);
        ok = ok && (all == NULL || check_sources(policy, &request, all, reason, label, &arena));
    }
    kb_arena_done(&arena);
    return ok;
}

/* A world with requests; the world stands beside them or is a member. */
static bool run_world(const json_t *test, const json_t *whole, const char *label)
{
    (void)whole;
    struct kb_rbac_policy policy;
    const json_t *world = json_object_get(test, "world");
    const json_t *requests = json_object_get(test, "requests");
    bool ok = true;
    kb_rbac_world(&policy, world == NULL ? test : world);
    for (size_t i = 0; i < json_array_size(requests); i++) {
        char place[320];
        (void)snprintf(place, sizeof place, "%s.requests[%zu]", label, i);
        ok = run_request(&policy, json_array_get(requests, i), place) && ok;
    }
    kb_rbac_policy_done(&policy);
    return ok;
}

static struct kb_rbac_rules rules_of(struct kb_rbac_policy *policy, const json_t *rule)
{
    json_t *list = json_array();
    json_array_append(list, (json_t *)(uintptr_t)rule);
    struct kb_rbac_rules rules = kb_rbac_read_rules(policy, list, NULL);
    json_decref(list);
    return rules;
}

static bool run_rule(const json_t *test, const json_t *whole, const char *label)
{
    (void)whole;
    struct kb_rbac_policy policy = {0};
    struct kb_arena arena = {0};
    struct kb_rbac_rules rules = rules_of(&policy, json_object_get(test, "rule"));
    const json_t *requests = json_object_get(test, "requests");
    bool ok = true;
    for (size_t i = 0; i < json_array_size(requests); i++) {
        const json_t *row = json_array_get(requests, i);
        struct kb_rbac_request request = kb_rbac_table_request(row, &arena);
        bool wanted = json_is_true(json_object_get(row, "allowed"));
        ok = (kb_rbac_rule_allows(&rules.at[0], &request) == wanted ||
              kb_rbac_wrong(label, "request %zu is not %s", i, wanted ? "allowed" : "denied")) &&
             ok;
    }
    kb_rbac_policy_done(&policy);
    kb_arena_done(&arena);
    return ok;
}

static bool run_resource(const json_t *test, const json_t *whole, const char *label)
{
    (void)whole;
    struct kb_arena arena = {0};
    struct kb_rbac_rule rule = {
        .resources = kb_rbac_table_words(json_object_get(test, "ruleResources"), &arena)};
    bool wanted = json_is_true(json_object_get(test, "expected"));
    bool got = kb_rbac_resource_matches(&rule, kb_rows_str(test, "combinedResource"),
                                        kb_rows_str(test, "subresource"));
    kb_arena_done(&arena);
    return got == wanted || kb_rbac_wrong(label, "%s", got ? "matches" : "does not match");
}

/* The subjects of a binding in the case's namespace. */
static bool run_applies(const json_t *test, const json_t *whole, const char *label)
{
    (void)whole;
    struct kb_arena arena = {0};
    struct kb_rbac_policy policy;
    json_t *binding = json_pack("{s:{s:s,s:O},s:O,s:{s:s,s:s}}", "metadata", "name", "b", "namespace",
                                json_object_get(test, "namespace"), "subjects",
                                json_object_get(test, "subjects"), "roleRef", "kind", "ClusterRole",
                                "name", "r");
    json_t *world = json_pack("{s:[o]}", "roleBindings", binding);
    struct kb_rbac_words groups = kb_rbac_table_words(json_object_get(test, "groups"), &arena);
    kb_rbac_world(&policy, world);
    const struct kb_rbac_binding *b = policy.bindings.at[0];
    json_int_t got = -1;
    for (size_t i = 0; i < b->subject_count && got < 0; i++) {
        bool is = kb_rbac_applies(&b->subjects[i], kb_rows_str(test, "user"), groups.at, groups.n);
        got = is ? (json_int_t)i : -1;
    }
    bool wanted = json_is_true(json_object_get(test, "appliesTo"));
    bool same = (got >= 0) == wanted &&
                (!wanted || got == json_integer_value(json_object_get(test, "index")));
    kb_rbac_policy_done(&policy);
    kb_arena_done(&arena);
    json_decref(world);
    return same || kb_rbac_wrong(label, "applies by subject %lld", (long long)got);
}

static bool count_rule(void *ctx, const struct kb_rbac_source *source)
{
    json_t *texts = ctx;
    struct kb_arena arena = {0};
    struct kb_str text = kb_arena_printf(&arena, "%.*s %.*s", KB_FMT(source->rule->resources.at[0]),
                                         KB_FMT(source->rule->verbs.at[0]));
    json_array_append_new(texts, json_stringn(text.p, text.n));
    kb_arena_done(&arena);
    return true;
}

static bool run_rules_for(const json_t *test, const json_t *whole, const char *label)
{
    struct kb_arena arena = {0};
    struct kb_rbac_policy policy;
    json_t *got = json_array(), *wanted = json_array();
    struct kb_rbac_words groups = kb_rbac_table_words(json_object_get(test, "groups"), &arena);
    kb_rbac_world(&policy, whole);
    kb_rbac_visit(&policy, kb_rows_str(test, "user"), groups.at, groups.n,
                  kb_rows_str(test, "namespace"), count_rule, got);
    const json_t *rules = json_object_get(test, "effectiveRules");
    for (size_t i = 0; i < json_array_size(rules); i++) {
        struct kb_rbac_rules rule = rules_of(&policy, json_array_get(rules, i));
        struct kb_rbac_source source = {.rule = &rule.at[0]};
        (void)count_rule(wanted, &source);
    }
    bool same = same_set(got, wanted, &arena);
    json_decref(got);
    json_decref(wanted);
    kb_rbac_policy_done(&policy);
    kb_arena_done(&arena);
    return same || kb_rbac_wrong(label, "other rules");
}

static bool add_subject(void *ctx, const struct kb_rbac_source *source)
{
    json_t *texts = ctx;
    struct kb_arena arena = {0};
    struct kb_str text = kb_rbac_subject_text(source->subject, &arena);
    json_t *item = json_stringn(text.p, text.n);
    bool known = false;
    for (size_t i = 0; i < json_array_size(texts); i++) {
        known = known || json_equal(json_array_get(texts, i), item);
    }
    if (!known) {
        json_array_append(texts, item);
    }
    json_decref(item);
    kb_arena_done(&arena);
    return true;
}

/* The table's lists begin with the privileged group and the super user. */
static json_t *wanted_subjects(const json_t *action, const json_t *super_user)
{
    json_t *out = json_array();
    const json_t *list = json_object_get(action, "allowedSubjects");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = kb_rows_text(json_array_get(list, i), "name");
        const char *super = json_string_value(super_user);
        if (strcmp(name, "system:masters") != 0 && (super == NULL || strcmp(name, super) != 0)) {
            json_array_append_new(
                out, json_sprintf("%s/%s", kb_rows_text(json_array_get(list, i), "kind"), name));
        }
    }
    return out;
}

static bool run_who_can(const json_t *test, const json_t *whole, const char *label)
{
    (void)whole;
    struct kb_rbac_policy policy;
    struct kb_arena arena = {0};
    const json_t *actions = json_object_get(test, "actions");
    bool ok = true;
    kb_rbac_world(&policy, test);
    for (size_t i = 0; i < json_array_size(actions); i++) {
        const json_t *action = json_array_get(actions, i);
        struct kb_rbac_request request = kb_rbac_table_request(action, &arena);
        json_t *got = json_array();
        json_t *wanted = wanted_subjects(action, json_object_get(test, "superUser"));
        kb_rbac_who_can(&policy, &request, add_subject, got);
        ok = (same_set(got, wanted, &arena) || kb_rbac_wrong(label, "action %zu: others", i)) && ok;
        json_decref(got);
        json_decref(wanted);
    }
    kb_rbac_policy_done(&policy);
    kb_arena_done(&arena);
    return ok;
}

static kb_rbac_case_fn *pick(const json_t *whole)
{
    static const struct {
        const char *member;
        kb_rbac_case_fn *run;
    } forms[] = {
        {"effectiveRules", run_rules_for}, {"actions", run_who_can}, {"rule", run_rule},
        {"ruleResources", run_resource},   {"appliesTo", run_applies}, {"requests", run_world},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (kb_rbac_has(whole, forms[i].member)) {
            return forms[i].run;
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    return kb_rbac_main(argc, argv, pick);
}
