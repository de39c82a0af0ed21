/* `min`: rows that are not known, or were not read, may be those that are missing. */
#include "support.h"
#include "test.h"

static const struct kb_table *table(void)
{
    return kb_table_find(KB_STR("audit.event"));
}

static void read_whole(struct kb_engine *engine)
{
    kb_engine_table_complete(engine, table());
}

static void read_partly(struct kb_engine *engine)
{
    kb_engine_table_complete(engine, table());
    kb_engine_table_incomplete(engine, table(), KB_STR("forbidden"));
}

static enum kb_verdict judge(const char *rules, const char *rows, void (*tell)(struct kb_engine *))
{
    struct world w = {.rows = 0};
    world_control(&w, rules);
    world_start(&w, NULL, 0);
    world_rows(&w, rows);
    if (tell != NULL) {
        tell(w.engine);
    }
    kb_engine_finish(w.engine, &w.result);
    enum kb_verdict verdict = w.result.controls[0].verdict;
    world_done(&w);
    return verdict;
}

#define JUDGE(rules, rows, want) EQ_INT(judge((rules), (rows), read_whole), (want))
#define UNKNOWN_WRITES "writes: {unknown: cut}"

KB_TEST(count, what_is_not_known_may_be_what_is_missing)
{
    const char *plain = "where: writes\ncount: {min: 2}\nsay: x\n";
    JUDGE(plain, "[{writes: true}, {" UNKNOWN_WRITES "}]", KB_UNKNOWN);
    JUDGE(plain, "[{" UNKNOWN_WRITES "}]", KB_FAIL);
    const char *per = "where: writes\ncount: {min: 2, per: [user]}\nsay: '{user}'\n";
    JUDGE(per, "[{writes: true, user: a}]", KB_FAIL);
    JUDGE(per, "[{writes: true, user: a}, {writes: true, user: {unknown: cut}}]", KB_UNKNOWN);
    JUDGE(per, "[{writes: true, user: a}, {writes: true, user: a}, {" UNKNOWN_WRITES ", user: b}]", KB_UNKNOWN);
    JUDGE("where: writes\ncount: {min: 4, per: [user]}\nsay: '{user}'\n",
          "[{writes: true, user: a}, {writes: true, user: {unknown: cut}}]", KB_FAIL);
    JUDGE("where: writes\ncount: {min: 1, per: [user]}\nsay: '{user}'\n",
          "[{" UNKNOWN_WRITES ", user: b}]", KB_PASS);
    const char *distinct = "where: writes\ncount: {min: 3, distinct: user}\nsay: x\n";
    JUDGE(distinct, "[{writes: true, user: a}, {writes: true, user: {unknown: cut}}]", KB_FAIL);
    JUDGE(distinct, "[{writes: true, user: a}, {writes: true, user: {unknown: cut}}, "
                    "{writes: true, user: {unknown: cut}}]", KB_UNKNOWN);
}

KB_TEST(count, what_is_not_known_may_be_what_is_too_many)
{
    const char *per = "where: writes\ncount: {max: 2, per: [user]}\nsay: '{user}'\n";
    JUDGE(per, "[{writes: true, user: a}, {writes: true, user: a}]", KB_PASS);
    JUDGE(per, "[{writes: true, user: a}, {writes: true, user: {unknown: cut}}]", KB_PASS);
    JUDGE(per, "[{writes: true, user: a}, {writes: true, user: a}, {writes: true, user: {unknown: cut}}]", KB_UNKNOWN);
    JUDGE(per, "[{writes: true, user: a}, {writes: true, user: a}, {writes: true, user: a}, "
               "{writes: true, user: {unknown: cut}}]", KB_FAIL);
    const char *distinct = "where: writes\ncount: {max: 3, distinct: user}\nsay: x\n";
    JUDGE(distinct, "[{writes: true, user: a}, {writes: true, user: b}, {writes: true, user: {unknown: cut}}]",
          KB_PASS);
    JUDGE(distinct, "[{writes: true, user: a}, {writes: true, user: b}, {writes: true, user: {unknown: cut}}, "
                    "{writes: true, user: {unknown: cut}}]", KB_UNKNOWN);
}

KB_TEST(count, what_was_not_read_may_be_what_is_missing)
{
    const char *rule = "where: writes\ncount: {min: 2}\nsay: x\n";
    EQ_INT(judge(rule, "[{writes: true}]", read_whole), KB_FAIL);
    EQ_INT(judge(rule, "[{writes: true}]", read_partly), KB_UNKNOWN);
    EQ_INT(judge(rule, "[{writes: true}]", NULL), KB_UNKNOWN);
    EQ_INT(judge(rule, "[{writes: true}, {writes: true}]", read_partly), KB_UNKNOWN);
}
