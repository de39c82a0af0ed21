/* CSV (RFC 4180): a streaming reader, and a writer safe to open in a spreadsheet. */
#ifndef KB_DATA_CSV_H
#define KB_DATA_CSV_H

#include "data/bytes.h"

struct kb_csv;

struct kb_csv_row {
    const struct kb_str *fields; /* valid until the next call */
    size_t n;                    /* 0 only at the end */
    uint64_t line;               /* on which the row begins, from 1 */
    uint64_t offset;             /* bytes before it */
};

/* Rows over `max_record` bytes (decoded) or `max_fields` fields are refused. `src` must outlive
 * it. */
struct kb_csv *kb_csv_new(struct kb_bytes src, size_t max_record, size_t max_fields);
void kb_csv_free(struct kb_csv *csv);

/*
 * The next row; blank lines are skipped, a byte order mark is too. Lines end in LF or CRLF. A row
 * that breaks the grammar (KB_ERR_SYNTAX) or a limit (KB_ERR_LIMIT) is skipped whole: the next call
 * goes on after it. Errors of the source end the reading.
 */
KB_RES kb_csv_next(struct kb_csv *csv, struct kb_csv_row *out, struct kb_err *err);

/*
 * One row, CRLF at its end. Fields are quoted where needed. A field that a spreadsheet would take
 * for a formula (it begins with = + - @ tab or CR) gets a leading apostrophe (OWASP, "CSV
 * injection").
 */
KB_RES kb_csv_write(struct kb_sink out, const struct kb_str *fields, size_t n, struct kb_err *err);

#endif
