/* Results of Logs Insights: rows of {field, value} (GetQueryResults), and CSV (also the
 * console's). */
#include "audit/shape.h"
#include "audit/skip.h"
#include "audit/unescape.h"

enum { COLUMNS_MAX = 256 };

static const char NO_MESSAGE[] =
    "Insights results without @message: add it to the query's fields";

enum column { MESSAGE, STREAM, GROUP, TIME, COLUMN_COUNT };

static const struct {
    const char *name;
    enum column column;
} COLUMNS[] = {{"@message", MESSAGE},      {"message", MESSAGE}, {"@logStream", STREAM},
               {"logStreamName", STREAM}, {"@log", GROUP},      {"@timestamp", TIME},
               {"timestamp", TIME}};

static int column_of(struct kb_str name)
{
    for (size_t i = 0; i < sizeof COLUMNS / sizeof *COLUMNS; i++) {
        if (kb_str_eq_c(name, COLUMNS[i].name)) {
            return (int)COLUMNS[i].column;
        }
    }
    return -1;
}

static void set_place(struct kb_record *out, const struct kb_str *values)
{
    int64_t ms = 0;
    int64_t number = 0;
    if (values[STREAM].n > 0) {
        out->stream = values[STREAM];
    }
    if (values[GROUP].n > 0) {
        out->log_group = values[GROUP];
    }
    if (kb_shape_date_ms(values[TIME], &ms)) {
        out->timestamp_ms = ms;
    } else if (kb_str_i64(values[TIME], &number)) {
        out->timestamp_ms = number;
    }
}

bool kb_shape_is_row(struct kb_records *r)
{
    size_t at = 1;
    if (kb_shape_blank_end(r, at, &at) != KB_VALUE_OK || !kb_window_has(&r->win, at, KB_STR("{"))) {
        return false;
    }
    return kb_shape_blank_end(r, at + 1, &at) == KB_VALUE_OK &&
           kb_window_has(&r->win, at, KB_STR("\"field\""));
}

/* The inside of the next string at or behind *at, which moves behind it. */
static bool next_string(struct kb_str s, size_t *at, struct kb_str *out)
{
    size_t quote = kb_str_find(s, KB_STR("\""), *at);
    struct kb_skip state = {0};
    size_t used = 0;
    if (quote == SIZE_MAX ||
        kb_skip_string(&state, s.p + quote + 1, s.n - quote - 1, &used) != KB_SKIP_DONE) {
        return false;
    }
    *out = kb_str_sub(s, quote + 1, quote + used);
    *at = quote + 1 + used;
    return true;
}

/* "field": "@message", "value": "…" in either order, over and over. */
static void read_row(struct kb_str row, struct kb_str *values)
{
    struct kb_str key;
    struct kb_str text;
    struct kb_str field = {0};
    struct kb_str value = {0};
    for (size_t at = 0; next_string(row, &at, &key) && next_string(row, &at, &text);) {
        bool is_field = kb_str_eq_c(key, "field");
        *(is_field ? &field : &value) = text;
        if (field.p != NULL && value.p != NULL) {
            int column = column_of(field);
            if (column >= 0) {
                values[column] = value;
            }
            field = value = (struct kb_str){0};
        }
    }
}

enum kb_step kb_shape_row(struct kb_records *r, struct kb_record *out)
{
    size_t end;
    enum kb_value res = kb_shape_value_end(r, 0, &end);
    kb_shape_place(r, out);
    if (res == KB_VALUE_LONG) {
        return kb_shape_drain(r, out, KB_RECORD_BAD, "longer than 4 MiB");
    }
    if (res != KB_VALUE_OK) {
        size_t shown = kb_shape_resync(r, end);
        return kb_shape_note(out, KB_RECORD_BAD, kb_window_str(&r->win, 0, shown), "broken JSON");
    }
    struct kb_str values[COLUMN_COUNT] = {{0}};
    read_row(kb_window_str(&r->win, 0, end), values);
    set_place(out, values);
    r->consume = end;
    if (values[MESSAGE].p == NULL) {
        return kb_shape_fail(r, KB_ERR_UNSUPPORTED, NO_MESSAGE);
    }
    kb_buf_clear(&r->text);
    if (!kb_unescape(values[MESSAGE], &r->text)) {
        return kb_shape_note(out, KB_RECORD_BAD, values[MESSAGE], "longer than 4 MiB");
    }
    return kb_shape_text(r, out, kb_buf_view(&r->text));
}

static struct kb_str unquoted(struct kb_str s)
{
    s = kb_str_trim(s);
    bool quoted = s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"';
    return quoted ? kb_str_sub(s, 1, s.n - 1) : s;
}

bool kb_shape_is_csv(struct kb_str line)
{
    if (kb_str_starts(line, KB_STR("\xEF\xBB\xBF"))) {
        line = kb_str_sub(line, 3, line.n);
    }
    bool known = false;
    bool insights = false;
    size_t n = 0;
    for (struct kb_str rest = line; rest.p != NULL && n < COLUMNS_MAX; n++) {
        struct kb_str field = unquoted(kb_str_split(rest, ',', &rest));
        insights = insights || kb_str_starts(field, KB_STR("@"));
        known = known || column_of(field) == MESSAGE;
        for (size_t i = 0; i < field.n; i++) {
            if (strchr("{}[]\":=\\", field.p[i]) != NULL) {
                return false;
            }
        }
    }
    return insights || (known && n > 1);
}

/* What is left of the window, for the CSV reader. A failed source is told at the end of the
 * records. */
static kb_res read_window(void *ctx, void *buf, size_t n, size_t *got, struct kb_err *err)
{
    struct kb_window *w = ctx;
    (void)err;
    if (w->n == 0) {
        (void)kb_window_more(w);
    }
    *got = n < w->n ? n : w->n;
    if (*got > 0) {
        memcpy(buf, w->at, *got);
        kb_window_advance_lines(w, *got, 0);
    }
    return KB_SUCCESS;
}

enum kb_step kb_shape_csv_open(struct kb_records *r)
{
    struct kb_csv_row row = {0};
    r->csv_line = r->win.line;
    r->csv_offset = r->win.offset;
    r->csv = kb_csv_new((struct kb_bytes){read_window, &r->win}, KB_MAX_RECORD, COLUMNS_MAX);
    kb_res res = kb_csv_next(r->csv, &row, NULL);
    for (int i = 0; i < COLUMN_COUNT; i++) {
        r->csv_columns[i] = SIZE_MAX;
    }
    for (size_t i = 0; !kb_failed(res) && i < row.n; i++) {
        int column = column_of(row.fields[i]);
        if (column >= 0) {
            r->csv_columns[column] = i;
        }
    }
    return r->csv_columns[MESSAGE] == SIZE_MAX ? kb_shape_fail(r, KB_ERR_UNSUPPORTED, NO_MESSAGE)
                                               : KB_STEP_AGAIN;
}

enum kb_step kb_shape_csv(struct kb_records *r, struct kb_record *out)
{
    struct kb_csv_row row = {0};
    struct kb_err err = {0};
    kb_res res = kb_csv_next(r->csv, &row, &err);
    kb_shape_place(r, out);
    out->line = r->csv_line + (row.line > 0 ? row.line : err.line) - 1;
    out->offset = r->csv_offset + row.offset;
    if (kb_failed(res)) {
        const char *reason = res.code == KB_ERR_LIMIT ? "longer than 4 MiB" : "broken CSV";
        return kb_shape_note(out, KB_RECORD_BAD, KB_STR(""), reason);
    }
    if (row.n == 0) {
        return KB_STEP_END;
    }
    struct kb_str values[COLUMN_COUNT] = {{0}};
    for (int i = 0; i < COLUMN_COUNT; i++) {
        if (r->csv_columns[i] < row.n) {
            values[i] = row.fields[r->csv_columns[i]];
        }
    }
    set_place(out, values);
    if (values[MESSAGE].p == NULL) {
        return kb_shape_note(out, KB_RECORD_BAD, row.fields[0], "a row without its message");
    }
    return kb_shape_text(r, out, values[MESSAGE]);
}
