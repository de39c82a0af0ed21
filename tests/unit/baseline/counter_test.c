/* Windows, episodes, and rows that may or may not count. */
#include "baseline/counter.h"
#include "test.h"

enum { FOUND_MAX = 64 };

/* What the counter told. */
struct told {
    struct kb_counter *counter;
    struct {
        enum kb_verdict verdict;
        uint64_t count;
        size_t evidence;
        int64_t time_ns;
        char first[16]; /* locator of the first row */
    } at[FOUND_MAX];
    size_t n;
    size_t row;
};

static struct kb_pending *open_finding(void *ctx, bool maybe)
{
    (void)ctx;
    struct kb_pending *pending = kb_alloc(sizeof *pending);
    pending->finding.verdict = maybe ? KB_UNKNOWN : KB_FAIL;
    return pending;
}

static void close_finding(void *ctx, struct kb_pending *pending, uint64_t count)
{
    struct told *told = ctx;
    if (told->n < FOUND_MAX) {
        told->at[told->n].verdict = pending->finding.verdict;
        told->at[told->n].count = count;
        told->at[told->n].evidence = pending->finding.evidence_count;
        told->at[told->n].time_ns = pending->finding.time_ns;
        if (pending->finding.evidence_count > 0) {
            struct kb_str locator = pending->finding.evidence[0].locator;
            memcpy(told->at[told->n].first, locator.p, locator.n < 15 ? locator.n : 15);
        }
        told->n++;
    }
    kb_arena_done(&pending->arena);
    kb_free(pending);
}

static void start(struct told *told, int64_t max, int64_t min, int64_t within, bool distinct)
{
    *told = (struct told){.n = 0};
    told->counter = kb_counter_new(
        &(struct kb_counter_rule){.max = max, .min = min, .within_ns = within, .distinct = distinct},
        &(struct kb_counter_hooks){open_finding, close_finding, told});
}

static void add(struct told *told, uint64_t key, int64_t time, uint64_t value, bool maybe)
{
    struct kb_arena arena = {0};
    struct kb_hit_row row = {.key = {{key, key}}, .value = {{value, value}}, .maybe = maybe,
                             .time_ns = time};
    row.evidence = (struct kb_evidence){KB_STR("log"),
                                        kb_arena_printf(&arena, "line %zu", ++told->row),
                                        KB_STR("")};
    kb_counter_add(told->counter, &row);
    kb_arena_done(&arena);
}

static void stop(struct told *told)
{
    kb_counter_finish(told->counter, true);
    kb_counter_free(told->counter);
    told->counter = NULL;
}

KB_TEST(counter, at_the_bound_is_no_breach)
{
    struct told t;
    start(&t, 3, -1, 10, false);
    add(&t, 1, 0, 0, false);
    add(&t, 1, 1, 0, false);
    add(&t, 1, 2, 0, false);
    add(&t, 1, 13, 0, false);
    stop(&t);
    EQ_UINT(t.n, 0);
}

KB_TEST(counter, one_finding_for_an_episode)
{
    struct told t;
    start(&t, 3, -1, 10, false);
    for (int64_t i = 0; i < 20; i++) {
        add(&t, 1, 100 + i, 0, false);
    }
    stop(&t);
    EQ_UINT(t.n, 1);
    EQ_UINT(t.at[0].count, 20);
    EQ_INT(t.at[0].verdict, KB_FAIL);
    EQ_INT(t.at[0].time_ns, 100);
    EQ_UINT(t.at[0].evidence, 4);
    EQ_C(t.at[0].first, "line 1");
}

KB_TEST(counter, a_pause_begins_a_new_episode)
{
    struct told t;
    start(&t, 1, -1, 10, false);
    add(&t, 1, 0, 0, false);
    add(&t, 1, 5, 0, false);
    add(&t, 1, 100, 0, false);
    add(&t, 1, 200, 0, false);
    add(&t, 1, 210, 0, false);
    add(&t, 1, 221, 0, false);
    stop(&t);
    EQ_UINT(t.n, 2);
    EQ_UINT(t.at[0].count, 2);
    EQ_UINT(t.at[1].count, 2);
    EQ_INT(t.at[1].time_ns, 200);
}

KB_TEST(counter, keys_are_apart)
{
    struct told t;
    start(&t, 1, -1, 10, false);
    add(&t, 1, 0, 0, false);
    add(&t, 2, 1, 0, false);
    add(&t, 3, 2, 0, false);
    add(&t, 2, 3, 0, false);
    stop(&t);
    EQ_UINT(t.n, 1);
    EQ_C(t.at[0].first, "line 2");
}

KB_TEST(counter, rows_a_little_out_of_order)
{
    struct told t;
    start(&t, 2, -1, 10, false);
    add(&t, 1, 30, 0, false);
    add(&t, 1, 45, 0, false);
    add(&t, 1, 25, 0, false);
    add(&t, 1, 35, 0, false);
    stop(&t);
    EQ_UINT(t.n, 1);
    EQ_INT(t.at[0].time_ns, 25);
    EQ_UINT(t.at[0].count, 3);
}

KB_TEST(counter, order_does_not_matter_within_the_slack)
{
    static const int64_t times[6] = {10, 14, 18, 40, 44, 90};
    for (int shift = 0; shift < 6; shift++) {
        struct told t;
        start(&t, 2, -1, 10, false);
        for (int i = 0; i < 6; i++) {
            add(&t, 1, times[(i + shift) % 6], 0, false);
        }
        stop(&t);
        EQ_UINT(t.n, 1);
        EQ_INT(t.at[0].time_ns, 10);
        EQ_UINT(t.at[0].count, 3);
    }
}

KB_TEST(counter, different_values_only)
{
    struct told t;
    start(&t, 2, -1, 100, true);
    for (int64_t i = 0; i < 10; i++) {
        add(&t, 1, i, (uint64_t)(i % 2), false);
    }
    EQ_UINT(t.n, 0);
    add(&t, 1, 10, 7, false);
    add(&t, 1, 11, 8, false);
    add(&t, 1, 12, 8, false);
    stop(&t);
    EQ_UINT(t.n, 1);
    EQ_UINT(t.at[0].count, 4);
}

KB_TEST(counter, an_old_value_does_not_count)
{
    struct told t;
    start(&t, 2, -1, 10, true);
    add(&t, 1, 0, 1, false);
    add(&t, 1, 8, 2, false);
    add(&t, 1, 16, 3, false);
    add(&t, 1, 24, 1, false);
    stop(&t);
    EQ_UINT(t.n, 0);
}

KB_TEST(counter, only_with_doubtful_rows_is_unknown)
{
    struct told t;
    start(&t, 2, -1, 10, false);
    add(&t, 1, 0, 0, false);
    add(&t, 1, 1, 0, true);
    add(&t, 1, 2, 0, false);
    stop(&t);
    EQ_UINT(t.n, 1);
    EQ_INT(t.at[0].verdict, KB_UNKNOWN);
    EQ_UINT(t.at[0].count, 3);
}

KB_TEST(counter, a_certain_breach_silences_the_doubtful_one)
{
    struct told t;
    start(&t, 1, -1, 10, false);
    add(&t, 1, 0, 0, true);
    add(&t, 1, 1, 0, false);
    add(&t, 1, 2, 0, false);
    stop(&t);
    EQ_UINT(t.n, 1);
    EQ_INT(t.at[0].verdict, KB_FAIL);
    EQ_UINT(t.at[0].count, 2);
}

KB_TEST(counter, over_the_whole_reading)
{
    struct told t;
    start(&t, 2, -1, 0, false);
    add(&t, 1, INT64_MIN, 0, false);
    add(&t, 1, 5000000000, 0, false);
    EQ_UINT(t.n, 0);
    add(&t, 1, 1, 0, false);
    add(&t, 1, 2, 0, false);
    stop(&t);
    EQ_UINT(t.n, 1);
    EQ_UINT(t.at[0].count, 4);
}

KB_TEST(counter, fewer_than_wanted)
{
    struct told t;
    start(&t, -1, 2, 0, false);
    add(&t, 1, 1, 0, false);
    add(&t, 2, 1, 0, false);
    add(&t, 2, 2, 0, false);
    add(&t, 3, 2, 0, false);
    add(&t, 3, 2, 0, true);
    stop(&t);
    EQ_UINT(t.n, 2);
    bool fail = t.at[0].verdict == KB_FAIL || t.at[1].verdict == KB_FAIL;
    bool unknown = t.at[0].verdict == KB_UNKNOWN || t.at[1].verdict == KB_UNKNOWN;
    CHECK(fail);
    CHECK(unknown);
}

KB_TEST(counter, live_keys_that_are_forgotten_are_told)
{
    struct told t;
    start(&t, 1, -1, 1000, false);
    for (uint64_t i = 0; i < KB_COUNTER_KEYS_MAX + 10; i++) {
        add(&t, i + 1, 5, 0, false);
    }
    EQ_UINT(kb_counter_forgotten(t.counter), 10);
    stop(&t);
    EQ_UINT(t.n, 0);
}

KB_TEST(counter, keys_that_are_over_are_forgotten_silently)
{
    struct told t;
    start(&t, 1, -1, 1000, false);
    for (uint64_t i = 0; i < 3 * KB_COUNTER_KEYS_MAX; i++) {
        add(&t, i + 1, (int64_t)i * KB_COUNTER_SLACK_NS, 0, false);
    }
    EQ_UINT(kb_counter_forgotten(t.counter), 0);
    EQ_UINT(kb_counter_keys(t.counter), 3 * KB_COUNTER_KEYS_MAX);
    stop(&t);
}

KB_TEST(counter, times_at_the_ends_of_the_range)
{
    struct told t;
    start(&t, 1, -1, 10, false);
    add(&t, 1, INT64_MIN + 1, 0, false);
    add(&t, 1, INT64_MAX, 0, false);
    stop(&t);
    EQ_UINT(t.n, 0);
}
