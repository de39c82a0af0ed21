/* The built-in library, folders, and that what is shipped is without a mistake. */
#include "baseline/library.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "baseline/cases.h"
#include "support.h"
#include "test.h"

KB_TEST(library, built_in_controls_have_no_mistake)
{
    struct kb_baseline baseline;
    struct kb_mistakes mistakes = {.total = 0};
    struct kb_buf text = {.max = 1 << 20};
    kb_baseline_load(&baseline, kb_library_builtin(), true, &mistakes);
    kb_mistakes_print(&mistakes, &text);
    kb_test_check(mistakes.total == 0, __FILE__, __LINE__, "%.*s", KB_FMT(kb_buf_view(&text)));
    kb_buf_done(&text);
    kb_baseline_done(&baseline);
    kb_mistakes_done(&mistakes);
}

KB_TEST(library, built_in_profiles_have_no_mistake)
{
    const struct kb_library *library = kb_library_builtin();
    struct kb_baseline baseline;
    struct kb_mistakes mistakes = {.total = 0};
    kb_baseline_load(&baseline, library, false, &mistakes);
    size_t n = 0;
    for (size_t i = 0; i < library->n; i++) {
        struct kb_str path = library->files[i].path;
        struct kb_profile profile;
        struct kb_err err = {0};
        if (kb_str_starts(path, KB_STR("profiles/"))) {
            n++;
            OK(kb_profile_load(&profile, &baseline, kb_str_sub(path, 9, path.n - 5), &mistakes,
                               &err), &err);
            kb_profile_done(&profile);
        }
    }
    CHECK(n >= 3);
    kb_baseline_done(&baseline);
    kb_mistakes_done(&mistakes);
}

/* Loading no more than a profile can select selects the same. */
static void same_selection(const struct kb_library *library, struct kb_str name)
{
    struct kb_mistakes mistakes = {.total = 0};
    struct kb_err err = {0};
    struct kb_arena arena = {0};
    const struct kb_str *globs;
    struct kb_baseline all, some;
    struct kb_profile of_all, of_some;
    size_t n = kb_profile_reach(library, name, &arena, &globs);
    kb_baseline_load(&all, library, false, &mistakes);
    kb_baseline_load_some(&some, library, globs, n, &mistakes);
    OK(kb_profile_load(&of_all, &all, name, &mistakes, &err), &err);
    OK(kb_profile_load(&of_some, &some, name, &mistakes, &err), &err);
    EQ_UINT(some.n, all.n);
    for (size_t i = 0; i < all.n && i < some.n; i++) {
        const struct kb_control *x = all.controls[i];
        const struct kb_control *y = some.controls[i];
        CHECK(kb_str_eq(x->id, y->id) && kb_str_eq(x->area, y->area));
        EQ_UINT(of_some.selected[i], of_all.selected[i]);
        CHECK(!of_all.selected[i] || (kb_str_eq(x->title, y->title) &&
                                      of_all.severity[i] == of_some.severity[i] &&
                                      x->judgement == y->judgement && x->table == y->table));
    }
    kb_profile_done(&of_some);
    kb_profile_done(&of_all);
    kb_baseline_done(&some);
    kb_baseline_done(&all);
    kb_arena_done(&arena);
    kb_mistakes_done(&mistakes);
}

KB_TEST(library, what_a_profile_cannot_select_need_not_be_read)
{
    const struct kb_library *library = kb_library_builtin();
    struct kb_arena arena = {0};
    const struct kb_str *globs;
    EQ_UINT(kb_profile_reach(library, KB_STR("audit-log"), &arena, &globs), 1);
    EQ_UINT(kb_profile_reach(library, KB_STR("eks-full"), &arena, &globs), 0);
    EQ_UINT(kb_profile_reach(library, KB_STR("./mine.yaml"), &arena, &globs), 0);
    CHECK(kb_profile_reach(library, KB_STR("cluster-settings"), &arena, &globs) > 7);
    for (size_t i = 0; i < library->n; i++) {
        struct kb_str path = library->files[i].path;
        if (kb_str_starts(path, KB_STR("profiles/"))) {
            same_selection(library, kb_str_sub(path, 9, path.n - 5));
        }
    }
    kb_arena_done(&arena);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

KB_TEST(library, export_and_load_give_the_same)
{
    const struct kb_library *builtin = kb_library_builtin();
    char folder[] = "/tmp/baseline-export-XXXXXX";
    char before[65];
    char after[65];
    struct kb_library loaded = {.n = 0};
    struct kb_err err = {0};
    if (!CHECK(mkdtemp(folder) != NULL)) {
        return;
    }
    OK(kb_library_export(builtin, folder, &err), &err);
    FAILS(kb_library_export(builtin, folder, &err), KB_ERR_INVALID);
    OK(kb_library_load(&loaded, folder, &err), &err);
    kb_library_digest(builtin, before);
    kb_library_digest(&loaded, after);
    EQ_C(after, before);
    EQ_UINT(loaded.n, builtin->n);
    CHECK(kb_library_find(&loaded, KB_STR("profiles/audit-log.yaml")) != NULL);
    kb_library_done(&loaded);
    CHECK(nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS) == 0);
}

KB_TEST(library, folders_that_are_none)
{
    struct kb_library library;
    struct kb_err err = {0};
    FAILS(kb_library_load(&library, "/nowhere", &err), KB_ERR_NOT_FOUND);
    FAILS(kb_library_load(&library, "/dev/null", &err), KB_ERR_IO);
}
