/*
 * Walking over JSON text without building a tree: spans into the text, strings left as they are
 * written. This is all that event.c knows of JSON; a faster scanner replaces scan.c alone.
 *
 * What is skipped is checked for its ends only (strings and brackets), not for its grammar.
 */
#ifndef KB_AUDIT_SCAN_H
#define KB_AUDIT_SCAN_H

#include "base/err.h"
#include "base/str.h"

enum kb_span_kind {
    KB_SPAN_NONE, /* the member is not there */
    KB_SPAN_STRING,
    KB_SPAN_NUMBER,
    KB_SPAN_OBJECT,
    KB_SPAN_ARRAY,
    KB_SPAN_TRUE,
    KB_SPAN_FALSE,
    KB_SPAN_NULL
};

/* One value as it stands in the text. A string's span is what lies between its quotes; all others
 * include their brackets. */
struct kb_span {
    const char *p;
    uint32_t n;   /* records are under KB_MAX_RECORD */
    uint8_t kind; /* enum kb_span_kind */
    bool escaped; /* string: holds a backslash */
    bool cut;     /* the text ends inside this value; p[0..n) is what is left of it */
};

static inline struct kb_str kb_span_raw(const struct kb_span *span)
{
    return (struct kb_str){span->p, span->n};
}

enum kb_scan_status {
    KB_SCAN_OK,
    KB_SCAN_CUT, /* the text ended early */
    KB_SCAN_BAD  /* no JSON; the place is kb_scan.p */
};

/* A place in a text. */
struct kb_scan {
    const char *p;
    const char *end;
};

static inline struct kb_scan kb_scan_of(struct kb_str text)
{
    return (struct kb_scan){text.p, text.p + text.n};
}

/* Over white space; false at the end of the text. */
bool kb_scan_space(struct kb_scan *scan);

/* The value at the place, which moves behind it. White space before it is passed. A number or word that
 * the end of the text touches is CUT: more of it may be missing. */
enum kb_scan_status kb_scan_value(struct kb_scan *scan, struct kb_span *out);

/*
 * Members of an object and items of an array, one by one:
 *
 *     struct kb_scan_each each = kb_scan_each(&span);
 *     while (kb_scan_next(&each)) { … each.key, each.value … }
 *     if (each.status != KB_SCAN_OK) …
 *
 * A value in which the text ends is given too (value.cut is true; status is then CUT, and it is the last). Members come
 * as they stand: of equal keys the last one holds.
 */
struct kb_scan_each {
    struct kb_scan at;
    enum kb_scan_status status;
    bool object;
    bool begun;
    bool done;
    struct kb_span key; /* KB_SPAN_NONE in an array */
    struct kb_span value;
};
struct kb_scan_each kb_scan_each(const struct kb_span *container);
bool kb_scan_next(struct kb_scan_each *each);

#endif
