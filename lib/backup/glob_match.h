/* Matchers: what a glob is compiled to. */
#ifndef KB_BACKUP_GLOB_MATCH_H
#define KB_BACKUP_GLOB_MATCH_H

#include "backup/glob.h"

enum kb_glob_matcher {
    KB_GLOB_NOTHING,
    KB_GLOB_M_SUPER,
    KB_GLOB_M_SINGLE,
    KB_GLOB_M_LIST,
    KB_GLOB_M_RANGE,
    KB_GLOB_M_TEXT,
    KB_GLOB_PREFIX,
    KB_GLOB_SUFFIX,
    KB_GLOB_PREFIX_SUFFIX,
    KB_GLOB_CONTAINS,
    KB_GLOB_MIN,
    KB_GLOB_MAX,
    KB_GLOB_ANY_OF,
    KB_GLOB_EVERY_OF,
    KB_GLOB_ROW,
    KB_GLOB_TREE,
    KB_GLOB_MATCHERS
};

/* Lengths are in code points; -1 where it is not fixed. */
struct kb_gobwas {
    enum kb_glob_matcher kind;
    bool not;             /* of LIST, RANGE, CONTAINS */
    struct kb_str text;   /* TEXT, LIST; needle, prefix */
    struct kb_str suffix; /* SUFFIX, PREFIX_SUFFIX */
    uint32_t lo, hi;      /* RANGE */
    int limit;            /* MIN, MAX */
    int length;           /* TEXT, ROW, TREE */
    const struct kb_gobwas **parts; /* ANY_OF, EVERY_OF, ROW */
    size_t n;
    const struct kb_gobwas *value, *left, *right; /* TREE: a value with what is before and after it, or NULL */
    int left_length, right_length;
};

int kb_glob_length(const struct kb_gobwas *matcher);

/* Offsets behind a place where a matcher may end, ascending. */
struct kb_glob_ends {
    uint32_t *at;
    size_t n;
    size_t cap;
};

/* One match under way. */
struct kb_glob_run {
    size_t steps;
    bool panic;
    bool limit;
};

/* Charge `n` bytes; false where the run is over. */
bool kb_glob_step(struct kb_glob_run *run, size_t n);
/* The code point at `i`, which is moved behind it; a byte that is not UTF-8 counts as U+FFFD. */
uint32_t kb_glob_rune(struct kb_str s, size_t *i);
bool kb_glob_in_class(const struct kb_gobwas *matcher, uint32_t rune);
/* The members of a row from the start of `s` on. */
bool kb_glob_row(const struct kb_gobwas *row, struct kb_str s, struct kb_glob_run *run);

/* Does all of `s` match? */
bool kb_glob_matches(const struct kb_gobwas *matcher, struct kb_str s, struct kb_glob_run *run);
/* The first place in `s` where the matcher matches, with its ends added to *ends; SIZE_MAX where there is
 * none. */
size_t kb_glob_index(const struct kb_gobwas *matcher, struct kb_str s, struct kb_glob_ends *ends,
                     struct kb_glob_run *run);

#endif
