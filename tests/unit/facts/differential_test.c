/*
 * The scanner against jansson, over the log of a real API server, as it is and respelled; and every
 * beginning of some events: a column is what it is for the whole event, or unknown.
 */
#include "data/json.h"
#include "facts/audit_event.h"
#include "oracle.h"
#include "respell.h"
#include "show.h"
#include "test.h"
#include "test_data.h"

#define EVENTS "audit/apiserver-1.36/events.jsonl.gz"

static struct kb_audit_cache *cache;

/* Column `number` of the event as text; appended. */
static void show(const struct kb_audit_row *row, unsigned number, struct kb_buf *out)
{
    struct kb_cel_val value = {0};
    kb_audit_row_ops.get(row, number, NULL, &value);
    show_value(&value, out);
}

static bool begin(struct kb_str text, bool truncated, struct kb_event *event,
                  struct kb_audit_row *row)
{
    const struct kb_audit_origin origin = {.timestamp_ns = KB_EVENT_NO_TIME};
    struct kb_err err = {0};
    if (!OK(kb_event_parse(text, truncated, event, &err), &err)) {
        return false;
    }
    kb_audit_row_init(row, event, &origin, false, cache);
    return true;
}

static unsigned column(const char *name)
{
    int number = kb_table_column(&kb_table_audit_event, kb_str_c(name));
    CHECK(number >= 0);
    return number < 0 ? 0 : (unsigned)number;
}

static void same(const struct kb_audit_row *row, const char *name, const struct kb_buf *want)
{
    KB_AUTO(kb_buf_done) struct kb_buf got = {.max = 16 << 20};
    show(row, column(name), &got);
    kb_test_check(kb_str_eq(kb_buf_view(&got), kb_buf_view(want)), name, 0, "got %.*s, wanted %.*s",
                  KB_FMT(kb_buf_view(&got)), KB_FMT(kb_buf_view(want)));
}

static void compare(json_t *tree, struct kb_str text)
{
    struct kb_event event;
    struct kb_audit_row row;
    struct kb_buf want = {.max = 16 << 20};
    if (!begin(text, false, &event, &row)) {
        return;
    }
    CHECK(!event.truncated);
    for (size_t i = 0; i < oracle_column_count; i++) {
        kb_buf_clear(&want);
        if (oracle_show(tree, &oracle_columns[i], &want)) {
            same(&row, oracle_columns[i].name, &want);
        }
    }
    kb_buf_clear(&want);
    if (oracle_images(tree, &want)) {
        same(&row, "workload.images", &want);
    }
    kb_buf_clear(&want);
    int privileged = oracle_privileged(tree);
    kb_buf_c(&want, privileged == 1 ? "true" : "false");
    if (privileged >= 0) {
        same(&row, "workload.privileged", &want);
    }
    kb_buf_done(&want);
}

static void each_line(void (*fn)(struct kb_str line, size_t number))
{
    KB_AUTO(kb_buf_done) struct kb_buf text = test_data(EVENTS);
    struct kb_str rest = kb_buf_view(&text);
    size_t number = 0;
    cache = kb_audit_cache_new();
    while (rest.n > 0) {
        struct kb_str line = kb_str_split(rest, '\n', &rest);
        if (line.n > 0) {
            fn(line, number++);
        }
    }
    CHECK(number > 2000);
    kb_audit_cache_free(cache);
}

static void as_it_is(struct kb_str line, size_t number)
{
    struct kb_err err = {0};
    json_t *tree = NULL;
    (void)number;
    if (OK(kb_json_parse("event", line, 0, &tree, &err), &err)) {
        compare(tree, line);
        json_decref(tree);
    }
}

KB_TEST(differential, the_log_of_a_real_server)
{
    each_line(as_it_is);
}

static void respelled(struct kb_str line, size_t number)
{
    static uint64_t seed = 1;
    struct kb_err err = {0};
    json_t *tree = NULL;
    json_t *again = NULL;
    if (number % 37 != 0 || !OK(kb_json_parse("event", line, 0, &tree, &err), &err)) {
        return;
    }
    json_object_set_new(tree, "userAgent", json_string("a\xe2\x80\xa8\"\\\xf0\x9f\x98\x80/\b\x7f"));
    struct kb_event plain;
    struct kb_event other;
    struct kb_buf first = {.max = 16 << 20};
    struct kb_buf text = {.max = 16 << 20};
    respell(tree, 0, &seed, &first);
    for (unsigned how = 0; how < 32; how += 1 + (unsigned)(number % 3)) {
        kb_buf_clear(&text);
        respell(tree, how, &seed, &text);
        if (OK(kb_json_parse("event", kb_buf_view(&text), 0, &again, &err), &err)) {
            compare(again, kb_buf_view(&text));
            json_decref(again);
            again = NULL;
        }
        OK(kb_event_parse(kb_buf_view(&first), false, &plain, &err), &err);
        OK(kb_event_parse(kb_buf_view(&text), false, &other, &err), &err);
        CHECK(kb_event_digest(&plain) == kb_event_digest(&other));
    }
    kb_buf_done(&first);
    kb_buf_done(&text);
    json_decref(tree);
}

KB_TEST(differential, the_same_in_other_spellings)
{
    each_line(respelled);
}

/* Columns that tell of the record itself, or that fall back to the delivery's time. */
static bool is_exempt(unsigned number)
{
    static const char *const names[] = {"truncated", "has_body", "time", "stage_time"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (number == column(names[i])) {
            return true;
        }
    }
    return false;
}

static void check_beginning(struct kb_str text, const struct kb_buf *whole)
{
    struct kb_event event;
    struct kb_audit_row row;
    KB_AUTO(kb_buf_done) struct kb_buf got = {.max = 16 << 20};
    if (!begin(text, true, &event, &row)) {
        return;
    }
    CHECK(event.truncated);
    for (unsigned i = 0; i < kb_table_audit_event.n; i++) {
        kb_buf_clear(&got);
        kb_buf_char(&got, '=');
        show(&row, i, &got);
        struct kb_str shown = kb_buf_view(&got);
        bool unknown = kb_str_starts(shown, KB_STR("=unknown: "));
        if (!unknown && whole[i].n > 0 && !kb_str_eq(shown, kb_buf_view(&whole[i]))) {
            kb_test_check(false, kb_table_audit_event.columns[i].name, (int)text.n,
                          "of a beginning: %.*s, of all: %.*s", KB_FMT(shown),
                          KB_FMT(kb_buf_view(&whole[i])));
        }
    }
}

static void beginnings(struct kb_str line, size_t number)
{
    struct kb_event event;
    struct kb_audit_row row;
    if (number % 601 != 3 || line.n > 4000 || !begin(line, false, &event, &row)) {
        return;
    }
    struct kb_buf *whole = kb_alloc(kb_table_audit_event.n * sizeof *whole);
    for (unsigned i = 0; i < kb_table_audit_event.n; i++) {
        kb_buf_init(&whole[i], 16 << 20);
        if (!is_exempt(i)) {
            kb_buf_char(&whole[i], '='); /* what stays empty is not compared */
            show(&row, i, &whole[i]);
        }
    }
    for (size_t n = 1; n < line.n; n++) {
        check_beginning(kb_str_sub(line, 0, n), whole);
    }
    for (unsigned i = 0; i < kb_table_audit_event.n; i++) {
        kb_buf_done(&whole[i]);
    }
    kb_free(whole);
}

KB_TEST(differential, every_beginning_of_some_events)
{
    each_line(beginnings);
}
