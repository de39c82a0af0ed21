/* Rows written by hand. */
#include "facts/json_row.h"

#include "data/json.h"

#define UNKNOWN "unknown"

static void get(const void *data, unsigned column, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct kb_json_row *row = data;
    (void)arena;
    *out = row->values[column];
}

/* Text of a string column; empty where there is none. */
static struct kb_str text_of(const struct kb_json_row *row, struct kb_str column)
{
    int i = kb_table_column(row->table, column);
    return i < 0 || row->values[i].kind != KB_CEL_STRING ? KB_STR("") : row->values[i].s;
}

static int64_t time_of(const struct kb_json_row *row)
{
    int i = kb_table_column(row->table, KB_STR("time"));
    int64_t ns;
    if (i < 0 || row->values[i].kind != KB_CEL_TIMESTAMP ||
        __builtin_mul_overflow(row->values[i].i, INT64_C(1000000000), &ns) ||
        __builtin_add_overflow(ns, (int64_t)row->values[i].nanos, &ns)) {
        return INT64_MIN;
    }
    return ns;
}

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct kb_json_row *row = data;
    struct kb_str object = text_of(row, KB_STR("object"));
    struct kb_str subject = text_of(row, KB_STR("subject"));
    struct kb_str number = kb_arena_printf(arena, "row %zu", row->number + 1);
    *out = (struct kb_row_info){
        .object = object.n > 0 ? object : number,
        .name_space = text_of(row, KB_STR("namespace")),
        .subject = subject.n > 0 ? subject : text_of(row, KB_STR("user")),
        .evidence = {.source = row->source,
                     .locator = number,
                     .audit_id = text_of(row, KB_STR("audit_id"))},
        .time_ns = time_of(row),
        .order = kb_arena_printf(arena, "%08zu", row->number),
    };
}

struct kb_row kb_json_row_view(const struct kb_json_row *row)
{
    static const struct kb_row_ops ops = {get, info};
    return (struct kb_row){row->table, &ops, row};
}

static KB_RES find_column(const struct kb_table *table, struct kb_str name, unsigned *out,
                          struct kb_err *err)
{
    int i = kb_table_column(table, name);
    if (i < 0) {
        const char *near = kb_table_suggest_column(table, name);
        return kb_fail(err, KB_ERR_INVALID, "the table %s has no column '%.*s'%s%s%s", table->name,
                       KB_FMT(name), near == NULL ? "" : " (did you mean '",
                       near == NULL ? "" : near, near == NULL ? "" : "'?)");
    }
    *out = (unsigned)i;
    return KB_SUCCESS;
}

static KB_RES read_column(const struct kb_table *table, struct kb_str name, json_t *json,
                          struct kb_arena *arena, struct kb_cel_val *values, struct kb_err *err)
{
    unsigned i;
    KB_TRY(find_column(table, name, &i, err));
    const struct kb_column *column = &table->columns[i];
    if (json_is_null(json) && column->presence == KB_OPTIONAL) {
        values[i] = kb_cel_absent();
        return KB_SUCCESS;
    }
    KB_TRY_CTX(err, kb_json_value(json, kb_str_c(column->type), arena, &values[i], err),
               "column %s", column->name);
    return KB_SUCCESS;
}

static KB_RES read_unknown(const struct kb_table *table, json_t *names, struct kb_arena *arena,
                           struct kb_cel_val *values, struct kb_err *err)
{
    size_t at;
    json_t *name;
    KB_ENSURE(json_is_array(names), err, KB_ERR_INVALID, "'" UNKNOWN "' is a list of columns");
    json_array_foreach(names, at, name)
    {
        unsigned i;
        KB_TRY(find_column(table, kb_json_view(name), &i, err));
        values[i] = kb_cel_unknown(arena, kb_str_c(table->columns[i].name), KB_STR("as given"));
    }
    return KB_SUCCESS;
}

KB_RES kb_json_row_read(const struct kb_table *table, json_t *object, struct kb_arena *arena,
                        struct kb_json_row *out, struct kb_err *err)
{
    const char *key;
    size_t n;
    json_t *json;
    KB_ENSURE(json_is_object(object), err, KB_ERR_INVALID, "a row is a map of columns");
    struct kb_cel_val *values = KB_NEW_ARRAY(arena, table->n, struct kb_cel_val);
    for (size_t i = 0; i < table->n; i++) {
        kb_column_default(&table->columns[i], &values[i]);
    }
    json_object_keylen_foreach(object, key, n, json)
    {
        struct kb_str name = {key, n};
        if (!kb_str_eq(name, KB_STR(UNKNOWN))) {
            KB_TRY(read_column(table, name, json, arena, values, err));
        }
    }
    json = json_object_get(object, UNKNOWN);
    if (json != NULL) {
        KB_TRY(read_unknown(table, json, arena, values, err));
    }
    *out = (struct kb_json_row){.table = table, .values = values, .source = KB_STR("")};
    return KB_SUCCESS;
}
