/* Values as text for people and reports. */
#include "cel/value.h"

#include "cel/literal.h"
#include "data/duration.h"
#include "data/quote.h"
#include "data/time.h"

static void print(const struct kb_cel_val *v, bool top, struct kb_buf *out);

static void print_text(struct kb_str s, bool top, struct kb_buf *out)
{
    if (top) {
        kb_buf_str(out, s);
    } else {
        kb_quote(s, out);
    }
}

static void print_list(const struct kb_cel_list *list, struct kb_buf *out)
{
    kb_buf_char(out, '[');
    for (size_t i = 0; i < list->n && !out->full; i++) {
        kb_buf_c(out, i > 0 ? ", " : "");
        print(&list->items[i], false, out);
    }
    kb_buf_char(out, ']');
}

static void print_map(const struct kb_cel_map *map, struct kb_buf *out)
{
    kb_buf_char(out, '{');
    for (size_t i = 0; i < map->n && !out->full; i++) {
        kb_buf_c(out, i > 0 ? ", " : "");
        print(&map->entries[i].key, false, out);
        kb_buf_c(out, ": ");
        print(&map->entries[i].value, false, out);
    }
    kb_buf_char(out, '}');
}

static void print_number(const struct kb_cel_val *v, struct kb_buf *out)
{
    char text[32];
    if (v->kind == KB_CEL_INT) {
        kb_buf_printf(out, "%lld", (long long)v->i);
    } else if (v->kind == KB_CEL_UINT) {
        kb_buf_printf(out, "%llu", (unsigned long long)v->u);
    } else {
        kb_buf_add(out, text, kb_cel_format_double(v->d, text));
    }
}

static void print_object(const struct kb_cel_object *object, struct kb_buf *out)
{
    struct kb_arena arena = {0};
    kb_buf_str(out, object->type->text(object, &arena));
    kb_arena_done(&arena);
}

static void print_unknown(const struct kb_cel_unknown *u, struct kb_buf *out)
{
    kb_buf_c(out, "unknown: ");
    for (; u != NULL; u = u->next) {
        kb_buf_printf(out, "%.*s (%.*s)%s", KB_FMT(u->attribute), KB_FMT(u->reason),
                      u->next != NULL ? ", " : "");
    }
}

static void print_optional(const struct kb_cel_val *v, struct kb_buf *out)
{
    kb_buf_c(out, v->opt == NULL ? "optional.none()" : "optional(");
    if (v->opt != NULL) {
        print(v->opt, false, out);
        kb_buf_char(out, ')');
    }
}

static void print(const struct kb_cel_val *v, bool top, struct kb_buf *out)
{
    switch ((enum kb_cel_kind)v->kind) {
    case KB_CEL_NULL:
        kb_buf_c(out, "null");
        break;
    case KB_CEL_BOOL:
        kb_buf_c(out, v->b ? "true" : "false");
        break;
    case KB_CEL_INT:
    case KB_CEL_UINT:
    case KB_CEL_DOUBLE:
        print_number(v, out);
        break;
    case KB_CEL_STRING:
        print_text(v->s, top, out);
        break;
    case KB_CEL_BYTES:
        kb_quote(v->s, out);
        break;
    case KB_CEL_LIST:
        print_list(v->list, out);
        break;
    case KB_CEL_MAP:
        print_map(v->map, out);
        break;
    case KB_CEL_TIMESTAMP:
        kb_time_format_zone((struct kb_time){v->i, v->nanos}, v->zone, out);
        break;
    case KB_CEL_DURATION:
        kb_duration_format(v->i, out);
        break;
    case KB_CEL_TYPE:
    case KB_CEL_ERROR:
        kb_buf_str(out, v->s);
        break;
    case KB_CEL_OPTIONAL:
        print_optional(v, out);
        break;
    case KB_CEL_OBJECT:
        print_object(v->obj, out);
        break;
    case KB_CEL_UNKNOWN:
        print_unknown(v->unknown, out);
        break;
    case KB_CEL_ABSENT:
        break;
    }
}

void kb_cel_print(const struct kb_cel_val *v, struct kb_buf *out)
{
    print(v, true, out);
}
