/* The controller's checks, in its order. */
#include "backup/velero_spec.h"

static const char *const list_names[KB_VELERO_LISTS] = {
    [KB_VELERO_INCLUDED_NAMESPACES] = "includedNamespaces",
    [KB_VELERO_EXCLUDED_NAMESPACES] = "excludedNamespaces",
    [KB_VELERO_INCLUDED_RESOURCES] = "includedResources",
    [KB_VELERO_EXCLUDED_RESOURCES] = "excludedResources",
    [KB_VELERO_INCLUDED_CLUSTER] = "includedClusterScopedResources",
    [KB_VELERO_EXCLUDED_CLUSTER] = "excludedClusterScopedResources",
    [KB_VELERO_INCLUDED_NAMESPACED] = "includedNamespaceScopedResources",
    [KB_VELERO_EXCLUDED_NAMESPACED] = "excludedNamespaceScopedResources",
};

/* Types that the backup of volumes makes itself are never collected. */
static const struct kb_str snapshots[] = {
    KB_STR_INIT("volumesnapshots.snapshot.storage.k8s.io"),
    KB_STR_INIT("volumesnapshotcontents.snapshot.storage.k8s.io"),
};

const char *kb_velero_list_name(enum kb_velero_list list)
{
    return list_names[list];
}

bool kb_velero_old_filters(const struct kb_velero_spec *spec)
{
    return spec->cluster_resources != KB_VELERO_UNSET ||
           spec->lists[KB_VELERO_INCLUDED_RESOURCES].n > 0 ||
           spec->lists[KB_VELERO_EXCLUDED_RESOURCES].n > 0;
}

static bool new_filters(const struct kb_velero_spec *spec)
{
    bool any = false;
    for (size_t i = KB_VELERO_INCLUDED_CLUSTER; i <= KB_VELERO_EXCLUDED_NAMESPACED; i++) {
        any = any || spec->lists[i].n > 0;
    }
    return any;
}

struct checker {
    struct kb_arena *arena;
    struct kb_velero_problems *problems;
    const char *what; /* the lists that are looked at */
};

static void problem(const struct checker *checker, struct kb_str text)
{
    *KB_VEC_PUSH(checker->problems) =
        kb_arena_printf(checker->arena, "%s%.*s", checker->what, KB_FMT(text));
}

static void problem_c(const struct checker *checker, const char *text)
{
    problem(checker, kb_str_c(text));
}

struct pair {
    struct kb_velero_set in, out;
};

static struct pair pair_of(const struct kb_velero_names *lists, enum kb_velero_list included,
                           struct kb_arena *arena)
{
    struct pair pair = {0};
    kb_velero_set_add_all(&pair.in, arena, lists[included]);
    kb_velero_set_add_all(&pair.out, arena, lists[included + 1]);
    return pair;
}

/* The first item in both lists from `i` on; SIZE_MAX where there is none. */
static size_t next_shared(const struct pair *pair, size_t i)
{
    while (i < pair->out.n && !kb_velero_set_has(&pair->in, pair->out.at[i].name)) {
        i++;
    }
    return i < pair->out.n ? i : SIZE_MAX;
}

static struct kb_str shared_text(struct kb_arena *arena, struct kb_str name)
{
    return kb_arena_printf(arena, "excludes list cannot contain an item in the includes list: %.*s",
                           KB_FMT(name));
}

static void check_shared(const struct checker *checker, const struct pair *pair)
{
    for (size_t i = next_shared(pair, 0); i != SIZE_MAX; i = next_shared(pair, i + 1)) {
        problem(checker, shared_text(checker->arena, pair->out.at[i].name));
    }
}

/* Lists where everything is included unless they say otherwise. */
static void check_lists(const struct checker *checker, const struct pair *pair)
{
    if (pair->in.n > 1 && kb_velero_set_has(&pair->in, KB_STR("*"))) {
        problem_c(checker, "includes list must either contain '*' only, or a non-empty list of items");
    }
    if (kb_velero_set_has(&pair->out, KB_STR("*"))) {
        problem_c(checker, "excludes list cannot contain '*'");
    }
    check_shared(checker, pair);
}

/* Lists of one scope, where everything may be excluded. */
static void check_scoped(const struct checker *checker, const struct pair *pair)
{
    bool all_out = kb_velero_set_has(&pair->out, KB_STR("*"));
    if (pair->in.n > 1 && kb_velero_set_has(&pair->in, KB_STR("*"))) {
        problem_c(checker, "includes list must either contain '*' only, or a non-empty list of items");
    }
    if (pair->out.n > 1 && all_out) {
        problem_c(checker, "excludes list must either contain '*' only, or a non-empty list of items");
    }
    if (pair->in.n > 0 && all_out) {
        problem_c(checker, "when exclude is '*', include cannot have value");
    }
    check_shared(checker, pair);
}

static void check_namespaces(const struct checker *checker, const struct kb_velero_set *set)
{
    for (size_t i = 0; i < set->n; i++) {
        struct kb_str found[2];
        size_t n = kb_velero_namespace_problems(set->at[i].name, checker->arena, found);
        for (size_t k = 0; k < n; k++) {
            problem(checker, found[k]);
        }
    }
}

/* Velero goes on at the next position after it has taken an item out, so it passes over the one that moved
 * up. */
static void take_out(struct kb_str *at, size_t *n, struct kb_str name)
{
    for (size_t i = 0; i < *n; i++) {
        if (kb_str_eq(at[i], name)) {
            for (size_t k = i + 1; k < *n; k++) {
                at[k - 1] = at[k];
            }
            (*n)--;
        }
    }
}

/* Exclude the types that are always excluded; what is excluded is not included. */
static void exclude_snapshots(struct kb_velero_spec *spec, enum kb_velero_list included,
                              const struct kb_str *always, size_t count, struct kb_arena *arena)
{
    struct kb_velero_names in = spec->lists[included], out = spec->lists[included + 1];
    struct kb_str *left = KB_NEW_ARRAY(arena, in.n + 1, struct kb_str);
    struct kb_str *more = KB_NEW_ARRAY(arena, out.n + count, struct kb_str);
    size_t left_n = 0, more_n = 0;
    for (; left_n < in.n; left_n++) {
        left[left_n] = in.at[left_n];
    }
    for (; more_n < out.n; more_n++) {
        more[more_n] = out.at[more_n];
    }
    for (size_t i = 0; i < count; i++) {
        if (!kb_velero_names_have(out, always[i])) {
            more[more_n++] = always[i];
        }
    }
    for (size_t i = 0; i < more_n; i++) {
        take_out(left, &left_n, more[i]);
    }
    spec->lists[included] = (struct kb_velero_names){left, left_n};
    spec->lists[included + 1] = (struct kb_velero_names){more, more_n};
}

/* Check the pair of lists, and normalise it where nothing is wrong. */
static void prepare_pair(struct checker *checker, struct kb_velero_spec *spec,
                         enum kb_velero_list included, const char *what,
                         const struct kb_str *always, size_t count)
{
    size_t before = checker->problems->n;
    struct pair pair = pair_of(spec->lists, included, checker->arena);
    checker->what = what;
    if (included == KB_VELERO_INCLUDED_RESOURCES) {
        check_lists(checker, &pair);
    } else {
        check_scoped(checker, &pair);
    }
    if (checker->problems->n == before) {
        exclude_snapshots(spec, included, always, count, checker->arena);
    }
}

/* A policy tells one mistake only. */
static struct kb_str policy_problem(const struct kb_velero_policy *policy, struct kb_arena *arena)
{
    for (size_t i = KB_VELERO_INCLUDED_CLUSTER; i <= KB_VELERO_INCLUDED_NAMESPACED; i += 2) {
        struct pair pair = pair_of(policy->lists, (enum kb_velero_list)i, arena);
        if (kb_velero_set_has(&pair.in, KB_STR("*")) || kb_velero_set_has(&pair.out, KB_STR("*"))) {
            return KB_STR("cannot use '*' in includes or excludes filters in the policy");
        }
        size_t shared = next_shared(&pair, 0);
        if (shared != SIZE_MAX) {
            return shared_text(arena, pair.out.at[shared].name);
        }
    }
    return KB_STR("");
}

static void check_policy(struct checker *checker, const struct kb_velero_spec *spec,
                         const struct kb_velero_policy *policy)
{
    struct kb_str text = policy_problem(policy, checker->arena);
    checker->what = "invalid resource policies: ";
    if (text.n > 0) {
        problem(checker, text);
        return;
    }
    checker->what = "";
    if (kb_velero_old_filters(spec)) {
        problem_c(checker, "old filter parameters used together with an include-exclude policy");
    }
}

void kb_velero_prepare(const struct kb_velero_spec *spec, const struct kb_velero_policy *policy,
                       struct kb_arena *arena, struct kb_velero_spec *effective,
                       struct kb_velero_problems *problems)
{
    struct checker checker = {arena, problems, ""};
    static const struct kb_str everything[] = {KB_STR_INIT("*")};
    *effective = *spec;
    if (spec->lists[KB_VELERO_INCLUDED_NAMESPACES].n == 0) {
        effective->lists[KB_VELERO_INCLUDED_NAMESPACES] = (struct kb_velero_names){everything, 1};
    }
    if (kb_velero_old_filters(spec) && new_filters(spec)) {
        problem_c(&checker, "old and new filter parameters used together");
    }
    if (kb_velero_old_filters(spec)) {
        prepare_pair(&checker, effective, KB_VELERO_INCLUDED_RESOURCES,
                     "Invalid included/excluded resource lists: ", snapshots, 2);
    } else {
        prepare_pair(&checker, effective, KB_VELERO_INCLUDED_CLUSTER,
                     "Invalid cluster-scoped included/excluded resource lists: ", snapshots + 1, 1);
        prepare_pair(&checker, effective, KB_VELERO_INCLUDED_NAMESPACED,
                     "Invalid namespace-scoped included/excluded resource lists: ", snapshots, 1);
    }
    struct pair pair = pair_of(effective->lists, KB_VELERO_INCLUDED_NAMESPACES, arena);
    checker.what = "Invalid included/excluded namespace lists: ";
    check_lists(&checker, &pair);
    check_namespaces(&checker, &pair.in);
    check_namespaces(&checker, &pair.out);
    if (policy != NULL) {
        check_policy(&checker, spec, policy);
    }
}
