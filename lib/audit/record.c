/* The record reader: which part goes on next, and what a record says about its origin. */
#include "audit/record.h"

#include "audit/shape.h"

enum { TEXT_MAX = KB_MAX_RECORD * 2 + 4096, NAMES_MAX = 16 << 10 };

static struct kb_records *new_reader(unsigned nest)
{
    struct kb_records *r = kb_alloc(sizeof *r);
    r->nest = nest;
    kb_buf_init(&r->text, TEXT_MAX);
    kb_buf_init(&r->names, NAMES_MAX);
    return r;
}

/* Begin on another stream, keeping buffers. */
static void restart(struct kb_records *r)
{
    kb_csv_free(r->csv);
    r->csv = NULL;
    r->consume = 0;
    r->one_line = r->to_line_end = false;
    r->line_start = true;
    r->damaged = false;
    r->seen_prefix = false;
    r->n_frames = 0;
    r->child_active = false;
    r->res = KB_SUCCESS;
}

struct kb_records *kb_records_open(struct kb_bytes in, const char *display_name)
{
    struct kb_records *r = new_reader(0);
    kb_window_open(&r->win, in, KB_SHAPE_MAX);
    size_t n = strlen(display_name);
    r->name = kb_alloc(n + 1);
    memcpy(r->name, display_name, n);
    restart(r);
    return r;
}

void kb_records_free(struct kb_records *r)
{
    while (r != NULL) {
        struct kb_records *child = r->child;
        kb_csv_free(r->csv);
        kb_window_done(&r->win);
        kb_buf_done(&r->text);
        kb_buf_done(&r->names);
        kb_inflate_free(r->inflate);
        kb_free(r->name);
        kb_free(r);
        r = child;
    }
}

void kb_shape_set_name(struct kb_shape_name *name, struct kb_str s)
{
    name->n = s.n < sizeof name->p ? s.n : sizeof name->p;
    memcpy(name->p, s.p, name->n);
}

static struct kb_str view(const struct kb_shape_name *name)
{
    return (struct kb_str){name->p, name->n};
}

static void add_context(struct kb_record *out, const struct kb_context *context)
{
    if (out->stream.n == 0) {
        out->stream = view(&context->stream);
    }
    if (out->log_group.n == 0) {
        out->log_group = view(&context->log_group);
    }
}

void kb_shape_place(struct kb_records *r, struct kb_record *out)
{
    *out = (struct kb_record){.line = r->win.line, .offset = r->win.offset};
    for (unsigned i = r->n_frames; i > 0; i--) {
        add_context(out, &r->frames[i - 1].context);
    }
    if (r->seen_prefix) {
        add_context(out, &r->prefix);
        out->timestamp_ms = r->prefix.timestamp_ms;
    }
}

enum kb_step kb_shape_event(struct kb_record *out, struct kb_str text, bool truncated)
{
    text = kb_str_trim(text);
    if (text.n > KB_MAX_RECORD) {
        return kb_shape_note(out, KB_RECORD_BAD, text, "longer than 4 MiB");
    }
    out->kind = KB_RECORD_EVENT;
    out->text = text;
    out->truncated = truncated;
    return KB_STEP_RECORD;
}

enum kb_step kb_shape_note(struct kb_record *out, enum kb_record_kind kind, struct kb_str text,
                           const char *reason)
{
    bool shown = kind == KB_RECORD_AUTHENTICATOR;
    text = kb_str_trim(text);
    out->kind = kind;
    out->text = shown ? text : kb_str_sub(text, 0, KB_RECORD_SHOWN);
    out->reason = reason;
    return KB_STEP_RECORD;
}

/* Whether its stream holds audit events and nothing else. */
static bool is_promised(const struct kb_record *record)
{
    return kb_str_starts(record->stream, KB_STR("kube-apiserver-audit-"));
}

enum kb_step kb_shape_other(struct kb_record *out, struct kb_str text, const char *reason)
{
    return kb_shape_note(out, is_promised(out) ? KB_RECORD_BAD : KB_RECORD_OTHER, text, reason);
}

enum kb_step kb_shape_fail(struct kb_records *r, enum kb_code code, const char *msg)
{
    r->res = kb_fail_at(&r->err, code, r->name, (unsigned)r->win.line, 0, "%s", msg);
    return KB_STEP_FAILED;
}

size_t kb_shape_resync(struct kb_records *r, size_t at)
{
    struct kb_window *w = &r->win;
    r->n_frames = 0;
    r->line_start = true;
    r->damaged = true;
    while (at > 0 && at <= w->n && w->at[at - 1] != '\n') {
        const char *nl = at < w->n ? memchr(w->at + at, '\n', w->n - at) : NULL;
        at = nl != NULL ? (size_t)(nl - w->at) + 1 : w->n;
        if (nl == NULL && !kb_window_more(w)) {
            r->to_line_end = true;
            break;
        }
    }
    r->consume = at;
    return at;
}

/* Streams of the control plane whose lines are no audit events. */
static bool is_foreign(struct kb_str stream)
{
    return stream.n > 0 && kb_str_find(stream, KB_STR("audit"), 0) == SIZE_MAX;
}

static struct kb_records *ready_child(struct kb_records *r, const struct kb_record *out)
{
    if (r->nest >= KB_MAX_WRAP_DEPTH) {
        return NULL;
    }
    if (r->child == NULL) {
        r->child = new_reader(r->nest + 1);
    }
    restart(r->child);
    r->child->foreign = r->foreign || is_foreign(out->stream);
    r->child_active = true;
    r->outer = *out;
    return r->child;
}

static bool one_event(struct kb_str text, bool *cut)
{
    *cut = kb_shape_cut_marker(text);
    bool line = text.n > 0 && memchr(text.p, '\n', text.n) == NULL;
    return line && kb_shape_is_event(text) && (*cut || text.p[text.n - 1] == '}');
}

enum kb_step kb_shape_text(struct kb_records *r, struct kb_record *out, struct kb_str text)
{
    bool cut = false;
    text = kb_str_trim(text);
    if (one_event(text, &cut)) {
        return kb_shape_event(out, text, cut);
    }
    if (text.n == 0) {
        return kb_shape_other(out, text, "an empty message");
    }
    struct kb_records *child = ready_child(r, out);
    if (child == NULL) {
        return kb_shape_note(out, KB_RECORD_BAD, text, "wrapped too often");
    }
    kb_window_memory(&child->win, text);
    return KB_STEP_AGAIN;
}

enum kb_step kb_shape_packed(struct kb_records *r, struct kb_record *out, struct kb_str base64)
{
    struct kb_records *child = ready_child(r, out);
    if (child == NULL) {
        return kb_shape_note(out, KB_RECORD_BAD, base64, "wrapped too often");
    }
    r->base64 = (struct kb_base64_source){.rest = base64};
    if (r->inflate == NULL) {
        r->inflate = kb_inflate_new(kb_base64_bytes(&r->base64));
    } else {
        kb_inflate_reset(r->inflate, kb_base64_bytes(&r->base64));
    }
    kb_window_open(&child->win, kb_inflate_bytes(r->inflate), KB_SHAPE_MAX);
    return KB_STEP_AGAIN;
}

/* What the child found, with what the envelope knew. */
static enum kb_step from_child(struct kb_records *r, struct kb_record *out)
{
    kb_res res = kb_records_next(r->child, out, NULL);
    const struct kb_record *outer = &r->outer;
    if (kb_failed(res)) {
        r->child_active = false;
        *out = *outer;
        return kb_shape_note(out, KB_RECORD_BAD, KB_STR(""), "damaged data inside a member");
    }
    if (out->kind == KB_RECORD_END) {
        r->child_active = false;
        return KB_STEP_AGAIN;
    }
    out->line = outer->line;
    out->offset = outer->offset;
    out->stream = out->stream.n > 0 ? out->stream : outer->stream;
    out->kind = out->kind == KB_RECORD_OTHER && is_promised(out) ? KB_RECORD_BAD : out->kind;
    out->log_group = out->log_group.n > 0 ? out->log_group : outer->log_group;
    out->event_id = out->event_id.n > 0 ? out->event_id : outer->event_id;
    out->timestamp_ms = out->timestamp_ms != 0 ? out->timestamp_ms : outer->timestamp_ms;
    out->ingestion_ms = out->ingestion_ms != 0 ? out->ingestion_ms : outer->ingestion_ms;
    return KB_STEP_RECORD;
}

/* Move over what the last record stood on. */
static void move_on(struct kb_records *r)
{
    if (r->consume > 0) {
        if (r->one_line) {
            kb_window_advance_lines(&r->win, r->consume, 1);
        } else {
            kb_window_advance(&r->win, r->consume);
        }
        r->consume = 0;
        r->seen_prefix = false;
    }
    r->one_line = false;
    while (r->to_line_end) {
        struct kb_window *w = &r->win;
        const char *nl = w->n > 0 ? memchr(w->at, '\n', w->n) : NULL;
        kb_window_advance(w, nl != NULL ? (size_t)(nl - w->at) : w->n);
        r->to_line_end = nl == NULL && kb_window_more(w);
        r->line_start = true;
    }
}

static enum kb_step step(struct kb_records *r, struct kb_record *out)
{
    if (r->child_active) {
        return from_child(r, out);
    }
    if (r->csv != NULL) {
        return kb_shape_csv(r, out);
    }
    move_on(r);
    return r->n_frames > 0 ? kb_shape_frame(r, out) : kb_shape_line(r, out);
}

KB_RES kb_records_next(struct kb_records *r, struct kb_record *out, struct kb_err *err)
{
    enum kb_step now = kb_failed(r->res) ? KB_STEP_FAILED : KB_STEP_AGAIN;
    while (now == KB_STEP_AGAIN) {
        now = step(r, out);
    }
    if (now == KB_STEP_RECORD) {
        return KB_SUCCESS;
    }
    *out = (struct kb_record){.kind = KB_RECORD_END};
    const struct kb_err *why = now == KB_STEP_FAILED ? &r->err : &r->win.err;
    kb_res res = now == KB_STEP_FAILED ? r->res : r->win.res;
    if (kb_failed(res) && err != NULL) {
        *err = *why;
    }
    return res;
}
