/* Matching of a whole text. */
#include "backup/glob_match.h"

#include "base/utf8.h"

bool kb_glob_step(struct kb_glob_run *run, size_t n)
{
    run->steps += n + 1;
    run->limit = run->limit || run->steps > KB_GOBWAS_STEPS_MAX;
    return !run->limit && !run->panic;
}

uint32_t kb_glob_rune(struct kb_str s, size_t *i)
{
    uint32_t rune = KB_UTF8_BAD;
    size_t n = *i < s.n ? kb_utf8_decode(kb_str_sub(s, *i, s.n), &rune) : 0;
    *i += n == 0 && *i < s.n ? 1 : n;
    return rune;
}

static bool in_list(struct kb_str list, uint32_t rune)
{
    for (size_t i = 0; i < list.n;) {
        if (kb_glob_rune(list, &i) == rune) {
            return true;
        }
    }
    return false;
}

bool kb_glob_in_class(const struct kb_gobwas *m, uint32_t rune)
{
    if (m->kind == KB_GLOB_M_SINGLE) {
        return true;
    }
    bool in = m->kind == KB_GLOB_M_LIST ? in_list(m->text, rune) : rune >= m->lo && rune <= m->hi;
    return in != m->not;
}

/* One code point at most: the empty text is read as U+FFFD. */
static bool match_class(const struct kb_gobwas *m, struct kb_str s)
{
    size_t n = 0;
    uint32_t rune = kb_glob_rune(s, &n);
    return s.n <= n && kb_glob_in_class(m, rune);
}

static bool at_least(struct kb_str s, int limit)
{
    int count = 0;
    for (size_t i = 0; i < s.n;) {
        (void)kb_glob_rune(s, &i);
        if (++count >= limit) {
            return true;
        }
    }
    return false;
}

static bool match_parts(const struct kb_gobwas *m, struct kb_str s, struct kb_glob_run *run)
{
    bool every = m->kind == KB_GLOB_EVERY_OF;
    for (size_t i = 0; i < m->n; i++) {
        if (kb_glob_matches(m->parts[i], s, run) != every) {
            return !every;
        }
    }
    return every;
}

/* Each member takes as many code points as it is long. One of length 0 takes all that are left, and at the
 * end of the text it reads beyond it. */
bool kb_glob_row(const struct kb_gobwas *row, struct kb_str s, struct kb_glob_run *run)
{
    size_t at = 0;
    for (size_t k = 0; k < row->n; k++) {
        int length = kb_glob_length(row->parts[k]);
        int count = 0;
        size_t last = at;
        for (size_t i = at; i < s.n;) {
            last = i;
            (void)kb_glob_rune(s, &i);
            if (++count == length) {
                break;
            }
        }
        if (count < length || !kb_glob_step(run, last - at)) {
            return false;
        }
        if (last >= s.n) {
            run->panic = true;
            return false;
        }
        if (!kb_glob_matches(row->parts[k], kb_str_sub(s, at, last + 1), run)) {
            return false;
        }
        at = last + 1;
    }
    return true;
}

static bool match_side(const struct kb_gobwas *side, struct kb_str s, struct kb_glob_run *run)
{
    return side == NULL ? s.n == 0 : kb_glob_matches(side, s, run);
}

/* Longest end first. */
static bool match_right(const struct kb_gobwas *m, struct kb_str s, size_t at,
                        const struct kb_glob_ends *ends, struct kb_glob_run *run)
{
    for (size_t i = ends->n; i-- > 0;) {
        size_t end = at + ends->at[i];
        if (match_side(m->right, end >= s.n ? KB_STR("") : kb_str_sub(s, end, s.n), run)) {
            return true;
        }
    }
    return false;
}

static void ends_done(struct kb_glob_ends *ends)
{
    KB_VEC_DONE(ends);
}

/* Lengths in code points are used as lengths in bytes here, as the library does. */
static bool match_tree(const struct kb_gobwas *m, struct kb_str s, struct kb_glob_run *run)
{
    size_t right = m->right_length > 0 ? (size_t)m->right_length : 0;
    size_t at = m->left_length > 0 ? (size_t)m->left_length : 0;
    if ((m->length > 0 && (size_t)m->length > s.n) || right > s.n) {
        return false;
    }
    size_t limit = s.n - right;
    while (at < limit && kb_glob_step(run, 0)) {
        KB_AUTO(ends_done) struct kb_glob_ends ends = {0};
        size_t index = kb_glob_index(m->value, kb_str_sub(s, at, limit), &ends, run);
        if (index == SIZE_MAX) {
            return false;
        }
        if (match_side(m->left, kb_str_sub(s, 0, at + index), run) &&
            match_right(m, s, at + index, &ends, run)) {
            return true;
        }
        at += index;
        (void)kb_glob_rune(s, &at);
    }
    return false;
}

bool kb_glob_matches(const struct kb_gobwas *m, struct kb_str s, struct kb_glob_run *run)
{
    if (!kb_glob_step(run, s.n)) {
        return false;
    }
    switch (m->kind) {
    case KB_GLOB_NOTHING:
        return s.n == 0;
    case KB_GLOB_M_SUPER:
        return true;
    case KB_GLOB_M_SINGLE:
    case KB_GLOB_M_LIST:
    case KB_GLOB_M_RANGE:
        return match_class(m, s);
    case KB_GLOB_M_TEXT:
        return kb_str_eq(s, m->text);
    case KB_GLOB_PREFIX:
    case KB_GLOB_SUFFIX:
    case KB_GLOB_PREFIX_SUFFIX:
        return kb_str_starts(s, m->text) && kb_str_ends(s, m->suffix);
    case KB_GLOB_CONTAINS:
        return (kb_str_find(s, m->text, 0) != SIZE_MAX) != m->not;
    case KB_GLOB_MIN:
        return at_least(s, m->limit);
    case KB_GLOB_MAX:
        return !at_least(s, m->limit + 1);
    case KB_GLOB_ANY_OF:
    case KB_GLOB_EVERY_OF:
        return match_parts(m, s, run);
    case KB_GLOB_ROW: /* exactly as long as the row */
        return !at_least(s, m->length + 1) && (m->length == 0 || at_least(s, m->length)) &&
               kb_glob_row(m, s, run);
    case KB_GLOB_TREE:
        return match_tree(m, s, run);
    case KB_GLOB_MATCHERS:
    default:
        return false;
    }
}

enum kb_gobwas_answer kb_gobwas_match(const struct kb_gobwas *glob, struct kb_str text)
{
    struct kb_glob_run run = {0};
    bool matches = kb_glob_matches(glob, text, &run);
    if (run.panic || run.limit) {
        return run.panic ? KB_GOBWAS_PANIC : KB_GOBWAS_LIMIT;
    }
    return matches ? KB_GOBWAS_MATCH : KB_GOBWAS_MISS;
}
