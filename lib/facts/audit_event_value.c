/* CEL values made of spans and lists. */
#include "data/json_str.h"
#include "facts/audit_event_get.h"

struct kb_cel_val kb_audit_unknown(struct kb_arena *arena, enum kb_audit_column column,
                                   const char *reason)
{
    struct kb_cel_unknown *unknown = KB_NEW(arena, struct kb_cel_unknown);
    unknown->attribute = kb_str_c(kb_table_audit_event.columns[column].name);
    unknown->reason = kb_str_c(reason);
    return (struct kb_cel_val){.kind = KB_CEL_UNKNOWN, .unknown = unknown};
}

struct kb_cel_val kb_audit_member(const struct kb_audit_row *row, struct kb_arena *arena,
                                  enum kb_member member, enum kb_audit_column column)
{
    if (kb_event_unseen(row->event, member)) {
        return kb_audit_unknown(arena, column, KB_CUT_OFF);
    }
    return kb_cel_string(kb_event_str(row->event, member, arena));
}

void kb_values_add(struct kb_values *values, struct kb_arena *arena, struct kb_cel_val value)
{
    if (values->n == values->cap) {
        size_t cap = values->cap == 0 ? 4 : values->cap * 2;
        struct kb_cel_val *grown = KB_NEW_ARRAY(arena, cap, struct kb_cel_val);
        if (values->n > 0) {
            memcpy(grown, values->at, values->n * sizeof *grown);
        }
        values->at = grown;
        values->cap = cap;
    }
    values->at[values->n++] = value;
}

struct kb_cel_val kb_values_list(const struct kb_values *values, struct kb_arena *arena)
{
    struct kb_cel_list *list = KB_NEW(arena, struct kb_cel_list);
    *list = (struct kb_cel_list){values->at, values->n};
    return kb_cel_list(list);
}

struct kb_cel_map_entry *kb_entries_set(struct kb_entries *entries, struct kb_arena *arena,
                                        struct kb_str key)
{
    for (size_t i = 0; i < entries->n; i++) {
        if (kb_str_eq(entries->at[i].key.s, key)) {
            return &entries->at[i];
        }
    }
    if (entries->n == KB_ENTRIES_MAX) {
        return NULL;
    }
    if (entries->n == entries->cap) {
        size_t cap = entries->cap == 0 ? 4 : entries->cap * 2;
        struct kb_cel_map_entry *grown = KB_NEW_ARRAY(arena, cap, struct kb_cel_map_entry);
        if (entries->n > 0) {
            memcpy(grown, entries->at, entries->n * sizeof *grown);
        }
        entries->at = grown;
        entries->cap = cap;
    }
    struct kb_cel_map_entry *entry = &entries->at[entries->n++];
    entry->key = kb_cel_string(key);
    return entry;
}

struct kb_cel_val kb_entries_map(const struct kb_entries *entries, struct kb_arena *arena)
{
    struct kb_cel_map *map = KB_NEW(arena, struct kb_cel_map);
    *map = (struct kb_cel_map){entries->at, entries->n};
    return kb_cel_map(map);
}

struct kb_str kb_value_concat(struct kb_arena *arena, const struct kb_str *parts, size_t n)
{
    size_t total = 0;
    for (size_t i = 0; i < n; i++) {
        total += parts[i].n;
    }
    char *to = kb_arena_alloc(arena, total + 1);
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        if (parts[i].n > 0) {
            memcpy(to + at, parts[i].p, parts[i].n);
        }
        at += parts[i].n;
    }
    return (struct kb_str){to, total};
}

struct kb_cel_val kb_value_strs(const struct kb_strs *list, struct kb_arena *arena)
{
    struct kb_values values = {0};
    for (size_t i = 0; i < list->n; i++) {
        kb_values_add(&values, arena, kb_cel_string(list->at[i]));
    }
    return kb_values_list(&values, arena);
}

struct kb_cel_val kb_value_strings(const struct kb_span *array, struct kb_arena *arena, bool *whole)
{
    struct kb_values values = {0};
    struct kb_span item;
    struct kb_scan_each each = kb_scan_each(array);
    while (array->kind == KB_SPAN_ARRAY && kb_scan_next(&each, &item)) {
        if (item.kind == KB_SPAN_STRING) {
            kb_values_add(&values, arena, kb_cel_string(kb_span_text(&item, arena)));
        }
    }
    *whole = *whole && each.status == KB_SCAN_OK && !array->cut;
    return kb_values_list(&values, arena);
}

struct kb_cel_val kb_value_string_map(const struct kb_span *object, struct kb_arena *arena,
                                      bool *whole)
{
    struct kb_entries entries = {0};
    struct kb_span value;
    struct kb_scan_each each = kb_scan_each(object);
    while (object->kind == KB_SPAN_OBJECT && kb_scan_next(&each, &value)) {
        struct kb_cel_map_entry *entry =
            kb_entries_set(&entries, arena, kb_span_text(&each.key, arena));
        if (entry == NULL) {
            *whole = false;
            break;
        }
        entry->value = kb_cel_string(kb_span_text(&value, arena));
    }
    *whole = *whole && each.status == KB_SCAN_OK && !object->cut;
    return kb_entries_map(&entries, arena);
}

struct kb_cel_val kb_value_lists_map(const struct kb_span *object, struct kb_arena *arena,
                                     bool *whole)
{
    struct kb_entries entries = {0};
    struct kb_span value;
    struct kb_scan_each each = kb_scan_each(object);
    while (object->kind == KB_SPAN_OBJECT && kb_scan_next(&each, &value)) {
        struct kb_cel_map_entry *entry =
            kb_entries_set(&entries, arena, kb_span_text(&each.key, arena));
        if (entry == NULL) {
            *whole = false;
            break;
        }
        entry->value = kb_value_strings(&value, arena, whole);
    }
    *whole = *whole && each.status == KB_SCAN_OK && !object->cut;
    return kb_entries_map(&entries, arena);
}

struct kb_cel_val kb_value_lists_of(const struct kb_span *object, const char *const *keys,
                                    struct kb_arena *arena, bool *whole)
{
    struct kb_entries entries = {0};
    for (size_t i = 0; keys[i] != NULL; i++) {
        struct kb_span list;
        *whole = kb_span_get(object, kb_str_c(keys[i]), &list) && *whole;
        struct kb_cel_map_entry *entry = kb_entries_set(&entries, arena, kb_str_c(keys[i]));
        entry->value = kb_value_strings(&list, arena, whole);
    }
    return kb_entries_map(&entries, arena);
}
