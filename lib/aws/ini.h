/*
 * The INI dialect of AWS' config and credentials files.
 *
 * `[section]` lines, `key = value` lines, comments on lines of their own (# or ;). Indented lines below an
 * empty value are nested `key = value` pairs, and are named "outer.key". Keys count in lower case, later
 * sections of one name go on with the first. Rules: botocore configloader.py; where the SDKs differ, a
 * mistake is told with its line rather than passed over.
 */
#ifndef KB_AWS_INI_H
#define KB_AWS_INI_H

#include "base/err.h"
#include "base/mem.h"

enum { KB_AWS_INI_MAX = 1 << 20 }; /* bytes of one file */

struct kb_aws_ini_entry {
    struct kb_str section; /* text between the brackets, trimmed: "profile dev" */
    struct kb_str key;     /* "region", "s3.endpoint_url"; empty: the section itself */
    struct kb_str value;
    unsigned line;
};

struct kb_aws_ini {
    struct kb_aws_ini_entry *at;
    size_t n;
    size_t cap;
};

/* Texts of the entries point into `text`, keys into the arena. KB_ERR_SYNTAX with the line. `out` is to be
 * freed in both cases. */
KB_RES kb_aws_ini_parse(const char *file, struct kb_str text, struct kb_arena *arena,
                        struct kb_aws_ini *out, struct kb_err *err);
void kb_aws_ini_done(struct kb_aws_ini *ini);

/* Split as a POSIX shell splits plain words: quotes and backslashes, nothing else. Terminated words in the
 * arena. KB_ERR_SYNTAX where a quote is not closed. */
KB_RES kb_aws_split_words(struct kb_str text, struct kb_arena *arena, const char ***words, size_t *n,
                          struct kb_err *err);

#endif
