/*
 * Inside the record reader: what its parts share. Each step looks at the window's mark and either
 * makes a record or moves on.
 */
#ifndef KB_AUDIT_SHAPE_H
#define KB_AUDIT_SHAPE_H

#include "audit/record.h"
#include "audit/window.h"
#include "base/limits.h"
#include "data/csv.h"
#include "data/inflate.h"

enum kb_step { KB_STEP_AGAIN, KB_STEP_RECORD, KB_STEP_END, KB_STEP_FAILED };

enum { KB_SHAPE_FRAMES = 8, KB_SHAPE_NAME = 512 };

/* A name kept beyond the window. */
struct kb_shape_name {
    char p[KB_SHAPE_NAME];
    size_t n;
};

/* What is known about where records come from, outside the record itself. */
struct kb_context {
    struct kb_shape_name stream;
    struct kb_shape_name log_group;
    int64_t timestamp_ms;
};

/* An open array or object whose elements are read one by one. */
struct kb_frame {
    bool array;
    bool control; /* an object that said CONTROL_MESSAGE */
    struct kb_context context;
};

struct kb_records {
    struct kb_window win;
    char *name;
    unsigned nest;     /* envelopes around this reader's bytes */
    size_t consume;    /* bytes of the last record, moved over at the next call */
    bool one_line;     /* they hold one line end, at their end */
    bool to_line_end;  /* and then, whatever is left of that line */
    bool foreign;      /* known to come from a stream that holds no audit events */
    bool line_start;   /* the mark is at the start of a line */
    bool damaged;      /* stray brackets are the rest of what was already told */
    bool seen_prefix;  /* `prefix` belongs to the value that comes next */
    struct kb_context prefix;
    struct kb_frame frames[KB_SHAPE_FRAMES];
    unsigned n_frames;
    struct kb_buf text;  /* an event out of its string, or rewritten */
    struct kb_buf names; /* unescaped names of the present record */
    struct kb_csv *csv;  /* the rest of the stream is CSV */
    size_t csv_columns[4]; /* message, stream, group, time; SIZE_MAX: none */
    uint64_t csv_line;
    uint64_t csv_offset;
    struct kb_records *child; /* reads what was packed into a member */
    bool child_active;
    struct kb_record outer; /* provenance of what the child reads */
    struct kb_inflate *inflate;
    struct kb_base64_source base64;
    kb_res res;
    struct kb_err err;
};

/* Bytes that may stay together: an event in a string grows by its escapes. */
#define KB_SHAPE_MAX ((size_t)KB_MAX_RECORD * 2)

/* -- record.c: making records -- */

/* Fill provenance from prefix, frames and the window's mark. */
void kb_shape_place(struct kb_records *r, struct kb_record *out);
/* Finish a record over `text`; always KB_STEP_RECORD. */
enum kb_step kb_shape_event(struct kb_record *out, struct kb_str text, bool truncated);
enum kb_step kb_shape_note(struct kb_record *out, enum kb_record_kind kind, struct kb_str text,
                           const char *reason);
/* What is no audit event: of a stream that holds nothing else, it could not be read. */
enum kb_step kb_shape_other(struct kb_record *out, struct kb_str text, const char *reason);
/* Text that came out of a string: an event at once, else read by a child. `out` has its provenance.
 * `text` must stay where it is until the next call. */
enum kb_step kb_shape_text(struct kb_records *r, struct kb_record *out, struct kb_str text);
/* Base64 of (compressed) data, the same way. */
enum kb_step kb_shape_packed(struct kb_records *r, struct kb_record *out, struct kb_str base64);
/* Fail for good. */
enum kb_step kb_shape_fail(struct kb_records *r, enum kb_code code, const char *msg);
/* Leave all containers; after this record go on at the line that begins at or behind position `at`.
 * Returns where the text of the record ends. */
size_t kb_shape_resync(struct kb_records *r, size_t at);
void kb_shape_set_name(struct kb_shape_name *name, struct kb_str s);

/* -- shape_line.c -- */

/* At the outermost level: a line, or the next value on it. */
enum kb_step kb_shape_line(struct kb_records *r, struct kb_record *out);
/* A line that is no JSON, as a record. `out` has its provenance. */
enum kb_step kb_shape_plain(struct kb_records *r, struct kb_record *out, struct kb_str line);
/* A whole event at the start of `s` that must not be looked into: its prefix. */
bool kb_shape_is_event(struct kb_str s);
/* Whether `text` (trimmed) ends in the marker of a cut line. */
bool kb_shape_cut_marker(struct kb_str text);

/* -- shape_prefix.c -- */

/* What `aws logs tail`, an export or a container runtime put before the text of a line: its
 * length, and what it said into `context`. 0 where there is none. */
size_t kb_shape_prefix(struct kb_str line, struct kb_context *context);
/* Unix milliseconds of a date in the forms of log deliveries (RFC 3339, blank for T, no zone:
 * UTC). */
bool kb_shape_date_ms(struct kb_str s, int64_t *out);

/* -- shape_object.c -- */

/* The object at the mark, or its rest behind a streamed member (`resumed`). */
enum kb_step kb_shape_object(struct kb_records *r, struct kb_record *out, bool resumed);
/* A JSON string at the mark that is a record by itself. */
enum kb_step kb_shape_string(struct kb_records *r, struct kb_record *out);

/* -- shape_stack.c -- */

/* The next element or member of the innermost container. */
enum kb_step kb_shape_frame(struct kb_records *r, struct kb_record *out);
/* Open a container whose bracket is at the mark. False where there are too many. */
bool kb_shape_push(struct kb_records *r);
/* The value at the mark is not worth keeping (too long, too deep): move over it, say so. */
enum kb_step kb_shape_drain(struct kb_records *r, struct kb_record *out, enum kb_record_kind kind,
                            const char *reason);

/* -- shape_insights.c -- */

/* A row of GetQueryResults, an array of {field, value}, at the mark. */
bool kb_shape_is_row(struct kb_records *r);
enum kb_step kb_shape_row(struct kb_records *r, struct kb_record *out);
/* A CSV header with a column of messages: the rest of the stream is CSV. */
bool kb_shape_is_csv(struct kb_str line);
enum kb_step kb_shape_csv_open(struct kb_records *r);
enum kb_step kb_shape_csv(struct kb_records *r, struct kb_record *out);

/* -- shape_elastic.c -- */

/* Whether annotation keys of `annotations` (an object's text) had their dots replaced. */
bool kb_shape_keys_changed(struct kb_str annotations);
/* `event` with the keys of `annotations` (a part of it) put back; false where it is too long. */
bool kb_shape_restore_keys(struct kb_str event, struct kb_str annotations, struct kb_buf *out);

/* -- shape_value.c: values inside the window -- */

/* End of the value at position `at`, which is behind white space. */
enum kb_value { KB_VALUE_OK, KB_VALUE_BROKEN, KB_VALUE_LONG, KB_VALUE_STREAM };
enum kb_value kb_shape_value_end(struct kb_records *r, size_t at, size_t *end);
/* Position of the next byte that is no white space (it may be the end). Lines are checked. */
enum kb_value kb_shape_blank_end(struct kb_records *r, size_t at, size_t *end);
/* Whether a line that begins at position `at` may belong to the value that is open there. */
bool kb_shape_line_fits(struct kb_records *r, size_t at);

#endif
