/*
 * Walking over JSON text without building a tree: spans into the text, strings left as they are
 * written. This is all that the floor knows of JSON's grammar; a faster scanner replaces scan.c
 * alone.
 *
 * What is skipped is checked for its ends only (strings and brackets), not for its grammar.
 */
#ifndef KB_DATA_SCAN_H
#define KB_DATA_SCAN_H

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
    return span->p == NULL ? (struct kb_str){"", 0} : (struct kb_str){span->p, span->n};
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

/* Over white space; false at the end of the text. */
bool kb_scan_space(struct kb_scan *scan);

/* The value at the place, which moves behind it. White space before it is passed. A number or word
 * that the end of the text touches is CUT: more of it may be missing. Where CUT, *out is what there
 * is. */
enum kb_scan_status kb_scan_value(struct kb_scan *scan, struct kb_span *out);

/*
 * Members of an object and items of an array, one by one, as they stand (of equal keys the last one
 * holds):
 *
 *     struct kb_scan_each each = kb_scan_each(&span);
 *     struct kb_span value;
 *     while (kb_scan_next(&each, &value)) { … each.key … }
 *     if (each.status != KB_SCAN_OK) …
 *
 * A value in which the text ends is given as the last one (value.cut; the status is then CUT).
 */
struct kb_scan_each {
    struct kb_scan at;
    struct kb_span key; /* KB_SPAN_NONE in an array */
    enum kb_scan_status status;
    bool object;
    bool begun;
};

/* Over the members of a value; none, with status OK, where it is neither object nor array. */
struct kb_scan_each kb_scan_each(const struct kb_span *container);
/* The same in place: `at` is at the bracket, and is behind the closing one when all was walked. */
struct kb_scan_each kb_scan_each_at(struct kb_scan at);

/* The next key or item: `each->at` is then at its value, which the caller reads (kb_scan_value on
 * &each->at, or a walk of its own, whose end becomes each->at). False at the end, see status. */
bool kb_scan_member(struct kb_scan_each *each);
/* kb_scan_member, and the value. */
bool kb_scan_next(struct kb_scan_each *each, struct kb_span *value);

#endif
