/* From RE2's syntax to PCRE2's: what the files of the translation share. */
#ifndef KB_DATA_REGEX_SYNTAX_H
#define KB_DATA_REGEX_SYNTAX_H

#include "base/err.h"
#include "base/map.h"

enum { KB_REGEX_NEST_MAX = 200, KB_REGEX_REPEAT_MAX = 1000 };

struct kb_regex_reader {
    struct kb_str src;
    size_t at;
    bool fold;            /* (?i) is in force */
    struct kb_buf *out;   /* the pattern for PCRE2 */
    struct kb_map *names; /* group names → number */
    struct kb_err *err;
};

/* The pattern for PCRE2, and the names of groups. KB_ERR_SYNTAX, KB_ERR_LIMIT. */
KB_RES kb_regex_translate(struct kb_str pattern, struct kb_buf *out, struct kb_map *names,
                          struct kb_err *err);

/* "error parsing regexp: <why>: `<src[from, to)>`" */
KB_RES kb_regex_fault(const struct kb_regex_reader *r, const char *why, size_t from, size_t to);

/* At a '[': the whole class. */
KB_RES kb_regex_class(struct kb_regex_reader *r);
/* At a backslash: \d and its kin, \p{…}, into the pattern; *done is false where it is none of
 * these. */
KB_RES kb_regex_set(struct kb_regex_reader *r, bool in_class, bool *done);
/* At a backslash: the one character that the escape stands for. */
KB_RES kb_regex_escape(struct kb_regex_reader *r, uint32_t *out);
/* The character as a literal. */
void kb_regex_literal(struct kb_buf *out, uint32_t cp);

#endif
