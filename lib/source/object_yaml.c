/* YAML documents, split at their "---" lines. */
#include "source/object_yaml.h"

#include <string.h>

#include "base/limits.h"
#include "data/yaml.h"

enum { CHUNK = 256 << 10 };

struct splitter {
    const struct kb_object_yaml_sink *sink;
    struct kb_buf text; /* of the document so far */
    uint64_t line;      /* number of the next line */
    uint64_t first;     /* line at which the document begins */
    bool objects;       /* a document was a map: what is damaged is worth telling */
};

static void end_document(struct splitter *s)
{
    struct kb_arena arena = {0};
    struct kb_err err = {0};
    struct kb_yaml_docs docs = {0};
    KB_AUTO(kb_json_done) json_t *json = NULL;
    kb_res res = kb_yaml_parse_all(&arena, NULL, kb_buf_view(&s->text), &docs, &err);
    bool map = !kb_failed(res) && docs.n > 0 && docs.at[0]->kind == KB_YAML_MAP;
    if (map) {
        res = kb_yaml_to_json(docs.at[0], &json, &err);
    }
    if (kb_failed(res) && (s->objects || map)) {
        err.line += err.line > 0 ? (unsigned)s->first - 1 : 0;
        s->sink->damaged(s->sink->ctx, &err);
    } else if (json != NULL) {
        s->objects = true;
        s->sink->document(s->sink->ctx, json, s->first);
    }
    kb_arena_done(&arena);
    kb_buf_clear(&s->text);
}

static bool is_boundary(struct kb_str line)
{
    return kb_str_starts(line, KB_STR("---")) && (line.n == 3 || line.p[3] == ' ' ||
                                                  line.p[3] == '\n' || line.p[3] == '\r');
}

/* One line with its end, or the rest of the file. */
static KB_RES take_line(struct splitter *s, struct kb_str line, struct kb_err *err)
{
    if (is_boundary(line)) {
        end_document(s);
        s->first = s->line;
    }
    KB_ENSURE(line.n <= s->text.max - s->text.n, err, KB_ERR_LIMIT,
              "line %llu: a YAML document of more than %d bytes; give it as JSON (kubectl get -o "
              "json), which has no such limit",
              (unsigned long long)s->line, KB_MAX_YAML_BYTES);
    kb_buf_str(&s->text, line);
    s->line++;
    return KB_SUCCESS;
}

/* Whole lines of `buf`; what is left of the last one stays. */
static KB_RES take_lines(struct splitter *s, struct kb_buf *buf, bool end, struct kb_err *err)
{
    struct kb_str left = kb_buf_view(buf);
    while (left.n > 0) {
        size_t at = kb_str_find(left, KB_STR("\n"), 0);
        if (at == SIZE_MAX && !end) {
            break;
        }
        size_t n = at == SIZE_MAX ? left.n : at + 1;
        KB_TRY(take_line(s, kb_str_sub(left, 0, n), err));
        left = kb_str_sub(left, n, left.n);
    }
    memmove(buf->p, left.p, left.n);
    buf->n = left.n;
    return KB_SUCCESS;
}

static KB_RES read_all(struct splitter *s, struct kb_bytes in, struct kb_buf *buf,
                       struct kb_err *err)
{
    char *chunk = kb_alloc(CHUNK);
    kb_res res = take_lines(s, buf, false, err);
    for (size_t got = 1; !kb_failed(res) && got > 0;) {
        res = kb_bytes_read(in, chunk, CHUNK, &got, err);
        if (!kb_failed(res)) {
            kb_buf_add(buf, chunk, got);
            res = buf->full ? kb_fail(err, KB_ERR_LIMIT, "a line is too long for YAML")
                            : take_lines(s, buf, got == 0, err);
        }
    }
    kb_free(chunk);
    return res;
}

KB_RES kb_object_yaml_read(struct kb_bytes in, struct kb_str head,
                           const struct kb_object_yaml_sink *sink, struct kb_err *err)
{
    struct splitter s = {.sink = sink, .line = 1, .first = 1};
    struct kb_buf buf;
    kb_buf_init(&s.text, KB_MAX_YAML_BYTES);
    kb_buf_init(&buf, KB_MAX_YAML_BYTES + CHUNK);
    kb_buf_str(&buf, head);
    kb_res res = read_all(&s, in, &buf, err);
    if (!kb_failed(res)) {
        end_document(&s);
    }
    kb_buf_done(&s.text);
    kb_buf_done(&buf);
    return res;
}
