/* Tokens of a glob. */
#ifndef KB_BACKUP_GLOB_LEXER_H
#define KB_BACKUP_GLOB_LEXER_H

#include "base/err.h"
#include "base/mem.h"

enum kb_glob_token_kind {
    KB_GLOB_EOF,
    KB_GLOB_ERROR,
    KB_GLOB_TEXT,
    KB_GLOB_ANY,
    KB_GLOB_SUPER,
    KB_GLOB_SINGLE,
    KB_GLOB_NOT,
    KB_GLOB_SEPARATOR,
    KB_GLOB_RANGE_OPEN,
    KB_GLOB_RANGE_CLOSE,
    KB_GLOB_RANGE_LO,
    KB_GLOB_RANGE_HI,
    KB_GLOB_TERMS_OPEN,
    KB_GLOB_TERMS_CLOSE
};

struct kb_glob_token {
    enum kb_glob_token_kind kind;
    struct kb_str text; /* unescaped text in the arena; of an error its message */
    uint32_t rune;      /* of the ends of a range */
};

struct kb_glob_lexer {
    struct kb_str data;
    struct kb_arena *arena;
    size_t pos;
    const char *error; /* goes before all tokens that wait */
    struct kb_glob_token waiting[8];
    size_t first, n;
    unsigned terms; /* open braces */
    uint32_t last;  /* read last, to be read again if `again` */
    size_t last_size;
    bool again;
};

struct kb_glob_token kb_glob_next(struct kb_glob_lexer *lexer);

#endif
