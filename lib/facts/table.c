/* Looking tables and columns up, and defaults. */
#include "facts/table.h"

const struct kb_table *kb_table_find(struct kb_str name)
{
    for (size_t i = 0; i < kb_table_count; i++) {
        if (kb_str_eq_c(name, kb_tables[i]->name)) {
            return kb_tables[i];
        }
    }
    return NULL;
}

int kb_table_column(const struct kb_table *table, struct kb_str name)
{
    for (size_t i = 0; i < table->n; i++) {
        if (kb_str_eq_c(name, table->columns[i].name)) {
            return (int)i;
        }
    }
    return -1;
}

/* A name is near where at most a third of it differs. */
static bool is_nearer(struct kb_str name, const char *candidate, unsigned *best)
{
    unsigned distance = kb_str_distance(name, kb_str_c(candidate));
    size_t n = strlen(candidate) > name.n ? strlen(candidate) : name.n;
    if (distance * 3 > n || distance >= *best) {
        return false;
    }
    *best = distance;
    return true;
}

const char *kb_table_suggest(struct kb_str name)
{
    unsigned best = UINT32_MAX;
    const char *found = NULL;
    for (size_t i = 0; i < kb_table_count; i++) {
        if (is_nearer(name, kb_tables[i]->name, &best)) {
            found = kb_tables[i]->name;
        }
    }
    return found;
}

const char *kb_table_suggest_column(const struct kb_table *table, struct kb_str name)
{
    unsigned best = UINT32_MAX;
    const char *found = NULL;
    for (size_t i = 0; i < table->n; i++) {
        if (is_nearer(name, table->columns[i].name, &best)) {
            found = table->columns[i].name;
        }
    }
    return found;
}

void kb_column_default(const struct kb_column *column, struct kb_cel_val *out)
{
    static const struct kb_cel_list no_items = {NULL, 0};
    static const struct kb_cel_map no_entries = {NULL, 0};
    struct kb_str type = kb_str_c(column->type);
    if (column->presence == KB_OPTIONAL) {
        *out = kb_cel_absent();
    } else if (kb_str_starts(type, KB_STR("list("))) {
        *out = kb_cel_list(&no_items);
    } else if (kb_str_starts(type, KB_STR("map("))) {
        *out = kb_cel_map(&no_entries);
    } else if (kb_str_eq(type, KB_STR("bool"))) {
        *out = kb_cel_bool(false);
    } else if (kb_str_eq(type, KB_STR("int"))) {
        *out = kb_cel_int(0);
    } else if (kb_str_eq(type, KB_STR("double"))) {
        *out = kb_cel_double(0);
    } else if (kb_str_eq(type, KB_STR("timestamp"))) {
        *out = kb_cel_timestamp(0, 0);
    } else if (kb_str_eq(type, KB_STR("duration"))) {
        *out = kb_cel_duration(0);
    } else {
        *out = kb_cel_string(KB_STR(""));
    }
}
