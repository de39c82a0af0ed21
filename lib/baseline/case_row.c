/* A row of a case: columns from YAML, the rest defaults. */
#include "baseline/case_row.h"

static void get(const void *data, unsigned column, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct kb_case_row *row = data;
    (void)arena;
    *out = row->values[column];
}

/* Text of a string column; empty where there is none. */
static struct kb_str text_of(const struct kb_case_row *row, const char *column)
{
    int i = kb_table_column(row->table, kb_str_c(column));
    return i < 0 || row->values[i].kind != KB_CEL_STRING ? KB_STR("") : row->values[i].s;
}

static int64_t time_of(const struct kb_case_row *row)
{
    int i = kb_table_column(row->table, KB_STR("time"));
    int64_t ns;
    if (i < 0 || row->values[i].kind != KB_CEL_TIMESTAMP ||
        __builtin_mul_overflow(row->values[i].i, INT64_C(1000000000), &ns) ||
        __builtin_add_overflow(ns, row->values[i].nanos, &ns)) {
        return INT64_MIN;
    }
    return ns;
}

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct kb_case_row *row = data;
    struct kb_str object = text_of(row, "object");
    struct kb_str subject = text_of(row, "subject");
    *out = (struct kb_row_info){
        .object = object.n > 0 ? object : kb_arena_printf(arena, "row %zu", row->number + 1),
        .name_space = text_of(row, "namespace"),
        .subject = subject.n > 0 ? subject : text_of(row, "user"),
        .evidence = {row->file, kb_arena_printf(arena, "line %u", row->line), KB_STR("")},
        .time_ns = time_of(row),
        .order = kb_arena_printf(arena, "%08zu", row->number),
    };
}

const struct kb_row_ops kb_case_row_ops = {get, info};

/* {unknown: "why"} */
static const struct kb_yaml_node *unknown_reason(const struct kb_yaml_node *node)
{
    return node->kind == KB_YAML_MAP && node->n == 1 ? kb_yaml_get(node, "unknown") : NULL;
}

/* unknown: [columns] */
static bool read_unknown(const struct kb_decode *d, const struct kb_yaml_node *list,
                         const struct kb_table *table, struct kb_cel_val *values)
{
    bool ok = kb_decode_is(d, list, KB_YAML_SEQ);
    for (size_t i = 0; ok && i < list->n; i++) {
        int column = kb_table_column(table, list->items[i]->text);
        if (column < 0) {
            kb_decode_mistake(d, list->items[i], "the table %s has no column '%.*s'%s", table->name,
                              KB_FMT(list->items[i]->text),
                              kb_decode_hint(d, kb_table_suggest_column(table, list->items[i]->text)));
            return false;
        }
        values[column] = kb_cel_unknown(d->arena, kb_str_c(table->columns[column].name),
                                        KB_STR("could not be read"));
    }
    return ok;
}

static bool read_column(const struct kb_decode *d, const struct kb_yaml_pair *pair,
                        const struct kb_table *table, struct kb_cel_val *values)
{
    int i = kb_table_column(table, pair->key->text);
    if (i < 0 && kb_str_eq(pair->key->text, KB_STR("unknown"))) {
        return read_unknown(d, pair->value, table, values);
    }
    if (i < 0) {
        kb_decode_mistake(d, pair->key, "the table %s has no column '%.*s'%s", table->name,
                          KB_FMT(pair->key->text),
                          kb_decode_hint(d, kb_table_suggest_column(table, pair->key->text)));
        return false;
    }
    const struct kb_column *column = &table->columns[i];
    const struct kb_yaml_node *why = unknown_reason(pair->value);
    if (why != NULL) {
        struct kb_str reason;
        if (!kb_decode_text(d, why, &reason)) {
            return false;
        }
        values[i] = kb_cel_unknown(d->arena, kb_str_c(column->name), reason);
        return true;
    }
    if (column->presence == KB_OPTIONAL && kb_yaml_null(pair->value)) {
        values[i] = kb_cel_absent();
        return true;
    }
    return kb_decode_value(d, pair->value, kb_str_c(column->type), &values[i]);
}

bool kb_case_row_read(const struct kb_decode *d, const struct kb_yaml_node *node,
                      const struct kb_table *table, size_t number, struct kb_case_row *out)
{
    if (!kb_decode_is(d, node, KB_YAML_MAP)) {
        return false;
    }
    struct kb_cel_val *values = KB_NEW_ARRAY(d->arena, table->n, struct kb_cel_val);
    for (size_t i = 0; i < table->n; i++) {
        kb_column_default(&table->columns[i], &values[i]);
    }
    bool ok = true;
    for (size_t i = 0; i < node->n; i++) {
        ok = read_column(d, &node->pairs[i], table, values) && ok;
    }
    *out = (struct kb_case_row){.table = table, .values = values, .file = d->file,
                                .line = node->line, .number = number};
    return ok;
}
