#include "facts/json_row.h"

#include "data/json.h"
#include "facts/audit_event.h"
#include "show.h"
#include "test.h"

static kb_res read_row(const char *text, struct kb_arena *arena, struct kb_json_row *row,
                       struct kb_err *err)
{
    KB_AUTO(kb_json_done) json_t *json = NULL;
    OK(kb_json_parse("row", kb_str_c(text), 0, &json, err), err);
    return kb_json_row_read(&kb_table_audit_event, json, arena, row, err);
}

static void has(const struct kb_json_row *row, const char *column, const char *want)
{
    struct kb_row view = kb_json_row_view(row);
    KB_AUTO(kb_buf_done) struct kb_buf text = {.max = 4096};
    struct kb_cel_val value = {0};
    view.ops->get(view.data, (unsigned)kb_table_column(view.table, kb_str_c(column)), NULL, &value);
    show_value(&value, &text);
    kb_test_str(kb_buf_view(&text), kb_str_c(want), column, 0);
}

KB_TEST(json_row, columns_of_every_type)
{
    KB_AUTO(kb_arena_done) struct kb_arena arena = {0};
    struct kb_json_row row = {0};
    struct kb_err err = {0};
    struct kb_row_info info;
    OK(read_row("{\"verb\":\"create\",\"code\":201,\"time\":\"2026-01-15T10:00:00.5Z\",\"groups\":["
                "\"a\"],\"query\":{\"x\":[\"1\"]},"
                "\"writes\":true,\"stage_time\":null,\"object\":\"pods/a/"
                "b\",\"user\":\"u\",\"namespace\":\"a\",\"role.rules\":[{\"verbs\":[\"*\"]}],"
                "\"unknown\":[\"workload.images\",\"decision\"]}",
                &arena, &row, &err),
       &err);
    has(&row, "verb", "create");
    has(&row, "code", "201");
    has(&row, "time", "1768471200.500000000");
    has(&row, "groups", "[a]");
    has(&row, "query", "{x: [1]}");
    has(&row, "writes", "true");
    has(&row, "stage_time", "absent");
    has(&row, "replicas", "absent");
    has(&row, "deletes", "false");
    has(&row, "extra", "{}");
    has(&row, "role.rules", "[{verbs: [*]}]");
    has(&row, "workload.images", "unknown: as given");
    has(&row, "decision", "unknown: as given");
    row.number = 4;
    struct kb_row view = kb_json_row_view(&row);
    view.ops->info(view.data, &arena, &info);
    EQ_STR(info.object, "pods/a/b");
    EQ_STR(info.subject, "u");
    EQ_STR(info.name_space, "a");
    EQ_STR(info.order, "00000004");
    EQ_INT(info.time_ns, INT64_C(1768471200500000000));
}

KB_TEST(json_row, mistakes_are_told)
{
    static const struct {
        const char *row, *message;
    } rows[] = {
        {"{\"verbs\":\"x\"}", "the table audit.event has no column 'verbs' (did you mean 'verb'?)"},
        {"{\"verb\":7}", "column verb: is an int, wanted a text"},
        {"{\"verb\":null}", "column verb: is null, wanted a text"},
        {"{\"code\":\"200\"}", "column code: is a text, wanted an int"},
        {"{\"groups\":[\"a\",1]}", "column groups: item 2: is an int, wanted a text"},
        {"{\"annotations\":{\"k\":true}}", "column annotations: key 'k': is a bool, wanted a text"},
        {"{\"time\":5}",
         "column time: is an int, wanted a timestamp such as \"2026-01-15T10:00:00Z\""},
        {"{\"unknown\":[\"zzzzzzz\"]}", "the table audit.event has no column 'zzzzzzz'"},
        {"{\"unknown\":\"verb\"}", "'unknown' is a list of columns"},
        {"[]", "a row is a map of columns"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        KB_AUTO(kb_arena_done) struct kb_arena arena = {0};
        struct kb_json_row row;
        struct kb_err err = {0};
        FAILS(read_row(rows[i].row, &arena, &row, &err), KB_ERR_INVALID);
        EQ_C(err.msg, rows[i].message);
    }
}
