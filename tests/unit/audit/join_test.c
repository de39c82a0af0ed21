#include "audit/join.h"

#include <stdio.h>

#include "test.h"

static unsigned orphans;
static char last_orphan[64];

static void count_orphan(void *ctx, struct kb_str text, struct kb_str note)
{
    (void)ctx;
    orphans++;
    (void)snprintf(last_orphan, sizeof last_orphan, "%.*s/%.*s", KB_FMT(text), KB_FMT(note));
}

static struct kb_join_record record(uint64_t id, enum kb_join_stage stage, uint64_t digest)
{
    return (struct kb_join_record){.stage = stage,
                                   .audit_stage = id * 4 + (uint64_t)stage + 1,
                                   .audit_complete = id * 4 + KB_JOIN_COMPLETE + 1,
                                   .request = id * 0x9e3779b97f4a7c15ULL + 7,
                                   .digest = digest,
                                   .has_id = true,
                                   .text = KB_STR("event"),
                                   .note = KB_STR("note")};
}

static enum kb_join_action add(struct kb_join *join, uint64_t id, enum kb_join_stage stage,
                               uint64_t digest)
{
    struct kb_join_record r = record(id, stage, digest);
    return kb_join_add(join, &r);
}

static struct kb_join *fresh(void)
{
    orphans = 0;
    last_orphan[0] = '\0';
    return kb_join_new(count_orphan, NULL);
}

KB_TEST(join, judges_a_long_request_when_it_starts_and_not_again)
{
    struct kb_join *join = fresh();
    EQ_INT(add(join, 1, KB_JOIN_STARTED, 10), KB_JOIN_JUDGE);
    EQ_UINT(kb_join_open_count(join, 0), 1);
    EQ_INT(add(join, 1, KB_JOIN_COMPLETE, 11), KB_JOIN_STAGE);
    EQ_UINT(kb_join_open_count(join, 0), 0);
    kb_join_free(join);
}

KB_TEST(join, joins_stages_that_come_in_the_wrong_order)
{
    struct kb_join *join = fresh();
    EQ_INT(add(join, 1, KB_JOIN_COMPLETE, 11), KB_JOIN_JUDGE);
    EQ_INT(add(join, 1, KB_JOIN_STARTED, 10), KB_JOIN_STAGE);
    EQ_INT(add(join, 1, KB_JOIN_RECEIVED, 9), KB_JOIN_STAGE);
    kb_join_free(join);
}

KB_TEST(join, holds_a_received_request_until_its_answer)
{
    struct kb_join *join = fresh();
    EQ_INT(add(join, 1, KB_JOIN_RECEIVED, 9), KB_JOIN_HOLD);
    EQ_INT(add(join, 1, KB_JOIN_COMPLETE, 11), KB_JOIN_JUDGE);
    kb_join_finish(join);
    EQ_UINT(orphans, 0);
    EQ_INT(add(join, 2, KB_JOIN_RECEIVED, 9), KB_JOIN_HOLD);
    kb_join_finish(join);
    EQ_UINT(orphans, 1);
    EQ_C(last_orphan, "event/note");
    EQ_UINT(kb_join_open_count(join, 0), 1);
    kb_join_free(join);
}

KB_TEST(join, drops_copies_and_keeps_conflicts)
{
    struct kb_join *join = fresh();
    EQ_INT(add(join, 1, KB_JOIN_COMPLETE, 11), KB_JOIN_JUDGE);
    EQ_INT(add(join, 1, KB_JOIN_COMPLETE, 11), KB_JOIN_COPY);
    EQ_INT(add(join, 1, KB_JOIN_COMPLETE, 12), KB_JOIN_CONFLICT);
    EQ_INT(add(join, 1, KB_JOIN_COMPLETE, 12), KB_JOIN_COPY);
    kb_join_free(join);
}

KB_TEST(join, forgets_the_oldest_records_only)
{
    struct kb_join *join = fresh();
    for (uint64_t id = 1; id <= KB_JOIN_RECENT + 10; id++) {
        EQ_INT(add(join, id, KB_JOIN_COMPLETE, id), KB_JOIN_JUDGE);
    }
    EQ_INT(add(join, KB_JOIN_RECENT + 10, KB_JOIN_COMPLETE, KB_JOIN_RECENT + 10), KB_JOIN_COPY);
    EQ_INT(add(join, 11, KB_JOIN_COMPLETE, 11), KB_JOIN_COPY);
    EQ_INT(add(join, 10, KB_JOIN_COMPLETE, 10), KB_JOIN_JUDGE);
    kb_join_free(join);
}

KB_TEST(join, gives_up_the_oldest_open_requests_and_counts_them)
{
    struct kb_join *join = fresh();
    for (uint64_t id = 1; id <= KB_JOIN_OPEN + 1; id++) {
        EQ_INT(add(join, id, KB_JOIN_STARTED, id), KB_JOIN_JUDGE);
    }
    CHECK(kb_join_forgotten(join) > 0);
    EQ_UINT(kb_join_open_count(join, 0) + kb_join_forgotten(join), KB_JOIN_OPEN + 1);
    EQ_INT(add(join, KB_JOIN_OPEN + 1, KB_JOIN_COMPLETE, 0), KB_JOIN_STAGE);
    kb_join_free(join);
}

KB_TEST(join, bounds_the_text_it_holds)
{
    struct kb_join *join = fresh();
    static char big[100000];
    unsigned held = 0;
    for (uint64_t id = 1; id <= 100; id++) {
        struct kb_join_record r = record(id, KB_JOIN_RECEIVED, id);
        r.text = (struct kb_str){big, sizeof big};
        held += kb_join_add(join, &r) == KB_JOIN_HOLD;
    }
    CHECK(orphans > 0);
    kb_join_finish(join);
    EQ_UINT(orphans, held);
    kb_join_free(join);
}
