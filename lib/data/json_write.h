/*
 * Writing JSON piece by piece into a sink, so that a result of any size needs no tree in memory.
 *
 *     struct kb_jsonw w;
 *     kb_jsonw_init(&w, sink, true);
 *     kb_jsonw_object(&w);
 *     kb_jsonw_key(&w, "rows");
 *     kb_jsonw_i64(&w, 3);
 *     kb_jsonw_end(&w);
 *     KB_TRY(kb_jsonw_finish(&w, err));
 *
 * Foreign text is safe: control characters (C0, DEL, C1), line separators and bidirectional controls
 * are escaped, invalid UTF-8
 * becomes U+FFFD. The first failure of the sink is kept and given by kb_jsonw_finish; calls after
 * it do nothing.
 */
#ifndef KB_DATA_JSON_WRITE_H
#define KB_DATA_JSON_WRITE_H

#include <jansson.h>

#include "base/limits.h"
#include "base/mem.h"
#include "data/bytes.h"

struct kb_jsonw {
    struct kb_sink sink;
    struct kb_buf buf;
    struct kb_err err;
    kb_res res;
    bool pretty;  /* members on lines of their own, 2 spaces a level; else no white space at all */
    bool pending; /* a key was written, its value is next */
    unsigned depth;
    struct {
        bool array;
        bool filled;
    } open[KB_MAX_JSON_DEPTH + 1];
};


void kb_jsonw_init(struct kb_jsonw *w, struct kb_sink sink, bool pretty);
/* Write out what waits and release; the first failure. What is still open is closed. Pretty
 * output ends with a newline. */
KB_RES kb_jsonw_finish(struct kb_jsonw *w, struct kb_err *err);

void kb_jsonw_object(struct kb_jsonw *w);
void kb_jsonw_array(struct kb_jsonw *w);
/* Close the innermost object or array. */
void kb_jsonw_end(struct kb_jsonw *w);
void kb_jsonw_key(struct kb_jsonw *w, const char *key);
void kb_jsonw_key_str(struct kb_jsonw *w, struct kb_str key);

void kb_jsonw_str(struct kb_jsonw *w, struct kb_str s);
void kb_jsonw_c(struct kb_jsonw *w, const char *s); /* NULL writes null */
void kb_jsonw_i64(struct kb_jsonw *w, int64_t value);
void kb_jsonw_u64(struct kb_jsonw *w, uint64_t value);
/* The shortest text that reads back as the same number; NaN and infinities write null. */
void kb_jsonw_double(struct kb_jsonw *w, double value);
void kb_jsonw_bool(struct kb_jsonw *w, bool value);
void kb_jsonw_null(struct kb_jsonw *w);
/* A whole tree, objects in their own order of insertion; NULL writes null. */
void kb_jsonw_json(struct kb_jsonw *w, const json_t *value);
/* Text that is JSON already (compact); the caller vouches for it. */
void kb_jsonw_raw(struct kb_jsonw *w, struct kb_str json);

/* Key and value in one. */
void kb_jsonw_member_str(struct kb_jsonw *w, const char *key, struct kb_str s);
void kb_jsonw_member_c(struct kb_jsonw *w, const char *key, const char *s);
void kb_jsonw_member_i64(struct kb_jsonw *w, const char *key, int64_t value);
void kb_jsonw_member_u64(struct kb_jsonw *w, const char *key, uint64_t value);
void kb_jsonw_member_bool(struct kb_jsonw *w, const char *key, bool value);
void kb_jsonw_member_object(struct kb_jsonw *w, const char *key);
void kb_jsonw_member_array(struct kb_jsonw *w, const char *key);

/* `s` as a JSON string with its quotes, by the rules above, at the end of `out`. */
void kb_json_quote(struct kb_buf *out, struct kb_str s);

#endif
