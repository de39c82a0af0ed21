/*
 * JSON patches as partial objects. Each operation's value is wrapped in the objects and lists that
 * its path names, so that what reads objects reads patches too. A number or "-" in a path means an
 * item of a list: lists of Kubernetes objects hold no other keys of that form.
 */
#include "audit/body.h"
#include "data/json_str.h"

static bool is_index(struct kb_str token)
{
    uint64_t index;
    return kb_str_eq(token, KB_STR("-")) || kb_str_u64(token, &index);
}

/* A path's token (RFC 6901: ~1 is '/', ~0 is '~') as a JSON string. */
static void add_key(struct kb_buf *buf, struct kb_str token)
{
    kb_buf_char(buf, '"');
    for (size_t i = 0; i < token.n; i++) {
        char c = token.p[i];
        if (c == '~' && i + 1 < token.n && (token.p[i + 1] == '0' || token.p[i + 1] == '1')) {
            c = token.p[++i] == '1' ? '/' : '~';
        }
        if (c == '"' || c == '\\') {
            kb_buf_char(buf, '\\');
        }
        kb_buf_char(buf, c);
    }
    kb_buf_char(buf, '"');
}

static bool wrap(struct kb_str path, struct kb_str value, struct kb_buf *buf)
{
    char closing[KB_PATCH_DEPTH];
    unsigned depth = 0;
    struct kb_str rest = kb_str_sub(path, 1, path.n);
    while (path.n > 0 && rest.p != NULL) {
        struct kb_str token = kb_str_split(rest, '/', &rest);
        bool list = is_index(token);
        if (depth == KB_PATCH_DEPTH) {
            return false;
        }
        closing[depth++] = list ? ']' : '}';
        kb_buf_char(buf, list ? '[' : '{');
        if (!list) {
            add_key(buf, token);
            kb_buf_char(buf, ':');
        }
    }
    kb_buf_str(buf, value);
    while (depth > 0) {
        kb_buf_char(buf, closing[--depth]);
    }
    return true;
}

/* A string value has to get its quotes back. */
static struct kb_str as_written(const struct kb_span *value)
{
    struct kb_str raw = kb_span_raw(value);
    return value->kind == KB_SPAN_STRING ? (struct kb_str){raw.p - 1, raw.n + 2} : raw;
}

static bool convert(const struct kb_span *op, struct kb_arena *arena, struct kb_span *out)
{
    struct kb_span name;
    struct kb_span path;
    struct kb_span value;
    bool whole = kb_span_get(op, KB_STR("op"), &name);
    whole = kb_span_get(op, KB_STR("path"), &path) && whole;
    whole = kb_span_get(op, KB_STR("value"), &value) && whole;
    bool sets = kb_span_is(&name, KB_STR("add")) || kb_span_is(&name, KB_STR("replace"));
    if (!whole || !sets || value.kind == KB_SPAN_NONE) {
        return false;
    }
    struct kb_str raw = as_written(&value);
    struct kb_str way = kb_span_text(&path, arena);
    struct kb_buf buf;
    kb_buf_init(&buf, raw.n + way.n * 4 + 4 * KB_PATCH_DEPTH);
    bool ok = wrap(way, raw, &buf) && !buf.full;
    if (ok) {
        struct kb_str text = kb_arena_copy(arena, kb_buf_view(&buf));
        *out = (struct kb_span){.p = text.p, .n = (uint32_t)text.n, .kind = KB_SPAN_OBJECT};
        ok = text.n > 0 && text.p[0] == '{';
    }
    kb_buf_done(&buf);
    return ok;
}

size_t kb_body_json_patch(const struct kb_span *patch, struct kb_arena *arena,
                          const struct kb_span **docs, bool *whole)
{
    size_t count = 0;
    size_t n = 0;
    struct kb_span op;
    struct kb_scan_each each = kb_scan_each(patch);
    while (count < KB_PATCH_OPS && kb_scan_next(&each, &op)) {
        count++;
    }
    struct kb_span *made = KB_NEW_ARRAY(arena, count + 1, struct kb_span);
    size_t seen = 0;
    each = kb_scan_each(patch);
    while (seen < count && kb_scan_next(&each, &op)) {
        seen++;
        n += convert(&op, arena, &made[n]) ? 1 : 0;
    }
    *docs = made;
    *whole = each.status == KB_SCAN_OK && n == seen;
    return n;
}
