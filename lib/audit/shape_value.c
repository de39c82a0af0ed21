/* Ends of values in the window, and the lines on which a broken one is given up. */
#include "audit/shape.h"
#include "audit/skip.h"

static bool is_blank(int c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* A date at the start of a line: no JSON number goes on with a '-'. */
static bool is_date(struct kb_window *w, size_t at)
{
    for (size_t i = 0; i < 4; i++) {
        int c = kb_window_peek(w, at + i);
        if (c < '0' || c > '9') {
            return false;
        }
    }
    return kb_window_peek(w, at + 4) == '-';
}

/* The last byte before `at` that is no white space, or -1. */
static int before(const struct kb_window *w, size_t at)
{
    while (at > 0 && is_blank(w->at[at - 1])) {
        at--;
    }
    return at > 0 ? (unsigned char)w->at[at - 1] : -1;
}

bool kb_shape_line_fits(struct kb_records *r, size_t at)
{
    struct kb_window *w = &r->win;
    int c = kb_window_peek(w, at);
    if (c == '{') {
        int last = before(w, at);
        bool inside = last == '[' || last == ',' || last == ':';
        return last < 0 || (inside && !kb_window_has(w, at, KB_STR("{\"kind\":\"Event\"")));
    }
    return c != '\x1b' && !is_date(w, at) && !kb_window_has(w, at, KB_STR("time=\""));
}

typedef enum kb_skip_stop skip_fn(struct kb_skip *state, const char *p, size_t n, size_t *used);

static enum kb_value run(struct kb_records *r, skip_fn *skip, size_t at, size_t *end)
{
    struct kb_window *w = &r->win;
    struct kb_skip state = {0};
    for (;;) {
        size_t used = 0;
        enum kb_skip_stop stop = skip(&state, w->at + at, w->n - at, &used);
        at += used;
        *end = at;
        if (stop == KB_SKIP_DONE) {
            return KB_VALUE_OK;
        }
        if (stop == KB_SKIP_BROKEN || (stop == KB_SKIP_LINE && !kb_shape_line_fits(r, at))) {
            return KB_VALUE_BROKEN;
        }
        if (stop == KB_SKIP_MORE && !kb_window_more(w)) {
            return w->full ? KB_VALUE_LONG : KB_VALUE_BROKEN;
        }
    }
}

static enum kb_value scalar_end(struct kb_records *r, size_t at, size_t *end)
{
    size_t i = at;
    int c = kb_window_peek(&r->win, i);
    while (c > ' ' && c != ',' && c != ']' && c != '}' && c != ':' && c != '"' && c != '{') {
        c = kb_window_peek(&r->win, ++i);
    }
    *end = i;
    return i > at ? KB_VALUE_OK : KB_VALUE_BROKEN;
}

enum kb_value kb_shape_value_end(struct kb_records *r, size_t at, size_t *end)
{
    int c = kb_window_peek(&r->win, at);
    if (c == '"') {
        return run(r, kb_skip_string, at + 1, end);
    }
    return c == '{' || c == '[' ? run(r, kb_skip_value, at, end) : scalar_end(r, at, end);
}

enum kb_value kb_shape_blank_end(struct kb_records *r, size_t at, size_t *end)
{
    int c = kb_window_peek(&r->win, at);
    while (is_blank(c)) {
        at++;
        if (c == '\n' && !kb_shape_line_fits(r, at)) {
            *end = at;
            return KB_VALUE_BROKEN;
        }
        c = kb_window_peek(&r->win, at);
    }
    *end = at;
    return c < 0 ? (r->win.full ? KB_VALUE_LONG : KB_VALUE_BROKEN) : KB_VALUE_OK;
}
