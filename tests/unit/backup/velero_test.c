#include "backup/velero_select.h"
#include "test.h"

/* A Backup, and what it selects. */
struct world {
    struct kb_arena arena;
    struct kb_velero_spec spec, effective;
    struct kb_velero_problems problems;
    struct kb_velero_namespaces namespaces;
    struct kb_velero_filter filter;
    struct kb_err err;
};

static const struct kb_str short_po[] = {KB_STR_INIT("po")};
static const struct kb_velero_type all_types[] = {
    {.name = KB_STR_INIT("pods"), .singular = KB_STR_INIT("pod"), .short_names = {short_po, 1},
     .namespaced = true, .full = KB_STR_INIT("pods")},
    {.name = KB_STR_INIT("namespaces"), .singular = KB_STR_INIT("namespace"),
     .full = KB_STR_INIT("namespaces")},
    {.name = KB_STR_INIT("nodes"), .singular = KB_STR_INIT("node"), .full = KB_STR_INIT("nodes")},
    {.name = KB_STR_INIT("deployments"), .singular = KB_STR_INIT("deployment"),
     .group = KB_STR_INIT("apps"), .namespaced = true, .full = KB_STR_INIT("deployments.apps")},
    {.name = KB_STR_INIT("backups"), .singular = KB_STR_INIT("backup"),
     .group = KB_STR_INIT("velero.io"), .namespaced = true, .full = KB_STR_INIT("backups.velero.io")},
    {.name = KB_STR_INIT("backups"), .singular = KB_STR_INIT("backup"),
     .group = KB_STR_INIT("k8up.io"), .namespaced = true, .full = KB_STR_INIT("backups.k8up.io")},
};
static const struct kb_velero_types types = {all_types, sizeof all_types / sizeof all_types[0]};

/* Words between spaces. */
static struct kb_velero_names words(struct kb_arena *arena, const char *text)
{
    struct kb_str *at = KB_NEW_ARRAY(arena, 16, struct kb_str);
    struct kb_str rest = kb_str_c(text);
    size_t n = 0;
    while (rest.n > 0) {
        at[n++] = kb_str_split(rest, ' ', &rest);
    }
    return (struct kb_velero_names){at, n};
}

static void list(struct world *world, enum kb_velero_list which, const char *text)
{
    world->spec.lists[which] = words(&world->arena, text);
}

static kb_res select_all(struct world *world, const char *active)
{
    kb_velero_prepare(&world->spec, NULL, &world->arena, &world->effective, &world->problems);
    KB_TRY(kb_velero_expand(&world->effective, words(&world->arena, active), &world->arena,
                            &world->namespaces, &world->err));
    kb_velero_filter_init(&world->filter, &world->effective, NULL, types, &world->namespaces,
                          &world->arena);
    return KB_SUCCESS;
}

static bool in_backup(const struct world *world, const char *name)
{
    return kb_velero_has_namespace(&world->namespaces, kb_str_c(name), NULL);
}

static void world_done(struct world *world)
{
    KB_VEC_DONE(&world->problems);
    kb_arena_done(&world->arena);
}

static struct kb_str resolved(const char *name)
{
    const struct kb_velero_type *type = kb_velero_resolve(types, kb_str_c(name));
    return type == NULL ? KB_STR("-") : type->full;
}

KB_TEST(velero, names_of_types)
{
    EQ_STR(resolved("po"), "pods");
    EQ_STR(resolved("PO"), "-");
    EQ_STR(resolved("Pod"), "pods");
    EQ_STR(resolved("deployments.app"), "deployments.apps");
    EQ_STR(resolved("deployments.extensions"), "-");
    EQ_STR(resolved("backups"), "backups.velero.io");
    EQ_STR(resolved("backups.k8up"), "backups.k8up.io");
    EQ_STR(resolved("*.apps"), "-");
    EQ_STR(resolved(""), "-");
}

KB_TEST(velero, namespaces_expanded)
{
    struct world world = {0};
    list(&world, KB_VELERO_INCLUDED_NAMESPACES, "team-* shop");
    list(&world, KB_VELERO_EXCLUDED_NAMESPACES, "*-b");
    OK(select_all(&world, "team-a team-b shop x"), &world.err);
    CHECK(world.namespaces.expanded && !world.namespaces.everything);
    CHECK(in_backup(&world, "team-a") && in_backup(&world, "shop"));
    CHECK(!in_backup(&world, "team-b") && !in_backup(&world, "x"));
    EQ_UINT(world.problems.n, 0);
    world_done(&world);
}

KB_TEST(velero, patterns_that_match_nothing_select_nothing)
{
    struct world world = {0};
    list(&world, KB_VELERO_INCLUDED_NAMESPACES, "team-*");
    OK(select_all(&world, "a b"), &world.err);
    CHECK(!in_backup(&world, "a") && !in_backup(&world, "team-a"));
    world_done(&world);
}

KB_TEST(velero, a_pattern_may_fail_only_when_the_backup_runs)
{
    struct world world = {0};
    list(&world, KB_VELERO_INCLUDED_NAMESPACES, "[a-z0-9]*");
    FAILS(select_all(&world, "a b"), KB_ERR_SYNTAX);
    EQ_UINT(world.problems.n, 0);
    EQ_C(world.err.msg, "expected close range character");
    world_done(&world);
}

KB_TEST(velero, everything_by_names_in_their_order)
{
    struct world world = {0};
    list(&world, KB_VELERO_INCLUDED_NAMESPACES, "b a");
    OK(select_all(&world, "a b"), &world.err);
    CHECK(world.namespaces.everything);
    OK(select_all(&world, "b a"), &world.err);
    CHECK(!world.namespaces.everything);
    world_done(&world);
}

KB_TEST(velero, a_glob_that_does_not_compile_hides_those_after_it)
{
    struct kb_arena arena = {0};
    struct kb_velero_set set = {0};
    bool unsure = false;
    kb_velero_set_add_all(&set, &arena, words(&arena, "z* [ a"));
    CHECK(!kb_velero_set_match(&set, KB_STR("zz"), &unsure));
    CHECK(!kb_velero_set_match(&set, KB_STR("a"), &unsure));
    kb_velero_set_add(&set, &arena, KB_STR("A*"));
    CHECK(kb_velero_set_match(&set, KB_STR("Ab"), &unsure));
    CHECK(!unsure);
    kb_velero_set_add(&set, &arena, KB_STR("Ab{}"));
    CHECK(kb_velero_set_match(&set, KB_STR("Ab"), &unsure));
    kb_arena_done(&arena);
}

KB_TEST(velero, what_would_panic_is_not_known)
{
    struct kb_arena arena = {0};
    struct kb_velero_set set = {0};
    bool unsure = false;
    kb_velero_set_add(&set, &arena, KB_STR("ab{}"));
    CHECK(!kb_velero_set_match(&set, KB_STR("ab"), &unsure));
    CHECK(unsure);
    kb_arena_done(&arena);
}

KB_TEST(velero, cluster_scoped_types_of_old_and_new_filters)
{
    struct world world = {0};
    list(&world, KB_VELERO_EXCLUDED_RESOURCES, "deployments");
    OK(select_all(&world, "a b"), &world.err);
    CHECK(world.filter.old);
    CHECK(kb_velero_includes(&world.filter, &all_types[2], NULL));
    CHECK(!kb_velero_includes(&world.filter, &all_types[3], NULL));
    world_done(&world);
    world = (struct world){0};
    OK(select_all(&world, "a b"), &world.err);
    CHECK(!world.filter.old); /* snapshot types are excluded, so it is no full backup */
    CHECK(!kb_velero_includes(&world.filter, &all_types[2], NULL));
    CHECK(kb_velero_includes(&world.filter, &all_types[1], NULL));
    world_done(&world);
}

KB_TEST(velero, policies_yield_to_the_backup)
{
    struct world world = {0};
    struct kb_velero_policy policy = {0};
    list(&world, KB_VELERO_INCLUDED_NAMESPACED, "pods");
    policy.lists[KB_VELERO_EXCLUDED_NAMESPACED] = words(&world.arena, "po backups.velero.io");
    policy.lists[KB_VELERO_INCLUDED_NAMESPACED] = words(&world.arena, "deployments");
    OK(select_all(&world, "a b"), &world.err);
    kb_velero_filter_init(&world.filter, &world.effective, &policy, types, &world.namespaces,
                          &world.arena);
    CHECK(kb_velero_includes(&world.filter, &all_types[0], NULL));
    CHECK(kb_velero_includes(&world.filter, &all_types[3], NULL));
    CHECK(kb_velero_excludes(&world.filter, &all_types[4], NULL));
    CHECK(!kb_velero_includes(&world.filter, &all_types[5], NULL));
    world_done(&world);
}

KB_TEST(velero, names_checked)
{
    static const char longest[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_";
    struct kb_arena arena = {0};
    struct kb_str out[2];
    EQ_UINT(kb_velero_namespace_problems(KB_STR(""), &arena, out), 0);
    EQ_UINT(kb_velero_namespace_problems(KB_STR("team-[a-c]?*"), &arena, out), 0);
    EQ_UINT(kb_velero_namespace_problems(KB_STR("a.b"), &arena, out), 1);
    EQ_STR(out[0], "invalid namespace \"a.b\": must not contain dots");
    EQ_UINT(kb_velero_namespace_problems(kb_str_c(longest), &arena, out), 2);
    EQ_UINT(kb_velero_namespace_problems(KB_STR("a..b"), &arena, out), 1);
    CHECK(kb_str_find(out[0], KB_STR("RFC 1123"), 0) != SIZE_MAX);
    kb_arena_done(&arena);
}
