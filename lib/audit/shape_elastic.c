/*
 * Elastic's pipelines write annotation keys without dots (authorization_k8s_io/decision), Panther's
 * without slashes (authorization_k8s_io_slash_decision). A DNS name has no underscore, so what
 * stands before the slash can be put back.
 */
#include "audit/shape.h"

#define SLASH KB_STR("_slash_")

bool kb_shape_keys_changed(struct kb_str annotations)
{
    return kb_str_find(annotations, KB_STR("_k8s_io"), 0) != SIZE_MAX ||
           kb_str_find(annotations, KB_STR("_kubernetes_io"), 0) != SIZE_MAX ||
           kb_str_find(annotations, SLASH, 0) != SIZE_MAX;
}

/* The inside of a string that begins at `i` (behind its quote). */
static struct kb_str inside(struct kb_str s, size_t i)
{
    size_t end = i;
    while (end < s.n && s.p[end] != '"') {
        end += s.p[end] == '\\' ? 2 : 1;
    }
    return kb_str_sub(s, i, end);
}

static void add_key(struct kb_str key, struct kb_buf *out)
{
    size_t slash = kb_str_find(key, SLASH, 0);
    size_t slash_n = SLASH.n;
    if (slash == SIZE_MAX) {
        slash = kb_str_find(key, KB_STR("/"), 0);
        slash_n = 1;
    }
    if (slash == SIZE_MAX) {
        kb_buf_str(out, key);
        return;
    }
    for (size_t i = 0; i < slash; i++) {
        kb_buf_char(out, key.p[i] == '_' ? '.' : key.p[i]);
    }
    kb_buf_char(out, '/');
    kb_buf_str(out, kb_str_sub(key, slash + slash_n, key.n));
}

/* Strings of an object of strings: every other one is a key. */
static void add_annotations(struct kb_str s, struct kb_buf *out)
{
    bool key = true;
    for (size_t i = 0; i < s.n;) {
        if (s.p[i] != '"') {
            key = key || s.p[i] == ',';
            kb_buf_char(out, s.p[i++]);
            continue;
        }
        struct kb_str text = inside(s, i + 1);
        kb_buf_char(out, '"');
        if (key) {
            add_key(text, out);
        } else {
            kb_buf_str(out, text);
        }
        key = false;
        i += 1 + text.n;
        if (i < s.n) {
            kb_buf_char(out, s.p[i++]);
        }
    }
}

bool kb_shape_restore_keys(struct kb_str event, struct kb_str annotations, struct kb_buf *out)
{
    size_t from = (size_t)(annotations.p - event.p);
    kb_buf_str(out, kb_str_sub(event, 0, from));
    add_annotations(annotations, out);
    kb_buf_str(out, kb_str_sub(event, from + annotations.n, event.n));
    return !out->full;
}
