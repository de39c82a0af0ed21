/* A CSV row is unquoted into one buffer; its fields are cut out of it at the end of the row. */
#include "data/csv.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { BLOCK = 64 << 10 };

struct kb_csv {
    struct kb_bytes src;
    char *block;
    size_t at;
    size_t n;
    bool begun; /* the byte order mark was looked for */
    bool end;
    uint64_t offset; /* of block[0] */
    uint64_t line;
    struct kb_buf text;      /* fields of this row, one after another */
    KB_VEC(size_t) ends;     /* where each field ends in `text` */
    KB_VEC(struct kb_str) fields;
    size_t max_fields;
    bool too_many;
    uint64_t bad_line; /* of the first break of the grammar in this row, 0 if none */
};

struct kb_csv *kb_csv_new(struct kb_bytes src, size_t max_record, size_t max_fields)
{
    struct kb_csv *csv = kb_alloc(sizeof *csv);
    csv->src = src;
    csv->block = kb_alloc(BLOCK);
    csv->line = 1;
    csv->max_fields = max_fields;
    kb_buf_init(&csv->text, max_record);
    return csv;
}

void kb_csv_free(struct kb_csv *csv)
{
    if (csv != NULL) {
        kb_buf_done(&csv->text);
        KB_VEC_DONE(&csv->ends);
        KB_VEC_DONE(&csv->fields);
        kb_free(csv->block);
        kb_free(csv);
    }
}

static kb_res fill(struct kb_csv *csv, struct kb_err *err)
{
    if (csv->at == csv->n && !csv->end) {
        csv->offset += csv->n;
        csv->at = csv->n = 0;
        KB_TRY(kb_bytes_read(csv->src, csv->block, BLOCK, &csv->n, err));
        csv->end = csv->n == 0;
    }
    return KB_SUCCESS;
}

/* The next byte without taking it; -1 at the end. */
static kb_res peek(struct kb_csv *csv, int *c, struct kb_err *err)
{
    KB_TRY(fill(csv, err));
    *c = csv->at < csv->n ? (unsigned char)csv->block[csv->at] : -1;
    return KB_SUCCESS;
}

/* A byte order mark at the start, however the first bytes arrive. */
static kb_res skip_mark(struct kb_csv *csv, struct kb_err *err)
{
    static const unsigned char mark[] = {0xEF, 0xBB, 0xBF};
    if (csv->begun) {
        return KB_SUCCESS;
    }
    csv->begun = true;
    for (size_t got = 1; got > 0 && csv->n < sizeof mark; csv->n += got) {
        KB_TRY(kb_bytes_read(csv->src, csv->block + csv->n, BLOCK - csv->n, &got, err));
    }
    csv->at = csv->n >= sizeof mark && memcmp(csv->block, mark, sizeof mark) == 0 ? sizeof mark : 0;
    return KB_SUCCESS;
}

static void end_field(struct kb_csv *csv)
{
    if (csv->ends.n == csv->max_fields) {
        csv->too_many = true;
    } else {
        *KB_VEC_PUSH(&csv->ends) = csv->text.n;
    }
}

/*
 * Copy to `to` up to the next quote, in steps of 16 that may write and read beyond it but not beyond
 * `n`. Line ends on the way are counted.
 */
static size_t copy_run(const char *from, size_t n, char *to, uint64_t *lines)
{
    size_t i = 0;
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i newline = _mm_set1_epi8('\n');
    for (; n - i >= 16; i += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(from + i));
        _mm_storeu_si128((__m128i *)(void *)(to + i), bytes);
        uint32_t quotes = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, quote));
        uint32_t ends = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, newline));
        if (quotes != 0) {
            ends &= (quotes & (0 - quotes)) - 1;
        }
        *lines += ends == 0 ? 0 : (uint64_t)__builtin_popcount(ends);
        if (quotes != 0) {
            return i + (size_t)__builtin_ctz(quotes);
        }
    }
#endif
    for (; i < n && from[i] != '"'; i++) {
        to[i] = from[i];
        *lines += from[i] == '\n' ? 1 : 0;
    }
    return i;
}

/* The same near the record's limit, byte by byte; what does not fit is dropped and remembered. */
static size_t copy_slowly(struct kb_csv *csv, const char *from, size_t n)
{
    size_t i = 0;
    for (; i < n && from[i] != '"'; i++) {
        kb_buf_char(&csv->text, from[i]);
        csv->line += from[i] == '\n' ? 1 : 0;
    }
    return i;
}

/* What is in the block of a quoted field, up to a quote that may be its last, or to its end. */
static void copy_quoted(struct kb_csv *csv)
{
    const char *from = csv->block + csv->at;
    const char *end = csv->block + csv->n;
    bool fits = csv->text.max - csv->text.n >= (size_t)(end - from);
    for (;;) {
        size_t left = (size_t)(end - from);
        size_t run;
        if (fits) {
            run = copy_run(from, left, kb_buf_reserve(&csv->text, left), &csv->line);
            csv->text.n += run;
        } else {
            run = copy_slowly(csv, from, left);
        }
        from += run;
        if (end - from < 2 || from[1] != '"') {
            break;
        }
        kb_buf_char(&csv->text, '"');
        from += 2;
    }
    csv->at = (size_t)(from - csv->block);
}

/* After the opening quote, to after the closing one. */
static kb_res quoted(struct kb_csv *csv, struct kb_err *err)
{
    uint64_t opened = csv->line;
    for (;;) {
        KB_TRY(fill(csv, err));
        if (csv->end) {
            csv->bad_line = csv->bad_line == 0 ? opened : csv->bad_line;
            return KB_SUCCESS;
        }
        copy_quoted(csv);
        if (csv->at == csv->n) {
            continue;
        }
        int c;
        csv->at++;
        KB_TRY(peek(csv, &c, err));
        if (c != '"') {
            return KB_SUCCESS;
        }
        kb_buf_char(&csv->text, '"');
        csv->at++;
    }
}

/* Text outside quotes, up to a comma, a line end or the end. */
static kb_res bare(struct kb_csv *csv, struct kb_err *err)
{
    for (;;) {
        KB_TRY(fill(csv, err));
        size_t from = csv->at;
        while (csv->at < csv->n && csv->block[csv->at] != ',' && csv->block[csv->at] != '\n') {
            if (csv->block[csv->at] == '"' && csv->bad_line == 0) {
                csv->bad_line = csv->line;
            }
            csv->at++;
        }
        kb_buf_add(&csv->text, csv->block + from, csv->at - from);
        if (csv->at < csv->n || csv->end) {
            return KB_SUCCESS;
        }
    }
}

/* After the last field of a row, without the CR of CRLF. */
static void drop_cr(struct kb_csv *csv, bool was_quoted, size_t begin)
{
    size_t n = csv->text.n;
    if (n > begin && csv->text.p[n - 1] == '\r') {
        csv->text.n--;
    }
    if (was_quoted && csv->text.n > begin && csv->bad_line == 0) {
        csv->bad_line = csv->line; /* text after a closing quote */
    }
}

/* One field and what ends it; *more where another one follows. */
static kb_res field(struct kb_csv *csv, bool *more, struct kb_err *err)
{
    int c;
    KB_TRY(peek(csv, &c, err));
    bool was_quoted = c == '"';
    size_t begin = csv->text.n;
    if (was_quoted) {
        csv->at++;
        KB_TRY(quoted(csv, err));
        begin = csv->text.n;
    }
    KB_TRY(bare(csv, err));
    KB_TRY(peek(csv, &c, err));
    *more = c == ',';
    if (c != ',') {
        drop_cr(csv, was_quoted, begin);
    } else if (was_quoted && csv->text.n > begin && csv->bad_line == 0) {
        csv->bad_line = csv->line;
    }
    end_field(csv);
    csv->at += c >= 0 ? 1 : 0;
    csv->line += c == '\n' ? 1 : 0;
    return KB_SUCCESS;
}

static kb_res read_row(struct kb_csv *csv, struct kb_err *err)
{
    kb_buf_clear(&csv->text);
    csv->ends.n = 0;
    csv->too_many = false;
    csv->bad_line = 0;
    for (bool more = true; more;) {
        KB_TRY(field(csv, &more, err));
    }
    return KB_SUCCESS;
}

static kb_res skip_blank(struct kb_csv *csv, bool *ended, struct kb_err *err)
{
    int c;
    KB_TRY(peek(csv, &c, err));
    while (c == '\n' || c == '\r') {
        csv->line += c == '\n' ? 1 : 0;
        csv->at++;
        KB_TRY(peek(csv, &c, err));
    }
    *ended = c < 0;
    return KB_SUCCESS;
}

KB_RES kb_csv_next(struct kb_csv *csv, struct kb_csv_row *out, struct kb_err *err)
{
    bool ended = false;
    *out = (struct kb_csv_row){0};
    KB_TRY(skip_mark(csv, err));
    KB_TRY(skip_blank(csv, &ended, err));
    if (ended) {
        return KB_SUCCESS;
    }
    uint64_t line = csv->line;
    uint64_t offset = csv->offset + csv->at;
    KB_TRY(read_row(csv, err));
    if (csv->text.full || csv->too_many) {
        return kb_fail_at(err, KB_ERR_LIMIT, NULL, (unsigned)line, 0,
                          "a row of more than %zu bytes or %zu fields", csv->text.max,
                          csv->max_fields);
    }
    if (csv->bad_line != 0) {
        return kb_fail_at(err, KB_ERR_SYNTAX, NULL, (unsigned)csv->bad_line, 0,
                          "quotes are not placed as CSV wants them");
    }
    csv->fields.n = 0;
    for (size_t i = 0, from = 0; i < csv->ends.n; from = csv->ends.at[i], i++) {
        const char *text = csv->text.p == NULL ? "" : csv->text.p;
        *KB_VEC_PUSH(&csv->fields) = (struct kb_str){text + from, csv->ends.at[i] - from};
    }
    *out = (struct kb_csv_row){csv->fields.at, csv->fields.n, line, offset};
    return KB_SUCCESS;
}

static bool needs_quotes(struct kb_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (strchr(",\"\r\n", s.p[i]) != NULL) {
            return true;
        }
    }
    return s.n > 0 && (s.p[0] == ' ' || s.p[s.n - 1] == ' ');
}

static void add_field(struct kb_buf *row, struct kb_str s)
{
    bool formula = s.n > 0 && s.p[0] != '\0' && strchr("=+-@\t\r", s.p[0]) != NULL;
    bool quote = needs_quotes(s);
    kb_buf_c(row, quote ? "\"" : "");
    kb_buf_c(row, formula ? "'" : "");
    for (size_t i = 0; i < s.n; i++) {
        kb_buf_c(row, s.p[i] == '"' ? "\"" : "");
        kb_buf_char(row, s.p[i]);
    }
    kb_buf_c(row, quote ? "\"" : "");
}

static void buf_done(struct kb_buf *buf)
{
    kb_buf_done(buf);
}

KB_RES kb_csv_write(struct kb_sink out, const struct kb_str *fields, size_t n, struct kb_err *err)
{
    KB_AUTO(buf_done) struct kb_buf row = {.max = SIZE_MAX / 2};
    for (size_t i = 0; i < n; i++) {
        kb_buf_c(&row, i > 0 ? "," : "");
        add_field(&row, fields[i]);
    }
    if (n == 1 && row.n == 0) {
        kb_buf_c(&row, "\"\""); /* else the row would read as a blank line */
    }
    kb_buf_c(&row, "\r\n");
    return kb_sink_write(out, kb_buf_view(&row), err);
}
