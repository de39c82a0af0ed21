/*
 * The outermost level of a stream: lines. The fast way is a line that is an event from end to end;
 * what does not look exactly like it goes through the general one.
 */
#include "audit/shape.h"
#include "audit/skip.h"

enum { PREFIX_MAX = 1024 };

bool kb_shape_is_event(struct kb_str s)
{
    return kb_str_starts(s, KB_STR("{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/"));
}

bool kb_shape_cut_marker(struct kb_str text)
{
    return kb_str_ends(text, KB_STR("[Truncated...]"));
}

/* An event ends in its annotations or its last time stamp; documents that carry more do not. */
static bool ends_like_event(struct kb_str s)
{
    enum { TAIL = 80 };
    if (kb_str_ends(s, KB_STR("}}"))) {
        return true;
    }
    struct kb_str tail = kb_str_sub(s, s.n > TAIL ? s.n - TAIL : 0, s.n);
    size_t at = kb_str_find(tail, KB_STR("\"stageTimestamp\":\""), 0);
    return kb_str_ends(s, KB_STR("\"}")) && at != SIZE_MAX &&
           kb_str_find(tail, KB_STR("\""), at + 18) == tail.n - 2;
}

static struct kb_str trimmed(struct kb_str s)
{
    while (s.n > 0 && (s.p[s.n - 1] == '\r' || s.p[s.n - 1] == ' ')) {
        s.n--;
    }
    return s;
}

/* A whole event on a line of its own; false where that cannot be said. */
static bool fast(struct kb_records *r, struct kb_record *out)
{
    struct kb_window *w = &r->win;
    bool odd = false;
    size_t at = kb_skip_line(w->at, w->n, 0, &odd);
    while (at == w->n && !odd && kb_window_more(w)) {
        at = kb_skip_line(w->at, w->n, at > KB_SKIP_OVERLAP ? at - KB_SKIP_OVERLAP : 0, &odd);
    }
    struct kb_str text = trimmed(kb_window_str(w, 0, at));
    bool cut = kb_shape_cut_marker(text);
    if (odd || (at == w->n && !w->end) || !(cut || ends_like_event(text))) {
        return false;
    }
    kb_shape_place(r, out);
    (void)kb_shape_event(out, text, cut);
    r->one_line = at < w->n;
    r->line_start = true;
    r->consume = at + (r->one_line ? 1 : 0);
    return true;
}

static bool klog(struct kb_str s)
{
    bool head = s.n > 5 && strchr("IWEF", s.p[0]) != NULL && s.p[0] != '\0';
    for (size_t i = 1; head && i < 5; i++) {
        head = s.p[i] >= '0' && s.p[i] <= '9';
    }
    return head && s.p[5] == ' ';
}

static bool is_text(struct kb_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < 0x20 && c != '\t' && c != '\r' && c != '\n' && c != 0x1B) {
            return false;
        }
    }
    return true;
}

static bool authenticator(struct kb_str s)
{
    return kb_str_starts(s, KB_STR("time=\"")) &&
           kb_str_find(s, KB_STR(" level="), 0) != SIZE_MAX &&
           kb_str_find(s, KB_STR(" msg="), 0) != SIZE_MAX;
}

enum kb_step kb_shape_plain(struct kb_records *r, struct kb_record *out, struct kb_str line)
{
    struct kb_str head = kb_str_sub(line, 0, 64 << 10);
    if (!is_text(head)) {
        return kb_shape_note(out, KB_RECORD_BAD, line, "not text");
    }
    if (authenticator(head)) {
        return kb_shape_note(out, KB_RECORD_AUTHENTICATOR, line, NULL);
    }
    if (kb_str_starts(head, KB_STR("CWL CONTROL MESSAGE"))) {
        return kb_shape_note(out, KB_RECORD_OTHER, line, "control message of the delivery");
    }
    if (kb_str_starts(head, KB_STR("Permission Check Successful"))) {
        return kb_shape_note(out, KB_RECORD_OTHER, line, "write test of an export");
    }
    if (kb_str_find(head, KB_STR("audit.k8s.io/v1"), 0) != SIZE_MAX) {
        return kb_shape_note(out, KB_RECORD_BAD, line, "damaged audit event");
    }
    if (r->foreign || klog(head)) {
        return kb_shape_other(out, line, "log line of another component");
    }
    return kb_shape_note(out, KB_RECORD_BAD, line, "neither JSON nor a known log line");
}

/* Where the line at the mark ends, or what is there of it. *whole: its end was found. */
static size_t line_end(struct kb_records *r, size_t enough, bool *whole)
{
    struct kb_window *w = &r->win;
    size_t from = 0;
    for (;;) {
        const char *nl = w->n > from ? memchr(w->at + from, '\n', w->n - from) : NULL;
        if (nl != NULL) {
            *whole = true;
            return (size_t)(nl - w->at);
        }
        from = w->n;
        if (w->n >= enough || !kb_window_more(w)) {
            *whole = w->end;
            return w->n;
        }
    }
}

/* The rest of the line at the mark is no JSON. */
static enum kb_step plain_line(struct kb_records *r, struct kb_record *out)
{
    bool whole = false;
    size_t end = line_end(r, KB_MAX_RECORD, &whole);
    struct kb_str line = trimmed(kb_window_str(&r->win, 0, end));
    bool first = r->line_start;
    kb_shape_place(r, out);
    r->consume = end;
    r->to_line_end = true;
    if (!whole) {
        return kb_shape_note(out, KB_RECORD_BAD, line, "a line longer than 4 MiB");
    }
    uint64_t number;
    if (!first && !r->seen_prefix && kb_str_u64(line, &number)) {
        return KB_STEP_AGAIN; /* the last column of `--output text` */
    }
    return kb_shape_plain(r, out, line);
}

/* A prefix of the line at the mark, if there is one. */
static bool take_prefix(struct kb_records *r)
{
    bool whole = false;
    size_t end = line_end(r, PREFIX_MAX, &whole);
    struct kb_context context = {0};
    struct kb_str line = kb_window_str(&r->win, 0, end < PREFIX_MAX ? end : PREFIX_MAX);
    size_t n = kb_shape_prefix(line, &context);
    if (n == 0) {
        return false;
    }
    r->prefix = context;
    r->seen_prefix = true;
    r->line_start = false;
    kb_window_advance(&r->win, n);
    return true;
}

/* White space between values. */
static bool take_blank(struct kb_records *r)
{
    struct kb_window *w = &r->win;
    size_t i = 0;
    bool newline = false;
    while (i < w->n && w->at[i] != '\0' && strchr(" \t\r\n", w->at[i]) != NULL) {
        newline = newline || w->at[i] == '\n';
        i++;
    }
    r->line_start = r->line_start || newline;
    kb_window_advance(w, i);
    return i > 0;
}

/* Whether the '[' at the mark opens JSON, not a word in brackets. */
static bool opens_array(struct kb_records *r)
{
    size_t i = 1;
    int c = kb_window_peek(&r->win, i);
    while (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        c = kb_window_peek(&r->win, ++i);
    }
    return c == '{' || c == '[' || c == '"' || c == ']';
}

static bool opens_csv(struct kb_records *r)
{
    bool whole = false;
    size_t end = line_end(r, PREFIX_MAX, &whole);
    return whole && kb_shape_is_csv(trimmed(kb_window_str(&r->win, 0, end)));
}

static enum kb_step value(struct kb_records *r, struct kb_record *out, int c)
{
    switch (c) {
    case '{': return kb_shape_object(r, out, false);
    case '[':
        if (opens_array(r)) {
            (void)kb_shape_push(r);
            r->line_start = false;
            return KB_STEP_AGAIN;
        }
        break;
    case ',': kb_window_advance(&r->win, 1); return KB_STEP_AGAIN;
    case '}':
    case ']':
        if (r->damaged) {
            kb_window_advance(&r->win, 1);
            return KB_STEP_AGAIN;
        }
        break;
    default: break;
    }
    if (r->line_start && opens_csv(r)) {
        return kb_shape_csv_open(r);
    }
    return c == '"' ? kb_shape_string(r, out) : plain_line(r, out);
}

enum kb_step kb_shape_line(struct kb_records *r, struct kb_record *out)
{
    struct kb_window *w = &r->win;
    int c = kb_window_peek(w, 0);
    if (c < 0) {
        return KB_STEP_END;
    }
    if (c == '{' && (r->line_start || r->seen_prefix) && kb_window_has(w, 42, KB_STR("/")) &&
        kb_shape_is_event(kb_window_str(w, 0, w->n)) && fast(r, out)) {
        return KB_STEP_RECORD;
    }
    if (take_blank(r)) {
        return KB_STEP_AGAIN;
    }
    bool maybe_prefix = r->line_start && ((c >= '0' && c <= '9') || c == '\x1b' || c == 'E');
    if (maybe_prefix && take_prefix(r)) {
        return KB_STEP_AGAIN;
    }
    return value(r, out, c);
}
