/* CEL values as JSON. */
#include "report/value.h"

#include "data/base64.h"
#include "data/time.h"

/* As kb_cel_print shows it, in quotes. */
static void as_text(struct kb_jsonw *w, const struct kb_cel_val *v)
{
    struct kb_buf text;
    kb_buf_init(&text, KB_MAX_CEL_STRING);
    kb_cel_print(v, &text);
    kb_jsonw_str(w, kb_buf_view(&text));
    kb_buf_done(&text);
}

static void bytes(struct kb_jsonw *w, struct kb_str data)
{
    struct kb_buf text;
    kb_buf_init(&text, 2 * (size_t)KB_MAX_CEL_STRING);
    kb_base64_encode(data, 0, &text);
    kb_jsonw_str(w, kb_buf_view(&text));
    kb_buf_done(&text);
}

static void list(struct kb_jsonw *w, const struct kb_cel_list *items)
{
    kb_jsonw_array(w);
    for (size_t i = 0; i < items->n; i++) {
        kb_report_value(w, &items->items[i]);
    }
    kb_jsonw_end(w);
}

static void map(struct kb_jsonw *w, const struct kb_cel_map *entries)
{
    struct kb_buf key;
    kb_buf_init(&key, KB_MAX_CEL_STRING);
    kb_jsonw_object(w);
    for (size_t i = 0; i < entries->n; i++) {
        kb_buf_clear(&key);
        kb_cel_print(&entries->entries[i].key, &key);
        kb_jsonw_key_str(w, kb_buf_view(&key));
        kb_report_value(w, &entries->entries[i].value);
    }
    kb_jsonw_end(w);
    kb_buf_done(&key);
}

void kb_report_value(struct kb_jsonw *w, const struct kb_cel_val *v)
{
    switch ((enum kb_cel_kind)v->kind) {
    case KB_CEL_NULL:
    case KB_CEL_ERROR:
    case KB_CEL_UNKNOWN:
    case KB_CEL_ABSENT:
        kb_jsonw_null(w);
        break;
    case KB_CEL_BOOL:
        kb_jsonw_bool(w, v->b);
        break;
    case KB_CEL_INT:
        kb_jsonw_i64(w, v->i);
        break;
    case KB_CEL_UINT:
        kb_jsonw_u64(w, v->u);
        break;
    case KB_CEL_DOUBLE:
        kb_jsonw_double(w, v->d);
        break;
    case KB_CEL_STRING:
    case KB_CEL_TYPE:
        kb_jsonw_str(w, v->s);
        break;
    case KB_CEL_BYTES:
        bytes(w, v->s);
        break;
    case KB_CEL_LIST:
        list(w, v->list);
        break;
    case KB_CEL_MAP:
        map(w, v->map);
        break;
    case KB_CEL_OPTIONAL:
        if (v->opt == NULL) {
            kb_jsonw_null(w);
        } else {
            kb_report_value(w, v->opt);
        }
        break;
    case KB_CEL_TIMESTAMP:
    case KB_CEL_DURATION:
    case KB_CEL_OBJECT:
        as_text(w, v);
        break;
    }
}

void kb_report_time(struct kb_jsonw *w, const char *key, int64_t ns)
{
    enum { NS = 1000000000 };
    kb_jsonw_key(w, key);
    if (ns == INT64_MIN) {
        kb_jsonw_null(w);
        return;
    }
    struct kb_buf text = {.max = 64};
    int64_t s = ns / NS - (ns % NS < 0);
    kb_time_format((struct kb_time){s, (int32_t)(ns - s * NS)}, KB_TIME_NANOS, &text);
    kb_jsonw_str(w, kb_buf_view(&text));
    kb_buf_done(&text);
}
