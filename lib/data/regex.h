/*
 * Regular expressions in RE2's language, run by PCRE2.
 *
 * Definition: google/re2 doc/syntax, as Go's regexp package reads it (which CEL and Kubernetes
 * use). What RE2 refuses (back-references, look-around, possessive repetition, \C, counts over
 * 1000) is refused with Go's message, and what both know under one spelling but read differently
 * (\s, \v, $, scripts) is translated. Matching is leftmost-first. Time is bounded by
 * KB_MAX_REGEX_STEPS, not linear: an expression that needs more over some text is an error. A byte
 * that is not UTF-8 is read as U+FFFD.
 */
#ifndef KB_DATA_REGEX_H
#define KB_DATA_REGEX_H

#include "base/err.h"
#include "base/mem.h"

struct kb_regex;

/* Byte offsets; both SIZE_MAX where a group took no part. */
struct kb_regex_span {
    size_t from;
    size_t to;
};

/* KB_ERR_SYNTAX with Go's message ("error parsing regexp: …"), or KB_ERR_LIMIT. One thread at a time
 * may search with it. */
KB_RES kb_regex_compile(struct kb_str pattern, struct kb_regex **out, struct kb_err *err);
void kb_regex_free(struct kb_regex *regex);

/* Capturing groups, without the whole match. */
size_t kb_regex_groups(const struct kb_regex *regex);
/* Number (from 1) of a named group, or 0. */
size_t kb_regex_group(const struct kb_regex *regex, struct kb_str name);

/* Does the expression match anywhere in the text? KB_ERR_LIMIT: it cannot be said within the limit.
 */
KB_RES kb_regex_match(const struct kb_regex *regex, struct kb_str text, bool *out,
                      struct kb_err *err);

/* The first match at or after text[from]: spans[0] is the match, spans[1 …] its groups (as many as
 * `n` allows; the rest of spans is unset). */
KB_RES kb_regex_find(const struct kb_regex *regex, struct kb_str text, size_t from,
                     struct kb_regex_span *spans, size_t n, bool *found, struct kb_err *err);

/* Walks all matches as Go does: an empty match that touches the one before is skipped. Zeroed
 * memory with the first two members set is a walk's start. */
struct kb_regex_walk {
    const struct kb_regex *regex;
    struct kb_str text;
    size_t at;
    size_t last_end; /* of the match before, + 1 */
    bool done;
    bool repair; /* the text is not UTF-8 */
    size_t work; /* bytes repaired so far */
};
KB_RES kb_regex_next(struct kb_regex_walk *walk, struct kb_regex_span *spans, size_t n, bool *found,
                     struct kb_err *err);

#endif
