#include "show.h"

#include "facts/audit_event.h"
#include "test.h"

static void show_map(const struct kb_cel_map *map, struct kb_buf *out)
{
    kb_buf_char(out, '{');
    for (size_t i = 0; i < map->n; i++) {
        kb_buf_c(out, i > 0 ? ", " : "");
        show_value(&map->entries[i].key, out);
        kb_buf_c(out, ": ");
        show_value(&map->entries[i].value, out);
    }
    kb_buf_char(out, '}');
}

static void show_list(const struct kb_cel_list *list, struct kb_buf *out)
{
    kb_buf_char(out, '[');
    for (size_t i = 0; i < list->n; i++) {
        kb_buf_c(out, i > 0 ? ", " : "");
        show_value(&list->items[i], out);
    }
    kb_buf_char(out, ']');
}

void show_value(const struct kb_cel_val *value, struct kb_buf *out)
{
    switch (value->kind) {
    case KB_CEL_STRING:
        kb_buf_str(out, value->s);
        break;
    case KB_CEL_BOOL:
        kb_buf_c(out, value->b ? "true" : "false");
        break;
    case KB_CEL_INT:
        kb_buf_printf(out, "%lld", (long long)value->i);
        break;
    case KB_CEL_TIMESTAMP:
        kb_buf_printf(out, "%lld.%09d", (long long)value->i, (int)value->nanos);
        break;
    case KB_CEL_DURATION:
        kb_buf_printf(out, "%lldns", (long long)value->i);
        break;
    case KB_CEL_LIST:
        show_list(value->list, out);
        break;
    case KB_CEL_MAP:
        show_map(value->map, out);
        break;
    case KB_CEL_UNKNOWN:
        kb_buf_c(out, "unknown: ");
        kb_buf_str(out, value->unknown->reason);
        break;
    case KB_CEL_ABSENT:
        kb_buf_c(out, "absent");
        break;
    default:
        kb_buf_printf(out, "kind %d", (int)value->kind);
    }
}

void check_column(const char *event, const char *column, const char *want, const char *file,
                  int line)
{
    struct kb_err err = {0};
    struct kb_event parsed;
    struct kb_audit_row row;
    KB_AUTO(kb_arena_done) struct kb_arena arena = {0};
    KB_AUTO(kb_buf_done) struct kb_buf text = {.max = 1 << 20};
    struct kb_cel_val value = {0};
    const struct kb_audit_origin origin = {.timestamp_ns = KB_EVENT_NO_TIME};
    int number = kb_table_column(&kb_table_audit_event, kb_str_c(column));
    if (!kb_test_check(number >= 0, file, line, "no column %s", column) ||
        !kb_test_check(!kb_failed(kb_event_parse(kb_str_c(event), false, &parsed, &err)), file,
                       line, "%s", err.msg)) {
        return;
    }
    struct kb_audit_cache *cache = kb_audit_cache_new();
    kb_audit_row_init(&row, &parsed, &origin, false, cache);
    kb_audit_row_ops.get(&row, (unsigned)number, &arena, &value);
    kb_buf_c(&text, column);
    kb_buf_c(&text, " = ");
    show_value(&value, &text);
    struct kb_str wanted = kb_arena_printf(&arena, "%s = %s", column, want);
    kb_test_str(kb_buf_view(&text), wanted, file, line);
    kb_audit_cache_free(cache);
}
