#include "baseline/mistakes.h"
#include "baseline/result.h"
#include "baseline/settings.h"
#include "baseline/soc2.h"
#include "test.h"

KB_TEST(words, names_and_numbers)
{
    EQ_C(kb_verdict_name(KB_NOT_APPLICABLE), "not-applicable");
    EQ_INT(kb_verdict_find(KB_STR("waived")), KB_WAIVED);
    EQ_INT(kb_severity_find(KB_STR("high")), KB_HIGH);
    EQ_INT(kb_owner_find(KB_STR("nobody")), -1);
}

KB_TEST(soc2, has_its_criteria)
{
    EQ_UINT(kb_soc2_count, 61);
    CHECK(kb_soc2_find(KB_STR("CC6.1")) != NULL);
    CHECK(kb_soc2_find(KB_STR("cc6.1")) == NULL);
    CHECK(kb_soc2_find(KB_STR("CC9.3")) == NULL);
    CHECK(kb_soc2_suggest(KB_STR("CC6.9")) != NULL);
    CHECK(kb_cis_id_valid(KB_STR("4.1.12")));
    CHECK(!kb_cis_id_valid(KB_STR("4")));
    CHECK(!kb_cis_id_valid(KB_STR("4..1")));
    CHECK(!kb_cis_id_valid(KB_STR("4.1.")));
    CHECK(!kb_cis_id_valid(KB_STR("a.b")));
}

KB_TEST(settings, are_sorted_and_documented)
{
    for (size_t i = 0; i < kb_setting_count; i++) {
        CHECK(strlen(kb_settings[i].doc) > 10);
        CHECK(i == 0 || strcmp(kb_settings[i - 1].name, kb_settings[i].name) < 0);
    }
    EQ_C(kb_setting_suggest(KB_STR("breakglass")), "breakGlass");
}

KB_TEST(mistakes, are_sorted_and_printed)
{
    struct kb_mistakes m = {.total = 0};
    struct kb_buf out = {.max = 4096};
    struct kb_err err = {0};
    CHECK(!kb_failed(kb_mistakes_result(&m, &err)));
    kb_mistake_addf(&m, KB_STR("b.yaml"), 3, 1, "second");
    kb_mistake_add(&m, &(struct kb_mistake){KB_STR("a.yaml"), 2, 9, KB_STR("first"),
                                            KB_STR("where: bad"), 8});
    kb_mistakes_sort(&m);
    kb_mistakes_print(&m, &out);
    EQ_STR(kb_buf_view(&out), "a.yaml:2:9: first\n | where: bad\n |        ^\nb.yaml:3:1: second\n");
    FAILS(kb_mistakes_result(&m, &err), KB_ERR_INVALID);
    EQ_C(err.msg, "first (and 1 more mistakes)");
    kb_buf_done(&out);
    kb_mistakes_done(&m);
}

KB_TEST(mistakes, are_bounded)
{
    struct kb_mistakes m = {.total = 0};
    for (int i = 0; i < 1000; i++) {
        kb_mistake_addf(&m, KB_STR("a"), 1, 1, "%d", i);
    }
    EQ_UINT(m.total, 1000);
    CHECK(m.list.n < 1000);
    kb_mistakes_done(&m);
}

KB_TEST(mistakes, suggestions)
{
    static const char *const words[] = {"severity", "owner", "where", NULL};
    EQ_C(kb_did_you_mean(KB_STR("severty"), words), "severity");
    CHECK(kb_did_you_mean(KB_STR("zzz"), words) == NULL);
    CHECK(kb_did_you_mean(KB_STR(""), words) == NULL);
}
