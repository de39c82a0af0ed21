/* Containers whose elements are read one by one, so that a page of any length is never held. */
#include "audit/shape.h"
#include "audit/skip.h"

bool kb_shape_push(struct kb_records *r)
{
    if (r->n_frames == KB_SHAPE_FRAMES) {
        return false;
    }
    struct kb_frame *frame = &r->frames[r->n_frames++];
    frame->array = r->win.at[0] == '[';
    frame->context.stream.n = 0;
    frame->context.log_group.n = 0;
    kb_window_advance(&r->win, 1);
    return true;
}

static void pop(struct kb_records *r)
{
    r->n_frames--;
    kb_window_advance(&r->win, 1);
}

static enum kb_step damage(struct kb_records *r, struct kb_record *out, size_t at,
                           const char *reason)
{
    kb_shape_place(r, out);
    size_t end = kb_shape_resync(r, at);
    return kb_shape_note(out, KB_RECORD_BAD, kb_window_str(&r->win, 0, end), reason);
}

enum kb_step kb_shape_drain(struct kb_records *r, struct kb_record *out, enum kb_record_kind kind,
                            const char *reason)
{
    struct kb_window *w = &r->win;
    struct kb_skip state = {0};
    kb_shape_place(r, out);
    kb_buf_clear(&r->text);
    kb_buf_add(&r->text, w->at, w->n < KB_RECORD_SHOWN ? w->n : KB_RECORD_SHOWN);
    enum kb_step step = kb_shape_note(out, kind, kb_buf_view(&r->text), reason);
    for (;;) {
        size_t used = 0;
        enum kb_skip_stop stop = kb_skip_value(&state, w->at, w->n, &used);
        kb_window_advance(w, used);
        if (stop == KB_SKIP_DONE) {
            return step;
        }
        bool lost = stop == KB_SKIP_LINE && (!kb_shape_line_fits(r, 0) ||
                                             kb_window_has(w, 0, KB_STR("{\"kind\":\"Event\"")));
        if (stop == KB_SKIP_BROKEN || lost || (stop == KB_SKIP_MORE && !kb_window_more(w))) {
            r->n_frames = 0;
            r->line_start = true;
            r->damaged = true;
            out->kind = KB_RECORD_BAD; /* what does not end well may have hidden something */
            out->reason = kind == KB_RECORD_BAD ? reason : "broken JSON";
            return step;
        }
    }
}

/* `lost` is where to go on when the element cannot be one. */
static enum kb_step array_element(struct kb_records *r, struct kb_record *out, int c, size_t lost)
{
    size_t end;
    switch (c) {
    case ']': pop(r); return KB_STEP_AGAIN;
    case '{': return kb_shape_object(r, out, false);
    case '"': return kb_shape_string(r, out);
    case '[':
        if (kb_shape_is_row(r)) {
            return kb_shape_row(r, out);
        }
        if (kb_shape_push(r)) {
            return KB_STEP_AGAIN;
        }
        return kb_shape_drain(r, out, KB_RECORD_OTHER, "nested arrays");
    default: break;
    }
    if (kb_shape_value_end(r, 0, &end) != KB_VALUE_OK) {
        return damage(r, out, lost, "broken JSON");
    }
    kb_window_advance(&r->win, end);
    return KB_STEP_AGAIN;
}

enum kb_step kb_shape_frame(struct kb_records *r, struct kb_record *out)
{
    const struct kb_frame *frame = &r->frames[r->n_frames - 1];
    size_t end;
    enum kb_value res = kb_shape_blank_end(r, 0, &end);
    if (res != KB_VALUE_OK) {
        return damage(r, out, end, "the document ends inside a list");
    }
    /* What cannot go on here may begin something new, if it begins a line. */
    size_t lost = end > 0 && r->win.at[end - 1] == '\n' ? 0 : 1;
    kb_window_advance(&r->win, end);
    int c = (unsigned char)r->win.at[0];
    if (c == ',') {
        kb_window_advance(&r->win, 1);
        return KB_STEP_AGAIN;
    }
    if (frame->array) {
        return array_element(r, out, c, lost);
    }
    if (c == '}') {
        pop(r);
        return KB_STEP_AGAIN;
    }
    return c == '"' ? kb_shape_object(r, out, true) : damage(r, out, lost, "broken JSON");
}
